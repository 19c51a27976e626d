"""Owns how the tables hold an instant.

It must not know tables.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator


class UtcInstant(TypeDecorator[datetime]):
    """An instant as text of one width: it sorts and compares alike on SQLite and PostgreSQL.

    A value without a zone is taken as UTC, which is what every name ending in `_utc` promises.
    """

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else datetime.fromisoformat(value)


def instant_text(instant: datetime) -> str:
    """An instant as the tables hold it."""
    return f"{as_utc(instant).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def as_utc(instant: datetime) -> datetime:
    """The instant in UTC; one without a zone is UTC already, and so is one at the very ends of time."""
    if instant.tzinfo is None:
        return instant.replace(tzinfo=UTC)
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        return instant.replace(tzinfo=UTC)
