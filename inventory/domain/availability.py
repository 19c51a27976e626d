"""Owns what may be said of how many there are: a band, how old that is, and a number only where it is sure.

It must not know tables, clocks or words. Store and lane ask the same function, so that a lane which has been
away for days stops naming a number by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from inventory.domain.stock import Band, BandLimits, band

CERTAIN_FOR_H = 24
"""A number is shown for a day after somebody counted: records drift, counts do not."""
LONGEST_CERTAIN_H = 24 * 14
LEAST_SHARE_PERCENT = 95
"""Of the counts of a department that found what the records said; below it no number of it is shown."""
COUNTS_TO_JUDGE = 20
"""Fewer counts say nothing about a department."""


class Confidence(Enum):
    """How far the records may be believed."""

    HIGH = "high"
    """Counted lately, and nobody has found the shelf empty since."""
    FAIR = "fair"
    LOW = "low"
    """Somebody stood before an empty shelf, and nobody of the staff has looked yet."""


@dataclass(frozen=True, slots=True)
class ShelfRule:
    """How a department speaks of its goods. `certain_for_h` is 0 where a number is never shown."""

    limits: BandLimits = field(default_factory=BandLimits)
    certain_for_h: int = CERTAIN_FOR_H


DEFAULT_RULE = ShelfRule()


@dataclass(frozen=True, slots=True)
class ShelfFacts:
    """What is known of one item, in thousandths of a piece or grams.

    `reserved_milli` lies in open baskets. `as_of_utc` is the last movement, `counted_at_utc` the last count;
    `doubts` counts the shoppers who found the shelf empty since staff last looked.
    """

    on_hand_milli: int
    as_of_utc: datetime
    reserved_milli: int = 0
    counted_at_utc: datetime | None = None
    doubts: int = 0

    @property
    def available_milli(self) -> int:
        """On-hand less what is in open baskets; below nothing where records are wrong."""
        return self.on_hand_milli - self.reserved_milli


@dataclass(frozen=True, slots=True)
class Availability:
    """What a shopper may be told. `exact_milli` is None unless the number is sure."""

    band: Band
    confidence: Confidence
    as_of_utc: datetime
    exact_milli: int | None = None

    @property
    def is_here(self) -> bool:
        return self.band is not Band.NOT_HERE


def assess(facts: ShelfFacts, now_utc: datetime, rule: ShelfRule = DEFAULT_RULE) -> Availability:
    """What the facts come to. A shelf found empty is "last ones" at best, whatever the records say."""
    confidence = confidence_in(facts, now_utc, rule)
    found = band(facts.available_milli, rule.limits)
    if confidence is Confidence.LOW and found is not Band.NOT_HERE:
        found = Band.LAST_ONES
    is_sure = confidence is Confidence.HIGH and found is not Band.NOT_HERE
    newest_utc = max(facts.as_of_utc, facts.counted_at_utc or facts.as_of_utc)
    return Availability(found, confidence, newest_utc, facts.available_milli if is_sure else None)


def confidence_in(facts: ShelfFacts, now_utc: datetime, rule: ShelfRule = DEFAULT_RULE) -> Confidence:
    """A count raises it for `certain_for_h`; one report of an empty shelf lowers it until staff looked."""
    if facts.doubts > 0:
        return Confidence.LOW
    if facts.counted_at_utc is None:
        return Confidence.FAIR
    is_fresh = now_utc - facts.counted_at_utc < timedelta(hours=rule.certain_for_h)
    return Confidence.HIGH if is_fresh else Confidence.FAIR


def records_are_trusted(counted: int, right: int) -> bool:
    """Whether a department whose records were `right` in so many of `counted` counts may name numbers."""
    return counted < COUNTS_TO_JUDGE or right * 100 >= counted * LEAST_SHARE_PERCENT


def difference_of_count(counted_milli: int, facts: ShelfFacts) -> int:
    """The movement that makes the records agree with a count of the shelf.

    Who counts sees what has not been taken: goods in open baskets are on hand still, and not on the shelf.
    """
    return counted_milli - facts.available_milli
