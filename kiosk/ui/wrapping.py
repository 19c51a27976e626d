"""Owns the breaking of a text into lines: wrap, never shrink; past the last allowed line an ellipsis.

It must not know fonts: the caller brings the measure. Lines are broken in reading order, before anything is
put into drawing order, and never inside what a reader sees as one character. No Kivy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from assets.typesetting.clean import clean
from assets.typesetting.clusters import clusters, pieces
from assets.typesetting.isolation import carried

ELLIPSIS = "…"

_SURELY_FITS: Final = 0.9
"""Up to this share of a line the widths of its parts are added up; beyond it the line itself is measured."""

Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The lines to draw; `cut` says that some of the text is not among them."""

    lines: tuple[str, ...]
    cut: bool


def wrap(text: str, width: float, measure: Measure, *, most: int = 0) -> Wrapped:
    """Break `text` at spaces (never at no-break spaces), and between Chinese or Japanese characters.

    A word wider than a line is broken where it must be. `most` is the largest number of lines, 0 for any.
    """
    return _wrap(text, width, measure, most)[0]


def balanced(text: str, width: float, measure: Measure, *, most: int = 0) -> Wrapped:
    """As many lines as `wrap` makes, their lengths as even as whole words allow: no word left alone."""
    widest, torn = _wrap(text, width, measure, most)
    if widest.cut or len(widest.lines) < 2 or "\n" in text or torn:
        return widest
    low, high, best = width / len(widest.lines), width, widest
    while high - low > 4:
        middle = (low + high) / 2
        tried, torn = _wrap(text, middle, measure, most)
        if len(tried.lines) > len(widest.lines) or tried.cut or torn:
            low = middle
        else:
            high, best = middle, tried
    return best


def _wrap(text: str, width: float, measure: Measure, most: int) -> tuple[Wrapped, bool]:
    """The lines, and whether a word was torn for them. It stops at the line that is one too many."""
    lines: list[str] = []
    torn = False
    for line, inside_word in _lines(clean(text), width, measure):
        if most and len(lines) == most:
            lines[-1] = _with_ellipsis(lines[-1], width, measure)
            return Wrapped(tuple(carried(lines)), cut=True), torn
        lines.append(line)
        torn = torn or inside_word
    return Wrapped(tuple(carried(lines)), cut=False), torn


def _lines(text: str, width: float, measure: Measure) -> Iterator[tuple[str, bool]]:
    """Every line, with whether it ends inside a word that no line can hold."""
    space = measure(" ")
    for paragraph in text.split("\n"):
        line, reach = "", 0.0
        for glue, piece in _parts(paragraph):
            reach += (space if glue else 0.0) + measure(piece)
            longer = f"{line}{glue}{piece}" if line else piece
            if reach <= width * _SURELY_FITS or measure(longer) <= width:
                line = longer
                continue
            if line:
                yield line, False
            line, reach = piece, measure(piece)
            if reach > width:
                tearing = _torn(piece, width, measure)
                line = next(tearing)
                for following in tearing:
                    yield line, True
                    line = following
                reach = measure(line)
        yield line, False


def _parts(paragraph: str) -> Iterator[tuple[str, str]]:
    """What must stay together, each with what stands before it where a line goes on."""
    for word in paragraph.split(" "):
        glue = " "
        for piece in pieces(word):
            yield glue, piece
            glue = ""


def _torn(word: str, width: float, measure: Measure) -> Iterator[str]:
    """A word no line can hold, in lines of whole clusters; no line is empty, whatever the width."""
    line, reach = "", 0.0
    for cluster in clusters(word):
        reach += measure(cluster)
        if line and reach > width * _SURELY_FITS and measure(line + cluster) > width:
            yield line
            line, reach = "", measure(cluster)
        line += cluster
    yield line


def _with_ellipsis(line: str, width: float, measure: Measure) -> str:
    kept = list(clusters(line))
    while kept and measure("".join(kept) + ELLIPSIS) > width:
        kept.pop()
    return "".join(kept).rstrip(" ,.;:·") + ELLIPSIS
