"""Owns the refusal of card numbers in what people write to each other, on lane and store alike.

It must not know who writes, nor hand out the digits it saw. It errs on the safe side: digits of other scripts
and signs between them count, and one other long number in ten is refused too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

SHORTEST: Final = 13
LONGEST: Final = 19
_RUN: Final = re.compile(r"\d(?:[\W_]{0,3}\d)+")


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits in a row of `text` (ISO/IEC 7812-1) pass Luhn, whatever signs stand between."""
    for run in _RUN.finditer(text):
        digits = [unicodedata.decimal(sign) for sign in run[0] if sign.isdecimal()]
        for start in range(len(digits) - SHORTEST + 1):
            for end in range(start + SHORTEST, min(start + LONGEST, len(digits)) + 1):
                if _passes_luhn(digits[start:end]):
                    return True
    return False


def _passes_luhn(digits: list[int]) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = digit << (place & 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and any(digits)
