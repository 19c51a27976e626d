"""Owns the price that staff give to goods the catalogue does not know: its fields and limits.

It must not know who asked for it, nor how it reaches a lane.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum

from inventory.domain.money import MAX_AMOUNT_MINOR, minor_digits

MAX_NAME_LENGTH = 60
AGE_LIMITS = (0, 16, 18)
"""What may be said about the shopper's age; 0 asks nothing."""

_MOST_MINOR = 100_000
_SMALL_UNITS = frozenset({"CLP", "COP", "HUF", "IDR", "JPY", "KRW", "VND"})
"""Currencies in which a plain bottle costs thousands: for them only the basket's own limit holds."""


class PriceFault(Enum):
    """Why a given price is not taken."""

    NOT_A_NUMBER = "not-a-number"
    TOO_LOW = "too-low"
    TOO_HIGH = "too-high"
    NO_NAME = "no-name"
    TAX_CLASS = "tax-class"
    AGE_LIMIT = "age-limit"


@dataclass(frozen=True, slots=True)
class GivenPrice:
    """Price per piece of goods without a catalogue entry, with all that a sale line needs."""

    name: str
    price_minor: int
    currency: str
    tax_class: str
    tax_rate_bp: int
    age_limit: int = 0


def most_minor(currency: str) -> int:
    """The highest price one person may give alone: above it a slip of the finger is likelier."""
    return MAX_AMOUNT_MINOR if currency in _SMALL_UNITS else _MOST_MINOR


def price_fault(price: GivenPrice) -> PriceFault | None:
    """What is wrong with a given price, or None."""
    if price.price_minor <= 0:
        return PriceFault.TOO_LOW
    if price.price_minor > most_minor(price.currency):
        return PriceFault.TOO_HIGH
    if not price.name or len(price.name) > MAX_NAME_LENGTH or not price.name.isprintable():
        return PriceFault.NO_NAME
    if price.age_limit not in AGE_LIMITS:
        return PriceFault.AGE_LIMIT
    return None


def typed_minor(text: str, currency: str) -> int | None:
    """An amount as a person types it ("3.40", "3,4", "12") in minor units; None when it is none.

    One mark at most, and never more decimals than the currency has: "1.234,50" is not guessed at.
    """
    plain = text.strip().replace(",", ".")
    if not plain.isascii() or len(plain) > 12 or not plain.replace(".", "", 1).isdecimal():
        return None
    try:
        amount = Decimal(plain).scaleb(minor_digits(currency))
    except InvalidOperation:
        return None
    return int(amount) if amount == amount.to_integral_value() else None
