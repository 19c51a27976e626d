"""Owns the clock that carries out planned prices: when the store begins to serve, then every few seconds.

It must not know what a plan does (services.prices does). One look into an index tells that nothing is due.
"""

from __future__ import annotations

from typing import Final

from inventory.db.unit_of_work import Database
from inventory.services import prices
from inventory.services.prices import Applied
from inventory.web.pages import Clock, utc_now
from inventory.web.ticker import Ticker

EVERY_S: Final = 5.0


class PriceClock(Ticker):
    """Carries out the plans of one store."""

    def __init__(
        self, database: Database, store_id: str, *, clock: Clock = utc_now, every_s: float = EVERY_S
    ) -> None:
        super().__init__("price-clock", every_s=every_s)
        self._database = database
        self._store_id = store_id
        self._clock = clock

    def tick(self) -> Applied | None:
        """Carries out what is due now; None when nothing is."""
        now_utc = self._clock()
        with self._database.read() as uow:
            due_utc = prices.next_due(uow, self._store_id)
        if due_utc is None or due_utc > now_utc:
            return None
        with self._database.write() as uow:
            return prices.apply_due(uow, self._store_id, now_utc)
