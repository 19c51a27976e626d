"""Owns the list of sales and their sums by day, hour and department, over whatever the list is narrowed to.

It must not change a sale, nor know pages. Departments are those the items are in now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select

from inventory.db.repositories import ITEM
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.identifiers import gtin_14
from inventory.services.listing import By, Field, Kind, Listing, Order, Wish, grouped

_tables = StoreTable.metadata.tables
_SALE: Any = _tables["sale"]
_SOLD: Any = _tables["sale_line"].alias("sold")
_LINE: Any = _tables["sale_line"].alias("line")
"""Of the sums, where `_SOLD` is of the filters: as one, the two would be taken for each other."""
_EVENT: Any = _tables["sale_event"]
_LANE: Any = _tables["lane"]

TAKEN_BACK, TO_CHECK, PLAIN = "back", "check", "plain"
"""How a sale stands: paid back, recorded with a difference, or neither."""
DAYS_AT_MOST: Final = 4_000

_IS_BACK = exists().where(
    _EVENT.c.store_id == _SALE.c.store_id, _EVENT.c.sale_id == _SALE.c.sale_id, _EVENT.c.kind == "reversed"
)
_STATE = case((_IS_BACK, TAKEN_BACK), (_SALE.c.flag_count > 0, TO_CHECK), else_=PLAIN)


def _of_receipt(text: str) -> ColumnElement[bool]:
    is_number = text.isascii() and text.isdecimal() and len(text) < 16
    return _SALE.c.receipt_no == int(text) if is_number else false()


def _with_item(text: str) -> ColumnElement[bool]:
    gtin = gtin_14(text)
    is_it = _SOLD.c.name.icontains(text, autoescape=True)
    return exists().where(
        _SOLD.c.store_id == _SALE.c.store_id,
        _SOLD.c.sale_id == _SALE.c.sale_id,
        or_(is_it, _SOLD.c.gtin == gtin) if gtin is not None else is_it,
    )


SALES = Listing(
    source=_SALE,
    scope=_SALE.c.store_id,
    key=(_SALE.c.sale_id,),
    fields=(
        Field("paid", _SALE.c.paid_at_utc, Kind.MOMENT),
        Field("day", _SALE.c.business_day, Kind.DAY, filter=By.RANGE, is_shown=False),
        Field("lane", _SALE.c.lane_id, filter=By.VALUE),
        Field("receipt", _SALE.c.receipt_no, Kind.NUMBER, filter=By.PART, matches=_of_receipt),
        Field("item", _SALE.c.sale_id, filter=By.PART, matches=_with_item, is_shown=False),
        Field("total", _SALE.c.total_minor, Kind.MONEY, filter=By.RANGE),
        Field("state", _STATE, filter=By.VALUE),
        Field("currency", _SALE.c.currency, is_sortable=False),
        Field("sale_id", _SALE.c.sale_id, is_sortable=False),
    ),
    default=Order("paid", is_down=True),
    default_order=(_SALE.c.business_day.desc(), _SALE.c.paid_at_utc.desc(), _SALE.c.sale_id.desc()),
)


@dataclass(frozen=True, slots=True)
class Sum:
    """Sales of one day, hour or department: how many (of a department: lines), and what they came to."""

    key: str
    count: int
    total_minor: int


def by_day(uow: UnitOfWork, store_id: str, wish: Wish) -> tuple[Sum, ...]:
    """Sums by business day (ISO), in order; days without a sale are left out."""
    return _sums(uow, store_id, wish, _SALE.c.business_day, _SALE.c.total_minor)


def by_hour(uow: UnitOfWork, store_id: str, wish: Wish) -> tuple[Sum, ...]:
    """Sums by hour of the store's clock (0 to 23), in order."""
    return _sums(uow, store_id, wish, _SALE.c.business_hour, _SALE.c.total_minor)


def by_department(uow: UnitOfWork, store_id: str, wish: Wish) -> tuple[Sum, ...]:
    """Sums of the lines by department, the largest first; "" for goods in none. Deposits are not in them."""
    source = _SALE.join(
        _LINE, and_(_LINE.c.store_id == _SALE.c.store_id, _LINE.c.sale_id == _SALE.c.sale_id)
    ).outerjoin(ITEM, and_(ITEM.c.store_id == _LINE.c.store_id, ITEM.c.gtin == _LINE.c.gtin))
    department = func.coalesce(ITEM.c.department, "")
    found = _sums(uow, store_id, wish, department, _LINE.c.amount_minor, source=source)
    return tuple(sorted(found, key=lambda each: (-each.total_minor, each.key)))


def taken_back(uow: UnitOfWork, store_id: str, wish: Wish) -> Sum:
    """Those of the sales that were paid back, together."""
    states = {each.key: each for each in _sums(uow, store_id, wish, _STATE, _SALE.c.total_minor)}
    return states.get(TAKEN_BACK, Sum(TAKEN_BACK, 0, 0))


def lane_names(uow: UnitOfWork, store_id: str) -> dict[str, str]:
    """The names of the lanes that may sell here, by id in their order."""
    rows = select(_LANE.c.lane_id, _LANE.c.name).where(_LANE.c.store_id == store_id).order_by(_LANE.c.lane_id)
    return {row.lane_id: row.name for row in uow.session.connection().execute(rows)}


def _sums(
    uow: UnitOfWork, store_id: str, wish: Wish, by: ColumnElement[Any], of: ColumnElement[Any], **kept: Any
) -> tuple[Sum, ...]:
    rows = grouped(uow, store_id, SALES, wish, by=by, of=of, limit=DAYS_AT_MOST, **kept)
    return tuple(Sum(str(key), count, total) for key, count, total in rows)
