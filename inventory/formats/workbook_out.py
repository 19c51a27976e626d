"""Owns the writing of an Excel workbook: one sheet of text cells, written row by row.

It must not know what the columns mean. Every cell is text: a GTIN keeps its zeros, and nothing is a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_CELL = 32_767


class WorkbookTooLongError(ValueError):
    """More rows than a sheet holds; CSV has no such end."""


def write_workbook(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes a workbook with a bold first line. Raises WorkbookTooLongError."""
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
            if number >= MAX_SHEET_ROWS:
                raise WorkbookTooLongError(f"A sheet of Excel ends at {MAX_SHEET_ROWS:,} rows; take CSV.")
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell[:MAX_SHEET_CELL], text)
    finally:
        book.close()
