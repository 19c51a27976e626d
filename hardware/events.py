"""Owns the events every device answers with, and the errors a device can raise.

It must not know how a device is connected or what the lane does with an answer. Every event is a frozen
value that may cross a thread border; `device` is the name the lane's configuration gives the device.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class DeviceError(Exception):
    """Something a device or its line did wrong. Base of the tree; never crosses the lane queue."""


class TransportError(DeviceError):
    """The byte pipe could not be opened, read or written (unplugged, busy, no permission)."""


class ProtocolError(DeviceError):
    """The peer sent bytes that its protocol does not allow."""


# --- every device --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeviceReady:
    """The device answers and can work. Sent once when it comes up and once each time it returns."""

    device: str


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """The line is gone. Sent once; the line keeps trying to reopen by itself."""

    device: str
    reason: str


# --- scanners and cameras ------------------------------------------------------------------------


class ScanRefusal(Enum):
    """Why a scan never became a barcode."""

    TOO_LONG = "too long"
    CONTROL_CHARACTERS = "control characters"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class BarcodeRead:
    """One barcode: printable ASCII plus GS (0x1D), 1 to 512 characters.

    `symbology` is the AIM identifier such as "]E0" when the reader sent one, else None.
    `read_by` names the decoders that agree ("laser", "zxing-cpp", "pyzbar").
    """

    device: str
    text: str
    symbology: str | None = None
    read_by: tuple[str, ...] = ("laser",)


@dataclass(frozen=True, slots=True)
class BarcodeRefused:
    """Bytes that are no barcode. The text is not kept: it may hold control characters."""

    device: str
    reason: ScanRefusal
    length: int


# --- scales --------------------------------------------------------------------------------------


class WeightRefusal(Enum):
    """Why a scale gave no usable weight."""

    MOVING = "moving"
    NEGATIVE = "negative"
    OVERLOAD = "overload"
    NOT_ZEROED = "not zeroed"
    IMPLAUSIBLE = "implausible"


@dataclass(frozen=True, slots=True)
class WeightSettled:
    """A stable gross weight in grams, 0 to the scale's capacity."""

    device: str
    weight_g: int


@dataclass(frozen=True, slots=True)
class WeightRefused:
    """The scale answered, but not with a weight one may sell by."""

    device: str
    reason: WeightRefusal


# --- payment terminals (PAYMENT rules P1..P10) ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardEvidence:
    """What the terminal says of one transaction; never a full card number.

    `amount_minor` in minor units of `currency` (ISO 4217 alphabetic). Numbers stay text because leading
    zeros and wrap-around belong to them. `card_last4` holds at most four digits.
    """

    terminal_id: str
    receipt_no: str
    trace_no: str
    amount_minor: int
    currency: str
    result_code: int
    card_name: str = ""
    card_last4: str = ""
    authorisation_id: str = ""
    terminal_date: str = ""  # MMDD as the terminal sent it
    terminal_time: str = ""  # HHMMSS as the terminal sent it


class CardPhase(Enum):
    """Where the shopper stands while a payment runs; drives words on the screen only."""

    PRESENT_CARD = "present card"
    ENTER_PIN = "enter pin"
    CONTACTING_BANK = "contacting bank"
    REMOVE_CARD = "remove card"
    WRONG_PIN = "wrong pin"


class DeclineReason(Enum):
    """Why nothing was charged, in classes a shopper can act on."""

    REFUSED_BY_BANK = "refused by bank"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"
    CARD_UNREADABLE = "card unreadable"
    CARD_EXPIRED = "card expired"
    WRONG_PIN = "wrong pin"
    TERMINAL_NOT_READY = "terminal not ready"
    OTHER_AMOUNT = "other amount"
    """It would have charged another amount, or another currency, than it was asked for."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CardProgress:
    """The terminal moved on; informative only, never money."""

    device: str
    attempt_id: str
    phase: CardPhase


@dataclass(frozen=True, slots=True)
class CardAuthorised:
    """A positive result arrived and waits: the terminal gets its answer only after `confirm`/`refuse`."""

    device: str
    attempt_id: str
    evidence: CardEvidence


@dataclass(frozen=True, slots=True)
class CardCompleted:
    """The terminal closed the command as paid."""

    device: str
    attempt_id: str


@dataclass(frozen=True, slots=True)
class CardDeclined:
    """The terminal said finally that nothing was charged."""

    device: str
    attempt_id: str
    reason: DeclineReason
    result_code: int
    evidence: CardEvidence | None = None
    """What a negative status information carried: a declined try may use up a receipt number too."""


@dataclass(frozen=True, slots=True)
class CardInDoubt:
    """Nobody knows whether the card was charged (P4). Only a query or a person can tell."""

    device: str
    attempt_id: str
    reason: str


class QueryVerdict(Enum):
    """How far an answer about the last transaction can be trusted."""

    FOUND = "found"  # the terminal repeated its last stored transaction
    NOTHING_STORED = "nothing stored"  # it says it holds none
    NO_ANSWER = "no answer"  # silence, or it is still busy
    UNUSABLE = "unusable"  # it answered, but not with a transaction


@dataclass(frozen=True, slots=True)
class LastPaymentReported:
    """Answer to `query_last`: what the terminal holds as its last transaction."""

    device: str
    query_id: str
    verdict: QueryVerdict
    evidence: CardEvidence | None = None
    reason: str = ""
    terminal_id: str = ""
    """The id the terminal registered with, known even when it holds no transaction."""


@dataclass(frozen=True, slots=True)
class ChargeOverheard:
    """The terminal told of a charge while no payment waited for its answer; no id says which one it is.

    It may have taken the terminal's acknowledgement with it: nobody tells it again.
    """

    device: str
    evidence: CardEvidence


class Slip(Enum):
    """Whom a text that the terminal wants printed is for."""

    MERCHANT = "merchant"
    CUSTOMER = "customer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class TerminalPrinted:
    """A slip the terminal composed for our printer. `job_id`: the attempt or order it belongs to, "" if none.

    Lines are plain text without control characters and without a card number.
    """

    device: str
    job_id: str
    slip: Slip
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What a terminal booked since its last end of day; `total_minor` in minor units of `currency`.

    `count` is None where the terminal tells only the sum.
    """

    total_minor: int
    currency: str
    count: int | None = None
    first_receipt_no: str = ""
    last_receipt_no: str = ""


@dataclass(frozen=True, slots=True)
class OrderDone:
    """The terminal carried out an order. `totals` after an end of day, `evidence` of money given back."""

    device: str
    order_id: str
    totals: DayTotals | None = None
    evidence: CardEvidence | None = None


@dataclass(frozen=True, slots=True)
class OrderFailed:
    """The terminal said finally that it did not carry out an order; nothing moved."""

    device: str
    order_id: str
    result_code: int
    reason: str


@dataclass(frozen=True, slots=True)
class OrderInDoubt:
    """Nobody knows whether an order was carried out; it is never repeated by itself (P9)."""

    device: str
    order_id: str
    reason: str


# --- receipt printers ----------------------------------------------------------------------------


class Paper(Enum):
    """Paper as far as the printer tells; a silent printer is UNKNOWN, never OK."""

    OK = "ok"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PaperChanged:
    device: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class PrintFinished:
    """All bytes of a job left for a printer that reported paper before and after."""

    device: str
    job_id: str


@dataclass(frozen=True, slots=True)
class PrintFailed:
    """The job may be on paper in part or not at all: the sale stays valid."""

    device: str
    job_id: str
    reason: str


# --- keypads and headsets ------------------------------------------------------------------------


class Key(Enum):
    """The keys of a tactile keypad. READ is its own key, or UP held for two seconds."""

    UP = "up"
    DOWN = "down"
    SELECT = "select"
    BACK = "back"
    NEXT = "next"
    HELP = "help"
    VOLUME_UP = "volume-up"
    VOLUME_DOWN = "volume-down"
    READ = "read"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class KeyPressed:
    device: str
    key: Key


@dataclass(frozen=True, slots=True)
class HeadsetChanged:
    """Something was plugged into the headset's jack, or pulled out of it."""

    device: str
    inserted: bool


SellingEvent = (
    DeviceReady
    | DeviceLost
    | BarcodeRead
    | BarcodeRefused
    | WeightSettled
    | WeightRefused
    | CardProgress
    | CardAuthorised
    | CardCompleted
    | CardDeclined
    | CardInDoubt
    | LastPaymentReported
    | ChargeOverheard
    | TerminalPrinted
    | OrderDone
    | OrderFailed
    | OrderInDoubt
    | PaperChanged
    | PrintFinished
    | PrintFailed
)
"""What concerns the basket, the money or the devices' health."""

DeviceEvent = SellingEvent | KeyPressed | HeadsetChanged
