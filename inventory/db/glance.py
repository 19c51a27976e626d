"""Owns questions of one statement, each a transaction of its own, on one connection that is kept for them.

It must not know what is asked. A transaction of a session takes longer to open than such a question to
answer.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Select
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import PoolProxiedConnection


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it, and what makes a row of what the driver gives."""

    sql: str
    places: tuple[tuple[str, object], ...]
    """Name of each parameter in its place, and its value where the statement itself has one."""
    as_row: Callable[..., Any]
    processors: tuple[tuple[int, Callable[[Any], Any]], ...]


class Glances:
    """Looks into the file of an SQLite engine, from any thread. Never writes."""

    def __init__(self, readers: Engine) -> None:
        self._readers = readers
        self._lock = threading.Lock()
        self._kept: PoolProxiedConnection | None = None
        self._prepared: dict[Select[*tuple[Any, ...]], _Prepared] = {}

    def first(self, statement: Select[*tuple[Any, ...]], parameters: Mapping[str, object]) -> Any:
        """The first row, with its columns as attributes, or None. Raises OperationalError.

        The statement is prepared once: keep it, and give its parameters as text and numbers alone.
        """
        prepared = self._prepared.get(statement)
        if prepared is None:
            prepared = self._prepared[statement] = self._prepare(statement)
        values = [parameters.get(name, own) for name, own in prepared.places]
        found = self._ask(prepared.sql, values)
        if found is None:
            return None
        row = list(found)
        for place, processor in prepared.processors:
            row[place] = processor(row[place])
        return prepared.as_row(*row)

    def close(self) -> None:
        """Gives the connection back; the next question takes another."""
        with self._lock:
            if self._kept is not None:
                self._kept.close()
                self._kept = None

    def _ask(self, sql: str, values: list[object]) -> Any:
        with self._lock:
            try:
                if self._kept is None:
                    self._kept = self._readers.raw_connection()
                driver: Any = self._kept.driver_connection
                # Read to its end: a statement left open would hold on to the file's old pages.
                found: list[Any] = driver.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise OperationalError(sql, values, error) from error
        return found[0] if found else None

    def _prepare(self, statement: Select[*tuple[Any, ...]]) -> _Prepared:
        dialect = self._readers.dialect
        compiled: Any = statement.compile(dialect=dialect)
        own = compiled.params
        columns = list(statement.selected_columns)
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        return _Prepared(
            sql=compiled.string,
            places=tuple((name, own[name]) for name in compiled.positiontup),
            as_row=namedtuple("Row", [str(column.key) for column in columns]),
            processors=tuple((place, read) for place, read in enumerate(readers) if read is not None),
        )
