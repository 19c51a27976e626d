"""Owns what the books of stock catch up on by themselves, away from the sale: lots, late sales, transfers,
baskets of lanes that were switched off.

It must not hold the writer when there is nothing to do: each part is asked for in a reader first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.db.unit_of_work import Database
from inventory.services import availability, late_sales, reservations, shelves, transfers

WHO = "upkeep"


@dataclass(frozen=True, slots=True)
class Kept:
    """What one run did: items whose lots were settled, sale lines given back, transfers announced."""

    settled: int = 0
    given_back: int = 0
    announced: int = 0


def run(database: Database, store_id: str, now_utc: datetime) -> Kept:
    """Catches up; run again at once it finds nothing to do. Safe beside sales and beside itself."""
    with database.read() as uow:
        emptied = shelves.to_settle(uow, store_id)
        late = late_sales.find(uow, store_id, now_utc=now_utc)
        is_old = late_sales.has_old(uow, store_id, now_utc=now_utc)
        silent = reservations.silent_now(uow, store_id, now_utc)
        waiting = transfers.unannounced(uow, store_id, now_utc - late_sales.LATE)
    settled = given_back = 0
    if emptied or late or silent or is_old:
        with database.write() as uow:
            settled = shelves.settle(uow, store_id, gtins=emptied, who=WHO, now_utc=now_utc)
            given_back = late_sales.give_back(uow, store_id, now_utc=now_utc)
            late_sales.forget_old(uow, store_id, now_utc=now_utc)
            availability.silent_baskets_ended(uow, store_id, now_utc)
    announced = sum(transfers.announce(database, store_id, document_id) for document_id in waiting)
    return Kept(settled, given_back, announced)
