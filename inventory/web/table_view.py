"""Owns how a table is described once and shown: heads that sort, filters, cells, pages, all in the address.

It must not know SQL (services.listing does) nor files (table_export does).

How to make one. The service of your room declares a `Listing` (what may be asked of the database). Your
page describes the same columns for people and hands the description to `show`; the template draws the answer:

    def sales_table(texts: Texts, *, zone: ZoneInfo, currency: str) -> Table:
        return Table(
            name="sales", path="/manager/sales", caption=texts.text("Sales"), listing=sales_list.SALES,
            columns=(
                Column("paid", texts.text("When")),
                Column("receipt", texts.text("Receipt"), link=lambda row: f"/sale?id={row['sale_id']}"),
                Column("total", texts.text("Total")),
            ),
            empty=texts.text("Nothing was sold yet."), texts=texts, zone=zone, currency=currency,
        )

    def page(self, request: Request) -> Response:  # of a class on console_frame.ConsolePage
        return self.table_page(request, "sales", sales_table(...), here="/manager/sales")

`table_page` answers the page (template templates/manager/sales.html) or, for `?export=csv`, the file: what is
filtered, as it is sorted. With more on the page than the table, use `table_export.answer` and `show` alone.

    {% import "manager/table.html" as tables with context %} … {{ tables.draw(table) }}

A column's filter follows from its field: By.PART is a text box, By.VALUE a choice (`choices` or `words`),
By.RANGE two bounds. A Column of a field that is not shown is only a filter. `show` of a Column makes a cell
of its own (text cells are exported as they are shown, figures and moments as plain values); everything else
follows from the field's kind. Money takes a field `currency`, and a quantity `sold_by`, from its row where
there is one. Works without a script; with one, only the table's own part of the page is fetched again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import SoldBy
from inventory.domain.moments import format_day, format_moment
from inventory.domain.money import format_money, format_weight
from inventory.services.listing import By, Field, Kind, Listing, ListPage, ListRow, Order, page_of
from inventory.web.table_query import Asked, names_of, read_query
from inventory.web.texts import Texts

NUMERIC: Final = frozenset({Kind.NUMBER, Kind.MONEY, Kind.QUANTITY})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it is drawn. `look`: the class of a pill around it, `mark` a sign before its words.

    `deed` is an address: the cell is a button that posts to it.
    """

    text: str
    href: str = ""
    look: str = ""
    mark: str = ""
    note: str = ""
    is_bad: bool = False
    is_ltr: bool = False
    deed: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column for people; `key` is a field of the listing. `words` say values in the reader's language."""

    key: str
    label: str
    link: Callable[[ListRow], str] | None = None
    show: Callable[[ListRow], Cell] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    css: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The whole description. `choices` are the values offered by filters of By.VALUE, where no words are."""

    name: str
    path: str
    caption: str
    listing: Listing
    columns: tuple[Column, ...]
    empty: str
    texts: Texts
    zone: ZoneInfo
    currency: str
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    empty_link: tuple[str, str] = ("", "")
    """Where to go from an empty table: address and words."""
    beside: str = ""
    """The id of another part of the page that follows from the filters: fetched with the rows."""

    def drawn(self) -> list[tuple[Column, Field]]:
        """The columns that are drawn and exported, each with its field."""
        return [(column, found) for column, found in self.known() if found.is_shown]

    def known(self) -> list[tuple[Column, Field]]:
        """Every column with its field. Raises KeyError for one that the listing does not have."""
        pairs = [(column, self.listing.find(column.key)) for column in self.columns]
        for column, found in pairs:
            if found is None:
                raise KeyError(column.key)
        return [(column, found) for column, found in pairs if found is not None]


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head. `href` sorts by it ("" where it cannot be); `sorted` is its aria-sort, "" if not."""

    label: str
    href: str
    sorted: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Box:
    """One input of a filter. `kind` is text, number or date."""

    name: str
    value: str
    kind: str
    is_fault: bool


@dataclass(frozen=True, slots=True)
class FilterView:
    """A filter: one box, two of a range, or a choice of (value, words)."""

    label: str
    boxes: tuple[Box, ...]
    options: tuple[tuple[str, str], ...] = ()

    @property
    def is_used(self) -> bool:
        return any(box.value for box in self.boxes)


@dataclass(frozen=True, slots=True)
class Shown:
    """A table ready to be drawn by the macro `draw` of manager/table.html."""

    name: str
    path: str
    caption: str
    heads: tuple[Head, ...]
    filters: tuple[FilterView, ...]
    rows: tuple[tuple[tuple[Cell, str], ...], ...]
    counted: str
    page: ListPage
    before: str
    after: str
    export: str
    export_workbook: str
    sort: str
    faults: str
    is_filtered: bool
    beside: str
    empty: str
    empty_link: tuple[str, str]


def show(uow: UnitOfWork, store_id: str, table: Table, query: Mapping[str, str]) -> Shown:
    """The page of the table that the address asks for."""
    asked = read_query(query, table.listing, zone=table.zone, currency=table.currency)
    page = page_of(uow, store_id, table.listing, asked.wish)
    drawn = table.drawn()
    order = asked.wish.order
    return Shown(
        name=table.name,
        path=table.path,
        caption=table.caption,
        heads=tuple(_head(column, found, asked, page.order) for column, found in drawn),
        filters=tuple(
            _filter(column, found, table, asked) for column, found in table.known() if names_of(found)
        ),
        rows=tuple(
            tuple((cell_of(row, column, found, table), _css(column, found)) for column, found in drawn)
            for row in page.rows
        ),
        counted=_counted(page, table.texts),
        page=page,
        before=asked.query(page_no=page.page_no - 1) if page.page_no > 1 else "",
        after=asked.query(page_no=page.page_no + 1) if page.page_no < page.page_count else "",
        export=asked.query(export="csv"),
        export_workbook=asked.query(export="xlsx"),
        sort="" if order is None else f"-{order.key}" if order.is_down else order.key,
        faults=_fault_words(asked, page, table.texts),
        is_filtered=bool(asked.raw),
        beside=table.beside,
        empty=table.empty,
        empty_link=table.empty_link,
    )


def cell_of(row: ListRow, column: Column, found: Field, table: Table) -> Cell:
    """A cell: the column's own, or the value as its kind is written."""
    if column.show is not None:
        return column.show(row)
    value = row[column.key]
    text = "" if value is None else _words(value, row, column, found, table)
    is_bad = found.kind is Kind.QUANTITY and value is not None and value < 0
    return Cell(text, column.link(row) if column.link is not None and text else "", is_bad=is_bad)


def quantity_words(quantity_milli: int, sold_by: str, texts: Texts) -> str:
    """Pieces, or kilograms with three decimals for what is sold by weight."""
    if sold_by == SoldBy.WEIGHT.value:
        return format_weight(quantity_milli, texts.language)
    whole, rest = divmod(abs(quantity_milli), 1000)
    sign = "−" if quantity_milli < 0 else ""
    return f"{sign}{whole}.{rest:03}" if rest else f"{sign}{whole}"


def _words(value: Any, row: ListRow, column: Column, found: Field, table: Table) -> str:
    language = table.texts.language
    match found.kind:
        case Kind.MONEY:
            return format_money(value, row.get("currency") or table.currency, language)
        case Kind.QUANTITY:
            return quantity_words(value, row.get("sold_by") or "", table.texts)
        case Kind.MOMENT:
            return format_moment(value.astimezone(table.zone), language)
        case Kind.DAY:
            return format_day(datetime.fromisoformat(value), language) if value else ""
        case _:
            return column.words.get(str(value), str(value))


def _head(column: Column, found: Field, asked: Asked, order: Order) -> Head:
    is_sorted = order.key == column.key
    href = ""
    if found.is_sortable:
        href = asked.query(order=Order(column.key, is_down=is_sorted and not order.is_down))
    state = ("descending" if order.is_down else "ascending") if is_sorted else ""
    return Head(column.label, href, state, found.kind in NUMERIC)


def _filter(column: Column, found: Field, table: Table, asked: Asked) -> FilterView:
    kind = "text"
    if found.filter is By.RANGE:
        kind = "date" if found.kind in (Kind.MOMENT, Kind.DAY) else "number"
    boxes = tuple(Box(name, asked.raw.get(name, ""), kind, name in asked.faults) for name in names_of(found))
    options: tuple[tuple[str, str], ...] = ()
    if found.filter is By.VALUE:
        offered = table.choices.get(column.key, tuple(column.words))
        options = tuple((value, column.words.get(value, value)) for value in offered)
    return FilterView(column.label, boxes, options)


def _css(column: Column, found: Field) -> str:
    kind = "n" if found.kind in NUMERIC else "num" if found.kind in (Kind.MOMENT, Kind.DAY) else ""
    return f"{kind} {column.css}".strip()


def _fault_words(asked: Asked, page: ListPage, texts: Texts) -> str:
    """What could not be read or done, or ""."""
    told = []
    if asked.faults:
        unread = ", ".join(f"“{asked.raw[name]}”" for name in sorted(asked.faults))
        told.append(texts.text("Left out, for it is no number or day: {unread}").format(unread=unread))
    if page.is_order_refused:
        told.append(texts.text("The list is too long to be sorted so. Filter it first."))
    return " ".join(told)


def _counted(page: ListPage, texts: Texts) -> str:
    if page.is_more:
        return texts.text("The first {count} rows; the download has all of them").format(
            count=f"{page.total:,}"
        )
    return texts.plural("{count} row", "{count} rows", page.total).format(count=page.total)
