"""Owns a week of calls for help and of questions of lanes, for the console's picture of them.

It must not know pages.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.help_desk import (
    Cause,
    Escalate,
    HelpReason,
    HelpState,
    InterventionKind,
    Resolve,
    Take,
    Write,
)
from inventory.domain.help_waiting import Level
from inventory.services import help_desk, interventions
from inventory.wire import HelpMessage, InterventionMessage

CALLS, QUESTIONS = 46, 34
_ABOUT = (
    (HelpReason.UNSAID, Cause.HOW_TO),
    (HelpReason.UNSAID, Cause.SCANNING),
    (HelpReason.WONT_SCAN, Cause.SCANNING),
    (HelpReason.PRICE, Cause.PRICE),
    (HelpReason.PRICE, Cause.PRICE),
    (HelpReason.PAYMENT, Cause.PAYMENT),
    (HelpReason.FIND, Cause.GOODS),
    (HelpReason.OTHER, Cause.MACHINE),
    (HelpReason.UNSAID, Cause.NOTHING),
)
_ASKED = (InterventionKind.AGE_CHECK, InterventionKind.AGE_CHECK, InterventionKind.PRICE)


def a_week_of_calls(
    uow: UnitOfWork, store_id: str, goods: Sequence[Item], chance: random.Random, now: datetime
) -> None:
    """Most are answered soon, some in writing, a few given up; lane 2 asks more often than the others."""
    for number in range(CALLS):
        at_utc = _moment(chance, now)
        _call(uow, store_id, f"picture-call-{number}", at_utc, chance)
    for number in range(QUESTIONS):
        kind = chance.choice(_ASKED)
        facts = (goods[0].gtin, "1") if kind is InterventionKind.PRICE else ("Red wine", "18+")
        message = InterventionMessage(
            intervention_id=f"picture-question-{number}",
            lane_id=_lane(chance),
            kind=kind,
            raised_at_utc=now,
            facts=facts,
        )
        interventions.receive(uow, store_id, message, _moment(chance, now))
        withdrawn = message.model_copy(update={"withdrawn": True})
        interventions.receive(uow, store_id, withdrawn, now)


def _call(uow: UnitOfWork, store_id: str, help_id: str, at_utc: datetime, chance: random.Random) -> None:
    reason, cause = chance.choice(_ABOUT)
    message = HelpMessage(
        help_id=help_id,
        lane_id=_lane(chance),
        state=HelpState.REQUESTED,
        reason=reason,
        language=chance.choice(("en", "it", "ar")),
        requested_at_utc=at_utc,
    )
    help_desk.receive(uow, store_id, message, at_utc)

    def later(seconds: float) -> datetime:
        return at_utc + timedelta(seconds=seconds)

    answer_s = chance.expovariate(1 / 9) + 2
    if chance.random() < 0.07:
        cancelled = message.model_copy(update={"state": HelpState.CANCELLED})
        help_desk.receive(uow, store_id, cancelled, later(answer_s))
        return
    if answer_s > 15:
        help_desk.do(uow, store_id, help_id, Escalate(Level.AGAIN), later(15))
    if chance.random() < 0.4:
        help_desk.do(uow, store_id, help_id, Write("Marco"), later(answer_s))
        help_desk.do(uow, store_id, help_id, Resolve("Marco", cause), later(answer_s + 20))
        return
    walk_s = answer_s + chance.triangular(12, 90, 30)
    for state, seconds in ((HelpState.ACCEPTED, answer_s), (HelpState.ARRIVED, walk_s)):
        help_desk.do(uow, store_id, help_id, Take("Sara", state), later(seconds))
    help_desk.do(
        uow, store_id, help_id, Resolve("Sara", cause), later(walk_s + chance.triangular(10, 120, 35))
    )


def _lane(chance: random.Random) -> str:
    return chance.choice(("lane-1", "lane-2", "lane-2", "lane-2", "lane-3"))


def _moment(chance: random.Random, now: datetime) -> datetime:
    day = now.replace(hour=0, minute=0) - timedelta(days=chance.choice((1, 2, 3, 4, 5, 6)))
    return day + timedelta(hours=chance.triangular(8, 20, 17))
