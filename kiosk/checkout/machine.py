"""Owns the checkout: `step(state, event, at) -> (state, effects)`, and the tables that say what may happen.

It must not wait, read a clock or touch a device. Every event is listed for every phase, as handled (with the
phases it may lead to) or as ignored on purpose; a step the tables do not allow stops the lane (P10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never, get_args

from hardware.events import (
    BarcodeRefused,
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    CardProgress,
    DeviceLost,
    DeviceReady,
    LastPaymentReported,
    PaperChanged,
    PrintFailed,
    PrintFinished,
    WeightRefused,
)
from kiosk.checkout import assisting, paying, scanning
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import (
    BASKET_KEPT_S,
    MONEY_AT_RISK,
    LaneState,
    PaymentState,
    Phase,
    ReceiptState,
    View,
)

TERMINAL = "terminal"
"""Name of the payment terminal among the lane's devices."""

_A, _S, _P, _C, _N, _T = (
    Phase.ATTRACT,
    Phase.SCANNING,
    Phase.PAYING,
    Phase.CHECKING,
    Phase.NOT_PAID,
    Phase.THANKS,
)
_EVERY = frozenset(Phase)

# --- who may lead where --------------------------------------------------------------------------

PHASES: dict[type, dict[Phase, frozenset[Phase]]] = {
    m.LaneStarted: {
        _A: frozenset({_A}),
        _S: frozenset({_S, _A}),
        _P: frozenset({_C}),
        _C: frozenset({_C}),
        _N: frozenset({_N, _A}),
        _T: frozenset({_T}),
    },
    m.ItemScanned: {
        _A: frozenset({_S, _A}),
        _S: frozenset({_S}),
        _P: frozenset({_P}),
        _N: frozenset({_S, _N}),
        _T: frozenset({_S, _A}),
    },
    m.UnitsChanged: {_S: frozenset({_S})},
    m.LineRemoved: {_S: frozenset({_S})},
    m.PaymentRequested: {_S: frozenset({_P, _S}), _N: frozenset({_P, _N})},
    m.PaymentCancelRequested: {_P: frozenset({_P})},
    m.BasketResumed: {_N: frozenset({_S})},
    CardProgress: {_P: frozenset({_P})},
    CardAuthorised: {phase: frozenset({phase}) for phase in Phase},
    CardCompleted: {_P: frozenset({_P, _T, _C})},
    CardDeclined: {_P: frozenset({_P, _N, _S, _C})},
    CardInDoubt: {_P: frozenset({_P, _C})},
    LastPaymentReported: {
        _A: frozenset({_A}),
        _S: frozenset({_S}),
        _P: frozenset({_P}),
        _C: frozenset({_C, _T, _N}),
        _N: frozenset({_N}),
        _T: frozenset({_T}),
    },
    m.ReceiptWanted: {_T: frozenset({_T})},
    PrintFinished: {phase: frozenset({phase}) for phase in Phase},
    PrintFailed: {phase: frozenset({phase}) for phase in Phase},
    m.FeedbackGiven: {_T: frozenset({_T})},
    m.InterventionDecided: {
        _A: frozenset({_A}),
        _S: frozenset({_S}),
        _P: frozenset({_P}),
        _C: frozenset({_C, _T, _N}),
        _N: frozenset({_N}),
        _T: frozenset({_T}),
    },
    m.TimerExpired: {
        _A: frozenset({_A}),
        _S: frozenset({_S, _A}),
        _P: frozenset({_P}),
        _C: frozenset({_C}),
        _N: frozenset({_N}),
        _T: frozenset({_T, _A}),
    },
    m.PayObstructed: {_S: frozenset({_S}), _N: frozenset({_N})},
    m.SheetOpened: {phase: frozenset({phase}) for phase in (_A, _S, _P, _C, _N, _T)},
} | {
    anywhere: {phase: frozenset({phase}) for phase in Phase}
    for anywhere in (
        m.LanguageChosen,
        m.HelpRequested,
        m.HelpReasonGiven,
        m.HelpCancelled,
        m.HelpUpdated,
        m.SheetClosed,
        m.QueryTyped,
        m.ResultChosen,
        m.ScanRejected,
        m.StoreReached,
        m.StorageFailed,
        m.PlateSeen,
        DeviceReady,
        DeviceLost,
        PaperChanged,
        WeightRefused,
        BarcodeRefused,
    )
}
"""Event -> phase -> the phases it may lead to."""

IGNORED: dict[type, frozenset[Phase]] = {
    m.ItemScanned: frozenset({_C}),  # the basket of a payment in doubt may not change
    m.UnitsChanged: _EVERY - {_S},
    m.LineRemoved: _EVERY - {_S},
    m.PaymentRequested: frozenset({_A, _P, _C, _T}),  # one attempt at a time (P2)
    m.PaymentCancelRequested: _EVERY - {_P},
    m.BasketResumed: _EVERY - {_N},
    CardProgress: _EVERY - {_P},
    CardCompleted: _EVERY - {_P},  # late news: in CHECKING only the query decides
    CardDeclined: _EVERY - {_P},
    CardInDoubt: _EVERY - {_P},
    m.ReceiptWanted: _EVERY - {_T},
    m.FeedbackGiven: _EVERY - {_T},
    m.PayObstructed: _EVERY - {_S, _N},
}
"""Event -> phases in which nothing happens, on purpose."""

PAYMENTS: dict[PaymentState, frozenset[PaymentState]] = {
    PaymentState.NONE: frozenset({PaymentState.INTENT}),
    PaymentState.INTENT: frozenset(
        {PaymentState.AUTHED, PaymentState.DECLINED, PaymentState.UNKNOWN, PaymentState.NONE}
    ),
    PaymentState.AUTHED: frozenset({PaymentState.PAID, PaymentState.UNKNOWN}),
    PaymentState.UNKNOWN: frozenset({PaymentState.PAID, PaymentState.DECLINED, PaymentState.DISPUTED}),
    PaymentState.DISPUTED: frozenset({PaymentState.PAID, PaymentState.DECLINED}),
    PaymentState.DECLINED: frozenset({PaymentState.INTENT, PaymentState.NONE}),
    PaymentState.PAID: frozenset({PaymentState.NONE}),
}
"""Where the money may go from each state. INTENT -> NONE only by the shopper's own cancel."""

MONEY_OF_PHASE: dict[Phase, frozenset[PaymentState]] = {
    _A: frozenset({PaymentState.NONE}),
    _S: frozenset({PaymentState.NONE}),
    _P: frozenset({PaymentState.INTENT, PaymentState.AUTHED}),
    _C: frozenset({PaymentState.UNKNOWN, PaymentState.DISPUTED}),
    _N: frozenset({PaymentState.DECLINED}),
    _T: frozenset({PaymentState.PAID}),
}
"""The coupling of the two machines: which money states a phase can hold."""

assert set(PHASES) == set(get_args(m.Event)), "every event has its row"


def step(state: LaneState, event: m.Event, at: datetime) -> Outcome:
    """The lane after `event` at the instant `at` (UTC), and what to do. Raises AssertionError (P10)."""
    allowed = PHASES[type(event)].get(state.phase)
    if allowed is None:
        assert state.phase in IGNORED[type(event)], f"{type(event).__name__} in {state.phase} is not listed"
        return state, ()
    handle: Callable[[LaneState, Any, datetime], Outcome] = _HANDLERS[type(event)]
    after, effects = handle(state, event, at)
    _assert_legal(state, event, after, allowed)
    return after, effects


def _assert_legal(before: LaneState, event: m.Event, after: LaneState, allowed: frozenset[Phase]) -> None:
    name = type(event).__name__
    assert after.phase in allowed, f"{name}: {before.phase} may not become {after.phase}"
    assert after.payment.state in MONEY_OF_PHASE[after.phase], f"{after.payment.state} in {after.phase}"
    was, now = before.payment.state, after.payment.state
    assert was is now or now in PAYMENTS[was], f"{name}: {was} may not become {now}"
    if was in MONEY_AT_RISK and now in MONEY_AT_RISK:
        assert after.basket == before.basket, "the basket of an open payment does not change"


# --- events that concern the lane as a whole -----------------------------------------------------


def _lane_started(state: LaneState, _event: m.LaneStarted, at: datetime) -> Outcome:
    """Takes up what the last run left open, before anybody may pay again (C01 to C20)."""
    state = replace(state, view=View())
    again = assisting.say_again(state)
    if state.phase in (Phase.ATTRACT, Phase.SCANNING) and not state.basket.lines:
        again += (fx.StartTimer(m.Timer.IDLE),)  # its former run ended with the program
    match state.phase:
        case Phase.ATTRACT:
            return state, again
        case Phase.SCANNING | Phase.NOT_PAID:
            again += paying.stand_down_again(state)
            kept = state.touched_at is not None and (at - state.touched_at).total_seconds() <= BASKET_KEPT_S
            if kept:
                return state, again
            state, effects = scanning.next_shopper(state)
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
    return paying.payment_decided(state, event, at)


def _timer_expired(state: LaneState, event: m.TimerExpired, _at: datetime) -> Outcome:
    match event.timer:
        case m.Timer.THANKS:
            return _thanks_over(state) if state.phase is Phase.THANKS else (state, ())
        case m.Timer.IDLE:
            empty = state.phase in (Phase.ATTRACT, Phase.SCANNING) and not state.basket.lines
            return scanning.next_shopper(state) if empty else (state, ())
        case m.Timer.NOTICE:
            return scanning.notice_expired(state)
        case m.Timer.HELP_DONE:
            return assisting.help_done(state)
        case m.Timer.CHECKING:
            return paying.call_staff_about_payment(state) if state.phase is Phase.CHECKING else (state, ())
        case m.Timer.QUERY:
            return paying.query_again(state)
        case _:
            assert_never(event.timer)


def _thanks_over(state: LaneState) -> Outcome:
    """The welcome screen comes; goods that the next shopper has begun to weigh stay on the scale's."""
    fresh, effects = scanning.next_shopper(state)
    return (replace(fresh, view=state.view) if state.view.sheet is m.Sheet.WEIGH else fresh), effects


def _device_ready(state: LaneState, event: DeviceReady, _at: datetime) -> Outcome:
    lost = {name: why for name, why in state.devices.lost.items() if name != event.device}
    devices = replace(state.devices, ready=state.devices.ready | {event.device}, lost=lost)
    ask_base = event.device == TERMINAL and state.payment.state not in MONEY_AT_RISK
    effects = (fx.QueryLastPayment(paying.BASE_QUERY),) if ask_base else ()
    return replace(state, devices=devices), effects


def _device_lost(state: LaneState, event: DeviceLost, _at: datetime) -> Outcome:
    lost = {**state.devices.lost, event.device: event.reason}
    devices = replace(state.devices, ready=state.devices.ready - {event.device}, lost=lost)
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
    m.LanguageChosen: scanning.language_chosen,
    m.PaymentRequested: paying.payment_requested,
    m.PaymentCancelRequested: paying.cancel_requested,
    m.BasketResumed: paying.basket_resumed,
    m.HelpRequested: assisting.help_requested,
    m.HelpReasonGiven: assisting.help_reason_given,
    m.HelpCancelled: assisting.help_cancelled,
    m.HelpUpdated: assisting.help_updated,
    m.InterventionDecided: _intervention_decided,
    m.ReceiptWanted: paying.receipt_wanted,
    m.FeedbackGiven: scanning.feedback_given,
    m.TimerExpired: _timer_expired,
    m.SheetOpened: scanning.sheet_opened,
    m.SheetClosed: scanning.sheet_closed,
    m.QueryTyped: scanning.query_typed,
    m.ResultChosen: scanning.result_chosen,
    m.ScanRejected: scanning.scan_rejected,
    m.PayObstructed: scanning.pay_obstructed,
    m.StoreReached: _store_reached,
    m.StorageFailed: paying.storage_failed,
    m.PlateSeen: scanning.plate_seen,
    CardAuthorised: paying.card_authorised,
    CardCompleted: paying.card_completed,
    CardDeclined: paying.card_declined,
    CardInDoubt: paying.card_in_doubt,
    CardProgress: paying.card_progress,
    LastPaymentReported: paying.last_payment_reported,
    PrintFinished: paying.print_finished,
    PrintFailed: paying.print_failed,
    DeviceReady: _device_ready,
    DeviceLost: _device_lost,
    PaperChanged: _paper_changed,
    WeightRefused: scanning.weight_refused,
    BarcodeRefused: scanning.barcode_refused,
}
