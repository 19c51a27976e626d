"""Owns the quickest way to a row: SQL as text on the driver's connection, inside the session's transaction.

It must not decide anything. What a shopper waits for goes this way; all else goes through SQLAlchemy, which
takes ten times as long to put the same question. Statements are written with `?`, for either engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlmodel import Session

Values = Sequence[Any]
_AT_ONCE = 5000


def rows(session: Session, sql: str, values: Values = ()) -> list[Any]:
    """All rows of a question, as tuples."""
    driver: Any = session.connection().connection.driver_connection
    found: list[Any] = driver.execute(_spelled(sql, is_sqlite(session)), values).fetchall()
    return found


def reader(session: Session) -> Callable[[str, Values], list[Any]]:
    """`rows` of this session for several questions one after the other, the connection looked up once."""
    driver: Any = session.connection().connection.driver_connection
    ask, sqlite = driver.execute, is_sqlite(session)

    def read(sql: str, values: Values) -> list[Any]:
        found: list[Any] = ask(_spelled(sql, sqlite), values).fetchall()
        return found

    return read


def each(session: Session, sql: str, values: Values = ()) -> Iterator[Any]:
    """The rows of a question one after the other, however many: no more than a few thousand are held.

    The session's transaction must stay open until the last one is taken.
    """
    driver: Any = session.connection().connection.driver_connection
    if is_sqlite(session):
        yield from driver.execute(sql, values)
        return
    with driver.cursor(name="each") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(_spelled(sql, sqlite=False), values)
        yield from cursor


def row(session: Session, sql: str, values: Values = ()) -> Any:
    """The first row of a question as a tuple, or None."""
    driver: Any = session.connection().connection.driver_connection
    return driver.execute(_spelled(sql, is_sqlite(session)), values).fetchone()


def do(session: Session, sql: str, values: Values = ()) -> int:
    """One statement that changes rows; answers how many."""
    driver: Any = session.connection().connection.driver_connection
    changed: int = driver.execute(_spelled(sql, is_sqlite(session)), values).rowcount
    return changed


def do_each(session: Session, sql: str, values: Iterable[Values]) -> None:
    """The same statement once for each of `values`."""
    driver: Any = session.connection().connection.driver_connection
    driver.cursor().executemany(_spelled(sql, is_sqlite(session)), values)


def is_sqlite(session: Session) -> bool:
    """Whether the session speaks to SQLite; else it is PostgreSQL."""
    return session.get_bind().dialect.name == "sqlite"


@cache
def _spelled(sql: str, sqlite: bool) -> str:  # noqa: FBT001 - a key of the cache
    return sql if sqlite else sql.replace("?", "%s")
