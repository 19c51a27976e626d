"""Owns a table as a file: exactly the rows that are filtered, in the order they are sorted, streamed.

It must not know pages. Cells hold values, not words for people: amounts in major units with a point, moments
in ISO 8601 with the store's offset. Text that a spreadsheet would take for a formula is made harmless.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from inventory.db.unit_of_work import Database
from inventory.domain.money import to_decimal
from inventory.formats.sheet import safe_cell
from inventory.formats.workbook_out import WorkbookCell, WorkbookTooLongError, write_workbook
from inventory.services.listing import Field, Kind, ListRow, stream
from inventory.web.pages import PageRefused
from inventory.web.table_query import read_query
from inventory.web.table_view import Column, Table, cell_of

WORKBOOK_ROWS: Final = 100_000
"""A workbook of more takes longer than anybody waits for a page."""
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PART_BYTES: Final = 1 << 16
_LINES_AT_ONCE: Final = 500
BOM: Final = "\ufeff"
"""Without it the most used spreadsheet reads UTF-8 as something else."""


def answer(database: Database, store_id: str, table: Table, query: Mapping[str, str]) -> Response | None:
    """The table as a file where the address asks for one (`export=csv` or `xlsx`), or None.

    Raises PageRefused for a table that is too long for a workbook.
    """
    match kind := query.get("export"):
        case "csv":
            pieces = csv_of(database, store_id, table, query)
        case "xlsx":
            pieces = workbook_of(database, store_id, table, query)
        case _:
            return None
    headers = {"content-disposition": f'attachment; filename="{quote(table.name)}.{kind}"'}
    return StreamingResponse(pieces, media_type=_TYPES[kind], headers=headers)


def csv_of(database: Database, store_id: str, table: Table, query: Mapping[str, str]) -> Iterator[bytes]:
    """The file in pieces, by RFC 4180 in UTF-8. One transaction: it shows one moment."""
    asked = read_query(query, table.listing, zone=table.zone, currency=table.currency)
    drawn = table.drawn()
    yield csv_lines([[safe_cell(column.label) for column, _ in drawn]], BOM)
    with database.read() as uow:
        for rows in _many(stream(uow, store_id, table.listing, asked.wish)):
            yield csv_lines([[_cell(row, column, found, table) for column, found in drawn] for row in rows])


def workbook_of(
    database: Database,
    store_id: str,
    table: Table,
    query: Mapping[str, str],
    *,
    at_most: int = WORKBOOK_ROWS,
) -> Iterator[bytes]:
    """The same as a workbook, written before a byte of it leaves. Raises PageRefused for too long ones."""
    asked = read_query(query, table.listing, zone=table.zone, currency=table.currency)
    drawn = table.drawn()
    # Not closed here: the answer goes on reading it, and closes it.
    file = NamedTemporaryFile(prefix="lanelight-export-", suffix=".xlsx")  # noqa: SIM115
    try:
        with database.read() as uow:
            rows = (
                [_value(row, column, found, table) for column, found in drawn]
                for row in stream(uow, store_id, table.listing, asked.wish)
            )
            write_workbook(Path(file.name), [column.label for column, _ in drawn], rows, at_most=at_most)
    except WorkbookTooLongError:
        file.close()
        raise PageRefused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            table.texts.text("This list is too long for a workbook. Filter it, or download it as CSV."),
            way_on=table.path + asked.query(),
            way_on_label=table.caption,
        ) from None
    return _parts(file)


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(_PART_BYTES):
            yield part


def _many(rows: Iterator[ListRow]) -> Iterator[tuple[ListRow, ...]]:
    block: list[ListRow] = []
    for row in rows:
        block.append(row)
        if len(block) == _LINES_AT_ONCE:
            yield tuple(block)
            block.clear()
    yield tuple(block)


def csv_lines(rows: Iterable[Sequence[str]], before: str = "") -> bytes:
    """Rows by RFC 4180; their cells are safe already."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return (before + text.getvalue()).encode()


def _cell(row: ListRow, column: Column, found: Field, table: Table) -> str:
    value = _value(row, column, found, table)
    return safe_cell(value) if isinstance(value, str) else str(value)


def _value(row: ListRow, column: Column, found: Field, table: Table) -> WorkbookCell:
    value: Any = row[column.key]
    if value is None and found.kind is not Kind.TEXT:
        return ""
    match found.kind:
        case Kind.MONEY:
            return to_decimal(value, row.get("currency") or table.currency)
        case Kind.QUANTITY:
            return Decimal(value).scaleb(-3)
        case Kind.NUMBER:
            return int(value)
        case Kind.DAY:
            return str(value)
        case Kind.MOMENT:
            return str(value.astimezone(table.zone).isoformat(timespec="seconds"))
        case _:
            return cell_of(row, column, found, table).text
