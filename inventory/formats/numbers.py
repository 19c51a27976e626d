"""Owns the reading of numbers that people and spreadsheets typed.

It must not know columns. `int`, `float` and `Decimal` are never shown such text: they take `NaN`, `1_000`,
Arabic-Indic digits and `1e1000000`, the last at the price of half a minute.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum

from inventory.formats.said import Said, said

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_SCALED = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,4}))?", re.ASCII)
MAX_NUMBER_CHARS = 24
SHOWN_CHARS = 20


class DecimalSign(Enum):
    """What stands before the hundredths; the other one, if any, parts the thousands."""

    POINT = "."
    COMMA = ","

    @property
    def other(self) -> DecimalSign:
        return DecimalSign.COMMA if self is DecimalSign.POINT else DecimalSign.POINT


_WHOLE_PART = r"([0-9]{1,12}|[0-9]{1,3}(?:[%s][0-9]{3}){1,3})"
_AMOUNTS = {
    DecimalSign.POINT: re.compile(_WHOLE_PART % ", ’'" + r"(?:\.([0-9]{1,9}))?", re.ASCII),
    DecimalSign.COMMA: re.compile(_WHOLE_PART % ". ’'" + r"(?:,([0-9]{1,9}))?", re.ASCII),
    None: re.compile(_WHOLE_PART % " ’'" + "()", re.ASCII),
}
_GROUP = re.compile(r"[., ’']")


class NumberError(ValueError):
    """Text that is not the number it should be; `why` says it in a sentence."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why


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


def sign_of(text: str) -> DecimalSign | None:
    """The decimal sign a number shows beyond doubt; None for `12`, `1.234` and for what is no number."""
    bare = bare_number(text)
    if len(bare) > MAX_NUMBER_CHARS:
        return None
    signs = [character for character in bare if character in ".,"]
    if not signs:
        return None
    last = DecimalSign(signs[-1])
    if len(set(signs)) > 1:
        return last
    if len(signs) > 1:
        return last.other
    before, _, after = bare.removeprefix("-").rpartition(last.value)
    is_group = len(after) == 3 and before.isdecimal() and before != "0" and len(before) <= 3
    return None if is_group else last


def common_sign(texts: Iterable[str]) -> DecimalSign | None:
    """The decimal sign of a column; None where no cell shows one, or where cells show both."""
    shown = {sign for text in texts if (sign := sign_of(text)) is not None}
    return shown.pop() if len(shown) == 1 else None


def read_amount(text: str, digits: int, sign: DecimalSign | None) -> int:
    """An amount such as `12.50`, `1.234,56` or `€ 3` in units of its last digit. May be negative.

    `sign` is the column's; a cell that shows the other one is refused, and so is `1.234` while nobody knows.
    Raises NumberError.
    """
    bare, shown = bare_number(text), text[:SHOWN_CHARS]
    own = sign_of(bare)
    if own is not None and sign is not None and own is not sign:
        raise NumberError(said("“{cell}” has another decimal sign than the rest of its column.", cell=shown))
    found = None
    if len(bare) <= MAX_NUMBER_CHARS:
        found = _AMOUNTS[own or sign].fullmatch(bare.removeprefix("-"))
    if found is None:
        if own is None and sign is None and re.fullmatch(r"-?[0-9]{1,3}[.,][0-9]{3}", bare):
            raise NumberError(
                said(
                    "“{cell}” may be thousands or thousandths: say which decimal sign the file has.",
                    cell=shown,
                )
            )
        raise NumberError(said("“{cell}” is not an amount.", cell=shown))
    decimals = found[2] or ""
    if decimals[digits:].strip("0"):
        raise NumberError(said("“{cell}” has too many decimals.", cell=shown))
    value = int(_GROUP.sub("", found[1]) + decimals[:digits].ljust(digits, "0"))
    return -value if bare.startswith("-") else value


def bare_number(text: str) -> str:
    """The text without a sign of currency at either end."""
    stripped = text.strip()
    if stripped and unicodedata.category(stripped[0]) == "Sc":
        stripped = stripped[1:].lstrip()
    if stripped and unicodedata.category(stripped[-1]) == "Sc":
        stripped = stripped[:-1].rstrip()
    return stripped
