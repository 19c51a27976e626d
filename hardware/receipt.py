"""Owns the plain model of a receipt: lines of text, columns, rules, QR codes, feeds and cuts.

It must not know sales, printers or code pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

QR_LIMIT: Final = 1000
FEED_LIMIT: Final = 20

_PRINTABLE_ASCII: Final = re.compile(r"[\x20-\x7e]+")


class Align(Enum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Text:
    """One line; what does not fit the paper is cut off. `double` is twice as wide and high."""

    text: str
    align: Align = Align.LEFT
    bold: bool = field(default=False, kw_only=True)
    double: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Verbatim:
    """One line as another machine laid it out, blanks and all; what does not fit goes on in the next line."""

    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """One line with a left and a right part; the left part gives way when both do not fit."""

    left: str
    right: str
    bold: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, centred. `data` is 1 to QR_LIMIT printable ASCII characters; ValueError otherwise."""

    data: str

    def __post_init__(self) -> None:
        if len(self.data) > QR_LIMIT or not _PRINTABLE_ASCII.fullmatch(self.data):
            raise ValueError(f"QR data: expected 1 to {QR_LIMIT} printable ASCII characters")


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines, 1 to FEED_LIMIT; ValueError otherwise."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= FEED_LIMIT:
            raise ValueError(f"feed: expected 1 to {FEED_LIMIT} lines, found {self.lines}")


@dataclass(frozen=True, slots=True)
class Cut:
    """Feeds the print to the knife and cuts."""


ReceiptLine = Text | Verbatim | Columns | Rule | Qr | Feed | Cut


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    lines: tuple[ReceiptLine, ...]
