"""Owns delimited text: its encoding and delimiter found out, its rows one after another, and the way back.

It must not know what the columns mean. Follows RFC 4180; line numbers are those an editor shows. However long
the file is, only a few rows are in memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from inventory.formats.table import (
    FORMULA,
    MAX_CELL_CHARS,
    MAX_FILE_BYTES,
    MIB,
    Notes,
    SheetError,
    Table,
    check_record,
    header_of,
    row_of,
)

DELIMITERS = ",;\t|"
_TOLD = re.compile(rf"sep=([{re.escape(DELIMITERS)}])\r?\n", re.IGNORECASE)
"""A first line by which Excel is told the delimiter."""
_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = MIB
_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_WINDOWS = {
    "windows-1250": ("ro", "pl", "cs", "sk", "hu", "sl", "hr", "sq"),
    "windows-1251": ("ru", "uk", "bg", "sr", "mk", "be"),
    "windows-1253": ("el",),
    "windows-1254": ("tr",),
    "windows-1256": ("ar", "fa", "ur"),
}
"""Code pages that old programs write, by the language of who writes; all others write 1252."""
ENCODINGS = ("utf-8", "utf-16", "windows-1252", *_WINDOWS)
"""What a person may say a file is written in."""


def open_sheet(
    source: BinaryIO, *, is_known: Callable[[str], bool], language: str = "en", encoding: str = ""
) -> Table:
    """The file's columns, and its rows as they are asked for. Header names lose case and blanks.

    `encoding`, one of ENCODINGS, wins over what the bytes look like. Raises SheetError for files over the
    limits and for text that is no text, the latter also while rows are read.
    """
    size = source.seek(0, io.SEEK_END)
    if size > MAX_FILE_BYTES:
        raise SheetError(f"The file is larger than {MAX_FILE_BYTES // MIB} MiB.")
    codec, said, skipped = _encoding(source, language=language, wanted=encoding)
    notes = Notes()
    if said.startswith("Windows") and not encoding:
        notes.say(f"The file is not UTF-8; it was read as {said}.")
    source.seek(skipped)
    head = _decoded(source.read(_HEAD_BYTES), codec)
    source.seek(skipped)
    text = io.TextIOWrapper(source, encoding=codec, newline="")
    told = _TOLD.match(head)
    if told is not None:
        text.readline()
    delimiter = told[1] if told else _sniff(head, is_known)
    records = _records(text, delimiter, begins=2 if told else 1)
    _, header = next(records, (0, []))
    columns = header_of(header)
    return Table(
        columns=columns,
        rows=(row_of(line_no, record, columns, notes) for line_no, record in records),
        encoding=said,
        delimiter=delimiter,
        notes=notes,
        share_read=lambda: 1000 if source.closed else source.tell() * 1000 // max(size, 1),
    )


def write_sheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 text by RFC 4180. Cells that a spreadsheet would take for a formula begin with an apostrophe."""
    return b"".join(written_sheet(columns, rows))


def written_sheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The same row by row, for files of any length."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for number, row in enumerate([columns, *rows] if isinstance(rows, list) else _chained(columns, rows)):
        writer.writerow(row if number == 0 else [safe_cell(cell) for cell in row])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def safe_cell(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would run it (ASVS 5.0 §1.2.10)."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def _chained(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield columns
    yield from rows


def _encoding(source: BinaryIO, *, language: str, wanted: str) -> tuple[str, str, int]:
    """Codec, its name for people, and the bytes of the mark at the beginning."""
    source.seek(0)
    head = source.read(_HEAD_BYTES)
    for bom, codec, name in _BOMS:
        if head.startswith(bom):
            return codec, name, len(bom)
    if wanted:
        codec = "utf-16-le" if wanted == "utf-16" else wanted
        return codec, _said(wanted), 0
    if (guess := _bare_utf_16(head)) is not None:
        return guess, "UTF-16", 0
    if _is_utf_8(source):
        return "utf-8", "UTF-8", 0
    if b"\0" in head:
        raise SheetError("The file is not a text file.")
    page = next((page for page, codes in _WINDOWS.items() if language in codes), "windows-1252")
    return page, _said(page), 0


def _said(codec: str) -> str:
    return codec.upper() if codec.startswith("utf") else codec.capitalize()


def _bare_utf_16(head: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is nothing."""
    even, odd = head[0:4096:2], head[1:4096:2]
    if len(odd) < 8:
        return None
    if odd.count(0) * 10 > len(odd) * 7 and even.count(0) == 0:
        return "utf-16-le"
    return "utf-16-be" if even.count(0) * 10 > len(even) * 7 and odd.count(0) == 0 else None


def _is_utf_8(source: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    source.seek(0)
    try:
        while chunk := source.read(_CHUNK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(head: bytes, codec: str) -> str:
    return head.decode(codec, errors="ignore")


def _sniff(text: str, is_known: Callable[[str], bool]) -> str:
    """The delimiter under which the first line shows the most columns we know; ties go to the most parts."""
    header = text.lstrip("\r\n").partition("\n")[0].lower()

    def count(delimiter: str) -> tuple[int, int]:
        names = header.split(delimiter)
        return sum(is_known(name.strip(' "\r')) for name in names), len(names)

    return max(DELIMITERS, key=count)


def _records(text: io.TextIOWrapper, delimiter: str, *, begins: int) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(MAX_CELL_CHARS * 32)  # a quote that is never closed ends here, not in all memory
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    skipped = begins - 1
    try:
        for count, record in enumerate(reader):
            check_record(begins, count, record)
            if any(cell.strip() for cell in record):
                yield begins, record
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        raise SheetError(f"Line {begins} breaks the rules of CSV: {error}.") from None
    except UnicodeDecodeError as error:
        name = "UTF-16" if text.encoding.startswith("utf-16") else "text"
        raise SheetError(f"The file is not {name}: byte {error.start + 1} cannot be read.") from None
