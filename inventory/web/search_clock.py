"""Owns the clock that puts what sells well first in the search: four times a day.

It must not know how sales are counted (services.popularity does).
"""

from __future__ import annotations

from typing import Final

from inventory.db.unit_of_work import Database
from inventory.services import popularity
from inventory.services.stores import business_time, find_store
from inventory.web.pages import Clock, utc_now
from inventory.web.ticker import Ticker

EVERY_S: Final = 6 * 3600.0


class SearchClock(Ticker):
    """Renews the order of one store's items."""

    def __init__(
        self, database: Database, store_id: str, *, clock: Clock = utc_now, every_s: float = EVERY_S
    ) -> None:
        super().__init__("search-clock", every_s=every_s)
        self._database = database
        self._store_id = store_id
        self._clock = clock

    def tick(self) -> int:
        """Answers how many items changed their tier."""
        with self._database.write() as uow:
            day, _ = business_time(find_store(uow, self._store_id), self._clock())
            return popularity.renew(uow, self._store_id, day)
