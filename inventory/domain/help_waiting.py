"""Owns how long a shopper waits: who hears of a call when, whose turn it is, what may honestly be promised.

It must not read a clock or keep anything: seconds and instants come in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, IntEnum
from typing import Final

LONGEST_WAIT: Final = timedelta(hours=12)
"""Nobody waits longer before a lane; one that says so after an outage has a clock that is wrong."""


def waiting_since(called_utc: datetime, received_utc: datetime) -> datetime:
    """Since when a shopper waits: by the lane's clock, unless it cannot be right, then by the store's."""
    is_believed = timedelta(0) <= received_utc - called_utc <= LONGEST_WAIT
    return called_utc if is_believed else received_utc


class Level(IntEnum):
    """Who a call rings for. Each level is everybody of the ones before, and more."""

    EVERYONE = 0
    AGAIN = 1
    """The same people once more: nobody answered."""
    SUPERVISOR = 2
    MANAGER = 3
    """And whatever the store has beyond its tablets: light, sound, words to other systems."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """After how many seconds without an answer a call reaches each level (UX 12.1: 15, 30, 60)."""

    again_s: int = 15
    supervisor_s: int = 30
    manager_s: int = 60

    def __post_init__(self) -> None:
        assert 0 < self.again_s <= self.supervisor_s <= self.manager_s, "a ladder goes up"

    def level_after(self, waited_s: float) -> Level:
        """The level of a call that nobody has answered for `waited_s` seconds."""
        if waited_s >= self.manager_s:
            return Level.MANAGER
        if waited_s >= self.supervisor_s:
            return Level.SUPERVISOR
        return Level.AGAIN if waited_s >= self.again_s else Level.EVERYONE

    def next_after(self, level: Level) -> int | None:
        """How many seconds of waiting lead above `level`; None at the top."""
        return {
            Level.EVERYONE: self.again_s,
            Level.AGAIN: self.supervisor_s,
            Level.SUPERVISOR: self.manager_s,
        }.get(level)


@dataclass(frozen=True, slots=True)
class InLine:
    """What decides a call's place among those that wait."""

    help_id: str
    ringing_since_utc: datetime
    is_safety: bool = False
    is_reopened: bool = False
    can_wait: bool = False


def in_order(waiting: Iterable[InLine]) -> tuple[InLine, ...]:
    """Whose turn it is: danger first, then whom we have failed once, then the longest wait; shelves last."""
    return tuple(
        sorted(
            waiting,
            key=lambda call: (
                not call.is_safety,
                call.can_wait,
                not call.is_reopened,
                call.ringing_since_utc,
                call.help_id,
            ),
        )
    )


class Band(Enum):
    """How soon somebody will be there, as far as it can be said (UX 12.1). No countdown is ever shown."""

    UNDER_A_MINUTE = "under-1"
    ONE_TO_TWO = "1-2"
    A_FEW = "few"


BAND_UPPER_S: Final = {Band.UNDER_A_MINUTE: 60, Band.ONE_TO_TWO: 120, Band.A_FEW: 300}
"""After so many seconds a band was not kept, and the lane says that it takes longer than usual."""

LEAST_WALKS: Final = 5
"""Fewer arrivals say nothing about an hour: then those of all hours count."""

USUAL_WALK_S: Final = 60
"""Where nobody has ever walked yet: what the design aims at is 45, and a promise errs on the long side."""


def median(values: Sequence[int]) -> int:
    """The middle value of some, the upper one of two: a promise errs on the long side."""
    assert values, "nothing has no middle"
    return sorted(values)[len(values) // 2]


def expected_s(this_hour: Sequence[int], all_hours: Sequence[int], *, ahead: int, staff: int) -> int:
    """Seconds until somebody stands there: the usual walk, once for each round of calls that come before.

    `this_hour` and `all_hours` are the seconds from call to arrival of earlier calls; `ahead` are the open
    calls before this one, `staff` the people who answer calls (at least one is counted).
    """
    assert ahead >= 0, "nobody stands before the first"
    known = this_hour if len(this_hour) >= LEAST_WALKS else all_hours
    walk_s = median(known) if len(known) >= LEAST_WALKS else USUAL_WALK_S
    return walk_s * (1 + ahead // max(1, staff))


def band_of(seconds: int) -> Band:
    """The band that an expectation falls into."""
    if seconds <= BAND_UPPER_S[Band.UNDER_A_MINUTE]:
        return Band.UNDER_A_MINUTE
    return Band.ONE_TO_TWO if seconds <= BAND_UPPER_S[Band.ONE_TO_TWO] else Band.A_FEW
