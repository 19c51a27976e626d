"""Owns where one shopper's visit ends and the next begins, and the baskets the lane keeps in between.

It must not know why somebody goes, nor payments: a basket is put away whole or not at all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inventory.domain.help_desk import InterventionKind
from kiosk.checkout import errands, pricing, removing
from kiosk.checkout.basket import Basket
from kiosk.checkout.effects import Effect, StopTimer, WithdrawIntervention
from kiosk.checkout.messages import Timer
from kiosk.checkout.preferences import Preferences
from kiosk.checkout.state import (
    AgeCheck,
    Ladder,
    LaneState,
    ParkedBasket,
    ParkReason,
    Payment,
    Phase,
    Presence,
    ReceiptState,
    View,
)
from kiosk.checkout.talk import Talk

Outcome = tuple[LaneState, tuple[Effect, ...]]

PARKED_LIMIT = 50
"""More baskets than this nobody comes back for: the oldest then stands in the journal alone."""

_LETTERS = "ACDEFHJKLMNPRTUVWXY"
"""Of a code that is read out loud: no letter that is taken for a digit or for its neighbour."""

_NUMBERS = range(10, 100)


def next_shopper(state: LaneState) -> Outcome:
    """Everything of the former visit leaves the screen at once; the lane's own memory stays."""
    state, not_brought = errands.leave(state)
    fresh = replace(
        state,
        phase=Phase.ATTRACT,
        presence=Presence.HERE,
        language=state.default_language,
        basket=Basket(),
        payment=Payment(),
        age=AgeCheck.NOT_NEEDED,
        age_intervention_id="",
        age_staff_name="",
        sale=None,
        receipt=ReceiptState.NONE,
        left_out=(),
        face="",
        face_reason=None,
        feedback_id="",
        shown_code="",
        touched_at=None,
        preferences=Preferences(),
        removed=None,
        taken_out=(),
        told_removed=0,
        removal_call="",
        ladder=Ladder(),
        talk=Talk(),
        view=View(),
    )
    stops = (StopTimer(Timer.THANKS), *withdraw_age_check(state), *withdraw_call(state), *not_brought)
    stops += (*pricing.withdrawn(state.basket, fresh.basket), *removing.withdrawn(state))
    return fresh, stops


def put_away(state: LaneState, at: datetime, why: ParkReason) -> Outcome:
    """The basket goes under a code of its own, and the lane is free. An empty basket needs no code."""
    if not state.basket.lines:
        return next_shopper(state)
    kept = ParkedBasket(_code(state.parked_count), state.basket, state.language, at, why)
    state = replace(state, parked=(*state.parked, kept)[-PARKED_LIMIT:], parked_count=state.parked_count + 1)
    # Staff may go on looking for the prices of a basket that is kept: its rows are not withdrawn.
    return next_shopper(replace(state, basket=Basket(state.basket.sale_id)))


def _code(count: int) -> str:
    """A10, A11, … Y99 and from the start again: none of the last fifty has the same."""
    letter = _LETTERS[count // len(_NUMBERS) % len(_LETTERS)]
    return f"{letter}{_NUMBERS[count % len(_NUMBERS)]}"


def withdraw_age_check(state: LaneState) -> tuple[Effect, ...]:
    """Nobody need look at a basket that waits no more."""
    if state.age is not AgeCheck.WAITING:
        return ()
    return (WithdrawIntervention(state.age_intervention_id, InterventionKind.AGE_CHECK),)


def call_id(state: LaneState) -> str:
    """The call about a basket nobody stands at: the same when said again, another one the next time."""
    since = f"{state.touched_at:%Y%m%d%H%M%S%f}" if state.touched_at else ""
    return f"left-{state.basket.sale_id}-{since}"


def withdraw_call(state: LaneState) -> tuple[Effect, ...]:
    """Said when somebody is there again, or the basket is put away."""
    if state.presence is not Presence.AWAY:
        return ()
    return (WithdrawIntervention(call_id(state), InterventionKind.BASKET_LEFT),)
