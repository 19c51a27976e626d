"""Owns where a call for help goes when its own store cannot answer: which desks elsewhere, and why.

It must not know how a desk hears of it, nor read a clock. Home comes first, and what needs hands stays there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from inventory.domain.help_reasons import HelpReason
from inventory.domain.help_waiting import Level
from inventory.domain.opening_hours import ALWAYS, OpeningHours

NEEDS_HANDS: Final = frozenset({HelpReason.BRING, HelpReason.SHELF_EMPTY, HelpReason.AGE})
"""Nobody does these from afar: goods are carried, and a face is looked at."""


class WhyElsewhere(Enum):
    """Why a call was put before people who are not in its store."""

    SENT = "sent"
    """A member of staff sent it there."""
    NOBODY_HERE = "nobody-here"
    LANGUAGE = "language"
    """Nobody at home speaks the shopper's, somebody there does."""
    LATE = "late"
    """Nobody answered for so long that the ladder has reached the chosen level."""


@dataclass(frozen=True, slots=True)
class RoutedCall:
    """What of a waiting call decides where it goes. `given_back_by` are desks that do not want it."""

    reason: HelpReason
    language: str
    level: Level = Level.EVERYONE
    is_safety: bool = False
    given_back_by: frozenset[str] = frozenset()

    @property
    def needs_hands(self) -> bool:
        return self.is_safety or self.reason in NEEDS_HANDS


@dataclass(frozen=True, slots=True)
class Home:
    """The store of the call. No `languages`: nobody said, and none is missed. No level: only by hand."""

    people: int
    languages: frozenset[str] = frozenset()
    from_level: Level | None = Level.SUPERVISOR


@dataclass(frozen=True, slots=True)
class Desk:
    """People elsewhere who serve this store, at one instant. No `skills`: it takes whatever comes."""

    desk_id: str
    name: str
    people: int
    open_calls: int
    local: datetime
    """What the clock on its wall shows."""
    hours: OpeningHours = ALWAYS
    skills: frozenset[HelpReason] = frozenset()
    languages: frozenset[str] = frozenset()

    def can_take(self, call: RoutedCall) -> bool:
        """Whether somebody sits there now who may answer such a call."""
        return (
            not call.needs_hands
            and self.people > 0
            and self.hours.is_open(self.local)
            and (not self.skills or call.reason in self.skills)
            and self.desk_id not in call.given_back_by
        )


@dataclass(frozen=True, slots=True)
class Target:
    """One desk a call goes to, and why."""

    desk_id: str
    why: WhyElsewhere


def able(call: RoutedCall, desks: Iterable[Desk]) -> tuple[Desk, ...]:
    """The desks that may answer, best first: the language, then fewest calls a head, then the name."""

    def rank(desk: Desk) -> tuple[bool, float, str, str]:
        load = desk.open_calls / desk.people
        return not _speaks(desk.languages, call.language), load, desk.name, desk.desk_id

    return tuple(sorted((desk for desk in desks if desk.can_take(call)), key=rank))


def targets(call: RoutedCall, home: Home, desks: Iterable[Desk]) -> tuple[Target, ...]:
    """Where a waiting call shall go by itself, the best first; nowhere as long as home can answer it."""
    found = able(call, desks)
    if home.from_level is None:
        return ()
    if home.people == 0:
        return _to(found, WhyElsewhere.NOBODY_HERE)
    if call.level >= home.from_level:
        return _to(found, WhyElsewhere.LATE)
    if home.languages and not _speaks(home.languages, call.language):
        speaking = [desk for desk in found if _speaks(desk.languages, call.language)]
        return _to(speaking, WhyElsewhere.LANGUAGE)
    return ()


def due(
    wanted: Iterable[Target], rung: Collection[str], since_s: float, *, each_s: float
) -> tuple[Target, ...]:
    """The desks that ring now, beside those that ring already, for so many seconds.

    The best rings at once, one more whenever nobody has answered for `each_s`.
    """
    assert each_s > 0, "desks ring one after the other"
    count = 1 + int(max(0.0, since_s) // each_s)
    return tuple(target for target in wanted if target.desk_id not in rung)[: max(0, count - len(rung))]


def _to(desks: Iterable[Desk], why: WhyElsewhere) -> tuple[Target, ...]:
    return tuple(Target(desk.desk_id, why) for desk in desks)


def _speaks(languages: frozenset[str], language: str) -> bool:
    """`pt` is spoken where `pt-BR` is, and the other way round: people make do."""
    base = language.partition("-")[0]
    return any(each.partition("-")[0] == base for each in languages)
