"""Owns the queries that services share: items, the ledger, and inserts that may happen twice.

It must not decide anything: it answers what is there, and says whether a row was new. The statements of the
hot paths (an item by GTIN, a sale's movements) are built once.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session

from inventory.db import hot, item_index, ledger_table
from inventory.db.bulk import insert_many
from inventory.db.item_rows import ITEM_COLUMNS, fields_of_item, item_of, row_of_item
from inventory.db.tables import AuditRow, StoreTable, as_utc
from inventory.domain.catalogue import Item
from inventory.domain.places import Place
from inventory.domain.stock import Movement

_tables = StoreTable.metadata.tables
ITEM: Table = _tables["item"]
ITEM_NAME: Table = _tables["item_name"]
MOVEMENT: Table = _tables["movement"]
ON_HAND: Table = _tables["on_hand"]
STOCK_AT: Table = _tables[ledger_table.StockAtRow.__tablename__]

_PIECE_ROWS = 1000
_T = TypeVar("_T")

_ADD_TO_SUM = (
    "ON CONFLICT (store_id, gtin) DO UPDATE SET "
    "on_hand_milli = on_hand.on_hand_milli + excluded.on_hand_milli, "
    "as_of_utc = CASE WHEN excluded.as_of_utc > on_hand.as_of_utc "
    "THEN excluded.as_of_utc ELSE on_hand.as_of_utc END "
    "RETURNING gtin, on_hand_milli, as_of_utc"
)

_ITEMS = {
    is_sqlite: f"SELECT {fields_of_item(is_sqlite=is_sqlite)} FROM item i WHERE i.store_id = ?"  # noqa: S608
    for is_sqlite in (True, False)
}
_ITEM_BY_GTIN = {is_sqlite: f"{sql} AND i.gtin = ?" for is_sqlite, sql in _ITEMS.items()}
_INSERT_ITEM = f"INSERT INTO item ({', '.join(ITEM_COLUMNS)}) VALUES ({', '.join('?' * len(ITEM_COLUMNS))})"  # noqa: S608
_INSERT_NAME = "INSERT INTO item_name (store_id, gtin, language, name) VALUES (?, ?, ?, ?)"
_COUNT_ITEMS = select(func.count()).select_from(ITEM).where(ITEM.c.store_id == bindparam("store"))
_DROP_ITEM = "DELETE FROM item WHERE store_id = ? AND gtin = ?"
_DROP_NAMES = "DELETE FROM item_name WHERE store_id = ? AND gtin = ?"

Upsert = sqlite.Insert | postgresql.Insert
Statement = ReturningInsert[*tuple[Any, ...]]


def insert_new(session: Session, row: StoreTable) -> bool:
    """Inserts the row unless its key exists; says whether it was new. Two writers cannot both be told so."""
    statement = _insert_new(_dialect(session), _tables[str(row.__tablename__)])
    return session.connection().execute(statement, row.model_dump()).first() is not None


def insert_all(session: Session, rows: Iterable[StoreTable]) -> None:
    """Inserts rows of one table, however many, a piece at a time."""
    for piece in _pieces(rows):
        table = _tables[str(piece[0].__tablename__)]
        session.connection().execute(insert(table), [row.model_dump() for row in piece])


def put(session: Session, row: StoreTable) -> None:
    """Inserts the row, or replaces all but the key of the one that exists."""
    put_all(session, _tables[str(row.__tablename__)], [row.model_dump()])


def put_all(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """As `put` for many rows of one table, each with all its columns and in the order of their keys."""
    if rows:
        session.connection().execute(_put(_dialect(session), table), rows)


def item_by_gtin(session: Session, store_id: str, gtin: str) -> Item | None:
    """The item of a GTIN-14, or None; the way of every scan and of every page that shows one item."""
    sql = _ITEM_BY_GTIN[hot.is_sqlite(session)]
    found = hot.row(session, sql, (store_id, gtin))
    return None if found is None else item_of(found)


def items_by_gtin(session: Session, store_id: str, gtins: Iterable[str]) -> dict[str, Item]:
    """Those of the items that exist, by GTIN-14 and in that order."""
    wanted = sorted(set(gtins))
    if not wanted:
        return {}
    marks = ", ".join("?" * len(wanted))
    sql = f"{_ITEMS[hot.is_sqlite(session)]} AND i.gtin IN ({marks}) ORDER BY i.gtin"
    found = map(item_of, hot.rows(session, sql, (store_id, *wanted)))
    return {item.gtin: item for item in found}


def each_item(session: Session, store_id: str) -> Iterator[Item]:
    """Every item of the store in the order of GTINs, one after the other, in little memory.

    The session's transaction must stay open until the last one is taken.
    """
    sql = f"{_ITEMS[hot.is_sqlite(session)]} ORDER BY i.gtin"
    return map(item_of, hot.each(session, sql, (store_id,)))


def all_items(session: Session, store_id: str) -> tuple[Item, ...]:
    """Every item of the store in the order of GTINs, all at once; `each_item` takes less memory."""
    return tuple(each_item(session, store_id))


def put_items(session: Session, store_id: str, items: Iterable[Item]) -> int:
    """Inserts the items, each in place of the one with its GTIN; answers how many. All others stay."""
    count = 0
    for piece in _pieces(items):
        _delete_items(session, store_id, [item.gtin for item in piece])
        count += _insert_items(session, store_id, piece)
    return count


def drop_items(session: Session, store_id: str, gtins: Iterable[str]) -> None:
    """Deletes items by GTIN-14; those that do not exist are passed over. Movements and sales stay."""
    for dropped in _pieces(gtins):
        item_index.drop_entries(session, store_id, dropped)
        _delete_items(session, store_id, dropped)


def _delete_items(session: Session, store_id: str, gtins: Iterable[str]) -> None:
    keys = [(store_id, gtin) for gtin in sorted(set(gtins))]
    hot.do_each(session, _DROP_NAMES, keys)
    hot.do_each(session, _DROP_ITEM, keys)


def count_items(session: Session, store_id: str) -> int:
    """How many items the store sells."""
    return int(session.connection().execute(_COUNT_ITEMS, {"store": store_id}).scalar_one())


def post_movements(
    session: Session, store_id: str, movements: Sequence[Movement], *, as_of_utc: datetime
) -> list[tuple[str, int, datetime]]:
    """Posts those movements whose source is new, and moves the running sums in the same transaction.

    Answers (gtin, on_hand_milli, as_of_utc) of every item that moved. Items are touched in the order of
    their GTINs: two batches on a server then wait for each other instead of locking each other out. A place
    is touched only after its item. The plain shelf has no sum of its own, so a sale costs nothing here.
    """
    new_milli: defaultdict[str, int] = defaultdict(int)
    placed_milli: defaultdict[tuple[str, Place], int] = defaultdict(int)
    quantities = {movement.source_id: movement for movement in movements}
    for source_id in _insert_movements(session, store_id, tuple(quantities.values())):
        movement = quantities[source_id]
        new_milli[movement.gtin] += movement.quantity_milli
        if not movement.place.is_plain:
            placed_milli[movement.gtin, movement.place] += movement.quantity_milli
    if not new_milli:
        return []
    values = [
        {"store_id": store_id, "gtin": gtin, "on_hand_milli": milli, "as_of_utc": as_of_utc}
        for gtin, milli in sorted(new_milli.items())
    ]
    rows = insert_many(session, ON_HAND, values, tail=_ADD_TO_SUM)
    moved = sorted((gtin, milli, datetime.fromisoformat(as_of)) for gtin, milli, as_of in rows)
    if placed_milli:
        _add_to_places(session, store_id, placed_milli, as_of_utc)
    return moved


def place_values(place: Place) -> dict[str, str]:
    """A place as its three columns."""
    expires_on = place.expires_on.isoformat() if place.expires_on else ""
    return {"location": place.location, "lot": place.lot, "expires_on": expires_on}


def place_of(row: Any) -> Place:
    """The place in a row's three columns."""
    expires_on = date.fromisoformat(row.expires_on) if row.expires_on else None
    return Place(row.location, row.lot, expires_on)


def write_audit(
    session: Session, store_id: str, *, who: str, what: str, detail: str, at_utc: datetime
) -> None:
    """Adds one line to the audit trail, which nobody can change afterwards."""
    audit_id = ordered_id(at_utc)
    insert_new(
        session,
        AuditRow(store_id=store_id, audit_id=audit_id, at_utc=at_utc, who=who, what=what, detail=detail),
    )


def ordered_id(at_utc: datetime) -> str:
    """An id that sorts by time: UUID version 7 (RFC 9562 §5.7) in its 32 digits without hyphens."""
    stamp_ms = int(as_utc(at_utc).timestamp() * 1000)
    noise = secrets.randbits(74)
    version_and_a = 0x7000 | noise >> 62
    variant_and_b = 1 << 63 | noise & (1 << 62) - 1
    return f"{stamp_ms:012x}{version_and_a:04x}{variant_and_b:016x}"


def _insert_items(session: Session, store_id: str, items: Iterable[Item]) -> int:
    ordered = sorted(items, key=lambda item: item.gtin)
    hot.do_each(session, _INSERT_ITEM, [row_of_item(store_id, item) for item in ordered])
    names = [
        (store_id, item.gtin, language, name)
        for item in ordered
        for language, name in sorted(item.names.items())
    ]
    hot.do_each(session, _INSERT_NAME, names)
    item_index.put_entries(session, store_id, ordered)
    return len(ordered)


def _insert_movements(session: Session, store_id: str, movements: Sequence[Movement]) -> list[str]:
    if not movements:
        return []
    values = [
        {
            "store_id": store_id,
            "source_id": movement.source_id,
            "gtin": movement.gtin,
            "reason": movement.reason.value,
            "quantity_milli": movement.quantity_milli,
            "actor": movement.actor,
            "at_utc": movement.at_utc,
            "document_id": movement.document_id,
            **place_values(movement.place),
        }
        for movement in sorted(movements, key=lambda each: each.source_id)
    ]
    rows = insert_many(session, MOVEMENT, values, tail="ON CONFLICT DO NOTHING RETURNING source_id")
    return [source_id for (source_id,) in rows]


def _pieces(rows: Iterable[_T]) -> Iterator[list[_T]]:
    """The rows in lists of at most a thousand."""
    remaining = iter(rows)
    while piece := list(islice(remaining, _PIECE_ROWS)):
        yield piece


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _upsert(dialect: str, table: Table) -> Upsert:
    """An INSERT that can be told what to do about a row that exists; each dialect has its own."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _insert_new(dialect: str, table: Table) -> Statement:
    """Answers the last part of the key of each row that was new."""
    key = table.primary_key.columns.values()[-1]
    return _upsert(dialect, table).on_conflict_do_nothing().returning(key)


@cache
def _put(dialect: str, table: Table) -> Upsert:
    statement = _upsert(dialect, table)
    keys = [column.name for column in table.primary_key]
    rest = {name: statement.excluded[name] for name in table.c.keys() if name not in keys}  # noqa: SIM118
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)


def _add_to_places(
    session: Session, store_id: str, placed_milli: Mapping[tuple[str, Place], int], as_of_utc: datetime
) -> None:
    values = [
        {"gtin": gtin, **place_values(place), "quantity_milli": milli, "as_of_utc": as_of_utc}
        for (gtin, place), milli in placed_milli.items()
    ]
    values.sort(key=lambda row: (row["gtin"], row["location"], row["lot"], row["expires_on"]))
    statement = _add_at_place(_dialect(session))
    session.connection().execute(statement, [{"store_id": store_id, **row} for row in values])


@cache
def _add_at_place(dialect: str) -> Upsert:
    statement = _upsert(dialect, STOCK_AT)
    total = STOCK_AT.c.quantity_milli + statement.excluded.quantity_milli
    return statement.on_conflict_do_update(
        index_elements=["store_id", "gtin", "location", "lot", "expires_on"],
        set_={"quantity_milli": total, "as_of_utc": statement.excluded.as_of_utc},
    )
