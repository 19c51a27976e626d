"""Owns the events of staff at the lane's own screen: a PIN on its way, who is there, and what they do.

It must not hold a PIN, nor decide anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from inventory.domain.correcting import PriceReason
from inventory.domain.pricing import GivenPrice


@dataclass(frozen=True, slots=True)
class StaffEntered:
    """The store has found the PIN right: somebody of the staff works at this screen from now on.

    `price_cut_percent`: how far they may correct a price, as the store's settings say for their role.
    """

    staff_name: str
    session_id: str
    price_cut_percent: int = 0


@dataclass(frozen=True, slots=True)
class StaffLeft:
    pass


class StaffAct(Enum):
    """What staff may do at the lane's own screen. None of it touches an open payment."""

    VOID = "void"
    VOID_ALL = "void-all"
    PRICE = "price"
    APPROVE_AGE = "approve-age"
    REFUSE_AGE = "refuse-age"
    REPRINT = "reprint"
    CLOSE = "close"
    OPEN = "open"
    RECALL = "recall"
    CORRECT_PRICE = "correct-price"


@dataclass(frozen=True, slots=True)
class StaffActed:
    """One deed of whoever is signed in.

    `line_id` names a row, or a kept basket's code; `price` is that of goods nobody knew, `price_minor`
    with its `reason` the corrected one of known goods.
    """

    act: StaffAct
    report_id: str
    line_id: str = ""
    price: GivenPrice | None = None
    price_minor: int = 0
    reason: PriceReason | None = None


class PinState(Enum):
    """How far a PIN has come, and why one was refused."""

    TYPING = "typing"
    CHECKING = "checking"
    WRONG = "wrong"
    WAIT = "wait"
    LOCKED = "locked"
    OFFLINE = "offline"
    NOT_PRIVATE = "not private"


@dataclass(frozen=True, slots=True)
class PinTyped:
    """How many digits there are by now. Which ones, no event ever says."""

    count: int


@dataclass(frozen=True, slots=True)
class PinSent:
    pass


@dataclass(frozen=True, slots=True)
class PinRefused:
    reason: PinState
