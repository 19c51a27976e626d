"""Owns the shape of every device the lane can drive, in UnifiedPOS terms.

It must not know protocols or cables. A port's methods return at once; answers arrive as events through the
`Emit` callable a driver was built with. Life cycle: LOST -> OPENING -> READY -> LOST ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from hardware.events import DeviceEvent

Emit = Callable[[DeviceEvent], None]
"""Takes an event from any thread and returns at once; the lane's queue stands behind it."""

Monotonic = Callable[[], float]
"""Seconds that never run backwards; injected so that tests and journeys own time."""


class Health(Enum):
    LOST = "lost"
    OPENING = "opening"
    READY = "ready"


class Device(Protocol):
    """What every driver offers. `open` starts trying, `close` stops and frees the line."""

    name: str

    def open(self) -> None: ...
    def close(self) -> None: ...
    def health(self) -> Health: ...


class Scanner(Device, Protocol):
    """Reads barcodes; emits BarcodeRead and BarcodeRefused."""


class PricingScale(Device, Protocol):
    """Weighs for price; emits WeightSettled and WeightRefused once for each `weigh`."""

    def weigh(self) -> None: ...


class Keypad(Device, Protocol):
    """Tactile keys and a headset's jack; emits KeyPressed and HeadsetChanged."""


class LightColour(Enum):
    """Every colour of a lane's light means one thing; OFF is a lane that is closed."""

    OFF = "off"
    GREEN = "green"
    AMBER = "amber"
    BLUE = "blue"


class LightPattern(Enum):
    """Whether it shines or pulses: once a second, or twice."""

    STEADY = "steady"
    SLOW = "slow"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Light:
    """What the light over a lane shows, and whether its buzzer sounds."""

    colour: LightColour
    pattern: LightPattern = LightPattern.STEADY
    buzzes: bool = False


class LaneLight(Device, Protocol):
    """The light over the lane with its buzzer; it shows the last thing it was told, and emits nothing."""

    def show(self, light: Light) -> None: ...


class OrderKind(Enum):
    """What staff may ask of a terminal beside payments."""

    END_OF_DAY = "end of day"
    REVERSAL = "reversal"
    REFUND = "refund"
    DIAGNOSIS = "diagnosis"
    INITIALISATION = "initialisation"


@dataclass(frozen=True, slots=True)
class TerminalOrder:
    """One order to a terminal. A reversal names the terminal's receipt number, a refund an amount.

    `amount_minor` in minor units of ISO 4217 `currency`; 0 and "" where no money is named.
    """

    order_id: str
    kind: OrderKind
    receipt_no: str = ""
    amount_minor: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class TerminalCapabilities:
    """What a payment protocol can do. Without `query_last`, doubt goes straight to staff."""

    query_last: bool
    abort: bool
    orders: frozenset[OrderKind] = frozenset()


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """One try to charge `amount_minor` (1 or more, minor units of ISO 4217 `currency`)."""

    attempt_id: str
    amount_minor: int
    currency: str


class PaymentTerminal(Device, Protocol):
    """Charges cards. One attempt at a time; no method ever sends a financial command twice (P3).

    `start` -> CardProgress*, then CardAuthorised -> (`confirm` | `refuse`) -> CardCompleted | CardDeclined |
    CardInDoubt, or CardDeclined | CardInDoubt without an authorisation.
    `query_last` -> exactly one LastPaymentReported.
    A terminal that speaks unasked -> ChargeOverheard, at any time but during a payment.
    `carry_out` -> exactly one of OrderDone, OrderFailed, OrderInDoubt; an order the protocol does not know,
    or one asked while a payment runs, fails at once with nothing sent.
    """

    capabilities: TerminalCapabilities

    def start(self, request: PaymentRequest) -> None: ...
    def confirm(self, attempt_id: str) -> None: ...
    def refuse(self, attempt_id: str) -> None: ...
    def abort(self, attempt_id: str) -> None: ...
    def query_last(self, query_id: str) -> None: ...
    def carry_out(self, order: TerminalOrder) -> None: ...


class ReceiptPrinter(Device, Protocol):
    """Prints a job of ready ESC/POS bytes; emits PaperChanged, then PrintFinished or PrintFailed."""

    def print_job(self, job_id: str, content: bytes) -> None: ...
