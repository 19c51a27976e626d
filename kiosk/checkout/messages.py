"""Owns what goes into the checkout: events, as frozen values.

It must not decide anything. Events in `journaled.JOURNALED` are written down before they act; replaying
them rebuilds the lane. The others touch only what a power cut may forget (open sheets, device health,
progress words). Device events of `hardware.events` go in as they are. What comes out: `effects`.
"""

from __future__ import annotations

from dataclasses import dataclass

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
from inventory.domain.catalogue import Item
from inventory.domain.help_desk import Decision
from inventory.domain.orders import Order
from inventory.domain.pricing import GivenPrice
from kiosk.checkout.asked import AskingEvent
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.errand import ErrandEvent
from kiosk.checkout.help_messages import HelpCancelled as HelpCancelled  # noqa: PLC0414 - said as m.HelpCancelled
from kiosk.checkout.help_messages import HelpEvent
from kiosk.checkout.help_messages import HelpPlaced as HelpPlaced  # noqa: PLC0414 - said as m.HelpPlaced
from kiosk.checkout.help_messages import HelpReasonGiven as HelpReasonGiven  # noqa: PLC0414
from kiosk.checkout.help_messages import HelpRequested as HelpRequested  # noqa: PLC0414
from kiosk.checkout.help_messages import HelpUpdated as HelpUpdated  # noqa: PLC0414
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.obstacles import PayObstacle as PayObstacle  # noqa: PLC0414 - said as m.PayObstacle
from kiosk.checkout.obstacles import ScanProblem as ScanProblem  # noqa: PLC0414 - said as m.ScanProblem
from kiosk.checkout.preferences import Preferences
from kiosk.checkout.sheets import Sheet as Sheet  # noqa: PLC0414 - said as m.Sheet
from kiosk.checkout.sheets import Timer as Timer  # noqa: PLC0414 - said as m.Timer
from kiosk.checkout.staff_messages import PinRefused as PinRefused  # noqa: PLC0414 - said as m.PinRefused
from kiosk.checkout.staff_messages import PinSent as PinSent  # noqa: PLC0414 - said as m.PinSent
from kiosk.checkout.staff_messages import PinState as PinState  # noqa: PLC0414 - said as m.PinState
from kiosk.checkout.staff_messages import PinTyped as PinTyped  # noqa: PLC0414 - said as m.PinTyped
from kiosk.checkout.staff_messages import StaffAct as StaffAct  # noqa: PLC0414 - said as m.StaffAct
from kiosk.checkout.staff_messages import StaffActed as StaffActed  # noqa: PLC0414 - said as m.StaffActed
from kiosk.checkout.staff_messages import StaffEntered as StaffEntered  # noqa: PLC0414 - said as m.StaffEntered
from kiosk.checkout.staff_messages import StaffLeft as StaffLeft  # noqa: PLC0414 - said as m.StaffLeft
from kiosk.checkout.talk import TalkEvent
from kiosk.checkout.visit_events import VisitEvent


@dataclass(frozen=True, slots=True)
class LaneStarted:
    """The program runs (again). Replay has put the state back; now open matters are taken up."""

    boot_id: str


@dataclass(frozen=True, slots=True)
class ItemScanned:
    """A line for the basket, by laser, camera, tile or scale; a pending one where nobody knows its price.

    `replaces` is the pending row that the shopper has found by name: the line comes in its place.
    """

    line: BasketLine
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class UnitsChanged:
    line_id: str
    delta: int


@dataclass(frozen=True, slots=True)
class LineRemoved:
    """By the shopper. The limits are the store's at that time, above which staff are told; 0 is none."""

    line_id: str
    limit_lines: int = 0
    limit_minor: int = 0


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@dataclass(frozen=True, slots=True)
class PreferencesChosen:
    """All of them, as they are from now on. A scanned card brings its language along."""

    preferences: Preferences
    language: str = ""
    by_card: bool = False


@dataclass(frozen=True, slots=True)
class PaymentRequested:
    """Pay was tapped: with its journal entry this is the INTENT of rule P1, written before any byte.

    `base_receipt_no` is the terminal's last receipt number of any result, `stored_receipt_no` that of its
    last payment (what a query repeats if nothing new was stored); both "" when it holds none. `stored_mark`
    tells that payment from another under the same number, after a reset of the terminal's. `terminal_id`
    is "" while its last transaction is not known at all. `local_time` is the lane's wall clock as
    MMDDHHMMSS, comparable with the terminal's own stamps. `sale_id` names the basket the money is for.
    """

    attempt_id: str
    amount_minor: int
    currency: str
    terminal_id: str
    base_receipt_no: str
    stored_receipt_no: str
    local_time: str
    boot_id: str
    monotonic_s: float
    sale_id: str = ""
    stored_mark: str = ""


@dataclass(frozen=True, slots=True)
class PaymentCancelRequested:
    """The shopper went back from paying; only the terminal can say what that comes to."""


@dataclass(frozen=True, slots=True)
class BasketResumed:
    """Back to the basket after a payment that did not happen."""


@dataclass(frozen=True, slots=True)
class InterventionDecided:
    """An attendant's decision, made under their own sign-in. `price`: what they gave a pending row."""

    intervention_id: str
    decision: Decision
    staff_name: str
    price: GivenPrice | None = None


@dataclass(frozen=True, slots=True)
class OrderReceived:
    """Staff want something of the terminal; told by the store, again at every connection until it ends.

    `was_sent`: this lane has told the store that it keeps the order.
    """

    order: Order
    was_sent: bool = False


@dataclass(frozen=True, slots=True)
class OrderBegun:
    """Nobody shops here: with its journal entry this is the intent to carry the order out (P1, P9)."""

    order_id: str


@dataclass(frozen=True, slots=True)
class ReceiptWanted:
    """The shopper asked for paper."""


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """`feedback_id` is missing in journals written before the store was told."""

    face: str
    feedback_id: str = ""


@dataclass(frozen=True, slots=True)
class TimerExpired:
    timer: Timer


# --- events: volatile ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetOpened:
    """`subject`: a line id for ROW; `item` the goods on the scale for WEIGH."""

    sheet: Sheet
    subject: str = ""
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class SheetClosed:
    pass


@dataclass(frozen=True, slots=True)
class QueryTyped:
    """The whole text of the search field after a key. `missed` is its word where that found nothing."""

    text: str
    missed: str = ""


@dataclass(frozen=True, slots=True)
class ResultChosen:
    """A search result or a page of tiles was picked."""

    gtin: str = ""
    page: int = 0
    accents: bool = False


@dataclass(frozen=True, slots=True)
class ScanRejected:
    problem: ScanProblem
    code: str = ""


@dataclass(frozen=True, slots=True)
class PayObstructed:
    """Pay was tapped but may not start; nothing was sent anywhere."""

    obstacle: PayObstacle


@dataclass(frozen=True, slots=True)
class StoreReached:
    """Whether the store answers."""

    online: bool


@dataclass(frozen=True, slots=True)
class PlateSeen:
    """The scale settled on a weight one may not sell by: an empty plate, or what was weighed before."""

    weight_g: int


@dataclass(frozen=True, slots=True)
class StorageFailed:
    """The journal could not take an entry (disk full, I/O error): nothing may be sold on that ground."""

    attempt_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class StorageRecovered:
    """The journal takes entries again. `missed` names the kinds of events it refused since it failed."""

    missed: tuple[str, ...]


DeviceNews = DeviceReady | DeviceLost | PaperChanged | CardProgress | WeightRefused | BarcodeRefused
CardNews = CardAuthorised | CardCompleted | CardDeclined | CardInDoubt | LastPaymentReported | ChargeOverheard

Event = (
    ErrandEvent
    | HelpEvent
    | TalkEvent
    | LaneStarted
    | ItemScanned
    | UnitsChanged
    | LineRemoved
    | LanguageChosen
    | PreferencesChosen
    | PaymentRequested
    | PaymentCancelRequested
    | BasketResumed
    | InterventionDecided
    | OrderReceived
    | OrderBegun
    | StaffEntered
    | StaffLeft
    | StaffActed
    | PinTyped
    | PinSent
    | PinRefused
    | ReceiptWanted
    | FeedbackGiven
    | TimerExpired
    | CardNews
    | TerminalPrinted
    | OrderDone
    | OrderFailed
    | OrderInDoubt
    | PrintFinished
    | PrintFailed
    | SheetOpened
    | SheetClosed
    | QueryTyped
    | ResultChosen
    | AskingEvent
    | VisitEvent
    | CardOpened
    | ScanRejected
    | PayObstructed
    | StoreReached
    | StorageFailed
    | StorageRecovered
    | PlateSeen
    | DeviceNews
)
