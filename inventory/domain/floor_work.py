"""Owns what there is to do on the floor: kinds of work, and what comes before what.

It must not know where work comes from, nor who does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import assert_never

_FIRST = datetime.max.replace(tzinfo=UTC)
"""Work of which nobody knows since when stands behind what is known to wait."""


class WorkKind(Enum):
    BRING = "bring"
    """A shopper waits at a lane for something."""
    TROUBLE = "trouble"
    """A device does not work, or paper is out."""
    MONEY = "money"
    """A difference between books, or an order to a terminal whose end nobody knows."""
    WRITTEN = "written"
    """What somebody wrote for a colleague."""
    SHELF_EMPTY = "shelf-empty"
    GOODS = "goods"
    """Goods of a payment that was given back."""
    RUNS_LOW = "runs-low"
    """Paper that ends soon."""
    UNKNOWN_ITEM = "unknown-item"


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do. `ref` is the id of its task or call, "" of what a lane says of itself."""

    kind: WorkKind
    ref: str
    lane_id: str
    words: str
    since_utc: datetime | None = None
    taken_by: str = ""
    meant_for: str = ""
    made_by: str = ""
    is_urgent: bool = False
    turn: int = 0


def urgency(work: Work) -> int:
    """The smaller, the sooner: a shopper who waits, then what keeps a lane from selling, then the rest."""
    if work.is_urgent:
        return 0
    match work.kind:
        case WorkKind.BRING:
            return 0
        case WorkKind.TROUBLE | WorkKind.MONEY:
            return 1
        case WorkKind.WRITTEN | WorkKind.SHELF_EMPTY | WorkKind.GOODS:
            return 2
        case WorkKind.RUNS_LOW | WorkKind.UNKNOWN_ITEM:
            return 3
        case _ as never:
            assert_never(never)


def in_order(works: tuple[Work, ...]) -> tuple[Work, ...]:
    """By urgency, then the oldest first."""

    def place(work: Work) -> tuple[object, ...]:
        return urgency(work), work.since_utc or _FIRST, work.lane_id, work.words, work.ref

    return tuple(sorted(works, key=place))


def is_for(work: Work, name: str) -> bool:
    """Whether somebody would do it: nobody else has it, nor was it written for somebody else."""
    return work.taken_by in ("", name) and work.meant_for in ("", name)


def device_work(word: str) -> WorkKind | None:
    """What a device's word asks for; None for one that is well, or is being opened."""
    if word in ("ready", "ok", "opening"):
        return None
    return WorkKind.RUNS_LOW if word.endswith("low") else WorkKind.TROUBLE
