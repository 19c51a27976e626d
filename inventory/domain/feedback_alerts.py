"""Owns when bad faces at one lane become an alert: one “Awful”, or three within fifteen minutes.

It must not know tables, screens or who is told. A lane has at most one alert at a time; what comes meanwhile
joins it, and what came before it is forgotten with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from inventory.domain.feedback import BAD_FACES, Face, FeedbackReason

WINDOW: Final = timedelta(minutes=15)
"""Bad faces are remembered for so long, and an alert stands for so long after it last changed."""

ENOUGH: Final = 3
"""So many bad faces in the window are an alert; a single “Awful” is one."""

AHEAD: Final = timedelta(seconds=30)
"""A lane's clock may run ahead of the store's by so much; one that runs further is not believed."""

LONGEST_THANKS: Final = timedelta(minutes=1)
"""A last screen that was seen so long after a face is believed to be another shopper's."""

_STAYING: Final = frozenset({"thanks", "help", "language", "accessibility", "settings-card", "staff"})
"""The last screen of a visit, and what may be laid over it."""


class AlertTakenError(Exception):
    """Somebody else sees to it: `by`."""

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} sees to this already.")
        self.by = by


@dataclass(frozen=True, slots=True)
class Moment:
    """A bad face at a lane, by that lane's clock."""

    face: Face
    at_utc: datetime
    reason: FeedbackReason | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a lane showed last, by its own clock."""

    screen: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """Something went wrong at a lane, and somebody should look.

    `is_here` says whether the shopper of the last face may still stand there; `last_face_utc` is by the
    lane's clock, the other instants are by the store's.
    """

    opened_at_utc: datetime
    changed_at_utc: datetime
    last_face_utc: datetime
    bad: int
    awful: int
    is_here: bool
    reasons: frozenset[FeedbackReason] = frozenset()
    taken_by: str = ""
    taken_at_utc: datetime | None = None

    @property
    def is_pressing(self) -> bool:
        """Nobody sees to it, and there is still somebody to speak with."""
        return self.is_here and not self.taken_by

    def has_lapsed(self, now_utc: datetime) -> bool:
        return now_utc - self.changed_at_utc >= WINDOW


@dataclass(frozen=True, slots=True)
class Mood:
    """What is remembered of a lane: bad faces that are no alert yet, or the alert."""

    moments: tuple[Moment, ...] = ()
    alert: Alert | None = None


def is_timely(at_utc: datetime, now_utc: datetime) -> bool:
    """Whether a face of that instant may still alarm anybody."""
    return now_utc - WINDOW < at_utc <= now_utc + AHEAD


def heard(mood: Mood, moment: Moment, now_utc: datetime, seen: Seen | None) -> Mood:
    """The lane after one more face. A late one, or one from a clock that runs ahead, changes nothing.

    `seen` is what the lane shows; None where it has fallen silent.
    """
    mood = settled(mood, now_utc)
    if moment.face not in BAD_FACES or not is_timely(moment.at_utc, now_utc):
        return mood
    if mood.alert is not None:
        return replace(mood, alert=_joined(mood.alert, moment, now_utc, seen))
    moments = (*mood.moments, moment)
    is_enough = len(moments) >= ENOUGH or any(each.face is Face.AWFUL for each in moments)
    return Mood(alert=_opened(moments, now_utc, seen)) if is_enough else Mood(moments)


def settled(mood: Mood, now_utc: datetime) -> Mood:
    """The lane without what is over: moments out of the window, and an alert that nothing befell for long."""
    alert = None if mood.alert is None or mood.alert.has_lapsed(now_utc) else mood.alert
    return Mood(tuple(each for each in mood.moments if is_timely(each.at_utc, now_utc)), alert)


def _opened(moments: tuple[Moment, ...], now_utc: datetime, seen: Seen | None) -> Alert:
    awful = sum(each.face is Face.AWFUL for each in moments)
    last = max(each.at_utc for each in moments)
    return Alert(
        opened_at_utc=now_utc,
        changed_at_utc=now_utc,
        last_face_utc=last,
        bad=len(moments) - awful,
        awful=awful,
        is_here=is_at_lane(last, seen),
        reasons=frozenset(each.reason for each in moments if each.reason is not None),
    )


def _joined(alert: Alert, moment: Moment, now_utc: datetime, seen: Seen | None) -> Alert:
    """An older face than the newest, told late, says nothing of who stands there now."""
    is_newest = moment.at_utc >= alert.last_face_utc
    is_awful = moment.face is Face.AWFUL
    return replace(
        alert,
        changed_at_utc=now_utc,
        last_face_utc=max(alert.last_face_utc, moment.at_utc),
        bad=alert.bad + (not is_awful),
        awful=alert.awful + is_awful,
        is_here=is_at_lane(moment.at_utc, seen) if is_newest else alert.is_here,
        reasons=alert.reasons | ({moment.reason} if moment.reason is not None else set()),
    )


def taken(alert: Alert, by: str, now_utc: datetime) -> Alert:
    """The alert with who sees to it. Raises AlertTakenError when somebody else does."""
    if alert.taken_by and alert.taken_by != by:
        raise AlertTakenError(alert.taken_by)
    return (
        alert if alert.taken_by else replace(alert, taken_by=by, taken_at_utc=now_utc, changed_at_utc=now_utc)
    )


def is_at_lane(face_utc: datetime, seen: Seen | None) -> bool:
    """Whether who touched a face at that instant may still stand there."""
    if seen is None:
        return False
    if seen.screen in _STAYING:
        return face_utc >= seen.at_utc - LONGEST_THANKS
    return seen.at_utc <= face_utc


def has_left(alert: Alert, seen: Seen) -> bool:
    """Whether what a lane shows now means that the shopper of the last face is gone."""
    return alert.is_here and seen.screen not in _STAYING and seen.at_utc > alert.last_face_utc
