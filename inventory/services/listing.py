"""Owns long lists: which columns one may be sorted and filtered by, a page of it, and all of it as a stream.

It must not know pages, words or files. Whatever a visitor asks, only the columns a listing declares reach the
database, and only bound to values; sorting and filtering happen there, never here.

    SALES = Listing(
        source=SALE,
        scope=SALE.c.store_id,
        key=(SALE.c.sale_id,),
        fields=(
            Field("paid", SALE.c.paid_at_utc, Kind.MOMENT, filter=By.RANGE),
            Field("total", SALE.c.total_minor, Kind.MONEY, filter=By.RANGE),
            Field("sale_id", SALE.c.sale_id, is_sortable=False),
        ),
        default=Order("paid", is_down=True),
    )
    page = page_of(uow, store_id, SALES, Wish(order=Order("total"), filters=(Between("total", 100, 500),)))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, literal, select

from inventory.db.unit_of_work import UnitOfWork

PAGE_ROWS = 50
COUNTED_AT_MOST = 10_000
"""Rows that are counted and can be paged to: the offset stays bounded however long the list is."""
SORTED_AT_MOST = 100_000
"""Longer lists are sorted by what an index holds alone: nobody waits a minute for a page."""
_STREAM_ROWS = 1_000
_GROUP = "group_of_rows"

ListRow = Mapping[str, Any]
"""One row by the keys of its listing's fields."""


class Kind(Enum):
    """What a field holds. Money is minor units, a quantity thousandths, a moment UTC, a day its ISO text."""

    TEXT = auto()
    NUMBER = auto()
    MONEY = auto()
    QUANTITY = auto()
    MOMENT = auto()
    DAY = auto()


class By(Enum):
    """How a field is filtered."""

    NOTHING = auto()
    PART = auto()
    """Some text is contained, whatever its capitals."""
    VALUE = auto()
    """The field is exactly one of few values."""
    RANGE = auto()
    """The field lies between two bounds, both included; of moments the upper bound is excluded."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `matches` finds a text in its own way, where "contained in the expression" is not it."""

    key: str
    expression: ColumnElement[Any]
    kind: Kind = Kind.TEXT
    filter: By = By.NOTHING
    is_sortable: bool = True
    is_nullable: bool = False
    is_costly: bool = False
    """No index holds this order: a list of more than SORTED_AT_MOST rows is not sorted by it."""
    sorted_by: ColumnElement[Any] | None = None
    matches: Callable[[str], ColumnElement[bool]] | None = None
    is_shown: bool = True
    """False for one that is only filtered by."""


@dataclass(frozen=True, slots=True)
class Order:
    """The column a list is sorted by."""

    key: str
    is_down: bool = False


@dataclass(frozen=True, slots=True)
class Holds:
    """The field contains (By.PART) or is (By.VALUE) a text."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Between:
    """The field lies between two values; None is no bound."""

    key: str
    least: Any = None
    most: Any = None


Filter = Holds | Between


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can be asked for. `scope` is the column of the store, `key` tells rows apart."""

    source: FromClause
    scope: ColumnElement[Any]
    key: tuple[ColumnElement[Any], ...]
    fields: tuple[Field, ...]
    default: Order
    where: tuple[ColumnElement[bool], ...] = ()
    """What every row must be besides being the store's."""
    default_order: tuple[ColumnElement[Any], ...] = ()
    """Used in place of `default` alone while nobody asked for an order, e.g. a whole index."""

    def find(self, key: str) -> Field | None:
        """The field of this name."""
        return next((each for each in self.fields if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked of a listing. Names it does not know, or does not allow, are passed over."""

    order: Order | None = None
    filters: tuple[Filter, ...] = ()
    page_no: int = 1


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page. `total` counts up to COUNTED_AT_MOST; `is_more` says that there are more than that."""

    rows: tuple[ListRow, ...]
    total: int
    is_more: bool
    page_no: int
    page_count: int
    order: Order
    filters: tuple[Filter, ...] = field(default=())
    is_order_refused: bool = False
    """The list was too long for the order that was wished for, and has its default one."""


def page_of(
    uow: UnitOfWork,
    store_id: str,
    listing: Listing,
    wish: Wish,
    *,
    rows: int = PAGE_ROWS,
    at_most: int = COUNTED_AT_MOST,
    sorted_at_most: int = SORTED_AT_MOST,
) -> ListPage:
    """The page that was wished for, or the nearest there is. Its order is total: no row twice, none lost."""
    connection = uow.session.connection()
    wanted = _conditions(store_id, listing, wish)
    asked, wish = wish, _affordable(uow, store_id, listing, wish, sorted_at_most)
    found = _count(uow, store_id, listing, wish, at_most)
    total = min(found, at_most)
    page_count = max(1, -(-total // rows))
    page_no = min(max(1, wish.page_no), page_count)
    statement = _ordered(listing, wish).where(wanted).limit(rows).offset((page_no - 1) * rows)
    got = tuple(dict(row) for row in connection.execute(statement).mappings())
    return ListPage(
        got,
        total,
        found > at_most,
        page_no,
        page_count,
        _order_of(listing, wish),
        tuple(each for each in wish.filters if _condition(listing, each) is not None),
        asked.order != wish.order,
    )


def stream(uow: UnitOfWork, store_id: str, listing: Listing, wish: Wish) -> Iterator[ListRow]:
    """Every row that fits, in the wished order, a thousand at a time: memory does not grow with the list."""
    wish = _affordable(uow, store_id, listing, wish, SORTED_AT_MOST)
    statement = _ordered(listing, wish).where(_conditions(store_id, listing, wish))
    connection = uow.session.connection()
    # yield_per streams from the server as well; the options are this statement's alone.
    rows = connection.execute(statement, execution_options={"yield_per": _STREAM_ROWS})
    for row in rows.mappings():
        yield dict(row)


def grouped(
    uow: UnitOfWork,
    store_id: str,
    listing: Listing,
    wish: Wish,
    *,
    by: ColumnElement[Any],
    of: ColumnElement[Any],
    source: FromClause | None = None,
    limit: int = COUNTED_AT_MOST,
) -> tuple[tuple[Any, int, int], ...]:
    """What fits, in groups: (group, rows, sum of `of`), in the order of the groups, `limit` of them at most.

    `source` widens the listing's own, which must be in it.
    """
    statement = (
        select(by.label(_GROUP), func.count(), func.coalesce(func.sum(of), 0))
        .select_from(listing.source if source is None else source)
        .where(_conditions(store_id, listing, wish))
        .group_by(_GROUP)  # by its name: with values bound into it, PostgreSQL takes it for another one
        .order_by(_GROUP)
        .limit(limit)
    )
    rows = uow.session.connection().execute(statement)
    return tuple((group, int(count), int(total)) for group, count, total in rows)


def values_of(
    uow: UnitOfWork, store_id: str, column: ColumnElement[Any], *, limit: int = 200
) -> tuple[str, ...]:
    """The different texts of an indexed column, by name: what a choice offers. The empty text is left out."""
    store = column.table.c.store_id
    wanted = select(column).where(store == store_id, column != "").distinct().order_by(column).limit(limit)
    return tuple(uow.session.connection().execute(wanted).scalars())


def _affordable(uow: UnitOfWork, store_id: str, listing: Listing, wish: Wish, at_most: int) -> Wish:
    """The wish, without its order where that would mean to sort very many rows."""
    found = listing.find(wish.order.key) if wish.order is not None else None
    if found is None or not found.is_costly:
        return wish
    is_short = _count(uow, store_id, listing, wish, at_most) <= at_most
    return wish if is_short else replace(wish, order=None)


def _count(uow: UnitOfWork, store_id: str, listing: Listing, wish: Wish, at_most: int) -> int:
    """The rows that fit, counted up to one more than `at_most`."""
    wanted = _conditions(store_id, listing, wish)
    some = select(literal(1)).select_from(listing.source).where(wanted).limit(at_most + 1)
    counted = select(func.count()).select_from(some.subquery())
    return int(uow.session.connection().execute(counted).scalar_one())


def _conditions(store_id: str, listing: Listing, wish: Wish) -> ColumnElement[bool]:
    asked = (_condition(listing, each) for each in wish.filters)
    return and_(listing.scope == store_id, *listing.where, *(each for each in asked if each is not None))


def _condition(listing: Listing, wanted: Filter) -> ColumnElement[bool] | None:
    found = listing.find(wanted.key)
    if found is None:
        return None
    match found.filter, wanted:
        case By.PART, Holds(text=text) if text.strip():
            if found.matches is not None:
                return found.matches(text.strip())
            return found.expression.icontains(text.strip(), autoescape=True)
        case By.VALUE, Holds(text=text) if text:
            return found.matches(text) if found.matches is not None else found.expression == text
        case By.RANGE, Between(least=least, most=most) if (least, most) != (None, None):
            return _between(found, least, most)
        case _:
            return None


def _between(found: Field, least: Any, most: Any) -> ColumnElement[bool]:
    bounds: list[ColumnElement[bool]] = []
    if least is not None:
        bounds.append(found.expression >= least)
    if most is not None:
        is_moment = found.kind is Kind.MOMENT
        bounds.append(found.expression < most if is_moment else found.expression <= most)
    return and_(*bounds)


def _order_of(listing: Listing, wish: Wish) -> Order:
    wanted = listing.find(wish.order.key) if wish.order is not None else None
    return (
        wish.order
        if wish.order is not None and wanted is not None and wanted.is_sortable
        else listing.default
    )


def _ordered(listing: Listing, wish: Wish) -> Select[Any]:
    order = _order_of(listing, wish)
    columns = [each.expression.label(each.key) for each in listing.fields if each.is_shown]
    statement = select(*columns).select_from(listing.source)
    if order == listing.default and listing.default_order:
        return statement.order_by(*listing.default_order)
    found = listing.find(order.key)
    assert found is not None, "a listing's default order names one of its fields"
    by = found.expression if found.sorted_by is None else found.sorted_by
    directed = by.desc() if order.is_down else by.asc()
    # Without this SQLite puts the unknown first and PostgreSQL last; where all is known, an index may serve.
    first = directed.nulls_last() if found.is_nullable else directed
    ties = [each.desc() if order.is_down else each.asc() for each in listing.key]
    return statement.order_by(first, *ties)
