"""Owns what every reader of goods makes of a file: entries, stock lines, and rows it could not take.

It must not know any format, nor what the store has already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from inventory.domain.catalogue import Item
from inventory.domain.identifiers import gtin_14
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.domain.stock import Reason
from inventory.formats.gtin_cells import read_gtin
from inventory.formats.numbers import (
    SHOWN_CHARS,
    DecimalSign,
    NumberError,
    read_amount,
    read_scaled,
    read_whole,
)
from inventory.formats.said import Said, said
from inventory.formats.table import Notes, Row

MAX_STOCK_MILLI = 999_999_999


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row cannot be taken. `line_no` counts from 1, the header being line 1.

    `problem` is English; one that is `Said` can be said in other languages.
    """

    line_no: int
    column: str
    problem: str

    def __str__(self) -> str:
        return f"Line {self.line_no}, {self.column}: {self.problem}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is right but nothing for this store: a draft, a gift card, a picture."""

    line_no: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One good row. `opening_stock_milli` is None where the file does not say."""

    line_no: int
    item: Item
    opening_stock_milli: int | None


@dataclass(frozen=True, slots=True)
class StockLine:
    """Goods that moved or were counted. `quantity_milli` is signed; a COUNT's is what lay there.

    `source` is unique to the line of its document, so that the same document twice changes nothing.
    """

    line_no: int
    gtin: str
    reason: Reason
    quantity_milli: int
    source: str
    at_utc: datetime | None


Line = Entry | StockLine | RowError | LeftOut


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a reader is told: the store's currency and language, and what a manager set by hand.

    `format_name`, `encoding` and `decimal` are None or "" where the file is to be judged by itself.
    """

    currency: str
    minor_digits: int = 2
    store_id: str = ""
    language: str = "en"
    format_name: str = ""
    encoding: str = ""
    decimal: DecimalSign | None = None


@dataclass(slots=True)
class Reading:
    """A file being read. `notes` are whole once `lines` ended.

    `speaks_of` names the fields of an item that the file has a say in; all others stay as they are.
    `fills_only`: it may fill what is empty, but changes nothing and brings no new goods.
    """

    format_name: str
    lines: Iterator[Line]
    speaks_of: frozenset[str]
    notes: Notes
    share_read: Callable[[], int]
    encoding: str = ""
    delimiter: str = ""
    decimal: DecimalSign | None = None
    fills_only: bool = False


@dataclass(slots=True)
class Cells:
    """One row's cells, read with their limits; every complaint goes into `errors`."""

    row: Row
    errors: list[RowError] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def text(self, column: str, default: str = "") -> str:
        return self.row.cells.get(column, "") or default

    def first(self, *columns: str) -> str:
        """The first of the columns that holds something."""
        return next((text for column in columns if (text := self.text(column))), "")

    def complain(self, column: str, problem: str) -> None:
        self.errors.append(RowError(self.row.line_no, column, problem))

    def whole(self, column: str, *, at_most: int, at_least: int = 0, is_required: bool = False) -> int:
        cell = self.text(column)
        if not cell and not is_required:
            return 0
        number = read_whole(cell)
        if number is None or not at_least <= number <= at_most:
            self.complain(
                column,
                said(
                    "“{cell}” is not a whole number from {least} to {most}.",
                    cell=cell[:SHOWN_CHARS],
                    least=at_least,
                    most=at_most,
                ),
            )
            return at_least
        return number

    def gtin(self, column: str, *, is_required: bool = False) -> str:
        cell = self.text(column)
        if not cell and not is_required:
            return ""
        plain = gtin_14(cell)
        if plain is not None:
            return plain
        found, is_repaired = read_gtin(cell, is_number=column in self.row.numbers)
        if is_repaired:
            self.notes.count("Excel cut a GTIN short; it was mended by its check digit in", self.row.line_no)
        if not found:
            self.complain(column, not_a_gtin(cell))
        return found

    def price(self, column: str, options: ReadOptions, sign: DecimalSign | None) -> int:
        """A price above nothing, in minor units; 1 after a complaint."""
        cell = self.text(column)
        if not cell:
            self.complain(column, said("there is no price."))
            return 1
        try:
            amount = read_amount(cell, options.minor_digits, sign)
        except NumberError as error:
            self.complain(column, error.why)
            return 1
        if not 1 <= amount <= MAX_AMOUNT_MINOR:
            self.complain(
                column, said("“{cell}” is no price: too little or too much.", cell=cell[:SHOWN_CHARS])
            )
            return 1
        return amount

    def stock_milli(self, column: str) -> int | None:
        """What lies there, in thousandths; None where the cell is empty or shows less than nothing."""
        cell = self.text(column)
        if not cell or cell.startswith("-"):
            return None
        milli = read_scaled(cell, 3)
        if milli is None or milli > MAX_STOCK_MILLI:
            self.complain(column, said("“{cell}” is not a quantity.", cell=cell[:SHOWN_CHARS]))
            return None
        return milli

    def matching(self, column: str, pattern: re.Pattern[str], otherwise: Callable[[str], Said]) -> str:
        """The cell, which is empty or matches; `otherwise` says what is wrong with the part that is shown."""
        cell = self.text(column)
        if cell and not pattern.fullmatch(cell):
            self.complain(column, otherwise(cell[:SHOWN_CHARS]))
        return cell


def not_a_gtin(cell: str, *, shown: int = SHOWN_CHARS) -> Said:
    """Why a cell holds no GTIN."""
    return said("“{cell}” is not a GTIN, or its check digit is wrong.", cell=cell[:shown])


def other_currency(cell: str, options: ReadOptions) -> Said:
    """Why a price in another currency is none."""
    return said("“{cell}” is not the store's {currency}.", cell=cell[:SHOWN_CHARS], currency=options.currency)


def stands_twice(value: str, first: int, second: int) -> Said:
    """Why a number that two rows have is that of the first alone."""
    return said(
        "{value} stands on line {first} and on line {second}.", value=value, first=first, second=second
    )


def counted_twice(value: str, first: int, second: int) -> Said:
    """Why a second count of the same goods is none."""
    return said(
        "{value} is counted on line {first} and on line {second}.", value=value, first=first, second=second
    )


def read_rows(rows: Iterable[Row], read_row: Callable[[Cells], Line | None], notes: Notes) -> Iterator[Line]:
    """What each row says: its line, or all that is wrong with it. A row that says None is passed over."""
    for row in rows:
        cells = Cells(row, notes=notes)
        line = read_row(cells) if row.is_whole else None
        if not row.is_whole:
            cells.complain("row", said("it has more or fewer cells than the first line."))
        if cells.errors:
            yield from cells.errors
        elif line is not None:
            yield line
