"""Owns what goes into the checkout: events, as frozen values.

It must not decide anything. Events in `JOURNALED` are written down before they act; replaying them rebuilds
the lane. The others touch only what a power cut may forget (open sheets, device health, progress words).
Device events of `hardware.events` go into the checkout as they are. What comes out: `effects`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

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
from inventory.domain.catalogue import Item
from inventory.domain.help_desk import Decision, HelpReason, HelpState
from kiosk.checkout.basket import BasketLine

# --- events: journaled ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LaneStarted:
    """The program runs (again). Replay has put the state back; now open matters are taken up."""

    boot_id: str


@dataclass(frozen=True, slots=True)
class ItemScanned:
    """A priced line for the basket, by laser, camera, tile or scale."""

    line: BasketLine


@dataclass(frozen=True, slots=True)
class UnitsChanged:
    line_id: str
    delta: int


@dataclass(frozen=True, slots=True)
class LineRemoved:
    line_id: str


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@dataclass(frozen=True, slots=True)
class PaymentRequested:
    """Pay was tapped: with its journal entry this is the INTENT of rule P1, written before any byte.

    `base_receipt_no` is the terminal's last receipt number of any result, `stored_receipt_no` that of its
    last payment (what a query repeats if nothing new was stored); both "" when it holds none. `terminal_id`
    is "" while its last transaction is not known at all. `local_time` is the lane's wall clock as
    MMDDHHMMSS, comparable with the terminal's own stamps.
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


@dataclass(frozen=True, slots=True)
class PaymentCancelRequested:
    """The shopper went back from paying; only the terminal can say what that comes to."""


@dataclass(frozen=True, slots=True)
class BasketResumed:
    """Back to the basket after a payment that did not happen."""


@dataclass(frozen=True, slots=True)
class HelpRequested:
    help_id: str


@dataclass(frozen=True, slots=True)
class HelpReasonGiven:
    reason: HelpReason


@dataclass(frozen=True, slots=True)
class HelpCancelled:
    pass


@dataclass(frozen=True, slots=True)
class HelpUpdated:
    """The store's word about a help request."""

    help_id: str
    state: HelpState
    staff_name: str


@dataclass(frozen=True, slots=True)
class InterventionDecided:
    """An attendant's decision, made under their own sign-in."""

    intervention_id: str
    decision: Decision
    staff_name: str


@dataclass(frozen=True, slots=True)
class ReceiptWanted:
    """The shopper asked for paper."""


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    face: str


class Timer(Enum):
    """What the lane may wait for. Durations are in `kiosk.checkout.state.DELAYS_S`."""

    THANKS = "thanks"
    IDLE = "idle"
    NOTICE = "notice"
    HELP_DONE = "help-done"
    CHECKING = "checking"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class TimerExpired:
    timer: Timer


# --- events: volatile ----------------------------------------------------------------------------


class Sheet(Enum):
    """What lies over the screen."""

    NONE = "none"
    ROW = "row"
    LANGUAGE = "language"
    FIND = "find"
    NO_BARCODE = "no-barcode"
    WEIGH = "weigh"


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
    """The whole text of the search field after a key."""

    text: str


@dataclass(frozen=True, slots=True)
class ResultChosen:
    """A search result or a page of tiles was picked."""

    gtin: str = ""
    page: int = 0
    accents: bool = False


class ScanProblem(Enum):
    """Why a scan did not reach the basket, in the shopper's terms."""

    UNKNOWN_ITEM = "unknown item"
    UNREADABLE = "unreadable"
    NOT_A_PRODUCT = "not a product"
    LABEL_PRICE = "label price"
    LIMIT = "limit"
    WHILE_PAYING = "while paying"


@dataclass(frozen=True, slots=True)
class ScanRejected:
    problem: ScanProblem
    code: str = ""


class PayObstacle(Enum):
    """Why Pay cannot start now."""

    AGE_CHECK = "age check"
    AGE_REFUSED = "age refused"
    TERMINAL = "terminal"
    STORAGE = "storage"


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


Event = (
    LaneStarted
    | ItemScanned
    | UnitsChanged
    | LineRemoved
    | LanguageChosen
    | PaymentRequested
    | PaymentCancelRequested
    | BasketResumed
    | HelpRequested
    | HelpReasonGiven
    | HelpCancelled
    | HelpUpdated
    | InterventionDecided
    | ReceiptWanted
    | FeedbackGiven
    | TimerExpired
    | CardAuthorised
    | CardCompleted
    | CardDeclined
    | CardInDoubt
    | LastPaymentReported
    | PrintFinished
    | PrintFailed
    | SheetOpened
    | SheetClosed
    | QueryTyped
    | ResultChosen
    | ScanRejected
    | PayObstructed
    | StoreReached
    | StorageFailed
    | PlateSeen
    | DeviceReady
    | DeviceLost
    | PaperChanged
    | CardProgress
    | WeightRefused
    | BarcodeRefused
)

JOURNALED: frozenset[type] = frozenset(
    {
        LaneStarted,
        ItemScanned,
        UnitsChanged,
        LineRemoved,
        LanguageChosen,
        PaymentRequested,
        PaymentCancelRequested,
        BasketResumed,
        HelpRequested,
        HelpReasonGiven,
        HelpCancelled,
        HelpUpdated,
        InterventionDecided,
        ReceiptWanted,
        FeedbackGiven,
        TimerExpired,
        CardAuthorised,
        CardCompleted,
        CardDeclined,
        CardInDoubt,
        LastPaymentReported,
        PrintFinished,
        PrintFailed,
    }
)

WORTH_DOING_UNWRITTEN: frozenset[type] = frozenset(
    {HelpRequested, HelpReasonGiven, HelpCancelled, HelpUpdated, LanguageChosen}
)
"""Journaled where the journal works; with a full disk a shopper can still call somebody."""
