"""Owns baskets that are paid elsewhere: put away under a code for the till, and brought back.

It must not take a basket from a payment that may still charge: the reader lets go first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kiosk.checkout import contradicting, pricing
from kiosk.checkout.effects import AbortPayment, PlaySound, Sound
from kiosk.checkout.scanning import Outcome, raise_age_check
from kiosk.checkout.state import (
    MONEY_AT_RISK,
    LaneState,
    ParkedBasket,
    ParkReason,
    PaymentState,
    Phase,
    View,
)
from kiosk.checkout.visit_events import BasketRecalled, PayElsewhereRequested
from kiosk.checkout.visiting import next_shopper, put_away


def pay_elsewhere_requested(state: LaneState, _event: PayElsewhereRequested, at: datetime) -> Outcome:
    """While the reader is armed it is asked to stop; what comes of that, the terminal says."""
    if state.payment.state is PaymentState.INTENT and state.payment.attempt is not None:
        state = replace(state, payment=replace(state.payment, going_elsewhere=True))
        attempt = state.payment.attempt
        return state, (AbortPayment(attempt.attempt_id),) if attempt else ()
    at_risk = state.payment.state in MONEY_AT_RISK or contradicting.is_shown(state)
    return (state, ()) if at_risk or not state.basket.lines else at_till(state, at)


def at_till(state: LaneState, at: datetime) -> Outcome:
    """The basket waits under the code that the screen shows from now on, in the shopper's own language."""
    language, preferences = state.language, state.preferences
    state, effects = put_away(state, at, ParkReason.TILL)
    shown = replace(
        state,
        phase=Phase.PARKED,
        shown_code=state.parked[-1].code,
        language=language,
        preferences=preferences,
        touched_at=at,
    )
    return shown, effects


def resumed(state: LaneState, at: datetime) -> Outcome:
    """The shopper wants the basket back that the screen names."""
    return _taken_back(state, state.shown_code, at)


def recalled(state: LaneState, event: BasketRecalled, at: datetime) -> Outcome:
    """Staff bring a basket back to a free lane. An unknown code, or one recalled already, does nothing."""
    return _taken_back(state, event.code, at)


def _taken_back(state: LaneState, code: str, at: datetime) -> Outcome:
    kept = found(state, code)
    if kept is None:
        return state, ()
    preferences = state.preferences
    state, effects = next_shopper(state)
    state = replace(
        state,
        phase=Phase.SCANNING,
        basket=kept.basket,
        language=kept.language,
        preferences=preferences,
        parked=tuple(parked for parked in state.parked if parked is not kept),
        touched_at=at,
        view=View(),
    )
    state, checks = raise_age_check(state, 0, again=f"-{kept.code}")
    prices = pricing.raised_again(state.basket)
    return state, (*effects, *checks, *prices, PlaySound(Sound.ATTENTION))


def found(state: LaneState, code: str) -> ParkedBasket | None:
    return next((parked for parked in state.parked if parked.code == code), None)
