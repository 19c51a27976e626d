"""Owns the checkout: `step(state, event, at) -> (state, effects)`, which obeys the tables of `tables`.

It must not wait, read a clock or touch a device. A step the tables do not allow stops the lane (P10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from hardware.events import (
    BarcodeRefused,
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    CardProgress,
    ChargeOverheard,
    DeviceLost,
    DeviceReady,
    LastPaymentReported,
    OrderDone,
    OrderFailed,
    OrderInDoubt,
    PaperChanged,
    PrintFailed,
    PrintFinished,
    TerminalPrinted,
    WeightRefused,
)
from kiosk.checkout import (
    asking,
    assisting,
    contradicting,
    errands,
    idling,
    offering,
    ordering,
    parking,
    paying,
    pricing,
    printing,
    removing,
    scanning,
    searching,
    signalling,
    staff_news,
    staffing,
    storing,
    talking,
    verdict,
    visiting,
)
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.asked import AnswerRated, QuestionOpened
from kiosk.checkout.errand import ErrandDismissed, ErrandRequested
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import (
    BASKET_KEPT_S,
    MONEY_AT_RISK,
    LaneState,
    ParkReason,
    Phase,
    Presence,
    ReceiptState,
    View,
)
from kiosk.checkout.tables import IGNORED, MONEY_OF_PHASE, PAYMENTS, PHASES, PRESENCES, UNDER_THE_VEIL
from kiosk.checkout.talk import PhraseHeard, PhrasePassed, PhraseSaid

TERMINAL = "terminal"
"""Name of the payment terminal among the lane's devices."""


def step(state: LaneState, event: m.Event, at: datetime) -> Outcome:
    """The lane after `event` at the instant `at` (UTC), and what to do. Raises AssertionError (P10)."""
    allowed = PHASES[type(event)].get(state.phase)
    if allowed is None:
        assert state.phase in IGNORED[type(event)], f"{type(event).__name__} in {state.phase} is not listed"
        return state, ()
    if state.presence is Presence.AWAY and type(event) in UNDER_THE_VEIL:
        return state, ()
    handle: Callable[[LaneState, Any, datetime], Outcome] = _HANDLERS[type(event)]
    after, effects = handle(state, event, at)
    after = talking.settled(after)
    after, effects = idling.settled(ordering.booked(after, effects), effects)
    effects = idling.followed(state, after, effects)
    before = None if isinstance(event, m.LaneStarted) else state
    after, effects = signalling.followed(before, after, effects)
    after, searched = searching.noted(state, event, offering.noted(state, event, after, at))
    after, told = staff_news.noted(state, event, after)
    _assert_legal(state, event, after, allowed)
    return after, (*effects, *searched, *told, *staffing.watched(state, after, event))


def _assert_legal(before: LaneState, event: m.Event, after: LaneState, allowed: frozenset[Phase]) -> None:
    name = type(event).__name__
    assert after.phase in allowed, f"{name}: {before.phase} may not become {after.phase}"
    assert after.payment.state in MONEY_OF_PHASE[after.phase], f"{after.payment.state} in {after.phase}"
    was, now = before.payment.state, after.payment.state
    assert was is now or now in PAYMENTS[was], f"{name}: {was} may not become {now}"
    there, then = before.presence, after.presence
    assert there is then or then in PRESENCES[there], f"{name}: {there} may not become {then}"
    assert after.staff is None or after.phase is not Phase.PAYING, (
        f"{name}: staff act while a card is awaited"
    )
    if was in MONEY_AT_RISK and now in MONEY_AT_RISK:
        assert after.basket == before.basket, "the basket of an open payment does not change"


# --- events that concern the lane as a whole -----------------------------------------------------


def _lane_started(state: LaneState, _event: m.LaneStarted, at: datetime) -> Outcome:
    """Takes up what the last run left open, before anybody may pay again (C01 to C20)."""
    state, order_effects = ordering.resume_after_restart(replace(state, view=View()))
    state, reports = staffing.say_again(state)
    again = (
        *reports,
        *verdict.say_again(state),
        *assisting.say_again(state),
        *talking.say_again(state),
        *errands.say_again(state),
        *idling.call(state),
        *removing.say(state),
        *contradicting.said(state),
        *order_effects,
    )
    timer = m.Timer.IDLE if state.phase is Phase.ATTRACT else idling.waits_for(state)
    if timer is not None:
        again += (fx.StartTimer(timer),)  # its former run ended with the program
    match state.phase:
        case Phase.ATTRACT | Phase.PARKED:
            return state, again
        case Phase.SCANNING | Phase.NOT_PAID:
            again += paying.stand_down_again(state)
            kept = state.touched_at is not None and (at - state.touched_at).total_seconds() <= BASKET_KEPT_S
            if kept:
                return state, again
            state, effects = visiting.put_away(state, at, ParkReason.LEFT)
            return state, (*again, *effects)
        case Phase.PAYING | Phase.CHECKING:
            state, effects = paying.resume_after_restart(state)
            return state, (*again, *effects)
        case Phase.THANKS:
            if state.receipt is ReceiptState.PRINTING:  # it may be on paper or not: a copy on request (C20)
                state = replace(state, receipt=ReceiptState.FAILED)
            return state, (*again, *paying.stand_down_again(state), fx.StartTimer(m.Timer.THANKS))
        case _:
            assert_never(state.phase)


def _intervention_decided(state: LaneState, event: m.InterventionDecided, at: datetime) -> Outcome:
    if event.intervention_id == state.age_intervention_id:
        return assisting.age_decided(state, event)
    if pricing.is_about_price(event):
        return assisting.price_decided(state, event, at)
    if contradicting.is_about(state, event):
        return contradicting.taken_up(state), ()
    return paying.payment_decided(state, event, at)


def _basket_resumed(state: LaneState, event: m.BasketResumed, at: datetime) -> Outcome:
    return (
        parking.resumed(state, at) if state.phase is Phase.PARKED else paying.basket_resumed(state, event, at)
    )


def _timer_expired(state: LaneState, event: m.TimerExpired, at: datetime) -> Outcome:
    match event.timer:
        case m.Timer.THANKS:
            return _thanks_over(state) if state.phase is Phase.THANKS else (state, ())
        case m.Timer.IDLE:
            return idling.idle_expired(state)
        case m.Timer.STILL_THERE:
            return idling.nobody_answered(state)
        case m.Timer.LEFT:
            return idling.kept_long_enough(state, at)
        case m.Timer.CODE:
            return visiting.next_shopper(state) if state.phase is Phase.PARKED else (state, ())
        case m.Timer.NOTICE:
            return scanning.notice_expired(state)
        case m.Timer.HELP_DONE | m.Timer.HELP_LATE:
            return assisting.time_over(state, event.timer)
        case m.Timer.CHECKING:
            return paying.call_staff_about_payment(state) if state.phase is Phase.CHECKING else (state, ())
        case m.Timer.QUERY:
            return paying.query_again(state)
        case m.Timer.DWELL:
            return state, ()  # what comes of it is an offer
        case m.Timer.UNDO:
            return replace(state, removed=None), ()
        case m.Timer.STORAGE:
            return state, ()  # the lane turns it into StorageRecovered
        case m.Timer.STAFF:
            return staffing.time_over(state, at)
        case _:
            assert_never(event.timer)


def _thanks_over(state: LaneState) -> Outcome:
    """The welcome screen comes; goods that the next shopper has begun to weigh stay on the scale's."""
    if talking.waits(state):  # somebody reads on until staff answer
        return state, (fx.StartTimer(m.Timer.THANKS),)
    fresh, effects = visiting.next_shopper(state)
    return (replace(fresh, view=state.view) if state.view.base is m.Sheet.WEIGH else fresh), effects


def _last_payment_reported(state: LaneState, event: LastPaymentReported, at: datetime) -> Outcome:
    if event.query_id == paying.BASE_QUERY:
        state = replace(state, devices=replace(state.devices, asks_base=False))
    return paying.last_payment_reported(state, event, at)


def _device_ready(state: LaneState, event: DeviceReady, _at: datetime) -> Outcome:
    lost = {name: why for name, why in state.devices.lost.items() if name != event.device}
    devices = replace(state.devices, ready=state.devices.ready | {event.device}, lost=lost)
    is_free = state.payment.state not in MONEY_AT_RISK and state.orders.running is None
    ask_base = event.device == TERMINAL and is_free
    effects = (fx.QueryLastPayment(paying.BASE_QUERY),) if ask_base else ()
    return replace(state, devices=devices), effects


def _device_lost(state: LaneState, event: DeviceLost, _at: datetime) -> Outcome:
    lost = {**state.devices.lost, event.device: event.reason}
    devices = replace(state.devices, ready=state.devices.ready - {event.device}, lost=lost)
    if event.device == TERMINAL:
        devices = replace(devices, asks_base=False)
    return replace(state, devices=devices), ()


def _paper_changed(state: LaneState, event: PaperChanged, _at: datetime) -> Outcome:
    return replace(state, devices=replace(state.devices, paper=event.paper)), ()


def _store_reached(state: LaneState, event: m.StoreReached, _at: datetime) -> Outcome:
    return replace(state, devices=replace(state.devices, store_online=event.online)), ()


_HANDLERS: dict[type, Callable[[LaneState, Any, datetime], Outcome]] = {
    m.LaneStarted: _lane_started,
    m.ItemScanned: scanning.item_scanned,
    m.UnitsChanged: scanning.units_changed,
    m.LineRemoved: scanning.line_removed,
    v.RemovalUndone: scanning.removal_undone,
    m.LanguageChosen: scanning.language_chosen,
    m.PreferencesChosen: scanning.preferences_chosen,
    m.PaymentRequested: paying.payment_requested,
    m.PaymentCancelRequested: paying.cancel_requested,
    m.BasketResumed: _basket_resumed,
    v.ShopperReturned: idling.returned,
    v.PayElsewhereRequested: parking.pay_elsewhere_requested,
    v.BasketRecalled: parking.recalled,
    m.HelpRequested: assisting.help_requested,
    m.HelpReasonGiven: assisting.help_reason_given,
    m.HelpCancelled: assisting.help_cancelled,
    m.HelpUpdated: assisting.help_updated,
    m.HelpPlaced: assisting.help_placed,
    PhraseSaid: talking.said,
    PhraseHeard: talking.heard,
    PhrasePassed: talking.passed,
    ErrandRequested: errands.requested,
    ErrandDismissed: errands.dismissed,
    m.InterventionDecided: _intervention_decided,
    m.OrderReceived: ordering.order_received,
    m.OrderBegun: ordering.order_begun,
    **staffing.HANDLERS,
    m.ReceiptWanted: printing.receipt_wanted,
    m.FeedbackGiven: verdict.given,
    v.FeedbackReasonGiven: verdict.reason_given,
    m.TimerExpired: _timer_expired,
    m.SheetOpened: scanning.sheet_opened,
    m.SheetClosed: scanning.sheet_closed,
    m.QueryTyped: scanning.query_typed,
    m.ResultChosen: scanning.result_chosen,
    QuestionOpened: asking.question_opened,
    AnswerRated: asking.answer_rated,
    CardOpened: scanning.card_opened,
    m.ScanRejected: scanning.scan_rejected,
    m.PayObstructed: scanning.pay_obstructed,
    v.OfferDeclined: offering.declined,
    v.PaperCardWanted: printing.paper_card_wanted,
    v.Touched: idling.touched,
    m.StoreReached: _store_reached,
    m.StorageFailed: storing.storage_failed,
    m.StorageRecovered: storing.storage_recovered,
    m.PlateSeen: scanning.plate_seen,
    CardAuthorised: paying.card_authorised,
    CardCompleted: paying.card_completed,
    CardDeclined: paying.card_declined,
    CardInDoubt: paying.card_in_doubt,
    CardProgress: paying.card_progress,
    LastPaymentReported: _last_payment_reported,
    ChargeOverheard: paying.charge_overheard,
    OrderDone: ordering.order_done,
    OrderFailed: ordering.order_failed,
    OrderInDoubt: ordering.order_in_doubt,
    TerminalPrinted: printing.slip_printed,
    PrintFinished: printing.print_finished,
    PrintFailed: printing.print_failed,
    DeviceReady: _device_ready,
    DeviceLost: _device_lost,
    PaperChanged: _paper_changed,
    WeightRefused: scanning.weight_refused,
    BarcodeRefused: scanning.barcode_refused,
}
