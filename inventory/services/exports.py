"""Owns the ways out: the catalogue as CSV and Excel, the stock as CSV, the ledger as EPCIS events.

It must not hold a catalogue or a ledger: rows are read and written a few hundred at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, select

from inventory.db.repositories import ITEM, ITEM_NAME, MOVEMENT, ON_HAND, items_by_gtin
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item, SoldBy
from inventory.domain.stock import Movement, Reason
from inventory.formats.csv_catalogue import cells_of, columns_for
from inventory.formats.epcis_out import written_epcis
from inventory.formats.sheet import written_sheet
from inventory.formats.workbook_out import write_workbook

CHUNK = 500
STOCK_COLUMNS = ("gtin", "sku", "name", "department", "aisle", "bay", "on_hand_milli", "as_of_utc")

_GTINS_AFTER = (
    select(ITEM.c.gtin)
    .where(ITEM.c.store_id == bindparam("store"), ITEM.c.gtin > bindparam("after"))
    .order_by(ITEM.c.gtin)
    .limit(CHUNK)
)
_ON_HAND = select(ON_HAND.c.gtin, ON_HAND.c.on_hand_milli, ON_HAND.c.as_of_utc).where(
    ON_HAND.c.store_id == bindparam("store"), ON_HAND.c.gtin.in_(bindparam("gtins", expanding=True))
)
_LANGUAGES = select(ITEM_NAME.c.language).where(ITEM_NAME.c.store_id == bindparam("store")).distinct()
_MOVEMENTS_AFTER = (
    select(MOVEMENT)
    .where(MOVEMENT.c.store_id == bindparam("store"), MOVEMENT.c.source_id > bindparam("after"))
    .where(MOVEMENT.c.at_utc >= bindparam("since"), MOVEMENT.c.at_utc < bindparam("until"))
    .order_by(MOVEMENT.c.source_id)
    .limit(CHUNK)
)


def catalogue_csv(uow: UnitOfWork, store_id: str) -> Iterator[bytes]:
    """The catalogue as a file that an import takes back, with what is on hand in its last column.

    A pack's cell is empty there: its pieces stand in the line of the single, and would be booked twice.
    """
    columns = _columns(uow, store_id)
    yield from written_sheet(columns, catalogue_rows(uow, store_id, columns))


def catalogue_workbook(uow: UnitOfWork, store_id: str, path: Path) -> None:
    """The same as an Excel workbook at `path`; numbers that are names, such as GTINs, are text there."""
    columns = _columns(uow, store_id)
    write_workbook(path, columns, catalogue_rows(uow, store_id, columns))


def catalogue_rows(uow: UnitOfWork, store_id: str, columns: tuple[str, ...]) -> Iterator[list[str]]:
    """The catalogue's rows under these columns, by GTIN."""
    for items in _items(uow, store_id):
        on_hand = _on_hand(uow, store_id, items)
        for item in items:
            there, _ = on_hand.get(item.gtin, (0, None))
            yield cells_of(item, columns, None if item.is_pack else there)


def stock_csv(uow: UnitOfWork, store_id: str) -> Iterator[bytes]:
    """What is on hand of every item, in thousandths, and when that last changed."""
    yield from written_sheet(STOCK_COLUMNS, _stock_rows(uow, store_id))


def ledger_epcis(
    uow: UnitOfWork, store_id: str, *, since_utc: datetime, until_utc: datetime, now_utc: datetime
) -> Iterator[bytes]:
    """The movements of a time as GS1 EPCIS 2.0 events."""
    movements = _movements(uow, store_id, since_utc, until_utc)
    yield from written_epcis(movements, store_id=store_id, now_utc=now_utc)


def _columns(uow: UnitOfWork, store_id: str) -> tuple[str, ...]:
    return columns_for(uow.session.connection().execute(_LANGUAGES, {"store": store_id}).scalars())


def _items(uow: UnitOfWork, store_id: str) -> Iterator[list[Item]]:
    after = ""
    while True:
        bind = {"store": store_id, "after": after}
        gtins = list(uow.session.connection().execute(_GTINS_AFTER, bind).scalars())
        if not gtins:
            return
        found = items_by_gtin(uow.session, store_id, gtins)
        yield [found[gtin] for gtin in gtins]
        after = gtins[-1]


def _on_hand(uow: UnitOfWork, store_id: str, items: list[Item]) -> dict[str, tuple[int, datetime]]:
    bind = {"store": store_id, "gtins": [item.gtin for item in items]}
    rows = uow.session.connection().execute(_ON_HAND, bind)
    return {row.gtin: (int(row.on_hand_milli), row.as_of_utc) for row in rows}


def _stock_rows(uow: UnitOfWork, store_id: str) -> Iterator[list[str]]:
    for items in _items(uow, store_id):
        on_hand = _on_hand(uow, store_id, items)
        for item in items:
            if item.is_pack:
                continue
            there, moved_at = on_hand.get(item.gtin, (0, None))
            place = (item.department, item.aisle, item.bay)
            moment = moved_at.isoformat() if moved_at else ""
            yield [item.gtin, item.sku, item.name(FALLBACK_LANGUAGE), *place, str(there), moment]


def _movements(
    uow: UnitOfWork, store_id: str, since_utc: datetime, until_utc: datetime
) -> Iterator[tuple[Movement, SoldBy]]:
    after = ""
    while True:
        bind = {"store": store_id, "after": after, "since": since_utc, "until": until_utc}
        rows = uow.session.connection().execute(_MOVEMENTS_AFTER, bind).all()
        if not rows:
            return
        items = items_by_gtin(uow.session, store_id, [row.gtin for row in rows])
        for row in rows:
            item = items.get(row.gtin)
            movement = Movement(
                row.gtin, Reason(row.reason), int(row.quantity_milli), row.source_id, row.actor, row.at_utc
            )
            yield movement, item.sold_by if item else SoldBy.UNIT
        after = rows[-1].source_id
