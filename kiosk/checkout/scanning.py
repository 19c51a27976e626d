"""Owns what happens to the basket and the shopper's visit while goods are gathered.

It must not know payments beyond `MONEY_AT_RISK`, nor devices.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hardware.events import BarcodeRefused, WeightRefusal, WeightRefused
from inventory.domain.help_desk import InterventionKind
from kiosk.checkout.basket import Basket
from kiosk.checkout.effects import (
    AbortPayment,
    Effect,
    PlaySound,
    RaiseIntervention,
    Sound,
    StartTimer,
    StopTimer,
    Weigh,
    WithdrawIntervention,
)
from kiosk.checkout.messages import (
    FeedbackGiven,
    ItemScanned,
    LanguageChosen,
    LineRemoved,
    PayObstructed,
    PlateSeen,
    QueryTyped,
    ResultChosen,
    ScanProblem,
    ScanRejected,
    Sheet,
    SheetClosed,
    SheetOpened,
    Timer,
    UnitsChanged,
)
from kiosk.checkout.state import AgeCheck, LaneState, Payment, PaymentState, Phase, ReceiptState, View

Outcome = tuple[LaneState, tuple[Effect, ...]]

MIN_WEIGHT_G = 5
"""Less than this on the plate is a crumb or a breeze, not goods."""


def item_scanned(state: LaneState, event: ItemScanned, at: datetime) -> Outcome:
    if state.phase is Phase.PAYING:
        return _hold_back(state, event)
    weighed = state.view.weighing is not None and event.line.item == state.view.weighing
    state, effects = _next_shopper(state) if state.phase is Phase.THANKS else (state, ())
    limit_before = state.basket.age_limit
    basket = state.basket.add(event.line)
    if basket is None:
        return _rejected(state, ScanRejected(ScanProblem.LIMIT))
    state = replace(
        state,
        phase=Phase.SCANNING,
        basket=basket,
        payment=Payment(),
        touched_at=at,
        view=_view_after_scan(state, basket, weighed=weighed),
        devices=replace(state.devices, plate_g=event.line.weight_g) if weighed else state.devices,
    )
    state, age_effects = _raise_age_check(state, limit_before)
    return state, (*effects, PlaySound(Sound.SCAN_OK), StopTimer(Timer.IDLE), *age_effects)


def _view_after_scan(state: LaneState, basket: Basket, *, weighed: bool) -> View:
    """Goods still on the scale keep its screen: a scan in between must not drop them without a word."""
    added = View(added_line_id=basket.lines[-1].line_id)
    if weighed or state.view.sheet is not Sheet.WEIGH:
        return added
    return replace(added, sheet=Sheet.WEIGH, weighing=state.view.weighing)


def units_changed(state: LaneState, event: UnitsChanged, at: datetime) -> Outcome:
    line = state.basket.line(event.line_id)
    if line is None or not line.countable:
        return state, ()  # a tap on a row that has gone meanwhile
    basket = state.basket.change_units(event.line_id, event.delta)
    if basket is None:
        return _rejected(state, ScanRejected(ScanProblem.LIMIT))
    return _basket_changed(state, basket, at)


def line_removed(state: LaneState, event: LineRemoved, at: datetime) -> Outcome:
    state, effects = _basket_changed(state, state.basket.remove(event.line_id), at)
    return replace(state, view=View()), effects


def _basket_changed(state: LaneState, basket: Basket, at: datetime) -> Outcome:
    gone = state.view.subject and basket.line(state.view.subject) is None
    state = replace(state, basket=basket, touched_at=at, view=View() if gone else state.view)
    effects: tuple[Effect, ...] = () if basket.lines else (StartTimer(Timer.IDLE),)
    if not basket.age_limit and state.age is not AgeCheck.NOT_NEEDED:
        effects += (WithdrawIntervention(state.age_intervention_id, InterventionKind.AGE_CHECK),)
        state = replace(state, age=AgeCheck.NOT_NEEDED, age_intervention_id="", age_staff_name="")
    return state, effects


def _hold_back(state: LaneState, event: ItemScanned) -> Outcome:
    """A scan while paying: the reader is asked to stop; the line joins once it has stopped."""
    assert state.payment.attempt is not None, "paying without an attempt"
    payment = replace(state.payment, added_while_paying=(*state.payment.added_while_paying, event.line))
    effects: tuple[Effect, ...] = (PlaySound(Sound.SCAN_OK),)
    if state.payment.state is PaymentState.INTENT:
        effects += (AbortPayment(state.payment.attempt.attempt_id),)
    return replace(state, payment=payment), effects


def _raise_age_check(state: LaneState, limit_before: int) -> Outcome:
    """One check a basket; a stricter item asks anew, because who passed for 16 may not be 18."""
    if not state.basket.age_limit or state.age is AgeCheck.REFUSED:
        return state, ()
    if state.age is not AgeCheck.NOT_NEEDED and state.basket.age_limit <= limit_before:
        return state, ()
    intervention_id = f"age-{state.basket.lines[-1].line_id}"
    names = [line.item.name("en") for line in state.basket.lines if line.item.age_limit]
    facts = (*names, f"{state.basket.age_limit}+")
    effects = (
        *_withdraw_age_check(state),
        RaiseIntervention(intervention_id, InterventionKind.AGE_CHECK, facts),
    )
    waiting = replace(state, age=AgeCheck.WAITING, age_intervention_id=intervention_id, age_staff_name="")
    return waiting, effects


def _withdraw_age_check(state: LaneState) -> tuple[Effect, ...]:
    """Nobody need look at a basket that waits no more."""
    if state.age is not AgeCheck.WAITING:
        return ()
    return (WithdrawIntervention(state.age_intervention_id, InterventionKind.AGE_CHECK),)


def _next_shopper(state: LaneState) -> Outcome:
    """Everything of the former visit leaves the screen at once; the lane's own memory stays."""
    fresh = replace(
        state,
        phase=Phase.ATTRACT,
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
        touched_at=None,
        view=View(),
    )
    return fresh, (StopTimer(Timer.THANKS), *_withdraw_age_check(state))


def next_shopper(state: LaneState) -> Outcome:
    """Back to the welcome screen."""
    return _next_shopper(state)


def language_chosen(state: LaneState, event: LanguageChosen, _at: datetime) -> Outcome:
    effects: tuple[Effect, ...] = (StartTimer(Timer.IDLE),) if state.phase is Phase.ATTRACT else ()
    view = replace(state.view, sheet=Sheet.NONE if state.view.sheet is Sheet.LANGUAGE else state.view.sheet)
    return replace(state, language=event.language, view=view), effects


def feedback_given(state: LaneState, event: FeedbackGiven, _at: datetime) -> Outcome:
    return replace(state, face=event.face), ()


# --- what lies over the screen -------------------------------------------------------------------


def sheet_opened(state: LaneState, event: SheetOpened, _at: datetime) -> Outcome:
    phase = state.view.card_phase  # the reader goes on below the sheet
    view = View(sheet=event.sheet, subject=event.subject, weighing=event.item, card_phase=phase)
    return replace(state, view=view), (Weigh(),) if event.sheet is Sheet.WEIGH else ()


def sheet_closed(state: LaneState, _event: SheetClosed, _at: datetime) -> Outcome:
    return replace(state, view=View(card_phase=state.view.card_phase)), ()


def query_typed(state: LaneState, event: QueryTyped, _at: datetime) -> Outcome:
    return replace(state, view=replace(state.view, query=event.text, chosen="", page=0)), ()


def result_chosen(state: LaneState, event: ResultChosen, _at: datetime) -> Outcome:
    view = replace(state.view, chosen=event.gtin, page=event.page, accents=event.accents)
    return replace(state, view=view), ()


def scan_rejected(state: LaneState, event: ScanRejected, _at: datetime) -> Outcome:
    return _rejected(state, event)


def barcode_refused(state: LaneState, _event: BarcodeRefused, _at: datetime) -> Outcome:
    return _rejected(state, ScanRejected(ScanProblem.UNREADABLE))


def weight_refused(state: LaneState, event: WeightRefused, _at: datetime) -> Outcome:
    if state.view.sheet is not Sheet.WEIGH:
        return state, ()
    return replace(state, view=replace(state.view, weigh_problem=event.reason)), (PlaySound(Sound.SCAN_FAIL),)


def plate_seen(state: LaneState, event: PlateSeen, _at: datetime) -> Outcome:
    """Asks the scale again until goods lie on it that were not there before."""
    if state.view.sheet is not Sheet.WEIGH:
        return state, ()
    empty = event.weight_g < MIN_WEIGHT_G
    devices = replace(state.devices, plate_g=0) if empty else state.devices
    view = replace(state.view, weigh_problem=None if empty else WeightRefusal.NOT_ZEROED)
    return replace(state, devices=devices, view=view), (Weigh(),)


def pay_obstructed(state: LaneState, event: PayObstructed, _at: datetime) -> Outcome:
    view = View(obstacle=event.obstacle)
    return replace(state, view=view), (PlaySound(Sound.ATTENTION), StartTimer(Timer.NOTICE))


def notice_expired(state: LaneState) -> Outcome:
    return replace(state, view=replace(state.view, problem=None, problem_code="", obstacle=None)), ()


def _rejected(state: LaneState, event: ScanRejected) -> Outcome:
    view = replace(state.view, problem=event.problem, problem_code=event.code, obstacle=None)
    return replace(state, view=view), (PlaySound(Sound.SCAN_FAIL), StartTimer(Timer.NOTICE))
