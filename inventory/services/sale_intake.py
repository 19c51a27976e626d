"""Owns the way in for sales: many lanes at once, one transaction for all that wait.

It must not change what `sales.record_all` says, nor answer before the sale is durable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime

from inventory.db.group_commit import GroupCommit
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.services import sales
from inventory.services.known_items import KnownItems
from inventory.services.prepared_sales import Arrival, Prepared, prepare
from inventory.services.sales import Outcome


class SaleIntake:
    """Takes sales of one store from any thread."""

    def __init__(self, database: Database, store_id: str, clock: Callable[[], datetime]) -> None:
        self._store_id = store_id
        self._clock = clock
        self._known = KnownItems()
        self._writer: GroupCommit[Prepared, Outcome] = GroupCommit(database, self._record)

    def take(self, arrival: Arrival) -> Future[Outcome]:
        """What becomes of a sale, once it is durable. The future raises what the database raised."""
        return self._writer.submit(prepare(self._store_id, arrival))

    def _record(self, uow: UnitOfWork, arrivals: Sequence[Prepared]) -> list[Outcome]:
        return sales.record_prepared(uow, self._store_id, arrivals, self._clock(), known=self._known)
