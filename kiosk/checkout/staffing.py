"""Owns staff at the lane itself: who has signed in at its screen, what they do there, and its door.

It must not know PINs, networks or screens. It never touches the money: what staff do here happens only while
no payment is open (P10), and every deed leaves a report with its name on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from inventory.domain.correcting import Correction, may_become
from inventory.domain.help_desk import Decision
from kiosk.checkout import assisting, parking, pricing, scanning, visiting
from kiosk.checkout.effects import CheckPin, Effect, PrintReceipt, ReportStaff, StartTimer, StopTimer
from kiosk.checkout.messages import (
    InterventionDecided,
    PinRefused,
    PinSent,
    PinState,
    PinTyped,
    Sheet,
    StaffAct,
    StaffActed,
    StaffEntered,
    StaffLeft,
    Timer,
)
from kiosk.checkout.reports import StaffReport
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import AgeCheck, LaneState, Phase, Presence, StaffSession, View
from kiosk.checkout.visit_events import BasketRecalled, DoorOrdered

REPORTS_KEPT = 50
"""How many reports are told again after a restart; the store takes each once."""

MAX_PIN_DIGITS = 12


def pin_typed(state: LaneState, event: PinTyped, _at: datetime) -> Outcome:
    """How many digits there are; which ones, no state ever holds."""
    if state.view.sheet is not Sheet.STAFF_PIN or state.view.pin is PinState.CHECKING:
        return state, ()
    count = min(max(event.count, 0), MAX_PIN_DIGITS)
    return replace(state, view=replace(state.view, pin_count=count, pin=PinState.TYPING)), ()


def pin_sent(state: LaneState, _event: PinSent, _at: datetime) -> Outcome:
    if state.view.sheet is not Sheet.STAFF_PIN or not state.view.pin_count:
        return state, ()
    view = replace(state.view, pin=PinState.CHECKING, pin_count=0)
    return replace(state, view=view), (CheckPin(state.view.subject),)


def pin_refused(state: LaneState, event: PinRefused, _at: datetime) -> Outcome:
    if state.view.sheet is not Sheet.STAFF_PIN:
        return state, ()
    return replace(state, view=replace(state.view, pin=event.reason, pin_count=0)), ()


def entered(state: LaneState, event: StaffEntered, at: datetime) -> Outcome:
    """The store has said that the PIN is right. Whoever was there before is gone."""
    here, session = (
        visiting.withdraw_call(state),
        StaffSession(event.staff_name, event.session_id, event.price_cut_percent),
    )
    fresh = replace(state, staff=session, presence=Presence.HERE, view=View())
    fresh, effects = _reported(fresh, f"{event.session_id}-in", "lane.staff-entered", "", at)
    return fresh, (*here, *effects)


def left(state: LaneState, _event: StaffLeft, at: datetime) -> Outcome:
    """By End, or because nobody touched the screen for a minute."""
    if state.staff is None:
        return state, ()
    state, effects = _reported(state, f"{state.staff.session_id}-out", "lane.staff-left", "", at)
    return replace(state, staff=None, view=View()), (*effects, StopTimer(Timer.STAFF))


def time_over(state: LaneState, at: datetime) -> Outcome:
    if state.staff is not None:
        return left(state, StaffLeft(), at)
    if state.view.sheet is Sheet.STAFF_PIN:
        return replace(state, view=View()), ()
    return state, ()


def acted(state: LaneState, event: StaffActed, at: datetime) -> Outcome:
    """One deed. Nobody signed in, or nothing to do it to: nothing happens, and nothing is reported."""
    if state.staff is None:
        return state, ()
    done = _done(state, event, state.staff.staff_name, at)
    if done is None:
        return replace(state, view=View()), ()
    after, effects, detail = done
    after, reported = _reported(after, event.report_id, f"lane.{event.act.value}", detail, at)
    return after, (*effects, *reported)


Done = tuple[LaneState, tuple[Effect, ...], str]


def _done(state: LaneState, event: StaffActed, name: str, at: datetime) -> Done | None:
    match event.act:
        case StaffAct.VOID | StaffAct.VOID_ALL:
            return _voided(state, event, at)
        case StaffAct.PRICE:
            return _priced(state, event, name, at)
        case StaffAct.CORRECT_PRICE:
            return _corrected(state, event, name, at)
        case StaffAct.APPROVE_AGE | StaffAct.REFUSE_AGE:
            return _looked(state, event, name)
        case StaffAct.REPRINT:
            if state.last_sale is None:
                return None
            sale = state.last_sale
            return replace(state, view=View()), (PrintReceipt(sale, copy=True),), f"receipt {sale.receipt_no}"
        case StaffAct.RECALL:
            return _recalled(state, event, at)
        case StaffAct.CLOSE:
            shut = replace(state, closed_by=name, view=View())
            return (shut, (), "") if not state.closed_by else None
        case StaffAct.OPEN:
            opened = replace(state, closed_by="", is_paused=False, view=View())
            return (opened, (), "") if state.closed_by else None
        case _:
            assert_never(event.act)


def _voided(state: LaneState, event: StaffActed, at: datetime) -> Done | None:
    """A row, or all: the basket of an open or finished payment is not there to be voided."""
    line = state.basket.line(event.line_id)
    lines = state.basket.lines if event.act is StaffAct.VOID_ALL else (line,) if line is not None else ()
    if not lines or state.phase is not Phase.SCANNING:
        return None
    basket = state.basket
    for each in lines:
        basket = basket.remove(each.line_id)
    detail = "; ".join(f"{each.item.name('en')} {each.amount_minor} {state.currency}" for each in lines[:20])
    more = f"; and {len(lines) - 20} more" if len(lines) > 20 else ""
    state, effects = scanning.basket_changed(state, basket, at)
    return replace(state, view=View()), effects, detail + more


def _priced(state: LaneState, event: StaffActed, name: str, at: datetime) -> Done | None:
    line = state.basket.line(event.line_id)
    if line is None or not line.pending or event.price is None or state.phase is not Phase.SCANNING:
        return None
    if pricing.given(state, line, event.price, name) is None:
        return None  # beyond a limit: the row waits on, and so does the pad
    decided = InterventionDecided(pricing.question_id(line), Decision.APPROVED, name, event.price)
    after, effects = assisting.price_decided(state, decided, at)
    detail = f"{line.item.gtin}: {event.price.price_minor} {event.price.currency}"
    effects += pricing.withdrawn(state.basket, after.basket)
    return replace(after, view=View(added_line_id=line.line_id)), effects, detail


def _corrected(state: LaneState, event: StaffActed, name: str, at: datetime) -> Done | None:
    """Known goods, cheaper, within the limit that came with whoever is here: replay knows no settings."""
    line = state.basket.line(event.line_id)
    if line is None or state.staff is None or event.reason is None or state.phase is not Phase.SCANNING:
        return None
    limit = state.staff.price_cut_percent
    if not may_become(line.catalogue_minor, event.price_minor, limit, weight_g=line.weight_g):
        return None
    correction = Correction(line.catalogue_minor, event.reason, name)
    basket = state.basket.correct_price(line.line_id, event.price_minor, correction)
    if basket is None:
        return None
    detail = (
        f"{line.item.name('en')} {line.item.gtin}: {line.catalogue_minor} to {event.price_minor} "
        f"{state.currency}, {event.reason.value}"
    )
    after, effects = scanning.basket_changed(state, basket, at)
    return replace(after, view=View(added_line_id=line.line_id)), effects, detail


def _recalled(state: LaneState, event: StaffActed, at: datetime) -> Done | None:
    """A basket that the lane keeps comes back where nobody shops."""
    if state.phase is not Phase.ATTRACT or parking.found(state, event.line_id) is None:
        return None
    after, effects = parking.recalled(state, BasketRecalled(event.line_id), at)
    return after, effects, event.line_id


def _looked(state: LaneState, event: StaffActed, name: str) -> Done | None:
    if state.age is not AgeCheck.WAITING:
        return None
    approved = event.act is StaffAct.APPROVE_AGE
    decision = Decision.APPROVED if approved else Decision.REFUSED
    withdrawn = visiting.withdraw_age_check(state)
    decided = InterventionDecided(state.age_intervention_id, decision, name)
    after, effects = assisting.age_decided(state, decided)
    return replace(after, view=View()), (*effects, *withdrawn), f"{state.basket.age_limit}+"


def _reported(state: LaneState, report_id: str, what: str, detail: str, at: datetime) -> Outcome:
    """Kept so that it can be told again; the store takes each id once."""
    assert state.staff is not None, "only somebody signed in is reported"
    report = StaffReport(report_id, state.staff.staff_name, what, detail, at)
    kept = (*state.staff_reports, report)[-REPORTS_KEPT:]
    return replace(state, staff_reports=kept), (ReportStaff(report),)


def door_ordered(state: LaneState, event: DoorOrdered, _at: datetime) -> Outcome:
    """From the tablet: each order once, so that a lane opened here since stays open. A visit ends first."""
    if event.door_id == state.door_id:
        return state, ()
    closed_by, paused = event.staff_name if event.closed else "", event.closed and event.paused
    return replace(state, door_id=event.door_id, closed_by=closed_by, is_paused=paused), ()


def say_again(state: LaneState) -> Outcome:
    """After a restart nobody is signed in, and the store hears of what was done before it."""
    reports = tuple(ReportStaff(report) for report in state.staff_reports)
    return replace(state, staff=None), reports


TOUCH_EVENTS: frozenset[type] = frozenset({StaffEntered, StaffActed, PinTyped, PinRefused})


def watched(before: LaneState, after: LaneState, event: object) -> tuple[Effect, ...]:
    """A minute without a touch ends it: every sign of a hand starts the minute anew."""
    open_now = after.staff is not None or after.view.sheet is Sheet.STAFF_PIN
    touched = type(event) in TOUCH_EVENTS or after.view != before.view
    return (StartTimer(Timer.STAFF),) if open_now and touched else ()


HANDLERS: dict[type, Callable[[LaneState, Any, datetime], Outcome]] = {
    StaffEntered: entered,
    StaffLeft: left,
    StaffActed: acted,
    DoorOrdered: door_ordered,
    PinTyped: pin_typed,
    PinSent: pin_sent,
    PinRefused: pin_refused,
}
"""For the table of the machine."""
