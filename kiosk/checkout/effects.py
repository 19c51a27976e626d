"""Owns what comes out of the checkout: effects, deeds the lane's shell is to do, as frozen values.

It must not do them. They run in the order given, after the event that caused them is on disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from hardware.ports import Light, TerminalOrder
from inventory.domain.help_desk import HelpReason, HelpState, InterventionKind
from inventory.domain.orders import OrderOutcome
from inventory.domain.phrases import Phrase
from inventory.domain.questions import AnswerOutcome
from inventory.domain.sales import Sale
from kiosk.checkout.messages import Timer
from kiosk.checkout.reports import FeedbackReport, StaffReport


@dataclass(frozen=True, slots=True)
class StartPayment:
    attempt_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class ConfirmPayment:
    """Answer the terminal's authorisation with yes; its entry is on disk by now (P6)."""

    attempt_id: str


@dataclass(frozen=True, slots=True)
class RefusePayment:
    """Answer with no: the terminal takes the charge back."""

    attempt_id: str


@dataclass(frozen=True, slots=True)
class AbortPayment:
    attempt_id: str


@dataclass(frozen=True, slots=True)
class QueryLastPayment:
    query_id: str


@dataclass(frozen=True, slots=True)
class CarryOutOrder:
    """Send a staff order to the terminal, once: that it was begun is on disk by now (P1, P9)."""

    order: TerminalOrder


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """Tell the store how far an order has come. The state keeps it, so it can be told again."""

    outcome: OrderOutcome


@dataclass(frozen=True, slots=True)
class RequestPaymentAgain:
    """Arm the reader with the new total after an item was added while paying."""


@dataclass(frozen=True, slots=True)
class QueueSale:
    """Goes into the same transaction as the event that caused it (P7)."""

    sale: Sale


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """`copy` marks paper that may be the second one of its sale (C19, C20).

    `slip`: lines the terminal worded for the shopper, printed below the receipt as they are.
    """

    sale: Sale
    copy: bool
    slip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintCard:
    """The preference card of this code, for somebody who reads this language."""

    code: str
    language: str


Paper = PrintReceipt | PrintCard
"""What comes out of the receipt printer."""


@dataclass(frozen=True, slots=True)
class SendHelp:
    """Tell the store about the help request; resent by the link until the store has it.

    `gtin` is the good it is about, "" where it is about none; `reopens` the call that was not solved.
    `requested_at` is when the shopper called, None for now.
    """

    help_id: str
    state: HelpState
    reason: HelpReason
    note: str = ""
    gtin: str = ""
    reopens: str = ""
    requested_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SendPhrase:
    """Tell the store what the shopper says in a call; without `phrase` it is the text kept under this id."""

    entry_id: str
    help_id: str
    phrase: Phrase | None
    language: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class RaiseIntervention:
    intervention_id: str
    kind: InterventionKind
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithdrawIntervention:
    intervention_id: str
    kind: InterventionKind


@dataclass(frozen=True, slots=True)
class CountAnswer:
    """One more for the manager's list of questions; lost with a power cut, and that is all right."""

    question: str
    language: str
    outcome: AnswerOutcome


@dataclass(frozen=True, slots=True)
class CountSearch:
    """One more for the manager's list of words that found nothing."""

    term: str
    language: str


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Ask the store whether the PIN that was typed is that of `who`: a name, or the text of a badge."""

    who: str


@dataclass(frozen=True, slots=True)
class ReportStaff:
    """Tell the store what staff did at this lane. The state keeps it, so it can be told again."""

    report: StaffReport


@dataclass(frozen=True, slots=True)
class ReportFeedback:
    """Tell the store what a shopper said. The state keeps it, so it can be told again."""

    report: FeedbackReport


@dataclass(frozen=True, slots=True)
class Weigh:
    """Ask the scale for one settled weight."""


class Sound(Enum):
    SCAN_OK = "scan_ok"
    SCAN_FAIL = "scan_fail"
    ATTENTION = "attention"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class PlaySound:
    sound: Sound


@dataclass(frozen=True, slots=True)
class SetLight:
    """The light over the lane; told at every change, and once when the program starts."""

    light: Light


@dataclass(frozen=True, slots=True)
class StartTimer:
    """(Re)starts the timer; its length is in `DELAYS_S`."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class StopTimer:
    timer: Timer


PaymentEffect = (
    StartPayment | ConfirmPayment | RefusePayment | AbortPayment | QueryLastPayment | CarryOutOrder
)
"""What only the payment terminal can do."""

Effect = (
    PaymentEffect
    | RequestPaymentAgain
    | ReportOrder
    | QueueSale
    | PrintReceipt
    | PrintCard
    | SendHelp
    | SendPhrase
    | RaiseIntervention
    | WithdrawIntervention
    | CountAnswer
    | CountSearch
    | CheckPin
    | ReportStaff
    | ReportFeedback
    | Weigh
    | PlaySound
    | SetLight
    | StartTimer
    | StopTimer
)
