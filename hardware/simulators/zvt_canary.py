"""Owns the test card numbers a simulated terminal may let out on purpose, so that a search can find a leak.

It must not hold a number of any real card: these are the published test numbers of the card schemes. They are
put together here, digit by digit, so that no whole one stands in any source file.
"""

from __future__ import annotations

from typing import Final

_PREFIXES: Final = (
    "424242424242424",
    "401288888888188",
    "400005665566555",
    "555555555555444",
    "510510510510510",
    "222300312200322",
    "37828224631000",
    "37144963539843",
    "601111111111111",
    "3056930902590",
    "353011133330000",
)


def check_digit(digits: str) -> str:
    """The Luhn digit behind `digits` (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


CANARY_NUMBERS: Final = tuple(prefix + check_digit(prefix) for prefix in _PREFIXES)


def canary_number(trace_no: int) -> str:
    """The card of the transaction with that trace number: every scheme has its turn."""
    return CANARY_NUMBERS[trace_no % len(CANARY_NUMBERS)]


def nibbles(text: str) -> bytes:
    """Digits, D (separator) and F as packed half bytes, filled up with F."""
    return bytes.fromhex(text + "f" * (len(text) % 2))


def track_2(number: str) -> bytes:
    """ISO/IEC 7813 track 2: number, separator, expiry, service code, discretionary data."""
    return nibbles(f"{number}d3012201000000000")


def track_3(number: str) -> bytes:
    """ISO/IEC 4909 track 3 as far as it repeats the number."""
    return nibbles(f"01{number}d978000000000000000030120")


def spaced(number: str) -> str:
    """As embossed: groups of four."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
