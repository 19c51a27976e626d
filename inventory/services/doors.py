"""Owns the opening, closing and pausing of lanes from the tablet: of two who do it at once exactly one wins.

It must not know screens, nor whether a lane has done it: the lane says that itself, and ends a visit first.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from inventory.db.door_table import DoorRow
from inventory.db.repositories import insert_new, write_audit
from inventory.db.unit_of_work import UnitOfWork, lane_audience
from inventory.domain.doors import DoorWish
from inventory.wire import DoorMessage

_DONE = {DoorWish.OPEN: "opened", DoorWish.CLOSED: "closed", DoorWish.PAUSED: "paused"}
_TRAIL = {DoorWish.OPEN: "lane.open", DoorWish.CLOSED: "lane.close", DoorWish.PAUSED: "lane.pause"}


class DoorMovedError(Exception):
    """Somebody was faster; `by` is their name, `wish` what they ordered."""

    def __init__(self, by: str, wish: DoorWish) -> None:
        super().__init__(f"{by} has {_DONE[wish]} this lane already.")
        self.by = by
        self.wish = wish


@dataclass(frozen=True, slots=True)
class DoorOrder:
    """What was ordered last for a lane."""

    lane_id: str
    door_id: str
    wish: DoorWish
    staff_name: str


@dataclass(frozen=True, slots=True)
class SeenDoor:
    """A lane somebody chose, and the order they saw there last, "" for none."""

    lane_id: str
    after: str


@dataclass(frozen=True, slots=True)
class DoorsOutcome:
    """What became of many: the lanes that were ordered, and by whom others had been moved meanwhile."""

    done: tuple[str, ...] = ()
    moved: tuple[tuple[str, DoorMovedError], ...] = ()


def order(
    uow: UnitOfWork,
    store_id: str,
    lane_id: str,
    staff_name: str,
    now_utc: datetime,
    *,
    wish: DoorWish,
    after: str,
) -> DoorMessage:
    """Orders a lane open, closed or paused. `after` is the order that was seen last, "" for none.

    Raises DoorMovedError when another was given since.
    """
    row = DoorRow(
        store_id=store_id,
        lane_id=lane_id,
        door_id=secrets.token_hex(8),
        state=wish.value,
        staff_name=staff_name,
        ordered_at_utc=now_utc,
    )
    if after or not insert_new(uow.session, row):
        known = _row(uow, store_id, lane_id)
        if known is None or known.door_id != after:
            by, found = (known.staff_name, DoorWish(known.state)) if known else ("", wish)
            raise DoorMovedError(by, found)
        known.door_id, known.state = row.door_id, row.state
        known.staff_name, known.ordered_at_utc = row.staff_name, row.ordered_at_utc
        uow.session.add(known)
    write_audit(
        uow.session,
        store_id,
        who=staff_name,
        what=_TRAIL[wish],
        detail=f"{lane_id}: from the tablet",
        at_utc=now_utc,
    )
    message = _message(row)
    uow.announce(store_id, "door", message=message, audience=lane_audience(lane_id))
    return message


def order_many(
    uow: UnitOfWork,
    store_id: str,
    seen: Iterable[SeenDoor],
    staff_name: str,
    now_utc: datetime,
    *,
    wish: DoorWish,
) -> DoorsOutcome:
    """The same for each of them, in the order of their ids; one that somebody has moved stays as it is.

    Two who order the same lanes at once wait for each other instead of locking each other out.
    """
    done: list[str] = []
    moved: list[tuple[str, DoorMovedError]] = []
    for lane_id, after in sorted({each.lane_id: each.after for each in seen}.items()):
        try:
            order(uow, store_id, lane_id, staff_name, now_utc, wish=wish, after=after)
            done.append(lane_id)
        except DoorMovedError as error:
            moved.append((lane_id, error))
    return DoorsOutcome(tuple(done), tuple(moved))


def of_lane(uow: UnitOfWork, store_id: str, lane_id: str) -> DoorMessage | None:
    """The newest order for a lane, told at each of its connections; a lane takes each once."""
    row = uow.session.get(DoorRow, (store_id, lane_id))
    return _message(row) if row is not None else None


def newest(uow: UnitOfWork, store_id: str) -> dict[str, DoorOrder]:
    """The newest order for each lane that ever had one."""
    rows = uow.session.exec(select(DoorRow).where(DoorRow.store_id == store_id))
    return {
        row.lane_id: DoorOrder(row.lane_id, row.door_id, DoorWish(row.state), row.staff_name) for row in rows
    }


def _row(uow: UnitOfWork, store_id: str, lane_id: str) -> DoorRow | None:
    return uow.session.exec(
        select(DoorRow)
        .where(DoorRow.store_id == store_id, DoorRow.lane_id == lane_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _message(row: DoorRow) -> DoorMessage:
    wish = DoorWish(row.state)
    return DoorMessage(
        door_id=row.door_id,
        lane_id=row.lane_id,
        closed=wish.is_shut,
        staff_name=row.staff_name,
        paused=wish is DoorWish.PAUSED,
    )
