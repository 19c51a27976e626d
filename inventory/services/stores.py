"""Owns the store's own line: its name, its money and the wall clock that cuts its days.

It must not know items or lanes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlmodel import col

from inventory.db.repositories import put
from inventory.db.tables import StoreRow, StoreTable, as_utc
from inventory.db.unit_of_work import UnitOfWork

_STORE = select(StoreTable.metadata.tables["store"]).where(col(StoreRow.store_id) == bindparam("store"))


class UnknownStoreError(LookupError):
    """The database holds no store of this id."""

    def __init__(self, store_id: str) -> None:
        super().__init__(f"The database holds no store “{store_id}”.")


@dataclass(frozen=True, slots=True)
class Store:
    """A store as its papers name it. `timezone` is an IANA name."""

    store_id: str
    name: str
    currency: str
    timezone: str


def open_store(uow: UnitOfWork, store: Store) -> None:
    """Writes the store's line as the configuration has it; safe to repeat."""
    put(
        uow.session,
        StoreRow(store_id=store.store_id, name=store.name, currency=store.currency, timezone=store.timezone),
    )


def find_store(uow: UnitOfWork, store_id: str) -> Store:
    """The store's line. Raises UnknownStoreError."""
    row = uow.session.connection().execute(_STORE, {"store": store_id}).first()
    if row is None:
        raise UnknownStoreError(store_id)
    return Store(row.store_id, row.name, row.currency, row.timezone)


def business_time(store: Store, at_utc: datetime) -> tuple[date, int]:
    """The store's day and hour (0 to 23) at an instant."""
    return clock_time(store.timezone, at_utc)


def clock_time(timezone: str, at_utc: datetime) -> tuple[date, int]:
    """Day and hour (0 to 23) of a wall clock, by its IANA name, at an instant."""
    local = as_utc(at_utc).astimezone(ZoneInfo(timezone))
    return local.date(), local.hour
