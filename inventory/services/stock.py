"""Owns the stock ledger: posting movements, what is on hand, and the audit of one against the other.

It must not know why a movement was made. Nothing here edits on-hand: a mistake is one more movement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.repositories import ITEM, ITEM_NAME, MOVEMENT, ON_HAND, items_by_gtin, post_movements
from inventory.db.tables import MovementRow, OnHandRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.stock import Band, Movement, Reason, band
from inventory.wire import StockMessage


@dataclass(frozen=True, slots=True)
class Level:
    """One item and what is there of it. `as_of_utc` is its last movement, None when it never moved."""

    item: Item
    on_hand_milli: int
    as_of_utc: datetime | None
    band: Band


@dataclass(frozen=True, slots=True)
class LevelPage:
    """One page of levels; `total` counts all that the search found."""

    total: int
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class StockDifference:
    """An item whose running sum is not the sum of its movements (invariant I3)."""

    gtin: str
    ledger_milli: int
    on_hand_milli: int


def post(uow: UnitOfWork, store_id: str, movement: Movement) -> bool:
    """Posts one movement and announces the new on-hand; False when its source was posted before."""
    return bool(post_all(uow, store_id, [movement], as_of_utc=movement.at_utc))


def post_all(
    uow: UnitOfWork, store_id: str, movements: Sequence[Movement], *, as_of_utc: datetime
) -> tuple[StockMessage, ...]:
    """Posts those movements that are new; answers and announces the on-hand of every item that moved."""
    moved = tuple(
        StockMessage(gtin=gtin, on_hand_milli=on_hand_milli, as_of_utc=known_utc)
        for gtin, on_hand_milli, known_utc in post_movements(
            uow.session, store_id, movements, as_of_utc=as_of_utc
        )
    )
    for message in moved:
        uow.announce(store_id, "stock", message=message)
    return moved


def on_hand(uow: UnitOfWork, store_id: str, gtin: str) -> StockMessage | None:
    """On-hand of a GTIN-14, or None when it never moved."""
    row = uow.session.exec(
        select(OnHandRow).where(OnHandRow.store_id == store_id, OnHandRow.gtin == gtin)
    ).first()
    return None if row is None else _message(row)


def levels(
    uow: UnitOfWork,
    store_id: str,
    *,
    search: str = "",
    department: str = "",
    limit: int = 50,
    offset: int = 0,
) -> LevelPage:
    """A page of items with their on-hand, by department, aisle and GTIN.

    `search` is part of a name in any language, of an SKU, a PLU or a GTIN.
    """
    where = _level_filter(store_id, search=search, department=department)
    connection = uow.session.connection()
    total = connection.execute(select_columns(func.count()).select_from(ITEM).where(where)).scalar_one()
    joined = ITEM.outerjoin(
        ON_HAND, and_(ON_HAND.c.store_id == ITEM.c.store_id, ON_HAND.c.gtin == ITEM.c.gtin)
    )
    rows = connection.execute(
        select_columns(
            ITEM.c.gtin,
            func.coalesce(ON_HAND.c.on_hand_milli, 0).label("on_hand_milli"),
            ON_HAND.c.as_of_utc,
        )
        .select_from(joined)
        .where(where)
        .order_by(ITEM.c.department, ITEM.c.aisle, ITEM.c.gtin)
        .limit(limit)
        .offset(offset)
    ).all()
    items = items_by_gtin(uow.session, store_id, [row.gtin for row in rows])
    return LevelPage(
        total,
        tuple(
            Level(items[row.gtin], row.on_hand_milli, row.as_of_utc, band(row.on_hand_milli)) for row in rows
        ),
    )


def departments(uow: UnitOfWork, store_id: str) -> tuple[str, ...]:
    """The departments that items are in, by name."""
    names = select_columns(ITEM.c.department).where(ITEM.c.store_id == store_id, ITEM.c.department != "")
    rows = uow.session.connection().execute(names.distinct().order_by(ITEM.c.department))
    return tuple(rows.scalars())


def movements(uow: UnitOfWork, store_id: str, gtin: str, *, limit: int = 50) -> tuple[Movement, ...]:
    """The latest movements of an item, newest first."""
    rows = uow.session.exec(
        select(MovementRow)
        .where(MovementRow.store_id == store_id, MovementRow.gtin == gtin)
        .order_by(col(MovementRow.at_utc).desc(), col(MovementRow.source_id).desc())
        .limit(limit)
    )
    return tuple(
        Movement(row.gtin, Reason(row.reason), row.quantity_milli, row.source_id, row.actor, row.at_utc)
        for row in rows
    )


def negative(uow: UnitOfWork, store_id: str) -> tuple[StockMessage, ...]:
    """Items of which fewer than none are on hand: more was sold than was ever booked in."""
    rows = uow.session.exec(
        select(OnHandRow)
        .where(OnHandRow.store_id == store_id, OnHandRow.on_hand_milli < 0)
        .order_by(col(OnHandRow.gtin))
    )
    return tuple(map(_message, rows))


def moved_since(uow: UnitOfWork, store_id: str, since_utc: datetime) -> tuple[StockMessage, ...]:
    """On-hand of the items that moved since then: what a lane that comes back must hear."""
    rows = uow.session.exec(
        select(OnHandRow)
        .where(OnHandRow.store_id == store_id, OnHandRow.as_of_utc >= since_utc)
        .order_by(col(OnHandRow.gtin))
    )
    return tuple(map(_message, rows))


def audit(uow: UnitOfWork, store_id: str) -> list[StockDifference]:
    """Items whose on-hand is not the sum of their movements; empty while the ledger is sound."""
    connection = uow.session.connection()
    summed = (
        select_columns(MOVEMENT.c.gtin, func.sum(MOVEMENT.c.quantity_milli))
        .where(MOVEMENT.c.store_id == store_id)
        .group_by(MOVEMENT.c.gtin)
    )
    ledger = {gtin: int(milli) for gtin, milli in connection.execute(summed)}
    kept_rows = select_columns(ON_HAND.c.gtin, ON_HAND.c.on_hand_milli).where(ON_HAND.c.store_id == store_id)
    kept = {gtin: int(milli) for gtin, milli in connection.execute(kept_rows)}
    return [
        StockDifference(gtin, ledger.get(gtin, 0), kept.get(gtin, 0))
        for gtin in sorted(ledger.keys() | kept.keys())
        if ledger.get(gtin, 0) != kept.get(gtin, 0)
    ]


def _message(row: OnHandRow) -> StockMessage:
    return StockMessage(gtin=row.gtin, on_hand_milli=row.on_hand_milli, as_of_utc=row.as_of_utc)


def _level_filter(store_id: str, *, search: str, department: str) -> ColumnElement[bool]:
    where: list[ColumnElement[Any]] = [ITEM.c.store_id == store_id]
    if department:
        where.append(ITEM.c.department == department)
    wanted = search.strip()
    if wanted:
        named = (
            select_columns(literal(1))
            .where(ITEM_NAME.c.store_id == ITEM.c.store_id, ITEM_NAME.c.gtin == ITEM.c.gtin)
            .where(ITEM_NAME.c.name.icontains(wanted, autoescape=True))
            .exists()
        )
        codes = [
            column.icontains(wanted, autoescape=True) for column in (ITEM.c.sku, ITEM.c.plu, ITEM.c.gtin)
        ]
        where.append(or_(named, *codes))
    return and_(*where)
