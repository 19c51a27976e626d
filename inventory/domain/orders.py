"""Owns what staff may order of a lane's terminal, and the few ways in which an order can end.

It must not know terminals, protocols or tables. An order is performed at most once: one whose end nobody
knows is UNCLEAR, and stays so until a person has looked (PAYMENT rule P9).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from inventory.domain.reconciliation import LaneBooks, TerminalTotals


class OrderKind(Enum):
    """What is ordered: the terminal's end of day, or one payment taken back."""

    CLOSE_DAY = "close-day"
    TAKE_BACK = "take-back"


class OrderState(Enum):
    """OPEN: the store knows it. SENT: the lane keeps it, and begins it as soon as nobody shops there."""

    OPEN = "open"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    UNCLEAR = "unclear"


UNFINISHED = frozenset({OrderState.OPEN, OrderState.SENT})

_MAY_BECOME = {
    OrderState.OPEN: frozenset({OrderState.SENT, OrderState.DONE, OrderState.FAILED, OrderState.UNCLEAR}),
    OrderState.SENT: frozenset({OrderState.DONE, OrderState.FAILED, OrderState.UNCLEAR}),
    OrderState.UNCLEAR: frozenset({OrderState.DONE, OrderState.FAILED}),
    OrderState.DONE: frozenset[OrderState](),
    OrderState.FAILED: frozenset[OrderState](),
}


def may_become(current: OrderState, wanted: OrderState) -> bool:
    """Whether an order moves on from `current` to `wanted`; from UNCLEAR only a person moves it."""
    return wanted in _MAY_BECOME[current]


@dataclass(frozen=True, slots=True)
class Order:
    """One order for one lane.

    A payment to take back is named by its sale, its terminal, the terminal's receipt number and the amount
    in minor units of `currency`; an end of day leaves these empty. `card_last4` and `sale_receipt_no`, the
    lane's own number of the sale, let the lane notice another payment; "" and 0 where they are not known.
    """

    order_id: str
    kind: OrderKind
    lane_id: str
    ordered_by: str = ""
    sale_id: str = ""
    terminal_id: str = ""
    receipt_no: str = ""
    amount_minor: int = 0
    currency: str = ""
    card_last4: str = ""
    sale_receipt_no: int = 0


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """How far a lane has come with an order. `reason` is for staff; `result_code` is the terminal's own.

    `books` and `terminal` belong to an end of day; `terminal` is None where the terminal told no totals.
    `slip` is what the terminal had printed about it, line by line, where the lane prints for it.
    """

    order_id: str
    kind: OrderKind
    lane_id: str
    state: OrderState
    currency: str
    reason: str = ""
    result_code: int = 0
    sale_id: str = ""
    amount_minor: int = 0
    receipt_no: str = ""
    books: LaneBooks | None = None
    terminal: TerminalTotals | None = None
    slip: tuple[str, ...] = ()
