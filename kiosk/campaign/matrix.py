"""Owns the matrix: every crash point with every outcome at the terminal and every state of the store, and
every ordered pair of crash points. What chance reaches seldom is reached here on purpose.

It must not run anything. A cell is a prescribed visit; cells of one kind of terminal go into one shop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from hardware.simulators.zvt_cards import CardAction, CardScript, UnplugMoment
from kiosk.campaign.plan import Fault, Kind, Visit

POINTS: tuple[str, ...] = (
    "before-commit/ItemScanned",  # C01
    "after-commit/ItemScanned",  # C02
    "before-commit/PaymentRequested",  # C04
    "in-transaction/PaymentRequested",
    "after-commit/PaymentRequested",  # C05
    "before-effect/PaymentRequested",
    "before-write/PaymentRequested@1",
    "half-written/PaymentRequested@1",  # C06
    "after-write/PaymentRequested@1",  # C07
    "after-read/PaymentRequested@1",
    "after-read/CardProgress@1",  # C08
    "after-write/CardProgress@2",  # C09
    "before-commit/CardAuthorised",  # C11
    "in-transaction/CardAuthorised",
    "after-commit/CardAuthorised",  # C12
    "before-effect/CardAuthorised",
    "before-write/CardAuthorised@1",
    "half-written/CardAuthorised@1",
    "after-write/CardAuthorised@1",  # C13
    "after-effect/CardAuthorised",
    "before-commit/CardCompleted",
    "in-transaction/CardCompleted",  # C14
    "after-commit/CardCompleted",  # C18
    "before-commit/CardDeclined",
    "after-commit/CardDeclined",
    "before-commit/CardInDoubt",
    "after-commit/CardInDoubt",
    "before-commit/LaneStarted",  # C26
    "after-commit/LaneStarted",
    "before-effect/LaneStarted",
    "before-commit/LastPaymentReported",
    "after-commit/LastPaymentReported",
    "before-commit/PrintFinished",  # C19, C20
    "before-send-sale",  # C22
    "after-send-sale",  # C23
    "before-mark-sent",
)
"""Numbers are those of the payment rules' crash points."""


class Outcome(Enum):
    """What comes of the payment at the terminal when nothing else happens to it."""

    APPROVED = CardScript()
    DECLINED = CardScript(CardAction.DECLINE)
    CANCELLED = CardScript(CardAction.CANCEL)
    WRONG_PIN = CardScript(CardAction.WRONG_PIN)
    CUT_BEFORE_RESULT = CardScript(unplug_at=UnplugMoment.BEFORE_RESULT)
    CUT_AFTER_STATUS = CardScript(unplug_at=UnplugMoment.AFTER_STATUS)


class StoreState(Enum):
    """What the store does meanwhile."""

    UP = "up"
    KILLED = "killed"
    KILLED_BEFORE_COMMIT = "killed before a commit"
    KILLED_AFTER_COMMIT = "killed after a commit"

    @property
    def before(self) -> tuple[Fault, ...]:
        """Armed before the first scan."""
        match self:
            case StoreState.KILLED_BEFORE_COMMIT:
                return (Fault(Kind.STORE_FAILPOINT, points="store-before-commit@1"),)
            case StoreState.KILLED_AFTER_COMMIT:
                return (Fault(Kind.STORE_FAILPOINT, points="store-after-commit@1"),)
            case _:
                return ()

    @property
    def meanwhile(self) -> tuple[Fault, ...]:
        """Struck after Pay."""
        return (Fault(Kind.STORE_KILL, after_s=0.01, lasts_s=0.1),) if self is StoreState.KILLED else ()


_IN_RECOVERY = ("/LaneStarted", "/LastPaymentReported")
HABITS = ("keeps", "auto-reverses")
BASKETS = ((0,), (1,), (0, 0), (2,), (3, 4))
"""Goods of one price among them: an old charge can look like a new one."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its name for a report, the kind of terminal, and the visit that plays it."""

    name: str
    personality: str
    visit: Visit


def cells() -> Iterator[Cell]:
    """Every cell of the matrix, then every ordered pair."""
    for habit in HABITS:
        for number, point in enumerate(POINTS):
            basket = BASKETS[number % len(BASKETS)]
            for outcome in Outcome:
                for store in StoreState:
                    name = f"{point} × {outcome.name} × store {store.name} × {habit}"
                    faults = (*store.before, *_leading_to(point), *store.meanwhile)
                    yield Cell(name, habit, Visit(basket, outcome.value, faults=faults))
    for habit in HABITS:
        for number, first in enumerate(POINTS):
            basket = BASKETS[number % len(BASKETS)]
            for second in POINTS:
                faults = (*_leading_to(first), _kill(second))
                yield Cell(
                    f"{first} then {second} × {habit}", habit, Visit(basket, _card(first), faults=faults)
                )


def _leading_to(point: str) -> tuple[Fault, ...]:
    """What is met only while a lane recovers needs something to recover from."""
    kill = _kill(point)
    return (_kill("after-effect/PaymentRequested"), kill) if point.endswith(_IN_RECOVERY) else (kill,)


def _card(first: str) -> CardScript:
    """A card that leads to the first point of a pair."""
    if first.endswith("/CardDeclined"):
        return Outcome.DECLINED.value
    return Outcome.CUT_AFTER_STATUS.value if first.endswith("/CardInDoubt") else Outcome.APPROVED.value


def _kill(point: str) -> Fault:
    return Fault(Kind.FAILPOINT, points=f"{point}=kill")
