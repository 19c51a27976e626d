"""Owns the lane's state: small coupled machines in one frozen value, and the named sets of their states.

It must not change anything: `machine.step` does. The first block is rebuilt from the journal after a power
cut; the second (from `view` on) may be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from hardware.events import CardEvidence, CardPhase, DeclineReason, Paper, WeightRefusal
from inventory.domain.catalogue import Item
from inventory.domain.feedback import FeedbackReason
from inventory.domain.help_waiting import BAND_UPPER_S
from inventory.domain.orders import Order, OrderOutcome
from inventory.domain.questions import AnswerOutcome
from inventory.domain.reconciliation import LaneBooks
from inventory.domain.sales import Sale
from kiosk.checkout.basket import Basket, BasketLine
from kiosk.checkout.errand import Errand
from kiosk.checkout.help_call import HelpCall as HelpCall  # noqa: PLC0414 - part of the state
from kiosk.checkout.help_call import Wait as Wait  # noqa: PLC0414 - part of the state
from kiosk.checkout.messages import PayObstacle, PinState, ScanProblem, Sheet, Timer
from kiosk.checkout.picks import Picks
from kiosk.checkout.preferences import Preferences
from kiosk.checkout.reports import FeedbackReport, StaffReport
from kiosk.checkout.talk import Talk
from kiosk.checkout.told import StaffNews

DELAYS_S: dict[Timer, float] = {
    Timer.THANKS: 10,
    Timer.IDLE: 45,
    Timer.STILL_THERE: 30,
    Timer.LEFT: 15 * 60,
    Timer.CODE: 45,
    Timer.DWELL: 25,  # UX 5.1: this long among the pictures, and a hand is offered
    Timer.UNDO: 8,
    Timer.NOTICE: 6,
    Timer.HELP_DONE: 5,
    Timer.HELP_LATE: 60,  # UX 5.1: with the store out of reach; else as long as its band says
    Timer.CHECKING: 30,  # P8: as long as the lane tries alone before a person is called
    Timer.QUERY: 5,
    Timer.STORAGE: 5,
    Timer.STAFF: 60,
}

IDLE_WITH_GOODS_S = 90
"""UX 12.1: with goods in the basket the lane waits longer than DELAYS_S says."""

_PATIENT = frozenset({Timer.THANKS, Timer.IDLE, Timer.STILL_THERE, Timer.CODE, Timer.NOTICE, Timer.UNDO})
"""What a person reads or does something in: these grow with the shopper's patience (R7)."""

BASKET_KEPT_S = 15 * 60
"""How old a basket may be and still be given back after a restart; an older one is put away for staff."""


class Phase(Enum):
    """Where the visit stands."""

    ATTRACT = "attract"
    SCANNING = "scanning"
    PAYING = "paying"
    CHECKING = "checking"
    NOT_PAID = "not paid"
    THANKS = "thanks"
    PARKED = "parked"
    """The basket was put away to be paid elsewhere; its code is on the screen."""


class Presence(Enum):
    """Whether somebody stands at the lane, as far as it knows. Only a basket with goods is ever ASKED for."""

    HERE = "here"
    ASKED = "asked"
    AWAY = "away"


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

CAN_SCAN = frozenset({Phase.ATTRACT, Phase.SCANNING, Phase.NOT_PAID, Phase.THANKS, Phase.PARKED})
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
    stored_mark: str = ""
    evidence: CardEvidence | None = None
    queries: int = 0
    called_staff: bool = False
    reason: str = ""
    sent_back: DeclineReason | None = None
    """The lane refused what was authorised, for this reason: it explains the decline that follows."""
    slip: tuple[str, ...] = ()
    """What the terminal worded for the shopper's receipt."""
    heard_charged: bool = False
    """The terminal told unasked of a charge that can be this one: a second such charge is another's."""


@dataclass(frozen=True, slots=True)
class Payment:
    state: PaymentState = PaymentState.NONE
    attempt: Attempt | None = None
    decline: DeclineReason | None = None
    added_while_paying: tuple[BasketLine, ...] = ()
    """Scanned after Pay: they join the basket when the reader lets go, never the running payment."""
    going_back: bool = False
    """The shopper asked for the basket: the reader is not armed again by itself."""
    going_elsewhere: bool = False
    """The shopper pays at the till: the basket is put away once the reader has let go, and not before."""


@dataclass(frozen=True, slots=True)
class TerminalMemory:
    """The terminal's last transactions we know of: the base a recovery compares with (P5).

    `terminal_id` is "" until the terminal has told; `receipt_no` counts declined tries too,
    `stored_receipt_no` is the last payment's, `stored_mark` tells it from another one under the same number
    (see `kiosk.checkout.tendering.mark_of`). `refused` is the payment a person has just called not charged,
    until the terminal tells of its next transaction.
    """

    terminal_id: str = ""
    receipt_no: str = ""
    stored_receipt_no: str = ""
    stored_mark: str = ""
    refused: Attempt | None = None


@dataclass(frozen=True, slots=True)
class StaffSession:
    """Somebody of the staff at this lane's screen; a restart ends it."""

    staff_name: str
    session_id: str
    price_cut_percent: int = 0


@dataclass(frozen=True, slots=True)
class Orders:
    """What staff ordered of the terminal: what waits for an empty lane, what runs, and what came of it.

    `begun` holds the ids that were begun or ended, oldest first: none of them is ever begun again (P9).
    `slip` is what the terminal had printed so far for the running one.
    """

    waiting: tuple[Order, ...] = ()
    running: Order | None = None
    outcomes: tuple[OrderOutcome, ...] = ()
    begun: tuple[str, ...] = ()
    slip: tuple[str, ...] = ()


class ParkReason(Enum):
    """Why a basket was put away."""

    LEFT = "left"
    TILL = "till"


@dataclass(frozen=True, slots=True)
class ParkedBasket:
    """A basket that waits for its shopper under a code. What was approved for it is approved anew."""

    code: str
    basket: Basket
    language: str
    parked_at: datetime
    why: ParkReason


class AgeCheck(Enum):
    NOT_NEEDED = "not needed"
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


BAD_FACES = frozenset({"bad", "awful"})
"""Only after one of these is anything more asked, and that may be left unanswered."""


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
    under: Sheet = Sheet.NONE
    """What the language or accessibility sheet was opened over: it comes back as it was."""
    subject: str = ""
    weighing: Item | None = None
    weigh_problem: WeightRefusal | None = None
    query: str = ""
    missed: str = ""
    """The longest word of this search that found nothing."""
    chosen: str = ""
    scanned: bool = False
    phone: bool = False
    page: int = 0
    accents: bool = False
    question: str = ""
    outcome: AnswerOutcome | None = None
    problem: ScanProblem | None = None
    problem_code: str = ""
    obstacle: PayObstacle | None = None
    added_line_id: str = ""
    card_read: bool = False
    card_phase: CardPhase | None = None
    card: ReceiptState = ReceiptState.NONE
    """How far the preference card on the screen has come on paper."""
    pin_count: int = 0
    pin: PinState = PinState.TYPING

    @property
    def base(self) -> Sheet:
        """What fills the screen, whatever may lie over it."""
        return self.under if self.under is not Sheet.NONE else self.sheet


@dataclass(frozen=True, slots=True)
class Ladder:
    """What has gone wrong for this shopper lately, and whether a hand is offered; forgotten at a restart."""

    failed_at: tuple[datetime, ...] = ()
    declines: int = 0
    offered: bool = False
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Devices:
    """Health by device name, the printer's paper, and whether the store answers."""

    ready: frozenset[str] = frozenset()
    lost: dict[str, str] = field(default_factory=dict)
    paper: Paper = Paper.UNKNOWN
    store_online: bool = False
    storage_failed: str = ""
    asks_base: bool = False
    """The terminal was asked for its last transaction while nothing was open, and has not answered yet."""
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
    presence: Presence = Presence.HERE
    basket: Basket = field(default_factory=Basket)
    payment: Payment = field(default_factory=Payment)
    terminal: TerminalMemory = field(default_factory=TerminalMemory)
    help: HelpCall | None = None
    talk: Talk = field(default_factory=Talk)
    errands: tuple[Errand, ...] = ()
    reports_taken_back: tuple[str, ...] = ()
    """Reports about shelves that the shopper took back, until the store has said that they are over."""
    picks: Picks = ()
    age: AgeCheck = AgeCheck.NOT_NEEDED
    age_intervention_id: str = ""
    age_staff_name: str = ""
    sale: Sale | None = None
    receipt: ReceiptState = ReceiptState.NONE
    left_out: tuple[BasketLine, ...] = ()
    face: str = ""
    face_reason: FeedbackReason | None = None
    feedback_id: str = ""
    feedback_reports: tuple[FeedbackReport, ...] = ()
    last_receipt_no: int = 0
    parked: tuple[ParkedBasket, ...] = ()
    """Oldest first, kept until staff recall them or PARKED_LIMIT newer ones have come."""
    parked_count: int = 0
    shown_code: str = ""
    """Which of them the screen names, in PARKED only."""
    books: LaneBooks = field(default_factory=LaneBooks)
    orders: Orders = field(default_factory=Orders)
    contradicted: Attempt | None = None
    """Charged by the terminal's word and sold by nobody: somebody has to deal with it.

    As a rule a payment that a person called not charged; a charge that fits no payment stands here as one.
    """
    touched_at: datetime | None = None
    preferences: Preferences = field(default_factory=Preferences)
    removed: BasketLine | None = None
    """Taken out last, and brought back by one touch while Timer.UNDO runs."""
    taken_out: tuple[BasketLine, ...] = ()
    """All that the shopper took out in this visit and did not bring back."""
    told_removed: int = 0
    """How many those were when staff were told of them, 0 while nobody was."""
    removal_call: str = ""
    """The name under which they were told."""
    staff: StaffSession | None = None
    staff_reports: tuple[StaffReport, ...] = ()
    closed_by: str = ""
    """Who on the staff has closed the lane, "" while it is open."""
    is_paused: bool = False
    """Closed for a short while only."""
    door_id: str = ""
    """The last order from the tablet that was taken."""
    last_sale: Sale | None = None
    """For a copy of the last receipt; no screen shows it."""
    view: View = field(default_factory=View)
    ladder: Ladder = field(default_factory=Ladder)
    wait: Wait = field(default_factory=Wait)
    news: StaffNews | None = None
    devices: Devices = field(default_factory=Devices)


def durable(state: LaneState) -> LaneState:
    """The part of a state that the journal rebuilds."""
    return replace(state, view=View(), ladder=Ladder(), wait=Wait(), news=None, devices=Devices())


def delay_s(timer: Timer, state: LaneState) -> float:
    """How long `timer` runs for this shopper: longer with goods, twice as long where they asked for time."""
    has_goods = timer is Timer.IDLE and state.basket.lines
    base_s = IDLE_WITH_GOODS_S if has_goods else DELAYS_S[timer]
    if timer is Timer.HELP_LATE and state.devices.store_online and state.wait.band is not None:
        return BAND_UPPER_S[state.wait.band]
    return base_s * state.preferences.patience if timer in _PATIENT else base_s
