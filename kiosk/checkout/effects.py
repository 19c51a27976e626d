"""Owns what comes out of the checkout: effects, deeds the lane's shell is to do, as frozen values.

It must not do them. They run in the order given, after the event that caused them is on disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from inventory.domain.help_desk import HelpReason, HelpState, InterventionKind
from inventory.domain.sales import Sale
from kiosk.checkout.messages import Timer


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
class RequestPaymentAgain:
    """Arm the reader with the new total after an item was added while paying."""


@dataclass(frozen=True, slots=True)
class QueueSale:
    """Goes into the same transaction as the event that caused it (P7)."""

    sale: Sale


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """`copy` marks paper that may be the second one of its sale (C19, C20)."""

    sale: Sale
    copy: bool


@dataclass(frozen=True, slots=True)
class SendHelp:
    """Tell the store about the help request; resent by the link until the store has it."""

    help_id: str
    state: HelpState
    reason: HelpReason


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
class StartTimer:
    """(Re)starts the timer; its length is in `DELAYS_S`."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class StopTimer:
    timer: Timer


PaymentEffect = StartPayment | ConfirmPayment | RefusePayment | AbortPayment | QueryLastPayment
"""What only the payment terminal can do."""

Effect = (
    PaymentEffect
    | RequestPaymentAgain
    | QueueSale
    | PrintReceipt
    | SendHelp
    | RaiseIntervention
    | WithdrawIntervention
    | Weigh
    | PlaySound
    | StartTimer
    | StopTimer
)
