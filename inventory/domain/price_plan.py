"""Owns prices that are planned: from when to when, which may stand side by side, and what they do to a price.

It must not know tables, clocks or who asks. Times are UTC; an end is the first instant that is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo


class PlanState(Enum):
    """How far a planned price came."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"
    """Its time has passed, or it has no end and is the item's price now."""
    CALLED_OFF = "called off"


ALIVE = frozenset({PlanState.PLANNED, PlanState.RUNNING})


@dataclass(frozen=True, slots=True)
class PricePlan:
    """One planned price of one item. `until_utc` is None for a price that stays.

    `former_minor` is the price it took the place of, None before it began.
    """

    plan_id: str
    gtin: str
    price_minor: int
    from_utc: datetime
    until_utc: datetime | None = None
    state: PlanState = PlanState.PLANNED
    former_minor: int | None = None

    @property
    def due_utc(self) -> datetime | None:
        """When it next does something; None when it never will."""
        match self.state:
            case PlanState.PLANNED:
                return self.from_utc
            case PlanState.RUNNING:
                return self.until_utc
            case _:
                return None

    def overlaps(self, other: PricePlan) -> bool:
        """Whether both would hold at some instant. One without an end holds from its beginning on."""
        begins_before = self.until_utc is None or other.from_utc < self.until_utc
        return begins_before and (other.until_utc is None or self.from_utc < other.until_utc)


@dataclass(frozen=True, slots=True)
class Played:
    """What became of an item's price, and of the plans that did something."""

    price_minor: int
    plans: tuple[PricePlan, ...]


def play(plans: Iterable[PricePlan], price_minor: int, now_utc: datetime) -> Played:
    """Lets every plan of one item do what is due at `now_utc` or was due before, in the order of time.

    At its end a plan gives back the price it took the place of, but only while its own price still stands:
    what somebody set meanwhile stays. It makes no difference how often or how late this is called.
    """
    current = {plan.plan_id: plan for plan in plans}
    for _, is_start, plan_id in sorted(_steps(current.values(), now_utc)):
        plan = current[plan_id]
        if is_start:
            state = PlanState.OVER if plan.until_utc is None else PlanState.RUNNING
            current[plan_id] = replace(plan, state=state, former_minor=price_minor)
            price_minor = plan.price_minor
        else:
            price_minor = _after(plan, price_minor)
            current[plan_id] = replace(plan, state=PlanState.OVER)
    return Played(price_minor, tuple(current.values()))


def call_off(plan: PricePlan, price_minor: int) -> Played:
    """Ends a plan by hand: one that runs gives the former price back as it does at its end."""
    after = _after(plan, price_minor) if plan.state is PlanState.RUNNING else price_minor
    return Played(after, (replace(plan, state=PlanState.CALLED_OFF),))


class NoSuchTimeError(ValueError):
    """The clock leaps over this time of day; `later` is the first time that exists after it."""

    def __init__(self, later: datetime) -> None:
        super().__init__(f"The clock is put forward then; the next time it shows is {later:%H:%M}.")
        self.later = later


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a time on the store's wall, in UTC. Of one that comes twice in a night, the first.

    Raises NoSuchTimeError where summer time begins and leaps over it.
    """
    if _is_shown(wall, zone):
        return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    later = wall
    while not _is_shown(later, zone):
        later += timedelta(minutes=1)
    raise NoSuchTimeError(later)


def _is_shown(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock ever shows this time."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def _steps(plans: Iterable[PricePlan], now_utc: datetime) -> list[tuple[datetime, bool, str]]:
    """What is due, ends before beginnings of the same instant."""
    steps = []
    for plan in plans:
        if plan.state is PlanState.PLANNED and plan.from_utc <= now_utc:
            steps.append((plan.from_utc, True, plan.plan_id))
        if plan.state in ALIVE and plan.until_utc is not None and plan.until_utc <= now_utc:
            steps.append((plan.until_utc, False, plan.plan_id))
    return steps


def _after(plan: PricePlan, price_minor: int) -> int:
    is_ours = price_minor == plan.price_minor and plan.former_minor is not None
    return plan.former_minor if is_ours and plan.former_minor is not None else price_minor
