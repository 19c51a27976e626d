"""Owns the item exports of Square, Loyverse and Odoo: their columns, and what their words mean.

It must not know the store. Columns are found by name, never by place: all three add some for every location.
"""

from __future__ import annotations

from inventory.domain.catalogue import SoldBy
from inventory.formats.entries import Cells, LeftOut, Line, Reading, ReadOptions
from inventory.formats.foreign import NAMES_AND_PRICES, YES, Goods, entry_of, joined, read_goods
from inventory.formats.numbers import DecimalSign
from inventory.formats.said import said
from inventory.formats.table import SheetError, Table

ODOO_COLUMNS = {
    "name": ("name", "product name"),
    "barcode": ("barcode",),
    "price": ("list_price", "sales price", "lst_price"),
    "sku": ("default_code", "internal reference"),
    "department": ("pos_categ_ids", "categ_id", "product category", "categ_id/id"),
    "to_weight": ("to_weight", "to weigh with scale"),
    "in_pos": ("available_in_pos", "available in pos"),
    "stock": ("qty_available", "quantity on hand"),
}
NO_VARIATION = frozenset({"regular", "normale", "standard", "normal", "default"})


def is_square(table: Table) -> bool:
    return table.has("item name", "variation name", "price")


def is_loyverse(table: Table) -> bool:
    return table.has("handle", "sku", "name") and (table.has("sold by weight") or table.has("in stock"))


def is_odoo(table: Table) -> bool:
    return _odoo(table, "price") in ("list_price", "sales price", "lst_price") and table.has("barcode")


def read_square(table: Table, options: ReadOptions) -> Reading:
    """Square's item library. Raises SheetError when a column is missing."""
    table.require("item name", "gtin", "price", known=table.columns)
    stock = _located(table, "current quantity")

    def read_row(cells: Cells, sign: DecimalSign | None) -> Line | None:
        variation = cells.text("variation name")
        if cells.text("sellable", "y").lower() not in YES:
            return LeftOut(cells.row.line_no, said("it is not for sale"))
        return entry_of(
            cells,
            options,
            sign,
            Goods(
                gtin="gtin",
                price="price",
                name=joined(cells.text("item name"), "" if variation.lower() in NO_VARIATION else variation),
                name_column="item name",
                sku=cells.text("sku"),
                department=cells.first("category", "categories", "reporting category"),
                stock=stock,
            ),
        )

    return read_goods(table, options, format_name="square", prices=("price",), read_row=read_row)


def read_loyverse(table: Table, options: ReadOptions) -> Reading:
    """Loyverse's item export. Raises SheetError when a column is missing."""
    price = next((name for name in ("price", "default price") if table.has(name)), _located(table, "price"))
    if not price:
        raise SheetError("The file lacks the column price; its first line must name name, barcode and price.")
    table.require("name", "barcode", known=table.columns)
    stock = "in stock" if table.has("in stock") else _located(table, "in stock")

    def read_row(cells: Cells, sign: DecimalSign | None) -> Line | None:
        options_of_item = (cells.text(f"option {number} value") for number in (1, 2, 3))
        return entry_of(
            cells,
            options,
            sign,
            Goods(
                gtin="barcode",
                price=price,
                name=joined(cells.text("name"), *options_of_item),
                name_column="name",
                sku=cells.text("sku"),
                department=cells.text("category"),
                stock=stock,
                sold_by=_weighed(cells.text("sold by weight")),
            ),
        )

    return read_goods(
        table,
        options,
        format_name="loyverse",
        prices=(price,),
        read_row=read_row,
        speaks_of=_with_weighing(table, "sold by weight"),
    )


def read_odoo(table: Table, options: ReadOptions) -> Reading:
    """Odoo's export of products, under technical names or labels. Raises SheetError for a missing column."""
    found = {meaning: _odoo(table, meaning) for meaning in ODOO_COLUMNS}
    missing = [ODOO_COLUMNS[meaning][0] for meaning in ("name", "barcode", "price") if not found[meaning]]
    if missing:
        table.require(*missing, known=table.columns)

    def read_row(cells: Cells, sign: DecimalSign | None) -> Line | None:
        if found["in_pos"] and cells.text(found["in_pos"]).lower() in ("false", "0", "no"):
            return LeftOut(cells.row.line_no, said("it is not sold at the till"))
        return entry_of(
            cells,
            options,
            sign,
            Goods(
                gtin=found["barcode"],
                price=found["price"],
                name=cells.text(found["name"]),
                name_column=found["name"],
                sku=cells.text(found["sku"]),
                department=cells.text(found["department"]).rpartition("/")[2].strip(),
                stock=found["stock"],
                sold_by=_weighed(cells.text(found["to_weight"])),
            ),
        )

    return read_goods(
        table,
        options,
        format_name="odoo",
        prices=(found["price"],),
        read_row=read_row,
        speaks_of=_with_weighing(table, found["to_weight"]),
    )


def _odoo(table: Table, meaning: str) -> str:
    return next((name for name in ODOO_COLUMNS[meaning] if table.has(name)), "")


def _located(table: Table, beginning: str) -> str:
    """The first column of this name for a location, as `Current Quantity Main street`; "" without one."""
    return next((name for name in table.columns if name.startswith(f"{beginning} ")), "")


def _weighed(word: str) -> SoldBy:
    return SoldBy.WEIGHT if word.lower() in YES else SoldBy.UNIT


def _with_weighing(table: Table, column: str) -> frozenset[str]:
    return NAMES_AND_PRICES | {"sold_by"} if column and table.has(column) else NAMES_AND_PRICES
