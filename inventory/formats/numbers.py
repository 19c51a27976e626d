"""Owns the reading of numbers that people and spreadsheets typed.

It must not know columns. `int`, `float` and `Decimal` are never shown such text: they take `NaN`, `1_000`,
Arabic-Indic digits and `1e1000000`, the last at the price of half a minute.
"""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_SCALED = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,4}))?", re.ASCII)


def read_whole(text: str) -> int | None:
    """A whole number of one to nine ASCII digits, or None."""
    return int(text) if _WHOLE.fullmatch(text) else None


def read_scaled(text: str, digits: int) -> int | None:
    """A number with up to `digits` (0 to 4) decimals after point or comma, in units of the last; or None.

    `12,5` with two digits is 1250. More decimals than `digits` are refused unless they are zeros.
    """
    found = _SCALED.fullmatch(text)
    if found is None:
        return None
    whole, decimals = found[1], found[2] or ""
    if decimals[digits:].strip("0"):
        return None
    return int(whole + decimals[:digits].ljust(digits, "0"))
