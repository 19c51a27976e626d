"""Owns how far the records of an item may be believed: its last count, and who found its shelf empty since.

It must not tell anybody: `inventory.services.availability` does, and the ledger when goods move.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select as select_columns

from inventory.db.repositories import insert_new
from inventory.db.shelf_table import ShelfTrustRow
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork

_TRUST = StoreTable.metadata.tables["shelf_trust"]
MOST_DOUBTS = 1000


def counted(uow: UnitOfWork, store_id: str, gtins: Iterable[str], at_utc: datetime) -> None:
    """Somebody counted these items: nobody doubts them any more. An older count changes no newer one."""
    for gtin in sorted(set(gtins)):
        row = _row(uow, store_id, gtin)
        row.doubts = 0
        row.counted_at_utc = max(row.counted_at_utc or at_utc, at_utc)
        uow.session.add(row)
    uow.session.flush()


def looked(uow: UnitOfWork, store_id: str, gtin: str) -> None:
    """Staff have been there and did not count: nobody doubts it now, the last count is as old as it was."""
    row = _row(uow, store_id, gtin)
    row.doubts = 0
    uow.session.add(row)
    uow.session.flush()


def doubted(uow: UnitOfWork, store_id: str, gtin: str, *, by: int) -> None:
    """One more shopper found the shelf empty (`by` 1), or takes that back (−1)."""
    row = _row(uow, store_id, gtin)
    row.doubts = min(max(row.doubts + by, 0), MOST_DOUBTS)
    uow.session.add(row)
    uow.session.flush()


def doubted_now(uow: UnitOfWork, store_id: str) -> tuple[str, ...]:
    """GTINs of the items somebody doubts."""
    wanted = select_columns(_TRUST.c.gtin).where(_TRUST.c.store_id == store_id, _TRUST.c.doubts > 0)
    return tuple(uow.session.connection().execute(wanted).scalars())


def _row(uow: UnitOfWork, store_id: str, gtin: str) -> ShelfTrustRow:
    """The item's row, made if there is none, and held against other writers."""
    insert_new(uow.session, ShelfTrustRow(store_id=store_id, gtin=gtin))
    row = uow.session.get(ShelfTrustRow, (store_id, gtin), with_for_update=True, populate_existing=True)
    assert row is not None, "it was made just now, if it was not there"
    return row
