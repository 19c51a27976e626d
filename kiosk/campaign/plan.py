"""Owns what is done to a trial: visits, cards, and the faults that strike them, drawn by seed.

It must not do any of it, nor know processes. The same seed draws the same plan; what then happens depends on
the machine's timing too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random

from hardware.simulators.zvt_cards import CardAction, CardScript, UnplugMoment


class Kind(Enum):
    """What strikes."""

    FAILPOINT = "failpoint"
    KILL = "kill at a random time"
    FREEZE = "freeze"
    STORE_KILL = "store killed"
    STORE_FAILPOINT = "store failpoint"
    STORE_DOWN = "store down"
    CABLE = "cable pulled"
    PAPER = "paper out"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `points` arms failpoints (see `kiosk.failpoints`); `after_s` counts from the tap on Pay."""

    kind: Kind
    points: str = ""
    after_s: float = 0.0
    lasts_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Visit:
    """One shopper: what they buy (numbers of goods), how they pay, what goes wrong, first and afterwards."""

    goods: tuple[int, ...]
    card: CardScript
    turns_back: bool = False
    faults: tuple[Fault, ...] = ()
    """Struck one after another: the second while the lane recovers from the first."""


EVENTS_AT_COMMIT = (
    "LaneStarted",
    "ItemScanned",
    "PaymentRequested",
    "CardAuthorised",
    "CardCompleted",
    "CardDeclined",
    "CardInDoubt",
    "LastPaymentReported",
    "InterventionDecided",
    "TimerExpired",
    "ReceiptWanted",
    "PrintFinished",
)
EVENTS_WITH_EFFECTS = (
    "LaneStarted",
    "PaymentRequested",
    "CardAuthorised",
    "CardCompleted",
    "CardDeclined",
    "CardInDoubt",
    "LastPaymentReported",
    "DeviceReady",
    "ReceiptWanted",
)
_AT_COMMIT = ("before-commit", "in-transaction", "after-commit")
_AT_EFFECT = ("before-effect", "after-effect")
_ON_THE_WIRE = ("before-write", "half-written", "after-write", "after-read")
_PASSINGS = (1, 2, 3, 4, 6, 8, 11, 15)

CRASH_POINTS: tuple[str, ...] = (
    *(f"{name}/{event}" for event in EVENTS_AT_COMMIT for name in _AT_COMMIT),
    *(f"{name}/{event}" for event in EVENTS_WITH_EFFECTS for name in _AT_EFFECT),
    *(f"{name}@{passing}" for name in _ON_THE_WIRE for passing in _PASSINGS),
    *("before-send-sale", "after-send-sale", "before-mark-sent"),
)
"""Every place where a trial may end a lane: C01 to C23 of the payment rules, each with its many faces."""

_NAMES = (*_AT_COMMIT, *_AT_EFFECT, *_ON_THE_WIRE, "before-send-sale", "after-send-sale", "before-mark-sent")

DISK_POINTS = (
    "before-commit/PaymentRequested",
    "before-commit/CardAuthorised",
    "in-transaction/CardAuthorised",
    "in-transaction/CardCompleted",
)
"""Where the disk refuses an entry (C15)."""

CABLE_MOMENTS = tuple(UnplugMoment)


def draw_visit(chance: Random, goods: int) -> Visit:
    """One visit with its faults."""
    bought = tuple(chance.randrange(goods) for _ in range(chance.choice((1, 1, 1, 2, 3))))
    faults: tuple[Fault, ...] = ()
    if chance.random() < 0.92:
        faults = (draw_fault(chance),)
        while chance.random() < 0.45 and len(faults) < 4:
            faults += (draw_fault(chance),)
    return Visit(bought, draw_card(chance), turns_back=chance.random() < 0.06, faults=faults)


def draw_card(chance: Random) -> CardScript:
    action = chance.choices(
        (CardAction.APPROVE, CardAction.DECLINE, CardAction.CANCEL, CardAction.WRONG_PIN), (78, 9, 5, 8)
    )[0]
    slow_s = chance.choice((0.0, 0.0, 0.0, 0.0, 1.0, 12.0, 40.0))
    moment = chance.choice(CABLE_MOMENTS) if chance.random() < 0.1 else None
    return CardScript(action, slow_s=slow_s, unplug_at=moment)


def draw_fault(chance: Random) -> Fault:
    kind = chance.choices(tuple(Kind), (62, 14, 4, 5, 6, 3, 4, 2))[0]
    after_s = chance.choice((0.0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)) * chance.uniform(0.5, 1.5)
    match kind:
        case Kind.FAILPOINT:
            return Fault(kind, points=_draw_points(chance))
        case Kind.STORE_FAILPOINT:
            name = chance.choice(("store-before-commit", "store-after-commit"))
            return Fault(
                kind, points=f"{name}@{chance.choice((1, 1, 2, 3, 5))}", lasts_s=chance.uniform(0, 0.2)
            )
        case Kind.FREEZE | Kind.CABLE | Kind.STORE_KILL | Kind.STORE_DOWN:
            return Fault(kind, after_s=after_s, lasts_s=chance.choice((0.05, 0.2, 0.6)))
        case Kind.KILL | Kind.PAPER:
            return Fault(kind, after_s=after_s)


def _draw_points(chance: Random) -> str:
    if chance.random() < 0.06:
        return f"{chance.choice(DISK_POINTS)}@1=io-error"
    name = chance.choice(_NAMES)
    return f"{chance.choice([point for point in CRASH_POINTS if point.startswith(name)])}=kill"


def goods_codes(gtins: Sequence[str], visit: Visit) -> tuple[str, ...]:
    """The barcodes of a visit's goods."""
    return tuple(gtins[number % len(gtins)].lstrip("0") for number in visit.goods)
