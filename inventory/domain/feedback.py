"""Owns what a shopper may say of a visit: one face, a reason after a bad one, and what shares are worth.

It must not know who said it, nor when to the minute: a face belongs to a lane and a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import Enum
from typing import Final

KEPT: Final = timedelta(days=90)
"""How long faces, and what became of alerts, are kept."""

LEAST_FACES: Final = 10
"""Fewer say nothing about a lane, and may point at somebody: no share is shown of them."""

_Z: Final = Decimal("1.959963984540054")
"""The standard normal quantile that leaves 2.5 % on either side."""


class Face(Enum):
    GREAT = "great"
    GOOD = "good"
    BAD = "bad"
    AWFUL = "awful"


class FeedbackReason(Enum):
    """What a shopper who was not content may point at; never asked of anybody else, never required."""

    SLOW = "slow"
    CONFUSING = "confusing"
    WAITED = "waited"
    PRICE = "price"
    PAYMENT = "payment"
    MACHINE = "machine"


BAD_FACES: Final = frozenset({Face.BAD, Face.AWFUL})


@dataclass(frozen=True, slots=True)
class Share:
    """A part of all in thousandths, with the bounds between which the true share lies 95 times in 100."""

    count: int
    total: int
    permille: int
    low_permille: int
    high_permille: int


def share(count: int, total: int) -> Share:
    """The share with its Wilson score interval: unlike the textbook's, it holds for few and for none."""
    assert 0 <= count <= total, "a part is no more than the whole"
    assert total > 0, "nothing has no shares"
    with localcontext() as context:
        context.prec = 28
        n, x, z2 = Decimal(total), Decimal(count), _Z * _Z
        centre = x + z2 / 2
        spread = _Z * (x * (n - x) / n + z2 / 4).sqrt()
        low, high = (centre - spread) / (n + z2), (centre + spread) / (n + z2)
        return Share(count, total, _permille(x / n), _permille(low), _permille(high))


def _permille(part: Decimal) -> int:
    bounded = min(max(part, Decimal(0)), Decimal(1))
    return int((bounded * 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    """What was said at one lane, or at several, in some time."""

    lane_id: str
    faces: Mapping[Face, int] = field(default_factory=dict)
    reasons: Mapping[FeedbackReason, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.faces.values())

    @property
    def is_enough(self) -> bool:
        return self.total >= LEAST_FACES

    @property
    def bad(self) -> int:
        return sum(self.faces.get(face, 0) for face in BAD_FACES)

    def share_of(self, face: Face) -> Share:
        return share(self.faces.get(face, 0), self.total)


def together(summaries: Iterable[FeedbackSummary], lane_id: str = "") -> FeedbackSummary:
    """Several summaries as one."""
    faces: Counter[Face] = Counter()
    reasons: Counter[FeedbackReason] = Counter()
    for each in summaries:
        faces.update(each.faces)
        reasons.update(each.reasons)
    return FeedbackSummary(lane_id, dict(faces), dict(reasons))


Hours = Mapping[tuple[str, int], FeedbackSummary]
"""What was said, by lane and hour of the store's clock; -1 is an hour that is not known."""


def by_lane(hours: Hours) -> tuple[FeedbackSummary, ...]:
    """The same by lane alone, by its id."""
    lanes = sorted({lane_id for lane_id, _hour in hours})
    return tuple(
        together((each for (of, _hour), each in hours.items() if of == lane_id), lane_id) for lane_id in lanes
    )
