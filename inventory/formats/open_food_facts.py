"""Owns the Open Food Facts dumps, CSV and JSON lines: names, contents and categories of goods by barcode.

It must not know the store. The dumps have no prices: they fill what is empty of goods the store has, and
neither change a word nor bring anything new.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from assets.languages import LANGUAGES
from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item
from inventory.formats.csv_catalogue import DEFAULT_TAX_CLASS
from inventory.formats.entries import Cells, Entry, LeftOut, Line, Reading, ReadOptions, read_rows
from inventory.formats.foreign import MAX_NAME_CHARS
from inventory.formats.said import said
from inventory.formats.table import MAX_CELL_CHARS, MAX_ROWS, Notes, Row, SheetError, Table, clean

SPEAKS_OF = frozenset({"names", "net_content", "net_unit", "department"})
MAX_LINE_BYTES = 1024 * 1024
_QUANTITY = re.compile(r"([0-9]{1,5}(?:[.,][0-9]{1,3})?)\s?(kg|g|mg|l|cl|ml)", re.IGNORECASE | re.ASCII)
_UNITS = {"l": "L", "cl": "cl", "ml": "ml", "kg": "kg", "g": "g", "mg": "mg"}


def is_open_food_facts(table: Table) -> bool:
    return table.has("code", "product_name") and (table.has("creator") or table.has("brands"))


def read_dump(table: Table, options: ReadOptions) -> Reading:
    """A tab-separated dump, or part of one. Raises SheetError when a column is missing."""
    table.require("code", "product_name", known=table.columns)
    rows = (Row(row.line_no, row.cells) for row in table.rows)
    return Reading(
        format_name="open-food-facts",
        lines=read_rows(rows, lambda cells: _line(cells, options), table.notes),
        speaks_of=SPEAKS_OF,
        notes=table.notes,
        share_read=table.share_read,
        encoding=table.encoding,
        delimiter=table.delimiter,
        fills_only=True,
    )


def read_json_lines(source: BinaryIO, options: ReadOptions) -> Reading:
    """A dump with one product as JSON on each line. Raises SheetError while lines are read."""
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    notes = Notes()
    return Reading(
        format_name="open-food-facts",
        lines=read_rows(_json_rows(source), lambda cells: _line(cells, options), notes),
        speaks_of=SPEAKS_OF,
        notes=notes,
        share_read=lambda: source.tell() * 1000 // max(size, 1),
        encoding="UTF-8",
        fills_only=True,
    )


def _json_rows(source: BinaryIO) -> Iterator[Row]:
    for number in range(1, MAX_ROWS + 2):
        line = source.readline(MAX_LINE_BYTES + 1)
        if not line:
            return
        if len(line) > MAX_LINE_BYTES:
            raise SheetError(f"Line {number} is longer than {MAX_LINE_BYTES // 1024} KiB.")
        if number > MAX_ROWS:
            raise SheetError(f"The file has more than {MAX_ROWS:,} rows.")
        if line.strip():
            yield Row(number, _flat(number, line))


def _flat(number: int, line: bytes) -> dict[str, str]:
    try:
        product = json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise SheetError(f"Line {number} is not JSON.") from None
    if not isinstance(product, Mapping):
        raise SheetError(f"Line {number} is no product.")
    return {str(key): _text(value) for key, value in product.items()}


def _text(value: Any) -> str:
    return clean(value[:MAX_CELL_CHARS]) if isinstance(value, str) else ""


def _line(cells: Cells, options: ReadOptions) -> Line | None:
    gtin = cells.gtin("code", is_required=True)
    if not gtin:  # a third of the dump are codes that people made up; that is no fault of this file
        cells.errors.clear()
        return LeftOut(cells.row.line_no, said("its code is not a GTIN"))
    names = _names(cells.row.cells)
    if not names:
        return LeftOut(cells.row.line_no, said("it has no name"))
    content, unit = _content(cells.text("quantity"))
    item = Item(
        gtin=gtin,
        sku=gtin,
        names=names,
        price_minor=1,
        currency=options.currency,
        tax_class=DEFAULT_TAX_CLASS,
        department=cells.text("main_category").partition(":")[2].replace("-", " ")[:40],
        net_content=content,
        net_unit=unit,
    )
    return Entry(cells.row.line_no, item, None)


def _names(cells: Mapping[str, str]) -> dict[str, str]:
    found = {FALLBACK_LANGUAGE: cells.get("product_name", "") or cells.get("generic_name", "")}
    for language in LANGUAGES:
        found[language] = cells.get(f"product_name_{language}", "") or found.get(language, "")
    return {language: name[:MAX_NAME_CHARS] for language, name in found.items() if name}


def _content(text: str) -> tuple[str, str]:
    found = _QUANTITY.fullmatch(text)
    return (found[1].replace(",", "."), _UNITS[found[2].lower()]) if found else ("", "")
