"""Owns the correction of a known price by staff: why, how far down, and what it was before.

It must not know who asked, nor screens. A correction only ever makes goods cheaper, and never free.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class PriceReason(Enum):
    """Why a price of the catalogue is not the one to pay."""

    LABEL = "label"  # the shelf says another price
    OFFER = "offer"  # an offer is missing
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands behind a corrected row: the catalogue's price of one, the reason, and who said so."""

    from_minor: int
    reason: PriceReason
    staff_name: str


def lowest_minor(price_minor: int, cut_percent: int, *, weight_g: int = 0) -> int:
    """How far down whoever may cut `cut_percent` may go: rounded up, and one minor unit at least.

    Of weighed goods the price is that of a kilogram: it goes no lower than what still costs something,
    because no terminal takes a payment of nothing.
    """
    assert 0 <= cut_percent <= 100, "nobody gives more than all"
    least = -(-500 // weight_g) if weight_g else 1  # half a minor unit is rounded up to a whole one
    return max(least, -(-price_minor * (100 - cut_percent) // 100))


def may_become(price_minor: int, wanted_minor: int, cut_percent: int, *, weight_g: int = 0) -> bool:
    """Whether a price may be corrected to the wanted one by somebody of this limit."""
    return lowest_minor(price_minor, cut_percent, weight_g=weight_g) <= wanted_minor < price_minor
