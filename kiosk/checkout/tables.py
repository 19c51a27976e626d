"""Owns the tables of the checkout: which event may lead where, and which states go together.

It must not decide what an event does. Every event is listed for every phase, as handled (with the phases
it may lead to) or as ignored on purpose.
"""

from __future__ import annotations

from typing import get_args

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
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.asked import AnswerRated, QuestionOpened
from kiosk.checkout.errand import ErrandDismissed, ErrandRequested
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.state import PaymentState, Phase, Presence
from kiosk.checkout.talk import PhraseHeard, PhrasePassed, PhraseSaid

_A, _S, _P, _C, _N, _T, _K = (
    Phase.ATTRACT,
    Phase.SCANNING,
    Phase.PAYING,
    Phase.CHECKING,
    Phase.NOT_PAID,
    Phase.THANKS,
    Phase.PARKED,
)
_EVERY = frozenset(Phase)

PHASES: dict[type, dict[Phase, frozenset[Phase]]] = {
    m.LaneStarted: {
        _A: frozenset({_A}),
        _S: frozenset({_S, _A}),
        _P: frozenset({_C}),
        _C: frozenset({_C}),
        _N: frozenset({_N, _A}),
        _T: frozenset({_T}),
        _K: frozenset({_K}),
    },
    m.ItemScanned: {
        _A: frozenset({_S, _A}),
        _S: frozenset({_S, _A}),
        _P: frozenset({_P}),
        _N: frozenset({_S, _N, _A}),
        _T: frozenset({_S, _A}),
        _K: frozenset({_S, _A}),
    },
    m.UnitsChanged: {_S: frozenset({_S})},
    m.LineRemoved: {_S: frozenset({_S})},
    v.RemovalUndone: {_S: frozenset({_S})},
    m.PaymentRequested: {_S: frozenset({_P, _S}), _N: frozenset({_P, _N})},
    m.PaymentCancelRequested: {_P: frozenset({_P})},
    m.BasketResumed: {_N: frozenset({_S}), _K: frozenset({_S})},
    v.ShopperReturned: {_S: frozenset({_S}), _N: frozenset({_N})},
    v.PayElsewhereRequested: {_S: frozenset({_K, _S}), _N: frozenset({_K, _N}), _P: frozenset({_P})},
    v.BasketRecalled: {_A: frozenset({_S, _A})},
    CardProgress: {_P: frozenset({_P})},
    CardAuthorised: {phase: frozenset({phase}) for phase in Phase},
    CardCompleted: {_P: frozenset({_P, _T, _C})},
    CardDeclined: {_P: frozenset({_P, _N, _S, _C, _K})},
    CardInDoubt: {_P: frozenset({_P, _C})},
    LastPaymentReported: {
        _A: frozenset({_A}),
        _S: frozenset({_S}),
        _P: frozenset({_P}),
        _C: frozenset({_C, _T, _N}),
        _N: frozenset({_N}),
        _T: frozenset({_T}),
        _K: frozenset({_K}),
    },
    m.ReceiptWanted: {_T: frozenset({_T})},
    PrintFinished: {phase: frozenset({phase}) for phase in Phase},
    PrintFailed: {phase: frozenset({phase}) for phase in Phase},
    m.FeedbackGiven: {_T: frozenset({_T})},
    v.FeedbackReasonGiven: {_T: frozenset({_T})},
    m.InterventionDecided: {
        _A: frozenset({_A}),
        _S: frozenset({_S}),
        _P: frozenset({_P}),
        _C: frozenset({_C, _T, _N}),
        _N: frozenset({_N}),
        _T: frozenset({_T}),
        _K: frozenset({_K}),
    },
    m.TimerExpired: {
        _A: frozenset({_A}),
        _S: frozenset({_S, _A}),
        _P: frozenset({_P}),
        _C: frozenset({_C}),
        _N: frozenset({_N, _A}),
        _T: frozenset({_T, _A}),
        _K: frozenset({_K, _A}),
    },
    m.StorageRecovered: {phase: frozenset({phase, _C} if phase is _P else {phase}) for phase in Phase},
    m.PayObstructed: {_S: frozenset({_S}), _N: frozenset({_N})},
    m.SheetOpened: {phase: frozenset({phase}) for phase in Phase},
    m.OrderBegun: {_A: frozenset({_A})},
    m.StaffEntered: {phase: frozenset({phase}) for phase in (_A, _S, _C, _N, _T, _K)},
    m.StaffActed: {
        phase: frozenset({phase, _S} if phase is _A else {phase}) for phase in (_A, _S, _N, _T, _K)
    },
    m.PreferencesChosen: {
        phase: frozenset({phase, _A} if phase in (_S, _N, _T, _K) else {phase}) for phase in Phase
    },
} | {
    anywhere: {phase: frozenset({phase}) for phase in Phase}
    for anywhere in (
        m.LanguageChosen,
        m.HelpRequested,
        m.HelpReasonGiven,
        m.HelpCancelled,
        m.HelpUpdated,
        m.HelpPlaced,
        ErrandRequested,
        ErrandDismissed,
        PhraseSaid,
        PhraseHeard,
        PhrasePassed,
        m.OrderReceived,
        m.SheetClosed,
        m.QueryTyped,
        m.ResultChosen,
        QuestionOpened,
        AnswerRated,
        CardOpened,
        m.ScanRejected,
        v.OfferDeclined,
        v.DoorOrdered,
        v.PaperCardWanted,
        v.Touched,
        m.StoreReached,
        m.StorageFailed,
        m.PlateSeen,
        m.StaffLeft,
        m.PinTyped,
        m.PinSent,
        m.PinRefused,
        ChargeOverheard,
        DeviceReady,
        DeviceLost,
        OrderDone,
        OrderFailed,
        OrderInDoubt,
        TerminalPrinted,
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
    v.RemovalUndone: _EVERY - {_S},
    m.PaymentRequested: frozenset({_A, _P, _C, _T, _K}),  # one attempt at a time (P2)
    m.PaymentCancelRequested: _EVERY - {_P},
    m.BasketResumed: _EVERY - {_N, _K},
    v.ShopperReturned: _EVERY - {_S, _N},  # nobody was asked for
    v.PayElsewhereRequested: _EVERY - {_S, _N, _P},  # a payment in doubt keeps its basket
    v.BasketRecalled: _EVERY - {_A},  # never over another shopper's basket
    CardProgress: _EVERY - {_P},
    CardCompleted: _EVERY - {_P},  # late news: in CHECKING only the query decides
    CardDeclined: _EVERY - {_P},
    CardInDoubt: _EVERY - {_P},
    m.ReceiptWanted: _EVERY - {_T},
    m.FeedbackGiven: _EVERY - {_T},
    v.FeedbackReasonGiven: _EVERY - {_T},
    m.PayObstructed: _EVERY - {_S, _N},
    m.OrderBegun: _EVERY - {_A},  # somebody shops: the order waits on
    m.StaffEntered: frozenset({_P}),  # the card is in the shopper's hand
    m.StaffActed: frozenset({_P, _C}),  # no deed of the staff touches an open payment (P10)
}
"""Event -> phases in which nothing happens, on purpose."""

UNDER_THE_VEIL: frozenset[type] = frozenset(
    {
        *(m.UnitsChanged, m.LineRemoved, m.PaymentRequested, m.PayObstructed, m.BasketResumed),
        *(v.PayElsewhereRequested, v.RemovalUndone),
    }
)
"""What touches a basket: ignored while nobody can see it. A scan is the next shopper's, touch lifts it."""

PRESENCES: dict[Presence, frozenset[Presence]] = {
    Presence.HERE: frozenset({Presence.ASKED}),
    Presence.ASKED: frozenset({Presence.HERE, Presence.AWAY}),
    Presence.AWAY: frozenset({Presence.HERE}),
}
"""Nobody is taken for away without having been asked."""

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
    _K: frozenset({PaymentState.NONE}),
}
"""The coupling of the two machines: which money states a phase can hold."""

assert set(PHASES) == set(get_args(m.Event)), "every event has its row"
