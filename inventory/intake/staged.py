"""Owns the staging file: what a reader made of one upload, on disk, with room for any number of rows.

It must not know the store's tables. The file is written by the process that reads the upload, and is whole
once it says how it ended; whatever breaks off before leaves a file that nobody takes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from inventory.domain.stock import Reason
from inventory.formats.entries import Entry, LeftOut, RowError, StockLine, counted_twice, stands_twice
from inventory.formats.said import read_said, written
from inventory.intake.item_text import read_item, write_item

MAX_FAULTS = 100_000
CHUNK = 500
_READ, _COMPARED = "read", "compared"

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE entry (
    place INTEGER PRIMARY KEY, line_no INTEGER NOT NULL, gtin TEXT NOT NULL, sku TEXT NOT NULL,
    plu TEXT NOT NULL, label_prefix TEXT NOT NULL, multipack_of TEXT NOT NULL, body TEXT NOT NULL,
    opening_milli INTEGER
);
CREATE TABLE stock_line (
    place INTEGER PRIMARY KEY, line_no INTEGER NOT NULL, gtin TEXT NOT NULL, reason TEXT NOT NULL,
    quantity_milli INTEGER NOT NULL, source TEXT NOT NULL, at_utc TEXT
);
CREATE TABLE fault (
    place INTEGER PRIMARY KEY, line_no INTEGER NOT NULL, column_name TEXT NOT NULL, problem TEXT NOT NULL,
    stage TEXT NOT NULL
);
CREATE TABLE left_out (place INTEGER PRIMARY KEY, line_no INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TABLE change (
    place INTEGER PRIMARY KEY, line_no INTEGER NOT NULL, gtin TEXT NOT NULL, name TEXT NOT NULL,
    old_minor INTEGER, new_minor INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
    opening_milli INTEGER
);
"""
_INDEXES = """
CREATE INDEX ix_entry_gtin ON entry (gtin);
CREATE INDEX ix_entry_sku ON entry (sku);
CREATE INDEX ix_entry_plu ON entry (plu) WHERE plu <> '';
CREATE INDEX ix_entry_label_prefix ON entry (label_prefix) WHERE label_prefix <> '';
CREATE INDEX ix_entry_multipack_of ON entry (multipack_of) WHERE multipack_of <> '';
CREATE INDEX ix_fault_line_no ON fault (line_no);
CREATE INDEX ix_stock_line_source ON stock_line (source);
"""
KEYS = ("gtin", "plu", "label_prefix", "sku")


class Which(Enum):
    """Which changes are asked for."""

    ALL = "all"
    NEW = "new"
    PRICES = "prices"


_WHICH = {
    Which.ALL: ("1", "place"),
    Which.NEW: ("old_minor IS NULL", "line_no"),
    Which.PRICES: ("old_minor <> new_minor", "abs(new_minor - old_minor) * 1.0 / old_minor DESC, line_no"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What an import would do to one item. `old_minor` is None, and `before` "", where it is new."""

    line_no: int
    gtin: str
    name: str
    old_minor: int | None
    new_minor: int
    before: str
    after: str
    opening_milli: int | None


class StagedFile:
    """One staging file, open for one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it. Raises sqlite3.Error where it is none."""
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # It is written once, and thrown away if that breaks off: nothing here needs a journal.
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA temp_store = MEMORY")
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone():
            self._db.executescript(_TABLES)

    def close(self) -> None:
        self._db.close()

    def index(self) -> None:
        """Makes the indexes, once all rows are in."""
        for statement in filter(str.strip, _INDEXES.split(";")):  # a script would end the transaction
            self._db.execute(statement)

    def begin(self) -> None:
        self._db.execute("BEGIN")

    def commit(self) -> None:
        self._db.execute("COMMIT")

    def note(self, **values: Any) -> None:
        """Keeps values that JSON can carry, by name."""
        self._db.executemany(
            "INSERT OR REPLACE INTO about VALUES (?, ?)",
            [(name, json.dumps(value)) for name, value in values.items()],
        )

    def noted(self, name: str, default: Any = None) -> Any:
        row = self._db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row[0])

    def add(self, lines: Iterable[Entry | StockLine | RowError | LeftOut]) -> None:
        """Adds what was read, in its order."""
        entries, stock, faults, left_out = [], [], [], []
        for line in lines:
            match line:
                case Entry(line_no, item, opening):
                    keys = (item.gtin, item.sku, item.plu, item.label_prefix, item.multipack_of)
                    entries.append((line_no, *keys, write_item(item), opening))
                case StockLine():
                    stock.append(_stock_values(line))
                case RowError(line_no, column, problem):
                    faults.append((line_no, column, written(problem), _READ))
                case LeftOut(line_no, reason):
                    left_out.append((line_no, written(reason)))
        put = self._db.executemany
        put("INSERT INTO entry VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", entries)
        put("INSERT INTO stock_line VALUES (NULL, ?, ?, ?, ?, ?, ?)", stock)
        put("INSERT INTO fault VALUES (NULL, ?, ?, ?, ?)", faults)
        put("INSERT INTO left_out VALUES (NULL, ?, ?)", left_out)

    def add_twice(self) -> None:
        """Adds a fault for each entry whose number an earlier one has; both lines are named."""
        for key in KEYS:
            self._db.execute(
                f"""INSERT INTO fault SELECT NULL, line_no, '{key}', json_array(?, json_object('value', {key},
                    'first', first_line, 'second', line_no)), '{_READ}'
                FROM (SELECT line_no, {key}, min(line_no) OVER (PARTITION BY {key}) AS first_line
                      FROM entry WHERE {key} IN
                        (SELECT {key} FROM entry WHERE {key} <> '' GROUP BY {key} HAVING count(*) > 1))
                WHERE line_no > first_line""",  # noqa: S608 - the keys are the four above
                (stands_twice("", 0, 0).text,),
            )

        self._db.execute(
            f"""INSERT INTO fault SELECT NULL, line_no, 'gtin', json_array(?, json_object('value', gtin,
                'first', first_line, 'second', line_no)), '{_READ}'
            FROM (SELECT line_no, gtin, min(line_no) OVER (PARTITION BY gtin) AS first_line
                  FROM stock_line WHERE reason = 'COUNT')
            WHERE line_no > first_line""",  # noqa: S608 - the stage is one of the two above
            (counted_twice("", 0, 0).text,),
        )

    def lonely_packs(self, limit: int) -> list[int]:
        """Lines of packs whose single is not in the file."""
        rows = self._db.execute(
            """SELECT line_no FROM entry AS pack WHERE multipack_of <> ''
            AND NOT EXISTS (SELECT 1 FROM entry WHERE gtin = pack.multipack_of) ORDER BY line_no LIMIT ?""",
            (limit,),
        )
        return [row[0] for row in rows]

    def count(self, table: str, where: str = "1") -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])  # noqa: S608

    def entries(self) -> Iterator[list[Entry]]:
        """All entries in chunks, by GTIN; of two with the same the later counts."""
        cursor = self._cursor(
            "SELECT line_no, body, opening_milli FROM entry WHERE place IN "
            "(SELECT max(place) FROM entry GROUP BY gtin) ORDER BY gtin"
        )
        for rows in cursor:
            yield [Entry(line_no, read_item(body), opening) for line_no, body, opening in rows]

    def stock_lines(self) -> Iterator[list[StockLine]]:
        """All stock lines in chunks, as the document has them."""
        columns = "line_no, gtin, reason, quantity_milli, source, at_utc"
        for rows in self._cursor(f"SELECT {columns} FROM stock_line ORDER BY place"):  # noqa: S608
            yield [_stock_line(row) for row in rows]

    def entries_with(self, column: str, values: Sequence[str]) -> list[Entry]:
        """The entries whose `column`, one of the indexed, is among a few values."""
        marks = ", ".join("?" * len(values))
        rows = self._db.execute(
            f"SELECT line_no, body, opening_milli FROM entry WHERE {column} IN ({marks})",  # noqa: S608
            list(values),
        )
        return [Entry(line_no, read_item(body), opening) for line_no, body, opening in rows]

    def start_comparing(self) -> None:
        """Forgets what an earlier comparison found."""
        self._db.execute("DELETE FROM change")
        self._db.execute("DELETE FROM fault WHERE stage = ?", (_COMPARED,))

    def add_compared(self, changes: Sequence[Change], faults: Sequence[RowError]) -> None:
        values = [
            (
                *(change.line_no, change.gtin, change.name, change.old_minor, change.new_minor),
                *(change.before, change.after, change.opening_milli),
            )
            for change in changes
        ]
        self._db.executemany("INSERT INTO change VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        self._db.executemany(
            "INSERT INTO fault VALUES (NULL, ?, ?, ?, ?)",
            [(fault.line_no, fault.column, written(fault.problem), _COMPARED) for fault in faults],
        )

    def faults(self, limit: int = -1, passed: int = 0) -> Iterator[RowError]:
        """Faults by line and column, without the first `passed`."""
        rows = self._db.execute(
            "SELECT line_no, column_name, problem FROM fault ORDER BY line_no, column_name, place "
            "LIMIT ? OFFSET ?",
            (limit, passed),
        )
        return (RowError(line_no, column, read_said(problem)) for line_no, column, problem in rows)

    def left_out(self, limit: int = -1) -> Iterator[LeftOut]:
        rows = self._db.execute("SELECT line_no, reason FROM left_out ORDER BY line_no LIMIT ?", (limit,))
        return (LeftOut(line_no, read_said(reason)) for line_no, reason in rows)

    def changes(self, which: Which = Which.ALL, limit: int = -1) -> Iterator[Change]:
        """Changes of rows without fault, in the order of the file; those of a price the largest first."""
        where, order = _WHICH[which]
        rows = self._db.execute(
            f"""SELECT line_no, gtin, name, old_minor, new_minor, before, after, opening_milli FROM change
            WHERE {where} AND line_no NOT IN (SELECT line_no FROM fault) ORDER BY {order} LIMIT ?""",  # noqa: S608
            (limit,),
        )
        return (Change(*row) for row in rows)

    def _cursor(self, statement: str) -> Iterator[list[Any]]:
        with closing(self._db.execute(statement)) as cursor:
            while rows := cursor.fetchmany(CHUNK):
                yield rows


def _stock_values(line: StockLine) -> tuple[Any, ...]:
    at_utc = None if line.at_utc is None else line.at_utc.isoformat()
    return (line.line_no, line.gtin, line.reason.value, line.quantity_milli, line.source, at_utc)


def _stock_line(row: Sequence[Any]) -> StockLine:
    line_no, gtin, reason, milli, source, at_utc = row
    at = None if at_utc is None else datetime.fromisoformat(at_utc)
    return StockLine(line_no, gtin, Reason(reason), milli, source, at)
