"""Owns what lies in open baskets: each lane's last word about its own, and when that word ends.

It must not know what is on hand. A basket's goods are reserved from the lane's word until its sale is
recorded (in that very transaction: nothing is subtracted twice, nor for a moment not at all), until the lane
says otherwise, or until the lane has been silent for `SILENT_FOR`. A basket put away is the lane's to report,
for as long as its shopper may come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert
from sqlalchemy import select as select_columns

from inventory.db.shelf_table import ReservationRow
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork

SILENT_FOR = timedelta(minutes=15)
"""As long as a basket that was put away is kept for its shopper."""

_RESERVATION = StoreTable.metadata.tables[str(ReservationRow.__tablename__)]
_LANE_STATE = StoreTable.metadata.tables["lane_state"]
_OF_LANE = (_RESERVATION.c.store_id == bindparam("store"), _RESERVATION.c.lane_id == bindparam("lane"))
_HELD = select_columns(_RESERVATION.c.gtin, _RESERVATION.c.quantity_milli).where(*_OF_LANE)
_END = delete(_RESERVATION).where(*_OF_LANE).returning(_RESERVATION.c.gtin)
_END_OF_ALL = (
    delete(_RESERVATION)
    .where(
        _RESERVATION.c.store_id == bindparam("store"),
        _RESERVATION.c.lane_id.in_(bindparam("lanes", expanding=True)),
    )
    .returning(_RESERVATION.c.gtin)
)
_NEW = insert(_RESERVATION)
_ALL = select_columns(_RESERVATION.c.gtin).where(_RESERVATION.c.store_id == bindparam("store")).distinct()
_HEARD_LATELY = select_columns(_LANE_STATE.c.lane_id).where(
    _LANE_STATE.c.store_id == bindparam("store"), _LANE_STATE.c.received_at_utc >= bindparam("since")
)
_SILENT = select_columns(_RESERVATION.c.gtin).where(
    _RESERVATION.c.store_id == bindparam("store"), _RESERVATION.c.lane_id.not_in(_HEARD_LATELY)
)
_OF_SILENT = (
    delete(_RESERVATION)
    .where(
        _RESERVATION.c.store_id == bindparam("store"),
        _RESERVATION.c.lane_id != bindparam("lane"),
        _RESERVATION.c.lane_id.not_in(_HEARD_LATELY),
    )
    .returning(_RESERVATION.c.gtin)
)


def hold(
    uow: UnitOfWork, store_id: str, lane_id: str, wanted: Mapping[str, int], now_utc: datetime
) -> frozenset[str]:
    """Takes a lane's word about its baskets, thousandths by GTIN as the ledger books them.

    Answers the GTINs of which more or less is reserved now.

    What lanes reserved that have been silent for too long ends here as well.
    """
    connection = uow.session.connection()
    before = {gtin: int(milli) for gtin, milli in connection.execute(_HELD, _key(store_id, lane_id))}
    silent = {**_key(store_id, lane_id), "since": now_utc - SILENT_FOR}
    ended = connection.execute(_OF_SILENT, silent).scalars()
    changed = set(ended)
    if wanted != before:
        connection.execute(_END, _key(store_id, lane_id))
        if wanted:
            connection.execute(_NEW, [_values(store_id, lane_id, *each) for each in sorted(wanted.items())])
        both = before.keys() | wanted.keys()
        changed |= {gtin for gtin in both if before.get(gtin, 0) != wanted.get(gtin, 0)}
    return frozenset(changed)


def end(uow: UnitOfWork, store_id: str, lane_ids: Iterable[str]) -> frozenset[str]:
    """These lanes' baskets have ended; answers what was reserved. A next word says what they have then."""
    lanes = sorted(set(lane_ids))
    if not lanes:
        return frozenset()
    return frozenset(
        uow.session.connection().execute(_END_OF_ALL, {"store": store_id, "lanes": lanes}).scalars()
    )


def held_by(uow: UnitOfWork, store_id: str, gtin: str) -> dict[str, int]:
    """How much of an item, as the ledger books it, lies in open baskets, in thousandths by lane."""
    wanted = select_columns(_RESERVATION.c.lane_id, _RESERVATION.c.quantity_milli).where(
        _RESERVATION.c.store_id == store_id, _RESERVATION.c.gtin == gtin
    )
    rows = uow.session.connection().execute(wanted)
    return {lane_id: int(milli) for lane_id, milli in rows}


def silent_now(uow: UnitOfWork, store_id: str, now_utc: datetime) -> frozenset[str]:
    """GTINs of which something is reserved by lanes that have been silent for too long."""
    bind = {"store": store_id, "since": now_utc - SILENT_FOR}
    return frozenset(uow.session.connection().execute(_SILENT, bind).scalars())


def end_silent(uow: UnitOfWork, store_id: str, now_utc: datetime) -> frozenset[str]:
    """Ends what such lanes reserved, where no other lane's word does; answers what it was."""
    bind = {"store": store_id, "lane": "", "since": now_utc - SILENT_FOR}
    return frozenset(uow.session.connection().execute(_OF_SILENT, bind).scalars())


def reserved_now(uow: UnitOfWork, store_id: str) -> tuple[str, ...]:
    """GTINs of which something is in a basket."""
    return tuple(uow.session.connection().execute(_ALL, {"store": store_id}).scalars())


def _key(store_id: str, lane_id: str) -> dict[str, str]:
    return {"store": store_id, "lane": lane_id}


def _values(store_id: str, lane_id: str, gtin: str, quantity_milli: int) -> dict[str, object]:
    return {"store_id": store_id, "lane_id": lane_id, "gtin": gtin, "quantity_milli": quantity_milli}
