"""Owns the store's books page by page, from a place on: items, levels, movements of an item, sales of a day.

It must not know HTTP or how a place is written down for the reader. A page is found by its key, so a book of
millions is read through at the same speed from beginning to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select as select_columns
from sqlalchemy import tuple_
from sqlmodel import col, select

from inventory.db.repositories import ITEM, items_by_gtin, place_of
from inventory.db.tables import MovementRow, SaleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.sales import Sale
from inventory.domain.stock import Movement, Reason
from inventory.services import stock
from inventory.wire import SaleAnswer, SaleMessage, StockMessage


@dataclass(frozen=True, slots=True)
class ReceivedSale:
    """One sale, when it arrived, and what its lane was told about it."""

    sale: Sale
    received_at_utc: datetime
    flags: tuple[str, ...]


def items_after(uow: UnitOfWork, store_id: str, gtin: str, limit: int) -> tuple[Item, ...]:
    """Items whose GTIN is greater than `gtin` ("" for the beginning), by GTIN."""
    gtins = _gtins_after(uow, store_id, gtin, limit)
    known = items_by_gtin(uow.session, store_id, gtins)
    return tuple(known[each] for each in gtins)


def levels_after(uow: UnitOfWork, store_id: str, gtin: str, limit: int) -> tuple[StockMessage, ...]:
    """What is there of the items whose GTIN is greater than `gtin`, by GTIN; packs in whole packs."""
    found = (stock.on_hand(uow, store_id, each) for each in _gtins_after(uow, store_id, gtin, limit))
    return tuple(level for level in found if level is not None)


def movements_before(
    uow: UnitOfWork, store_id: str, gtin: str, place: tuple[datetime, str] | None, limit: int
) -> tuple[Movement, ...]:
    """An item's movements from the newest on; `place` is time and source of the last one read."""
    statement = select(MovementRow).where(MovementRow.store_id == store_id, MovementRow.gtin == gtin)
    if place is not None:
        statement = statement.where(tuple_(col(MovementRow.at_utc), col(MovementRow.source_id)) < place)
    rows = uow.session.exec(
        statement.order_by(col(MovementRow.at_utc).desc(), col(MovementRow.source_id).desc()).limit(limit)
    )
    return tuple(map(_movement, rows))


def sales_after(
    uow: UnitOfWork, store_id: str, day: date, place: tuple[datetime, str] | None, limit: int
) -> tuple[ReceivedSale, ...]:
    """A day's sales in the order they were paid; `place` is time and id of the last one read."""
    statement = select(SaleRow).where(SaleRow.store_id == store_id, SaleRow.business_day == day.isoformat())
    if place is not None:
        statement = statement.where(tuple_(col(SaleRow.paid_at_utc), col(SaleRow.sale_id)) > place)
    rows = uow.session.exec(statement.order_by(col(SaleRow.paid_at_utc), col(SaleRow.sale_id)).limit(limit))
    return tuple(
        ReceivedSale(
            SaleMessage.model_validate_json(row.body).sale,
            row.received_at_utc,
            SaleAnswer.model_validate_json(row.answer).flags,
        )
        for row in rows
    )


def movement_of(uow: UnitOfWork, store_id: str, source_id: str) -> Movement | None:
    """The movement that was posted under this source, or None."""
    row = uow.session.get(MovementRow, (store_id, source_id))
    return None if row is None else _movement(row)


def _movement(row: MovementRow) -> Movement:
    return Movement(
        row.gtin,
        Reason(row.reason),
        row.quantity_milli,
        row.source_id,
        row.actor,
        row.at_utc,
        place_of(row),
        row.document_id,
    )


def _gtins_after(uow: UnitOfWork, store_id: str, gtin: str, limit: int) -> Sequence[str]:
    statement = (
        select_columns(ITEM.c.gtin)
        .where(ITEM.c.store_id == store_id, ITEM.c.gtin > gtin)
        .order_by(ITEM.c.gtin)
        .limit(limit)
    )
    return uow.session.connection().execute(statement).scalars().all()
