"""Owns what the goods files of other programs have in common: a price as people write it, and plain items.

It must not know any one program's columns. Such a file has a say in the names and prices of goods the store
has; whatever else it holds counts for new goods alone, because nobody there knows the store's shelves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item, SoldBy
from inventory.formats.csv_catalogue import DEFAULT_TAX_CLASS, with_sign
from inventory.formats.entries import Cells, Entry, LeftOut, Line, Reading, ReadOptions, read_rows
from inventory.formats.numbers import DecimalSign
from inventory.formats.said import said
from inventory.formats.table import Row, Table

NAMES_AND_PRICES = frozenset({"names", "price_minor"})
MAX_NAME_CHARS = 200
YES = frozenset({"true", "yes", "y", "1"})
NO_PRICE = frozenset({"variable", "open", "open price"})

ReadGoods = Callable[[Cells, DecimalSign | None], Line | None]


def read_goods(
    table: Table,
    options: ReadOptions,
    *,
    format_name: str,
    prices: tuple[str, ...],
    read_row: ReadGoods,
    speaks_of: Collection[str] = NAMES_AND_PRICES,
) -> Reading:
    """The rows of a file of goods; `prices` are the columns that show the decimal sign."""
    rows, sign = with_sign((_whole(row) for row in table.rows), prices, options)
    return Reading(
        format_name=format_name,
        lines=read_rows(rows, lambda cells: read_row(cells, sign), table.notes),
        speaks_of=frozenset(speaks_of),
        notes=table.notes,
        share_read=table.share_read,
        encoding=table.encoding,
        delimiter=table.delimiter,
        decimal=sign,
    )


@dataclass(frozen=True, slots=True)
class Goods:
    """One row's goods. `gtin`, `price`, `stock` and `name_column` name columns; the rest are values."""

    gtin: str
    price: str
    name: str
    name_column: str
    sku: str = ""
    department: str = ""
    stock: str = ""
    sold_by: SoldBy = SoldBy.UNIT


def entry_of(cells: Cells, options: ReadOptions, sign: DecimalSign | None, row: Goods) -> Line:
    """One row of goods; those without a barcode, or without a price of their own, are left out."""
    line_no = cells.row.line_no
    if not cells.text(row.gtin).strip("'0 "):
        return LeftOut(line_no, said("it has no barcode"))
    if cells.text(row.price).lower() in NO_PRICE:
        return LeftOut(line_no, said("its price is said at the till"))
    if not row.name:
        cells.complain(row.name_column, said("it is empty."))
    number = cells.gtin(row.gtin, is_required=True)
    item = Item(
        gtin=number,
        sku=row.sku or number,
        names={FALLBACK_LANGUAGE: row.name[:MAX_NAME_CHARS]},
        price_minor=cells.price(row.price, options, sign),
        currency=options.currency,
        tax_class=DEFAULT_TAX_CLASS,
        sold_by=row.sold_by,
        department=row.department,
    )
    return Entry(line_no, item, cells.stock_milli(row.stock) if row.stock else None)


def joined(*parts: str) -> str:
    """A name made of the parts that say something."""
    return " ".join(filter(None, parts))


def _whole(row: Row) -> Row:
    """These programs and the spreadsheets behind them leave out empty cells at a row's end."""
    return row if row.is_whole else Row(row.line_no, row.cells, is_whole=True, numbers=row.numbers)
