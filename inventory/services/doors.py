"""Owns the opening and closing of lanes from the tablet: of two who do it at once exactly one wins.

It must not know screens, nor whether a lane has done it: the lane says that itself, and ends a visit first.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from inventory.db.door_table import DoorRow
from inventory.db.repositories import insert_new, write_audit
from inventory.db.unit_of_work import UnitOfWork, lane_audience
from inventory.wire import DoorMessage

OPEN, CLOSED = "open", "closed"


class DoorMovedError(Exception):
    """Somebody was faster; `by` is their name, `is_closed` what they ordered."""

    def __init__(self, by: str, *, is_closed: bool) -> None:
        super().__init__(f"{by} has {'closed' if is_closed else 'opened'} this lane already.")
        self.by = by
        self.is_closed = is_closed


@dataclass(frozen=True, slots=True)
class DoorOrder:
    """What was ordered last for a lane."""

    lane_id: str
    door_id: str
    is_closed: bool
    staff_name: str


def order(
    uow: UnitOfWork,
    store_id: str,
    lane_id: str,
    staff_name: str,
    now_utc: datetime,
    *,
    close: bool,
    after: str,
) -> DoorMessage:
    """Orders a lane closed or open. `after` is the order that was seen last, "" for none.

    Raises DoorMovedError when another was given since.
    """
    row = DoorRow(
        store_id=store_id,
        lane_id=lane_id,
        door_id=secrets.token_hex(8),
        state=CLOSED if close else OPEN,
        staff_name=staff_name,
        ordered_at_utc=now_utc,
    )
    if after or not insert_new(uow.session, row):
        known = _row(uow, store_id, lane_id)
        if known is None or known.door_id != after:
            by, is_closed = (known.staff_name, known.state == CLOSED) if known else ("", not close)
            raise DoorMovedError(by, is_closed=is_closed)
        known.door_id, known.state = row.door_id, row.state
        known.staff_name, known.ordered_at_utc = row.staff_name, row.ordered_at_utc
        uow.session.add(known)
    write_audit(
        uow.session,
        store_id,
        who=staff_name,
        what="lane.close" if close else "lane.open",
        detail=f"{lane_id}: from the tablet",
        at_utc=now_utc,
    )
    message = _message(row)
    uow.announce(store_id, "door", message=message, audience=lane_audience(lane_id))
    return message


def of_lane(uow: UnitOfWork, store_id: str, lane_id: str) -> DoorMessage | None:
    """The newest order for a lane, told at each of its connections; a lane takes each once."""
    row = uow.session.get(DoorRow, (store_id, lane_id))
    return _message(row) if row is not None else None


def newest(uow: UnitOfWork, store_id: str) -> dict[str, DoorOrder]:
    """The newest order for each lane that ever had one."""
    rows = uow.session.exec(select(DoorRow).where(DoorRow.store_id == store_id))
    return {
        row.lane_id: DoorOrder(row.lane_id, row.door_id, row.state == CLOSED, row.staff_name) for row in rows
    }


def _row(uow: UnitOfWork, store_id: str, lane_id: str) -> DoorRow | None:
    return uow.session.exec(
        select(DoorRow).where(DoorRow.store_id == store_id, DoorRow.lane_id == lane_id).with_for_update()
    ).first()


def _message(row: DoorRow) -> DoorMessage:
    return DoorMessage(
        door_id=row.door_id, lane_id=row.lane_id, closed=row.state == CLOSED, staff_name=row.staff_name
    )
