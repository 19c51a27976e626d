"""Owns the choice of a reader: which format a file is in, found out from its bytes and its first line.

It must not trust a file's name. A format set by hand wins; a file that is not in it is then refused.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from enum import Enum
from typing import BinaryIO

from inventory.formats import edifact, shopify, till_exports
from inventory.formats.csv_catalogue import is_column, read_table
from inventory.formats.entries import Reading, ReadOptions
from inventory.formats.epcis import read_epcis
from inventory.formats.invrpt import read_invrpt
from inventory.formats.open_food_facts import is_open_food_facts, read_dump, read_json_lines
from inventory.formats.pricat import read_pricat
from inventory.formats.sheet import open_sheet
from inventory.formats.table import SheetError, Table
from inventory.formats.workbook import open_workbook

_HEAD_BYTES = 8192
_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")


class Format(Enum):
    """A file's format; the value is its name on the command line."""

    LANELIGHT = "lanelight"
    SHOPIFY = "shopify"
    SQUARE = "square"
    LOYVERSE = "loyverse"
    ODOO = "odoo"
    OPEN_FOOD_FACTS = "open-food-facts"
    PRICAT = "pricat"
    INVRPT = "invrpt"
    EPCIS = "epcis"

    @property
    def own_name(self) -> str:
        """What people call it; a name, in every language the same."""
        return _OWN_NAMES[self]

    @property
    def brings_stock(self) -> bool:
        """Whether it tells of stock that moved, not of goods and prices."""
        return self in (Format.INVRPT, Format.EPCIS)


_OWN_NAMES = {
    Format.LANELIGHT: "Lanelight",
    Format.SHOPIFY: "Shopify",
    Format.SQUARE: "Square",
    Format.LOYVERSE: "Loyverse",
    Format.ODOO: "Odoo",
    Format.OPEN_FOOD_FACTS: "Open Food Facts",
    Format.PRICAT: "EDIFACT PRICAT",
    Format.INVRPT: "EDIFACT INVRPT",
    Format.EPCIS: "GS1 EPCIS 2.0",
}

_TABLES: tuple[tuple[Format, Callable[[Table], bool], Callable[[Table, ReadOptions], Reading]], ...] = (
    (Format.SHOPIFY, lambda table: shopify.columns_of(table) is not None, shopify.read_shopify),
    (Format.SQUARE, till_exports.is_square, till_exports.read_square),
    (Format.LOYVERSE, till_exports.is_loyverse, till_exports.read_loyverse),
    (Format.ODOO, till_exports.is_odoo, till_exports.read_odoo),
    (Format.OPEN_FOOD_FACTS, is_open_food_facts, read_dump),
    (Format.LANELIGHT, lambda _table: True, read_table),
)
_DOCUMENTS = {Format.PRICAT: read_pricat, Format.INVRPT: read_invrpt, Format.EPCIS: read_epcis}
_FOREIGN_COLUMNS = frozenset(
    {
        *("barcode", "brands", "categories", "category", "code", "cost", "creator", "default_code"),
        *("description", "handle", "in stock", "item name", "list_price", "price", "product_name"),
        *("quantity", "sales price", "sku", "status", "tags", "title", "type", "url", "url handle"),
        *("variant price", "variation name", "vendor"),
    }
)
_EPCIS_MARKS = (b'"EPCIS', b'"eventTime"', b"epcisBody")


def open_reading(source: BinaryIO, options: ReadOptions) -> Reading:
    """The reading of a file in the format it is in, or in that of `options`. Raises SheetError."""
    wanted = Format(options.format_name) if options.format_name else None
    head = _head(source)
    if head.startswith(_OLD_EXCEL):
        raise SheetError("This is a workbook of before 2007; save it as .xlsx, or as CSV.")
    document = _document_in(head)
    if wanted in _DOCUMENTS or (wanted is None and document is not None):
        return _DOCUMENTS[wanted or document](source, options)  # type: ignore[index]
    if head.lstrip().startswith(b"{") and wanted in (None, Format.OPEN_FOOD_FACTS):
        return read_json_lines(source, options)
    return _read_table(_table(source, head, options), wanted, options)


def _document_in(head: bytes) -> Format | None:
    match edifact.message_kind(head):
        case "PRICAT":
            return Format.PRICAT
        case "INVRPT":
            return Format.INVRPT
        case "":
            pass
        case other:
            raise SheetError(f"The interchange holds a {other} message; only PRICAT and INVRPT are read.")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    is_epcis = start.startswith(b"{") and any(
        mark in head for mark in (b'"EPCIS', b'"eventTime"', b"epcisBody")
    )
    return Format.EPCIS if is_epcis else None


def _table(source: BinaryIO, head: bytes, options: ReadOptions) -> Table:
    if head.startswith(b"PK\x03\x04"):
        return open_workbook(source)
    return open_sheet(
        source,
        is_known=lambda name: name in _FOREIGN_COLUMNS or is_column(name),
        language=options.language,
        encoding=options.encoding,
    )


def _read_table(table: Table, wanted: Format | None, options: ReadOptions) -> Reading:
    for found, is_it, read in _TABLES:
        if found is wanted or (wanted is None and is_it(table)):
            return read(table, options)
    raise SheetError("The file is in none of the formats that are read here.")


def _head(source: BinaryIO) -> bytes:
    source.seek(0)
    head = source.read(_HEAD_BYTES)
    source.seek(0, io.SEEK_SET)
    return head
