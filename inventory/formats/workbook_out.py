"""Owns the writing of an Excel workbook: one sheet, written row by row in little memory.

It must not know what the columns mean. Text stays text: a GTIN keeps its zeros, and nothing is a formula.
What comes as a number is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter

MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_CELL = 32_767
WorkbookCell = str | int | Decimal


class WorkbookTooLongError(ValueError):
    """More rows than a sheet holds; CSV has no such end."""


def write_workbook(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[WorkbookCell]],
    *,
    at_most: int = MAX_SHEET_ROWS,
) -> None:
    """Writes a workbook with a bold first line. Raises WorkbookTooLongError for more lines than `at_most`."""
    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    try:
        sheet = book.add_worksheet("Lanelight")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, bold)
        for number, row in enumerate(rows, start=1):
            if number >= at_most:
                raise WorkbookTooLongError(f"This workbook ends at {at_most:,} rows; take CSV.")
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell[:MAX_SHEET_CELL], text)
                else:
                    sheet.write_number(number, place, cell)
    finally:
        book.close()
