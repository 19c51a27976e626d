"""Owns sales that the store was told of late, and what counts that came between make of them.

It must not count anything. Whoever counts a shelf misses what was sold from it, told or not: the count
corrects that, and the sale, told after it, would take the goods away once more. They are given back once,
whatever kind of count it was: a paper's, a tap's or a file's. What a lane held in a basket while somebody
counted was not missed. Sales whose lane's clock put them more than a week before the count are left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import bindparam, delete, exists, select, union

from inventory.db.instants import instant_text
from inventory.db.ledger_table import CountLookRow, LateSaleRow, StockDocumentLineRow, StockDocumentRow
from inventory.db.repositories import MOVEMENT, insert_all, place_of
from inventory.db.sale_batch import Row
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import Kind, State
from inventory.domain.places import PLAIN, Place
from inventory.domain.stock import Movement, Reason
from inventory.services import stock

LATE = timedelta(days=7)
"""How long before a count a late sale may have been paid, and how long after it one may come in."""
NOTICEABLE = timedelta(seconds=5)
"""A sale that comes in sooner after it was paid is on time: nobody counts so quickly."""
KEPT = 2 * LATE

_LATE_SALE = StoreTable.metadata.tables[str(LateSaleRow.__tablename__)]
_LOOK = StoreTable.metadata.tables[str(CountLookRow.__tablename__)]
_DOCUMENT = StoreTable.metadata.tables[str(StockDocumentRow.__tablename__)]
_LINE = StoreTable.metadata.tables[str(StockDocumentLineRow.__tablename__)]
_LATE_GTINS = select(_LATE_SALE.c.gtin).where(_LATE_SALE.c.store_id == bindparam("store"))
_OF_PAPERS = (
    select(_LINE.c.gtin, _LINE.c.location, _LINE.c.lot, _LINE.c.expires_on)
    .add_columns(_LINE.c.at_utc, _LINE.c.document_id, _LINE.c.in_baskets)
    .join(
        _DOCUMENT,
        (_DOCUMENT.c.store_id == _LINE.c.store_id) & (_DOCUMENT.c.document_id == _LINE.c.document_id),
    )
    .where(
        _DOCUMENT.c.store_id == bindparam("store"),
        _DOCUMENT.c.kind == Kind.COUNT.value,
        _DOCUMENT.c.state == State.POSTED.value,
        _LINE.c.location == "",
        _LINE.c.at_utc >= bindparam("since"),
        _LINE.c.gtin.in_(_LATE_GTINS),
    )
)
_OF_OTHERS = select(_LOOK).where(
    _LOOK.c.store_id == bindparam("store"),
    _LOOK.c.counted_at_utc >= bindparam("since"),
    _LOOK.c.gtin.in_(_LATE_GTINS),
)
_TOLD_LATE = (
    select(_LATE_SALE)
    .where(_LATE_SALE.c.store_id == bindparam("store"))
    .order_by(_LATE_SALE.c.paid_at_utc, _LATE_SALE.c.source_id)
)


_COUNTS_LATELY = select(
    exists().where(
        _DOCUMENT.c.store_id == bindparam("store"),
        _DOCUMENT.c.kind == Kind.COUNT.value,
        _DOCUMENT.c.made_at_utc >= bindparam("opened"),
    )
    | exists().where(_LOOK.c.store_id == bindparam("store"), _LOOK.c.counted_at_utc >= bindparam("since"))
)
_COUNTED_SINCE = union(
    select(_LINE.c.gtin).where(
        _LINE.c.store_id == bindparam("store"),
        _LINE.c.gtin.in_(bindparam("gtins", expanding=True)),
        _LINE.c.at_utc >= bindparam("since"),
    ),
    select(_LOOK.c.gtin).where(
        _LOOK.c.store_id == bindparam("store"),
        _LOOK.c.gtin.in_(bindparam("gtins", expanding=True)),
        _LOOK.c.counted_at_utc >= bindparam("since"),
    ),
)


@dataclass(frozen=True, slots=True)
class Look:
    """One count of an item at a place: when somebody looked, and until when the books knew of sales then.

    `in_baskets` is JSON of what each lane held then, in thousandths by its id; "" for nothing.
    """

    gtin: str
    at_utc: datetime
    known_at_utc: datetime
    in_baskets: str = ""
    place: Place = PLAIN
    document_id: str = ""


def note(uow: UnitOfWork, store_id: str, moves: Iterable[Row], now_utc: datetime) -> None:
    """Remembers those movements of sales (rows of MOVE_COLUMNS) that a count may have missed.

    They were told noticeably late, and somebody has counted their goods since they were paid.
    """
    limit = instant_text(now_utc - NOTICEABLE)
    late = [row for row in moves if row[5] < limit]
    counted = _counted_since(uow, store_id, late) if late else frozenset()
    rows = [
        {
            "store_id": store_id,
            "source_id": source_id,
            "gtin": gtin,
            "lane_id": lane_id,
            "quantity_milli": quantity_milli,
            "paid_at_utc": datetime.fromisoformat(paid_at),
            "received_at_utc": now_utc,
        }
        for _, source_id, gtin, quantity_milli, lane_id, paid_at in late
        if gtin in counted
    ]
    if rows:
        uow.session.connection().execute(_LATE_SALE.insert(), rows)


def _counted_since(uow: UnitOfWork, store_id: str, late: Sequence[Row]) -> frozenset[str]:
    """Those of the goods that somebody has counted since the first of the sales, booked or not yet."""
    since = datetime.fromisoformat(min(row[5] for row in late))
    bind = {"store": store_id, "since": since}
    connection = uow.session.connection()
    if not connection.execute(_COUNTS_LATELY, {**bind, "opened": since - LATE}).scalar():
        return frozenset()
    gtins = sorted({row[2] for row in late})
    return frozenset(connection.execute(_COUNTED_SINCE, {**bind, "gtins": gtins}).scalars())


def looked(uow: UnitOfWork, store_id: str, looks: Mapping[str, Look]) -> None:
    """Remembers counts without a paper, by the sources of their movements."""
    insert_all(
        uow.session,
        (
            CountLookRow(
                store_id=store_id,
                source_id=source_id,
                gtin=look.gtin,
                counted_at_utc=look.at_utc,
                known_at_utc=look.known_at_utc,
                in_baskets=look.in_baskets,
            )
            for source_id, look in looks.items()
        ),
    )


def looked_in_vain(uow: UnitOfWork, store_id: str, source_ids: Sequence[str]) -> None:
    """Forgets counts that were taken back."""
    of_these = (_LOOK.c.store_id == store_id, _LOOK.c.source_id.in_(source_ids))
    uow.session.connection().execute(delete(_LOOK).where(*of_these))


def find(uow: UnitOfWork, store_id: str, *, now_utc: datetime) -> list[Movement]:
    """What would give back the sales that were made before a count and told only after it.

    Of counts within the last week, and without those given back before: each sale once, however many counts
    it was missed in, and not where somebody counted again after it was told.
    """
    connection = uow.session.connection()
    told: dict[str, list[SqlRow[Any]]] = {}
    for row in connection.execute(_TOLD_LATE, {"store": store_id}):
        told.setdefault(row.gtin, []).append(row)
    late: dict[str, Movement] = {}
    # Of several counts the last decides, and a shelf counted as one before a lot of it.
    for look in sorted(
        _looks(uow, store_id, now_utc), key=lambda each: (not each.place.has_lot, each.at_utc)
    ):
        sold = [row for row in told[look.gtin] if look.at_utc - LATE < row.paid_at_utc <= look.at_utc]
        if not look.place.has_lot:
            for row in sold:
                late.pop(f"late:{row.source_id}", None)
        for source_id, milli in _missed(
            look, [row for row in sold if row.received_at_utc > look.known_at_utc]
        ):
            late[f"late:{source_id}"] = _given_back(look, f"late:{source_id}", milli)
    before = _posted(uow, store_id, list(late)) if late else set()
    return [movement for own_id, movement in late.items() if movement.quantity_milli and own_id not in before]


def give_back(uow: UnitOfWork, store_id: str, *, now_utc: datetime) -> int:
    """Books back the late sales, each at most once, whoever asks however often; answers how many lines."""
    late = find(uow, store_id, now_utc=now_utc)
    if late:
        stock.post_all(uow, store_id, late, as_of_utc=now_utc)
    return len(late)


def has_old(uow: UnitOfWork, store_id: str, *, now_utc: datetime) -> bool:
    """Whether something is remembered that no count can ask for any more."""
    connection = uow.session.connection()
    return any(
        connection.execute(select(table.c.source_id).where(*old).limit(1)).first()
        for table, old in _old(store_id, now_utc)
    )


def forget_old(uow: UnitOfWork, store_id: str, *, now_utc: datetime) -> None:
    """Forgets what no count can ask for any more."""
    for table, old in _old(store_id, now_utc):
        uow.session.connection().execute(delete(table).where(*old))


def _old(store_id: str, now_utc: datetime) -> Iterator[tuple[Any, tuple[Any, Any]]]:
    since = now_utc - KEPT
    yield _LATE_SALE, (_LATE_SALE.c.store_id == store_id, _LATE_SALE.c.received_at_utc < since)
    yield _LOOK, (_LOOK.c.store_id == store_id, _LOOK.c.known_at_utc < since)


def _looks(uow: UnitOfWork, store_id: str, now_utc: datetime) -> Iterator[Look]:
    bind = {"store": store_id, "since": now_utc - LATE}
    connection = uow.session.connection()
    for row in connection.execute(_OF_PAPERS, bind):
        yield Look(row.gtin, row.at_utc, row.at_utc, row.in_baskets, place_of(row), row.document_id)
    for row in connection.execute(_OF_OTHERS, bind):
        yield Look(row.gtin, row.counted_at_utc, row.known_at_utc, row.in_baskets)


def _missed(look: Look, told: Sequence[SqlRow[Any]]) -> Iterator[tuple[str, int]]:
    """The sales by their sources, with what of each the count did miss: all but what was in that basket."""
    held: dict[str, int] = json.loads(look.in_baskets) if look.in_baskets else {}
    for row in told:
        milli = -int(row.quantity_milli)
        known_milli = max(0, min(held.get(row.lane_id, 0), milli))
        held[row.lane_id] = held.get(row.lane_id, 0) - known_milli
        yield row.source_id, milli - known_milli


def _given_back(look: Look, source_id: str, milli: int) -> Movement:
    return Movement(
        look.gtin,
        Reason.CORRECTION,
        milli,
        source_id,
        "late sale",
        look.at_utc,
        look.place,
        look.document_id,
    )


def _posted(uow: UnitOfWork, store_id: str, source_ids: Sequence[str]) -> set[str]:
    there = select(MOVEMENT.c.source_id).where(
        MOVEMENT.c.store_id == store_id, MOVEMENT.c.source_id.in_(source_ids)
    )
    return set(uow.session.connection().execute(there).scalars())
