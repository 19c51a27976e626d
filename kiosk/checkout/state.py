"""Owns the lane's state: small coupled machines in one frozen value, and the named sets of their states.

It must not change anything: `machine.step` does. The first block is rebuilt from the journal after a power
cut; the second (`view`, `devices`) may be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from hardware.events import CardEvidence, CardPhase, DeclineReason, Paper, WeightRefusal
from inventory.domain.catalogue import Item
from inventory.domain.help_desk import HelpReason, HelpState
from inventory.domain.sales import Sale
from kiosk.checkout.basket import Basket, BasketLine
from kiosk.checkout.messages import PayObstacle, ScanProblem, Sheet, Timer

DELAYS_S: dict[Timer, float] = {
    Timer.THANKS: 10,
    Timer.IDLE: 45,
    Timer.NOTICE: 6,
    Timer.HELP_DONE: 5,
    Timer.CHECKING: 30,  # P8: as long as the lane tries alone before a person is called
    Timer.QUERY: 5,
}

BASKET_KEPT_S = 15 * 60
"""How old a basket may be and still be given back after a restart."""


class Phase(Enum):
    """Where the visit stands."""

    ATTRACT = "attract"
    SCANNING = "scanning"
    PAYING = "paying"
    CHECKING = "checking"
    NOT_PAID = "not paid"
    THANKS = "thanks"


class PaymentState(Enum):
    """Where the money stands. INTENT means: written down, and the terminal may already have it."""

    NONE = "none"
    INTENT = "intent"
    AUTHED = "authed"
    UNKNOWN = "unknown"
    DISPUTED = "disputed"
    DECLINED = "declined"
    PAID = "paid"


MONEY_AT_RISK = frozenset(
    {PaymentState.INTENT, PaymentState.AUTHED, PaymentState.UNKNOWN, PaymentState.DISPUTED}
)
"""No other payment may start, and the basket may not change."""

CAN_SCAN = frozenset({Phase.ATTRACT, Phase.SCANNING, Phase.NOT_PAID, Phase.THANKS})
CAN_PAY = frozenset({Phase.SCANNING, Phase.NOT_PAID})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at the terminal (see `PaymentRequested` for the fields it starts with)."""

    attempt_id: str
    amount_minor: int
    currency: str
    terminal_id: str
    base_receipt_no: str
    stored_receipt_no: str
    local_time: str
    evidence: CardEvidence | None = None
    queries: int = 0
    called_staff: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    state: PaymentState = PaymentState.NONE
    attempt: Attempt | None = None
    decline: DeclineReason | None = None
    added_while_paying: tuple[BasketLine, ...] = ()
    """Scanned after Pay: they join the basket when the reader lets go, never the running payment."""
    going_back: bool = False
    """The shopper asked for the basket: the reader is not armed again by itself."""


@dataclass(frozen=True, slots=True)
class TerminalMemory:
    """The terminal's last transactions we know of: the base a recovery compares with (P5).

    `terminal_id` is "" until the terminal has told; `receipt_no` counts declined tries too,
    `stored_receipt_no` is the last payment's.
    """

    terminal_id: str = ""
    receipt_no: str = ""
    stored_receipt_no: str = ""


@dataclass(frozen=True, slots=True)
class HelpCall:
    help_id: str
    state: HelpState
    reason: HelpReason = HelpReason.UNSAID
    staff_name: str = ""


class AgeCheck(Enum):
    NOT_NEEDED = "not needed"
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class ReceiptState(Enum):
    NONE = "none"
    OFFERED = "offered"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class View:
    """What the shopper has open; forgotten at a restart."""

    sheet: Sheet = Sheet.NONE
    subject: str = ""
    weighing: Item | None = None
    weigh_problem: WeightRefusal | None = None
    query: str = ""
    chosen: str = ""
    page: int = 0
    accents: bool = False
    problem: ScanProblem | None = None
    problem_code: str = ""
    obstacle: PayObstacle | None = None
    added_line_id: str = ""
    card_phase: CardPhase | None = None


@dataclass(frozen=True, slots=True)
class Devices:
    """Health by device name, the printer's paper, and whether the store answers."""

    ready: frozenset[str] = frozenset()
    lost: dict[str, str] = field(default_factory=dict)
    paper: Paper = Paper.UNKNOWN
    store_online: bool = False
    storage_failed: str = ""
    plate_g: int = 0
    """What the last weighed item left on the scale: it must go before the next one is weighed."""


@dataclass(frozen=True, slots=True)
class LaneState:
    """The lane at one instant. `default_language` and `currency` come from the configuration."""

    store_id: str
    lane_id: str
    currency: str
    default_language: str
    language: str
    phase: Phase = Phase.ATTRACT
    basket: Basket = field(default_factory=Basket)
    payment: Payment = field(default_factory=Payment)
    terminal: TerminalMemory = field(default_factory=TerminalMemory)
    help: HelpCall | None = None
    age: AgeCheck = AgeCheck.NOT_NEEDED
    age_intervention_id: str = ""
    age_staff_name: str = ""
    sale: Sale | None = None
    receipt: ReceiptState = ReceiptState.NONE
    left_out: tuple[BasketLine, ...] = ()
    face: str = ""
    last_receipt_no: int = 0
    touched_at: datetime | None = None
    view: View = field(default_factory=View)
    devices: Devices = field(default_factory=Devices)
