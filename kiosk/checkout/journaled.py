"""Owns which events are written down before they act, and what may go on while the disk takes none.

It must not know how they are written. What is not named here a power cut may forget.
"""

from __future__ import annotations

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    ChargeOverheard,
    LastPaymentReported,
    OrderDone,
    OrderFailed,
    OrderInDoubt,
    PrintFailed,
    PrintFinished,
    TerminalPrinted,
)
from kiosk.checkout.errand import ERRAND_EVENTS
from kiosk.checkout.messages import (
    BasketResumed,
    FeedbackGiven,
    HelpCancelled,
    HelpReasonGiven,
    HelpRequested,
    HelpUpdated,
    InterventionDecided,
    ItemScanned,
    LaneStarted,
    LanguageChosen,
    LineRemoved,
    OrderBegun,
    OrderReceived,
    PaymentCancelRequested,
    PaymentRequested,
    PreferencesChosen,
    ReceiptWanted,
    StaffActed,
    StaffEntered,
    StaffLeft,
    StorageRecovered,
    TimerExpired,
    UnitsChanged,
)
from kiosk.checkout.talk import TALK_EVENTS
from kiosk.checkout.visit_events import (
    BasketRecalled,
    DoorOrdered,
    FeedbackReasonGiven,
    PayElsewhereRequested,
    RemovalUndone,
    ShopperReturned,
)

JOURNALED: frozenset[type] = (
    ERRAND_EVENTS
    | TALK_EVENTS
    | frozenset(
        {
            LaneStarted,
            StorageRecovered,
            ItemScanned,
            UnitsChanged,
            LineRemoved,
            RemovalUndone,
            LanguageChosen,
            PreferencesChosen,
            PaymentRequested,
            PaymentCancelRequested,
            BasketResumed,
            ShopperReturned,
            PayElsewhereRequested,
            BasketRecalled,
            DoorOrdered,
            HelpRequested,
            HelpReasonGiven,
            HelpCancelled,
            HelpUpdated,
            InterventionDecided,
            OrderReceived,
            OrderBegun,
            StaffEntered,
            StaffLeft,
            StaffActed,
            OrderDone,
            OrderFailed,
            OrderInDoubt,
            ReceiptWanted,
            FeedbackGiven,
            FeedbackReasonGiven,
            TimerExpired,
            CardAuthorised,
            CardCompleted,
            CardDeclined,
            CardInDoubt,
            LastPaymentReported,
            ChargeOverheard,
            TerminalPrinted,
            PrintFinished,
            PrintFailed,
        }
    )
)

WORTH_DOING_UNWRITTEN: frozenset[type] = frozenset(
    {
        HelpRequested,
        HelpReasonGiven,
        HelpCancelled,
        HelpUpdated,
        LanguageChosen,
        PreferencesChosen,
        ChargeOverheard,
    }
)
"""Journaled where the journal works; with a full disk a shopper, or the lane, can still call somebody."""

NOT_MISSED_UNWRITTEN: frozenset[type] = frozenset({TerminalPrinted})
"""Journaled where the journal works, else dropped: a payment goes on without them."""
