"""Owns the search for digits that may be a card number in what a person is going to read.

It must not trust a field's name: free text can hold anything. ISO/IEC 7812-1: 13 to 19 digits, the last one
a check digit (Luhn).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hardware.card_numbers import passes_luhn

_SHORTEST: Final = 13
_LONGEST: Final = 19
_LAST_SHOWN: Final = 4
_TOO_MANY: Final = 64
"""From here on no window is searched: so many digits in one stretch are not worth a chance."""

_STRETCH: Final = re.compile(r"\d(?:(?:(?:[^\w:,]|_){0,5}|(?<=\d{4})[:,] ?(?=\d{4}))\d){12,}")
"""At least 13 digits with at most five signs between them. Colon and comma, which times and sums have, count
only between groups of four digits and more.
"""


def masked(text: str) -> str:
    """`text` with every stretch that may be a card number starred, but for its last four digits."""
    return _STRETCH.sub(lambda found: _starred(found[0]), text)


def _starred(stretch: str) -> str:
    if not _suspicious(stretch):
        return stretch
    digits = sum(sign.isdecimal() for sign in stretch)
    shown: list[str] = []
    for sign in stretch:
        hide = sign.isdecimal() and digits > _LAST_SHOWN
        digits -= sign.isdecimal()
        shown.append("*" if hide else sign)
    return "".join(shown)


def _suspicious(stretch: str) -> bool:
    groups = re.findall(r"\d+", stretch)
    if any(len(group.lstrip("0")) >= _SHORTEST for group in groups):
        return True
    digits = "".join(groups)
    if len(digits) > _TOO_MANY or any(passes_luhn(window) for group in groups for window in _windows(group)):
        return True
    # No card number begins with 0, which keeps application numbers and dates readable.
    return any(window[0] != "0" and passes_luhn(window) for window in _windows(digits))


def _windows(digits: str) -> Iterator[str]:
    for size in range(_SHORTEST, min(_LONGEST, len(digits)) + 1):
        for start in range(len(digits) - size + 1):
            yield digits[start : start + size]


def may_hold_card_number(data: bytes) -> bool:
    """Whether `data` may hold a card number, as characters or packed two digits a byte."""
    # No card number begins with 0; application numbers (AID) have many zeros.
    as_text = data.decode("latin-1")
    return masked(as_text) != as_text or re.search(r"[1-9]\d{12}", data.hex()) is not None
