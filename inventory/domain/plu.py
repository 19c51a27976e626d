"""Owns what the number on a sticker of loose goods says: its form, and the usual good behind an organic one.

It must not know which goods a store has. IFPS PLU codes: four or five digits; a 9 before the four digits of
the usual good marks the organically grown one.
"""

from __future__ import annotations

import re

SHORTEST, LONGEST = 4, 5

_PLU = re.compile(r"[1-9][0-9]{3,4}", re.ASCII)
_ORGANIC = re.compile(r"9([0-9]{4})", re.ASCII)


def is_whole(number: str) -> bool:
    """Whether so many digits can be a whole number from a sticker."""
    return _PLU.fullmatch(number) is not None


def usual_of(plu: str) -> str:
    """The number of the usual good where `plu` is the organic one's, else ""."""
    organic = _ORGANIC.fullmatch(plu)
    return organic[1] if organic else ""
