"""Owns a delimited file as rows of clean cells: encoding, delimiter, limits, and what was cleaned away.

It must not know what the columns mean. Follows RFC 4180; line numbers are those an editor shows.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
MAX_CELL_CHARS = 4096
DELIMITERS = ",;\t|"

# Controls, zero-width characters and bidi marks: names must read as they are, on paper and screen.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_FORMULA = re.compile(r"'*[=+\-@\t\r\0]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)


class SheetError(ValueError):
    """A file that cannot be read at all; its text is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row by header. `line_no` is the line of the file it begins on."""

    line_no: int
    cells: dict[str, str]
    is_whole: bool = True
    """False when the row has other cells than the header."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read. `warnings` say what was guessed or cleaned away."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]


def read_sheet(raw: bytes, *, known: frozenset[str], required: Sequence[str]) -> Sheet:
    """The rows of a file whose header names `required` columns. Header names lose case and blanks.

    Raises SheetError for files over the limits, for text that is no text, and for missing columns.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise SheetError(f"The file is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB.")
    text, encoding = _decode(raw)
    warnings = [] if encoding != "Windows-1252" else ["The file is not UTF-8; it was read as Windows-1252."]
    delimiter = _sniff(text, known)
    records = _records(text, delimiter)
    _, header = next(records, (0, []))
    columns = tuple(_UNSEEN.sub("", name).strip().lower() for name in header)
    _check_header(columns, required, warnings, known)
    rows = tuple(_rows(records, columns, warnings))
    return Sheet(encoding, delimiter, columns, rows, tuple(warnings))


def write_sheet(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 text by RFC 4180. Cells that a spreadsheet would take for a formula begin with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def safe_cell(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _decode(raw: bytes) -> tuple[str, str]:
    for bom, codec, name in _BOMS:
        if raw.startswith(bom):
            return _strictly(raw.removeprefix(bom), codec, name), name
    try:
        return raw.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        if b"\0" in raw:
            raise SheetError("The file is not a text file.") from None
        return _strictly(raw, "cp1252", "text"), "Windows-1252"


def _strictly(raw: bytes, codec: str, name: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise SheetError(f"The file is not {name}: byte {error.start + 1} cannot be read.") from None


def _sniff(text: str, known: frozenset[str]) -> str:
    """The delimiter under which the first line shows the most columns we know; ties go to the comma."""
    header = text.lstrip("\r\n").partition("\n")[0].lower()

    def count(delimiter: str) -> int:
        return sum(name.strip(' "\r') in known for name in header.split(delimiter))

    return max(DELIMITERS, key=count)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for count, record in enumerate(reader):
            if count > MAX_ROWS:
                raise SheetError(f"The file has more than {MAX_ROWS:,} rows.")
            if len(record) > MAX_COLUMNS:
                raise SheetError(f"Line {begins} has more than {MAX_COLUMNS} columns.")
            if any(len(cell) > MAX_CELL_CHARS for cell in record):
                raise SheetError(f"Line {begins} has a cell of more than {MAX_CELL_CHARS} characters.")
            if any(cell.strip() for cell in record):
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SheetError(f"Line {begins} breaks the rules of CSV: {error}.") from None


def _check_header(
    columns: tuple[str, ...], required: Sequence[str], warnings: list[str], known: frozenset[str]
) -> None:
    missing = [name for name in required if name not in columns]
    if missing:
        raise SheetError(
            f"The file lacks the column{'s' if len(missing) > 1 else ''} {_listed(missing)}; "
            f"its first line must name {_listed(required)}."
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise SheetError(f"The first line names {_listed(twice)} twice.")
    unknown = sorted({name for name in columns if name and name not in known})
    if unknown:
        warnings.append(f"Columns without a meaning here were left out: {_listed(unknown)}.")


def _rows(
    records: Iterator[tuple[int, list[str]]], columns: tuple[str, ...], warnings: list[str]
) -> Iterator[Row]:
    cleaned: list[int] = []
    for line_no, record in records:
        cells = [_clean(cell) for cell in record]
        if any(_UNSEEN.search(cell) for cell in record):
            cleaned.append(line_no)
        yield Row(line_no, dict(zip(columns, cells, strict=False)), len(cells) == len(columns))
    if cleaned:
        shown = ", ".join(map(str, cleaned[:10])) + (" …" if len(cleaned) > 10 else "")
        count = f"{len(cleaned)} rows, lines" if len(cleaned) > 1 else "line"
        warnings.append(f"Unseen characters were taken out of {count} {shown}.")


def _clean(cell: str) -> str:
    """Without unseen characters, runs of blanks, and the apostrophe that kept a formula from being one."""
    text = " ".join(_UNSEEN.sub(" ", cell).split())
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
