"""Owns Shopify's product export: its columns before and after 2024, and rows that belong to one product.

It must not know the store. A product's later rows (variants, pictures) leave its title and status empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inventory.formats.entries import Cells, LeftOut, Line, Reading, ReadOptions
from inventory.formats.foreign import YES, Goods, entry_of, joined, read_goods
from inventory.formats.numbers import DecimalSign
from inventory.formats.said import said
from inventory.formats.table import Table

NO_OPTION = "default title"


@dataclass(frozen=True, slots=True)
class Columns:
    """One generation of the export's header."""

    handle: str
    price: str
    barcode: str
    sku: str
    stock: str
    gift_card: str = "gift card"
    options: tuple[str, ...] = ("option1 value", "option2 value", "option3 value")


OLDER = Columns("handle", "variant price", "variant barcode", "variant sku", "variant inventory qty")
CURRENT = Columns("url handle", "price", "barcode", "sku", "inventory quantity")
GENERATIONS = (CURRENT, OLDER)


def columns_of(table: Table) -> Columns | None:
    """The generation whose columns the file has, or None where it is not Shopify's."""
    return next((each for each in GENERATIONS if table.has(each.handle, "title", each.price)), None)


def read_shopify(table: Table, options: ReadOptions) -> Reading:
    """A product export's rows. Raises SheetError when a column is missing."""
    columns = columns_of(table) or CURRENT
    table.require(columns.handle, "title", columns.price, columns.barcode, known=table.columns)
    reader = _Reader(columns, options)
    return read_goods(
        table, options, format_name="shopify", prices=(columns.price,), read_row=reader.read_row
    )


@dataclass(slots=True)
class _Reader:
    columns: Columns
    options: ReadOptions
    handle: str = ""
    product: dict[str, str] = field(default_factory=dict)

    def read_row(self, cells: Cells, sign: DecimalSign | None) -> Line | None:
        columns = self.columns
        handle = cells.text(columns.handle)
        if handle != self.handle or cells.text("title"):
            self.handle, self.product = handle, cells.row.cells
        if not cells.text(columns.price) and not cells.text(columns.barcode):
            return None  # a further picture of the product
        if self.product.get("status", "active").lower() not in ("active", ""):
            return LeftOut(cells.row.line_no, said("the product is not active"))
        if self.product.get(columns.gift_card, "").lower() in YES:
            return LeftOut(cells.row.line_no, said("it is a gift card"))
        variant = [cells.text(option) for option in columns.options]
        return entry_of(
            cells,
            self.options,
            sign,
            Goods(
                gtin=columns.barcode,
                price=columns.price,
                name=joined(
                    self.product.get("title", ""), *(each for each in variant if each.lower() != NO_OPTION)
                ),
                name_column="title",
                sku=cells.text(columns.sku).removeprefix("'"),
                department=self.product.get("type", ""),
                stock=columns.stock,
            ),
        )
