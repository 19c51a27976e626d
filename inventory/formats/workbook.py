"""Owns Excel workbooks (.xlsx): the first sheet with something on it, as a table of text.

It must not know what the columns mean. Formulas arrive as their last value; cells merged into one arrive in
the first of them. Numbers keep at most 15 digits, which is all a workbook has of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from inventory.formats.archive import check_archive
from inventory.formats.table import (
    MAX_FILE_BYTES,
    MAX_ROWS,
    MIB,
    Notes,
    Row,
    SheetError,
    Table,
    check_record,
    header_of,
    row_of,
)

Cell = int | float | str | bool | time | date | datetime | timedelta


def open_workbook(source: BinaryIO) -> Table:
    """The columns and rows of a workbook's first visible sheet that is not empty. Raises SheetError."""
    source.seek(0, 2)
    if source.tell() > MAX_FILE_BYTES:
        raise SheetError(f"The file is larger than {MAX_FILE_BYTES // MIB} MiB.")
    check_archive(source)
    source.seek(0)
    notes = Notes()
    try:
        sheet = _sheet(CalamineWorkbook.from_filelike(source), notes)
        rows = sheet.iter_rows()
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError("The workbook cannot be read; save it again as .xlsx, or as CSV.") from None
    if sheet.height > MAX_ROWS + 1:
        raise SheetError(f"The file has more than {MAX_ROWS:,} rows.")
    if sheet.merged_cell_ranges:
        notes.say("Merged cells count for their first row and column alone.")
    return _table(sheet, rows, notes)


def _sheet(book: CalamineWorkbook, notes: Notes) -> CalamineSheet:
    names = [
        each.name
        for each in book.sheets_metadata
        if each.visible is SheetVisibleEnum.Visible and each.typ is SheetTypeEnum.WorkSheet
    ]
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height:
            if len(names) > 1:
                notes.say(f"Of the workbook's {len(names)} sheets, “{name[:40]}” was read.")
            return sheet
    raise SheetError("The workbook has nothing on its sheets.")


def _table(sheet: CalamineSheet, rows: Iterator[list[Cell]], notes: Notes) -> Table:
    start = sheet.start or (0, 0)
    read = [0]
    numbered = enumerate(rows, start=start[0] + 1 if sheet.height < sheet.total_height else 1)
    header: tuple[str, ...] = ()
    for line_no, cells in numbered:
        texts = [_text(cell) for cell in cells]
        check_record(line_no, 0, texts)
        if any(texts):
            header = header_of(texts)
            break
    total = max(1, sheet.height)

    def body() -> Iterator[Row]:
        for line_no, cells in numbered:
            read[0] += 1
            texts = [_text(cell) for cell in cells]
            check_record(line_no, read[0], texts)
            if any(text.strip() for text in texts):
                yield _row(line_no, texts, cells, header, notes)

    return Table(
        columns=header,
        rows=body(),
        encoding="Excel",
        delimiter="",
        notes=notes,
        share_read=_share(read, total),
    )


def _share(read: Sequence[int], total: int) -> Callable[[], int]:
    return lambda: min(1000, read[0] * 1000 // total)


def _row(line_no: int, texts: list[str], cells: Sequence[Cell], header: tuple[str, ...], notes: Notes) -> Row:
    row = row_of(line_no, texts, header, notes)
    held = zip(header, cells, strict=False)
    return Row(line_no, row.cells, numbers=frozenset(name for name, cell in held if _is_number(cell)))


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _text(cell: Cell) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case float():
            return _number(cell)
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def _number(value: float) -> str:
    """Without exponent, and never with exactly three decimals: `1.234` might be read as thousands."""
    if not -1e15 < value < 1e15:
        return repr(value)
    text = f"{value:.15g}"
    if "e" in text:
        return text
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text
