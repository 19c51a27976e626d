"""Owns the breaking of a text into lines: wrap, never shrink; past the last allowed line an ellipsis.

It must not know fonts: the caller brings the measure. No Kivy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The lines to draw; `cut` says that some of the text is not among them."""

    lines: tuple[str, ...]
    cut: bool


def wrap(text: str, width: float, measure: Callable[[str], float], *, most: int = 0) -> Wrapped:
    """Break `text` at spaces (never at no-break spaces) into lines of at most `width`.

    A word wider than a line is broken where it must be. `most` is the largest number of lines, 0 for any.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _paragraph(paragraph, width, measure)
    if not most or len(lines) <= most:
        return Wrapped(tuple(lines), cut=False)
    last = _with_ellipsis(lines[most - 1], width, measure)
    return Wrapped((*lines[: most - 1], last), cut=True)


def balanced(text: str, width: float, measure: Callable[[str], float], *, most: int = 0) -> Wrapped:
    """As many lines as `wrap` makes, their lengths as even as whole words allow: no word left alone."""
    widest = wrap(text, width, measure, most=most)
    if widest.cut or len(widest.lines) < 2 or "\n" in text:
        return widest
    low, high, best = width / len(widest.lines), width, widest
    while high - low > 4:
        middle = (low + high) / 2
        tried = wrap(text, middle, measure, most=most)
        if len(tried.lines) > len(widest.lines) or tried.cut:
            low = middle
        else:
            high, best = middle, tried
    whole = all(word in text.split(" ") for line in best.lines for word in line.split(" "))
    return best if whole else widest


def _paragraph(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if measure(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        pieces = _pieces(word, width, measure)
        lines += pieces[:-1]
        line = pieces[-1]
    return [*lines, line]


def _pieces(word: str, width: float, measure: Callable[[str], float]) -> list[str]:
    pieces = [""]
    if measure(word) <= width:
        return [word]
    for letter in word:
        if pieces[-1] and measure(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _with_ellipsis(line: str, width: float, measure: Callable[[str], float]) -> str:
    while line and measure(line + ELLIPSIS) > width:
        line = line[:-1]
    return line.rstrip(" ,.;:·") + ELLIPSIS
