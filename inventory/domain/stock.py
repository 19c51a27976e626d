"""Owns the stock ledger's words: movements, reasons, and the band a shopper is shown.

It must not know tables. On-hand is the sum of movements and is never edited; a mistake is one more movement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inventory.domain.places import PLAIN, Place


class Reason(Enum):
    """Why stock moved."""

    SALE = "SALE"
    RETURN = "RETURN"
    RECEIPT = "RECEIPT"
    WASTE = "WASTE"
    COUNT = "COUNT"
    TRANSFER = "TRANSFER"
    CORRECTION = "CORRECTION"


@dataclass(frozen=True, slots=True)
class Movement:
    """One signed change of `quantity_milli` (thousandths of a piece, or grams).

    `source_id` is unique: posting the same source twice changes nothing. `place` is the shelf without a lot
    unless somebody said otherwise; `document_id` is the paper it stands on, "" for none.
    """

    gtin: str
    reason: Reason
    quantity_milli: int
    source_id: str
    actor: str
    at_utc: datetime
    place: Place = PLAIN
    document_id: str = ""


def packs_milli(singles_milli: int, units: int) -> int:
    """Whole packs of `units` (1 or more) in the singles on hand, in thousandths of a pack; rounds down."""
    assert units > 0, "a pack holds something"
    return singles_milli // (units * 1000) * 1000


class Band(Enum):
    """How much a shopper may count on. Records are wrong too often to show a number."""

    PLENTY = "plenty"
    A_FEW = "a few"
    LAST_ONES = "last ones"
    NOT_HERE = "not here"


@dataclass(frozen=True, slots=True)
class BandLimits:
    """Smallest on-hand of a band, in thousandths of a piece or grams."""

    plenty_milli: int = 10_000
    a_few_milli: int = 4_000


def band(available_milli: int, limits: BandLimits = BandLimits()) -> Band:
    """The band of what is available (on-hand less open baskets; may be negative when records are wrong)."""
    if available_milli <= 0:
        return Band.NOT_HERE
    if available_milli >= limits.plenty_milli:
        return Band.PLENTY
    return Band.A_FEW if available_milli >= limits.a_few_milli else Band.LAST_ONES
