"""Owns the shape of a file read row by row: its columns, clean cells, limits, and what was cleaned away.

It must not know how a file is packed (sheet and workbook do) nor what a column means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

MIB = 1024 * 1024
MAX_FILE_BYTES = 50 * MIB
MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
MAX_CELL_CHARS = 4096
_LINES_SHOWN = 10

# Controls, zero-width characters and bidi marks: names must read as they are, on paper and screen.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
FORMULA = re.compile(r"'*[=+\-@\t\r\0]")


class SheetError(ValueError):
    """A file that cannot be read at all; its text is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row by header. `line_no` is the line of the file it begins on, or the row of a workbook."""

    line_no: int
    cells: dict[str, str]
    is_whole: bool = True
    """False when the row has other cells than the header."""
    numbers: frozenset[str] = frozenset()
    """Columns whose cell a workbook held as a number, not as text."""


@dataclass(slots=True)
class Notes:
    """What a person should know of the reading. Whole once every row was read."""

    said: list[str] = field(default_factory=list)
    _lines: dict[str, list[int]] = field(default_factory=dict)

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def count(self, what: str, line_no: int) -> None:
        """Adds a line to those that `what` happened on; `what` ends where the lines are named."""
        self._lines.setdefault(what, []).append(line_no)

    def sentences(self) -> tuple[str, ...]:
        counted = [f"{what} {_lines_named(lines)}." for what, lines in self._lines.items()]
        return (*self.said, *counted)


@dataclass(slots=True)
class Table:
    """A file with a first line that names columns, and rows that are read as they are asked for.

    `share_read` says how much of the file was read, in thousandths.
    """

    columns: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str
    delimiter: str
    notes: Notes
    share_read: Callable[[], int]

    def has(self, *names: str) -> bool:
        return all(name in self.columns for name in names)

    def require(self, *names: str, known: Collection[str]) -> None:
        """Raises SheetError unless the first line names each of `names`, and none of `known` twice."""
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise SheetError(
                f"The file lacks the column{'s' if len(missing) > 1 else ''} {listed(missing)}; "
                f"its first line must name {listed(names)}."
            )
        twice = sorted({name for name in self.columns if name in known and self.columns.count(name) > 1})
        if twice:
            raise SheetError(f"The first line names {listed(twice)} twice.")


def header_of(cells: Iterable[str]) -> tuple[str, ...]:
    """Names of columns without unseen characters, capitals and outer blanks."""
    return tuple(UNSEEN.sub("", name).strip().lower() for name in cells)


def clean(cell: str) -> str:
    """Without unseen characters, runs of blanks, and the apostrophe that kept a formula from being one."""
    text = " ".join(UNSEEN.sub(" ", cell).split())
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def row_of(line_no: int, record: Sequence[str], columns: Sequence[str], notes: Notes) -> Row:
    """The record as a row of clean cells; says where unseen characters were taken out."""
    if any(UNSEEN.search(cell) for cell in record):
        notes.count("Unseen characters were taken out of", line_no)
    cells = dict(zip(columns, map(clean, record), strict=False))
    return Row(line_no, cells, len(record) == len(columns))


def check_record(line_no: int, count: int, record: Sequence[str]) -> None:
    """Raises SheetError where a record, the `count`-th below the first line, is beyond the limits."""
    if count > MAX_ROWS:
        raise SheetError(f"The file has more than {MAX_ROWS:,} rows.")
    if len(record) > MAX_COLUMNS:
        raise SheetError(f"Line {line_no} has more than {MAX_COLUMNS} columns.")
    if any(len(cell) > MAX_CELL_CHARS for cell in record):
        raise SheetError(f"Line {line_no} has a cell of more than {MAX_CELL_CHARS} characters.")


def listed(names: Sequence[str]) -> str:
    """The names as a sentence lists them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lines_named(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:_LINES_SHOWN])) + (" …" if len(lines) > _LINES_SHOWN else "")
    return f"{len(lines)} rows, lines {shown}" if len(lines) > 1 else f"line {shown}"
