"""Owns the stock ledger: posting movements, what is on hand, and the audit of one against the other.

It must not know why a movement was made. Nothing here edits on-hand: a mistake is one more movement. A pack
or bundle has no stock of its own: it is booked as its parts, and what is there of it follows from theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    union_all,
)
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db import bundle_levels
from inventory.db.repositories import (
    ITEM,
    ITEM_NAME,
    MOVEMENT,
    ON_HAND,
    items_by_gtin,
    place_of,
    post_movements,
)
from inventory.db.shelf_table import ReservationRow, ShelfTrustRow
from inventory.db.tables import CatalogueVersionRow, MovementRow, OnHandRow, StoreTable
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.stock import Band, Movement, Reason, band, packs_milli
from inventory.services import reservations, trust
from inventory.wire import StockMessage

RESERVATION = StoreTable.metadata.tables[str(ReservationRow.__tablename__)]
TRUST = StoreTable.metadata.tables[str(ShelfTrustRow.__tablename__)]
_IS_PACK = and_(ITEM.c.multipack_of != "", ITEM.c.multipack_units > 0)
_BOOKED_AS = case((_IS_PACK, ITEM.c.multipack_of), else_=ITEM.c.gtin)
_SHELVES = ITEM.outerjoin(
    ON_HAND, and_(ON_HAND.c.store_id == ITEM.c.store_id, ON_HAND.c.gtin == _BOOKED_AS)
).outerjoin(TRUST, and_(TRUST.c.store_id == ITEM.c.store_id, TRUST.c.gtin == ITEM.c.gtin))
_RESERVED = (
    select_columns(func.coalesce(func.sum(RESERVATION.c.quantity_milli), 0))
    .where(RESERVATION.c.store_id == ITEM.c.store_id, RESERVATION.c.gtin == _BOOKED_AS)
    .correlate(ITEM)
    .scalar_subquery()
)
_PACK_UNITS = case((_IS_PACK, ITEM.c.multipack_units), else_=0).label("pack_units")
_SURE = (TRUST.c.counted_at_utc, func.coalesce(TRUST.c.doubts, 0).label("doubts"))
_LEVELS = select_columns(
    ITEM.c.gtin,
    _PACK_UNITS,
    func.coalesce(bundle_levels.WHOLE_MILLI, ON_HAND.c.on_hand_milli, 0).label("booked_milli"),
    func.coalesce(bundle_levels.AS_OF_UTC, ON_HAND.c.as_of_utc).label("as_of_utc"),
    func.coalesce(bundle_levels.WHOLE_MILLI - bundle_levels.FREE_MILLI, _RESERVED).label("reserved_milli"),
    *_SURE,
).select_from(_SHELVES)
_LEVELS_BUT_BUNDLES = select_columns(
    ITEM.c.gtin,
    _PACK_UNITS,
    func.coalesce(ON_HAND.c.on_hand_milli, 0).label("booked_milli"),
    ON_HAND.c.as_of_utc,
    _RESERVED.label("reserved_milli"),
    *_SURE,
).select_from(_SHELVES)
LevelRow = Row[Any, Any, Any, Any, Any, Any, Any]
_IN_STORE = ITEM.c.store_id == bindparam("store")
_MOVED: BindParameter[Any] = bindparam("moved", expanding=True)

# Built once: every sale and every lane that connects asks one of these.
_LEVELS_OF_STORE = _LEVELS.where(_IN_STORE).order_by(ITEM.c.gtin)
_LEVEL_OF_ITEM = _LEVELS.where(_IN_STORE, ITEM.c.gtin == bindparam("gtin"))
_LEVELS_OF_MOVED = _LEVELS_OF_STORE.where(ITEM.c.gtin.in_(_MOVED))
_LEVELS_OF_SOLD = _LEVELS_BUT_BUNDLES.where(_IN_STORE, ITEM.c.gtin.in_(_MOVED)).order_by(ITEM.c.gtin)
"""As the one before, a quarter quicker, for what has no bundle among it."""
_MADE_OF_MOVED = union_all(
    select_columns(ITEM.c.gtin, literal(0).label("is_bundle")).where(
        _IN_STORE, ITEM.c.multipack_of.in_(_MOVED)
    ),
    bundle_levels.with_parts_of("moved"),
)
_LEVELS_SINCE = _LEVELS_OF_STORE.where(ON_HAND.c.as_of_utc >= bindparam("since"))
_BUNDLES_SINCE = bundle_levels.moved_since()
_MADE_AT = select_columns(func.max(col(CatalogueVersionRow.made_at_utc))).where(
    col(CatalogueVersionRow.store_id) == bindparam("store")
)


@dataclass(frozen=True, slots=True)
class Level:
    """One item and what is there of it. `as_of_utc` is its last movement, None when it never moved.

    A pack's level is that of its singles, in whole packs.
    """

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
    uow: UnitOfWork,
    store_id: str,
    movements: Sequence[Movement],
    *,
    as_of_utc: datetime,
    is_told: bool = True,
) -> tuple[StockMessage, ...]:
    """Posts those movements that are new; answers and announces what is there of every item that moved.

    The packs of a single that moved are told of as well. Without `is_told` nothing is answered or announced:
    where so much moves that lanes fetch the whole, a message for each would fill the memory.
    """
    posted = post_movements(uow.session, store_id, movements, as_of_utc=as_of_utc)
    counted = [movement.gtin for movement in movements if movement.reason is Reason.COUNT]
    if posted and counted:
        trust.counted(uow, store_id, counted, as_of_utc)
    messages = messages_of_moved(uow, store_id, posted) if posted and is_told else ()
    for message in messages:
        uow.announce(store_id, "stock", message=message)
    return messages


def tell(uow: UnitOfWork, store_id: str, gtins: Iterable[str]) -> None:
    """Announces anew what is there of these items and their packs: what may be said of them has changed."""
    booked = list(gtins)
    if not booked:
        return
    for message in _levels_of(uow, store_id, booked, datetime.min.replace(tzinfo=UTC)).values():
        uow.announce(store_id, "stock", message=message)


def on_hand(uow: UnitOfWork, store_id: str, gtin: str) -> StockMessage | None:
    """What is there of a GTIN-14, of a pack in whole packs; None for what the store has never heard of.

    An item that never moved has nothing, and that is known since its catalogue was made.
    """
    row = uow.session.connection().execute(_LEVEL_OF_ITEM, {"store": store_id, "gtin": gtin}).first()
    if row is not None:
        return _message(row, row.as_of_utc or _made_at(uow, store_id))
    stray = uow.session.get(OnHandRow, (store_id, gtin))
    return None if stray is None else _ledger_message(stray)


def on_hand_now(database: Database, store_id: str, gtin: str) -> StockMessage | None:
    """As `on_hand`, without a transaction around it: what every lane and phone asks all the time."""
    row = database.glance(_LEVEL_OF_ITEM, {"store": store_id, "gtin": gtin})
    if row is not None and row.as_of_utc is not None:
        return _message(row, row.as_of_utc)
    with database.read() as uow:
        return on_hand(uow, store_id, gtin)


def of_items(uow: UnitOfWork, store_id: str, gtins: Iterable[str]) -> tuple[StockMessage, ...]:
    """What is there of these items of the catalogue, by GTIN; others are left out."""
    wanted = sorted(set(gtins))
    if not wanted:
        return ()
    rows = uow.session.connection().execute(_LEVELS_OF_MOVED, {"store": store_id, "moved": wanted}).all()
    made_at_utc = _made_at(uow, store_id)
    return tuple(_message(row, made_at_utc) for row in rows)


def each_of_catalogue(uow: UnitOfWork, store_id: str) -> Iterator[StockMessage]:
    """What is there of every item of the catalogue, by GTIN, whether it ever moved or not, one by one."""
    made_at_utc = _made_at(uow, store_id)
    few = {"yield_per": 1000}
    rows = uow.session.connection().execute(_LEVELS_OF_STORE, {"store": store_id}, execution_options=few)
    return (_message(row, made_at_utc) for row in rows)


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
    rows = connection.execute(
        _LEVELS.where(where)
        .order_by(ITEM.c.department, ITEM.c.aisle, ITEM.c.gtin)
        .limit(limit)
        .offset(offset)
    ).all()
    items = items_by_gtin(uow.session, store_id, [row.gtin for row in rows])
    return LevelPage(total, tuple(_level(items[row.gtin], row) for row in rows))


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
        Movement(
            row.gtin,
            Reason(row.reason),
            row.quantity_milli,
            row.source_id,
            row.actor,
            row.at_utc,
            place_of(row),
            row.document_id,
        )
        for row in rows
    )


def negative(uow: UnitOfWork, store_id: str) -> tuple[StockMessage, ...]:
    """Items of which fewer than none are on hand: more was sold than was ever booked in."""
    rows = uow.session.exec(
        select(OnHandRow)
        .where(OnHandRow.store_id == store_id, OnHandRow.on_hand_milli < 0)
        .order_by(col(OnHandRow.gtin))
    )
    return tuple(map(_ledger_message, rows))


def moved_since(uow: UnitOfWork, store_id: str, since_utc: datetime) -> tuple[StockMessage, ...]:
    """What is there of the items (and of the packs of items) that moved since then, by GTIN.

    This is what a lane that comes back must hear; what is not in the catalogue it could not show.
    """
    rows = uow.session.connection().execute(_LEVELS_SINCE, {"store": store_id, "since": since_utc})
    messages = {row.gtin: _message(row, since_utc) for row in rows}
    bundles = uow.session.connection().execute(_BUNDLES_SINCE, {"store": store_id, "since": since_utc})
    # What is in baskets or in doubt changes without a movement: all of that is told.
    open_now = {
        *bundles.scalars(),
        *reservations.reserved_now(uow, store_id),
        *trust.doubted_now(uow, store_id),
    }
    if open_now:
        messages |= _levels_of(uow, store_id, sorted(open_now - messages.keys()), since_utc)
    return tuple(messages[gtin] for gtin in sorted(messages))


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


def messages_of_moved(
    uow: UnitOfWork, store_id: str, posted: Sequence[tuple[str, int, datetime]]
) -> tuple[StockMessage, ...]:
    """What is there now of items that moved and of all that is made of them, by GTIN.

    `posted` (one at least) is GTIN, sum and time of each as the ledger answered.
    """
    moved = [gtin for gtin, _, _ in posted]
    # What is booked is no bundle itself.
    messages = _levels_of(uow, store_id, moved, posted[0][2], unbundled=_LEVELS_OF_SOLD)
    for gtin, on_hand_milli, as_of_utc in posted:  # what is sold without being in the catalogue
        stray = StockMessage(gtin=gtin, on_hand_milli=on_hand_milli, as_of_utc=as_of_utc)
        messages.setdefault(gtin, stray)
    return tuple(messages[gtin] for gtin in sorted(messages))


def _levels_of(
    uow: UnitOfWork,
    store_id: str,
    booked: list[str],
    never_moved_utc: datetime,
    *,
    unbundled: Select[Any] = _LEVELS_OF_MOVED,
) -> dict[str, StockMessage]:
    """What is there of these and of all that is made of them; `unbundled` asks where no bundle is."""
    # Two questions, each answered by an index; as one with OR it reads every item at every sale.
    connection = uow.session.connection()
    made_of_them = connection.execute(_MADE_OF_MOVED, {"store": store_id, "moved": booked}).all()
    has_bundle = any(row.is_bundle for row in made_of_them)
    asked = [*booked, *(row.gtin for row in made_of_them)]
    statement = _LEVELS_OF_MOVED if has_bundle else unbundled
    rows = connection.execute(statement, {"store": store_id, "moved": asked})
    return {row.gtin: _message(row, never_moved_utc) for row in rows}


def _made_at(uow: UnitOfWork, store_id: str) -> datetime:
    made_at_utc = uow.session.connection().execute(_MADE_AT, {"store": store_id}).scalar_one()
    return made_at_utc or datetime.min.replace(tzinfo=UTC)


def _message(row: LevelRow, never_moved_utc: datetime) -> StockMessage:
    on_hand_milli = _on_hand_milli(row)
    return StockMessage(
        gtin=row.gtin,
        on_hand_milli=on_hand_milli,
        as_of_utc=never_moved_utc if row.as_of_utc is None else row.as_of_utc,
        reserved_milli=on_hand_milli - _in_packs(row.booked_milli - row.reserved_milli, row),
        counted_at_utc=row.counted_at_utc,
        doubts=row.doubts,
    )


def _ledger_message(row: OnHandRow) -> StockMessage:
    return StockMessage(gtin=row.gtin, on_hand_milli=row.on_hand_milli, as_of_utc=row.as_of_utc)


def _level(item: Item, row: LevelRow) -> Level:
    on_hand_milli = _on_hand_milli(row)
    return Level(item, on_hand_milli, row.as_of_utc, band(on_hand_milli))


def _on_hand_milli(row: LevelRow) -> int:
    return _in_packs(row.booked_milli, row)


def _in_packs(booked_milli: int, row: LevelRow) -> int:
    return packs_milli(booked_milli, row.pack_units) if row.pack_units else int(booked_milli)


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
