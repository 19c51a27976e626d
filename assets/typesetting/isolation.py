"""Owns names inside a text of the other direction, kept in their own order (UAX #9, isolates).

It must not know where names come from. “7-Up 330 ml” in an Arabic line would else read “Up 330 ml-7”.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from assets.languages import Direction

_LEFT_TO_RIGHT: Final = "\u2066"
_RIGHT_TO_LEFT: Final = "\u2067"
_POP: Final = "\u2069"
_MARKS: Final = re.compile("[\u2066-\u2069]")


def isolated(name: str) -> str:
    """A left-to-right name as it may stand in a right-to-left text; any other name stays as it is."""
    first = next((d for c in name if (d := unicodedata.bidirectional(c)) in {"L", "R", "AL"}), "")
    return f"{_LEFT_TO_RIGHT}{name}{_POP}" if first == "L" else name


def in_own_order(text: str, around: Direction) -> str:
    """A whole text of somebody's, as it may stand among texts of the other direction."""
    first = next((d for c in text if (d := unicodedata.bidirectional(c)) in {"L", "R", "AL"}), "")
    if around is Direction.RIGHT_TO_LEFT:
        return f"{_LEFT_TO_RIGHT}{text}{_POP}" if first == "L" else text
    return f"{_RIGHT_TO_LEFT}{text}{_POP}" if first in {"R", "AL"} else text


def bare(text: str) -> str:
    """The text without the marks that isolate: what a person reads."""
    return _MARKS.sub("", text)


def carried(lines: Iterable[str]) -> Iterator[str]:
    """The lines of one text, each with what it opens closed, and opened again in the next."""
    opened = ""
    for line in lines:
        whole = opened + line
        opened = _left_open(whole)
        yield whole + _POP * len(opened)


def _left_open(line: str) -> str:
    opened: list[str] = []
    for mark in _MARKS.findall(line):
        if mark != _POP:
            opened.append(mark)
        elif opened:
            opened.pop()
    return "".join(opened)
