"""Owns GTINs as spreadsheets leave them: without their zeros, as 4.00638133393E+12, with .0 behind.

It must not know columns. A repair is made only where the check digit leaves one answer, and is always told.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from inventory.domain.identifiers import gtin_14, with_check_digit

_SCIENTIFIC = re.compile(r"([1-9])(?:[.,]([0-9]{1,13}))?[eE]\+?([0-9]{1,2})", re.ASCII)
_DIGITS = re.compile(r"[0-9]{6,14}", re.ASCII)
_BY_LENGTH = (8, 12, 13, 14)


class GtinCell(NamedTuple):
    """A GTIN-14, or "" where the cell holds none."""

    gtin: str
    is_repaired: bool


def read_gtin(cell: str, *, is_number: bool = False) -> GtinCell:
    """The GTIN of a cell. `is_number`: a workbook held it as a number, which has no zeros in front."""
    bare = cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell  # keeps Excel's hands off
    text = bare.removeprefix("'").removesuffix(".0").strip()
    plain = gtin_14(text)
    if plain is not None:
        return GtinCell(plain, is_repaired=False)
    if found := _SCIENTIFIC.fullmatch(text):
        return _of_scientific(found[1] + (found[2] or ""), int(found[3]) + 1)
    if not _DIGITS.fullmatch(text):
        return GtinCell("", is_repaired=False)
    longer = next((gtin_14(text.zfill(length)) for length in _BY_LENGTH if length > len(text)), None)
    if longer is not None and len(text) not in _BY_LENGTH:
        return GtinCell(longer, is_repaired=True)
    if is_number and len(text) in _BY_LENGTH and text.endswith("0"):
        # Twelve digits are what Excel writes of thirteen; the thirteenth follows from them.
        return GtinCell(gtin_14(with_check_digit(text[:-1])) or "", is_repaired=True)
    return GtinCell("", is_repaired=False)


def _of_scientific(digits: str, length: int) -> GtinCell:
    if length not in _BY_LENGTH and not 9 <= length <= 11:
        return GtinCell("", is_repaired=False)
    if len(digits) < length - 1:  # more than the check digit is lost: many numbers begin like this
        return GtinCell("", is_repaired=False)
    whole = digits.ljust(length, "0")
    found = gtin_14(whole.zfill(12) if length < 12 and length != 8 else whole)
    if found is None and len(digits) == length - 1:
        made = with_check_digit(digits)
        found = gtin_14(made.zfill(12) if length < 12 and length != 8 else made)
    return GtinCell(found or "", is_repaired=found is not None)
