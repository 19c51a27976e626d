"""Owns what the shopper is told of a deed of the staff: which, by whom, and for how long it stands there.

It must not decide a deed. It reads it off the lane before and after; what it was done by says who did it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from inventory.domain.help_desk import Decision
from kiosk.checkout.effects import Effect, StartTimer
from kiosk.checkout.messages import (
    Event,
    InterventionDecided,
    StaffAct,
    StaffActed,
    StaffLeft,
    Timer,
    TimerExpired,
)
from kiosk.checkout.state import AgeCheck, LaneState, Phase
from kiosk.checkout.told import StaffNews, Told
from kiosk.checkout.visit_events import DoorOrdered


def noted(before: LaneState, event: Event, after: LaneState) -> tuple[LaneState, tuple[Effect, ...]]:
    """The lane with what `event` makes news. While staff are at the screen it waits for the shopper's."""
    news = _news(before, event, after)
    if news is not None:
        return replace(after, news=news), (StartTimer(Timer.NOTICE),)
    if after.news is None:
        return after, ()
    match event:
        case StaffLeft() | TimerExpired(timer=Timer.STAFF):
            return after, (StartTimer(Timer.NOTICE),)
        case TimerExpired(timer=Timer.NOTICE) if after.staff is None:
            return replace(after, news=None), ()
        case _ if before.phase is not Phase.ATTRACT and after.phase is Phase.ATTRACT:
            return replace(after, news=None), ()
        case _:
            return after, ()


def _news(before: LaneState, event: Event, after: LaneState) -> StaffNews | None:
    match event:
        case InterventionDecided(decision=decision, staff_name=name):
            return _looked(before, after, name) or _priced(before, after, name, decision)
        case StaffActed(act=act) if before.staff is not None:
            return _acted(before, act, after, before.staff.staff_name)
        case DoorOrdered(staff_name=name):
            return _door(before, after, name)
        case _:
            return None


def _acted(before: LaneState, act: StaffAct, after: LaneState, name: str) -> StaffNews | None:
    match act:
        case StaffAct.APPROVE_AGE | StaffAct.REFUSE_AGE:
            return _looked(before, after, name)
        case StaffAct.PRICE:
            return _priced(before, after, name, Decision.APPROVED)
        case StaffAct.CORRECT_PRICE | StaffAct.VOID | StaffAct.VOID_ALL:
            return _changed(before, after, name)
        case StaffAct.CLOSE | StaffAct.OPEN:
            return _door(before, after, name)
        case StaffAct.REPRINT | StaffAct.RECALL:
            return None  # paper and basket are there to be seen
        case _:
            assert_never(act)


def _looked(before: LaneState, after: LaneState, name: str) -> StaffNews | None:
    told = {AgeCheck.APPROVED: Told.AGE_APPROVED, AgeCheck.REFUSED: Told.AGE_REFUSED}.get(after.age)
    return StaffNews(told, name) if told is not None and before.age is not after.age else None


def _priced(before: LaneState, after: LaneState, name: str, decision: Decision) -> StaffNews | None:
    for line in before.basket.pending:
        now = after.basket.line(line.line_id)
        if now is None and decision is Decision.REFUSED:
            return StaffNews(Told.NOT_FOR_SALE, name, (line.item,))
        if now is not None and not now.pending:
            return StaffNews(Told.PRICE_GIVEN, name, (now.item,))
    return None


def _changed(before: LaneState, after: LaneState, name: str) -> StaffNews | None:
    """What the basket has lost, or costs less from now on."""
    known = {line.line_id: line for line in before.basket.lines}
    for line in after.basket.lines:
        if line.correction is not None and known.get(line.line_id) != line:
            return StaffNews(Told.PRICE_CORRECTED, name, (line.item,))
    left = {line.line_id for line in after.basket.lines}
    gone = tuple(line.item for line_id, line in known.items() if line_id not in left)
    return StaffNews(Told.TAKEN_OUT, name, gone) if gone else None


def _door(before: LaneState, after: LaneState, name: str) -> StaffNews | None:
    if before.closed_by == after.closed_by:
        return None
    return StaffNews(Told.LANE_CLOSED if after.closed_by else Told.LANE_OPENED, name)
