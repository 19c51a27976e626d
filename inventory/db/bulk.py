"""Owns statements about many rows at once, written out once for each number of rows.

It must not know what the rows mean. A driver lets other threads run at every statement and may wait
milliseconds for its next turn: a hundred rows in one statement wait once, not a hundred times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import Table, make_url
from sqlmodel import Session

from inventory.db import hot

_LARGEST = 128
"""Rows in one statement; SQLite takes 32,766 values."""

_Convert = Callable[[Any], Any] | None
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Shape:
    """How rows of one table are handed to one driver."""

    head: str
    names: tuple[str, ...]
    converts: tuple[tuple[int, Callable[[Any], Any]], ...]
    mark: str


def insert_many(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, tail: str = ""
) -> list[Any]:
    """Inserts the rows, all of the same columns, in their order; answers what `tail` makes it return.

    `tail` is what SQLite and PostgreSQL both understand: ON CONFLICT …, RETURNING ….
    """
    if not rows:
        return []
    connection = session.connection()
    shape = _shape(connection.dialect.name, table, tuple(rows[0]))
    returned: list[Any] = []
    for chunk in chunks(rows):
        result = connection.exec_driver_sql(_insert(shape, len(chunk), tail), _values(shape, chunk))
        if result.returns_rows:
            returned += result.all()
    return returned


def select_many(session: Session, question: str, store_id: str, keys: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Asks `question` about all keys, which are of one length. It ends in `store_id = ? AND (…) IN`."""
    found: list[Any] = []
    for chunk in chunks(keys):
        asked = _question(question, len(chunk[0]), len(chunk))
        found += hot.rows(session, asked, (store_id, *chain.from_iterable(chunk)))
    return found


def join_many(
    session: Session, names: tuple[str, ...], question: str, keys: Sequence[tuple[Any, ...]], store_id: str
) -> list[Any]:
    """Asks `question` about all keys, which it finds as rows of `wanted`, of these columns.

    It ends in `store_id = ?`.
    """
    found: list[Any] = []
    for chunk in chunks(keys):
        asked = _join(names, question, len(chunk))
        found += hot.rows(session, asked, (*chain.from_iterable(chunk), store_id))
    return found


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in pieces of powers of two: few different statements serve any number of rows."""
    start = 0
    while (left := len(rows) - start) > 0:
        length = min(_LARGEST, 1 << (left.bit_length() - 1))
        yield rows[start : start + length]
        start += length


def _values(shape: _Shape, rows: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
    values: list[Any] = []
    for row in rows:
        one = [row[name] for name in shape.names]
        for place, convert in shape.converts:
            one[place] = convert(one[place])
        values += one
    return tuple(values)


@cache
def _shape(dialect_name: str, table: Table, names: tuple[str, ...]) -> _Shape:
    driver = "postgresql+psycopg" if dialect_name == "postgresql" else dialect_name
    dialect = make_url(f"{driver}://").get_dialect()()
    converts: list[_Convert] = [table.c[name].type.bind_processor(dialect) for name in names]
    return _Shape(
        " ".join(("INSERT INTO", table.name, f"({', '.join(names)})", "VALUES")),
        names,
        tuple((place, convert) for place, convert in enumerate(converts) if convert is not None),
        _mark(dialect_name),
    )


@lru_cache(256)
def _insert(shape: _Shape, count: int, tail: str) -> str:
    return f"{shape.head} {_tuples(shape.mark, len(shape.names), count)} {tail}"


@lru_cache(256)
def _question(question: str, width: int, count: int) -> str:
    return f"{question} (VALUES {_tuples('?', width, count)})"


@lru_cache(256)
def _join(names: tuple[str, ...], question: str, count: int) -> str:
    return f"WITH wanted ({', '.join(names)}) AS (VALUES {_tuples('?', len(names), count)}) {question}"


def _tuples(mark: str, width: int, count: int) -> str:
    return ", ".join([f"({', '.join([mark] * width)})"] * count)


def _mark(dialect_name: str) -> str:
    return "%s" if dialect_name == "postgresql" else "?"
