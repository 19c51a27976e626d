"""Owns how a text from outside is put on one line: without signs no page shows or that turn others round.

It must not know who typed it, nor how long it may be.
"""

from __future__ import annotations

from typing import Final

JOINERS: Final = "\u200c\u200d"
"""Persian and Indian scripts need them inside words."""


def one_line(text: str) -> str:
    """The text with a blank for each sign that cannot be shown, and one blank where there were several."""
    return " ".join("".join(sign if is_shown(sign) else " " for sign in text).split())


def is_shown(sign: str) -> bool:
    """Whether a page may show this sign as it is."""
    return sign.isprintable() or sign in JOINERS
