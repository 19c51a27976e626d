"""Owns the clock that lets the books of stock catch up, away from the sale: twice a minute.

It must not know what there is to catch up (services.stock_upkeep does).
"""

from __future__ import annotations

from typing import Final

from inventory.db.unit_of_work import Database
from inventory.services import stock_upkeep
from inventory.services.stock_upkeep import Kept
from inventory.web.pages import Clock, utc_now
from inventory.web.ticker import Ticker

EVERY_S: Final = 30.0


class StockClock(Ticker):
    """Keeps the books of one store."""

    def __init__(
        self, database: Database, store_id: str, *, clock: Clock = utc_now, every_s: float = EVERY_S
    ) -> None:
        super().__init__("stock-clock", every_s=every_s)
        self._database = database
        self._store_id = store_id
        self._clock = clock

    def tick(self) -> Kept:
        """Catches up with what has happened since the last tick."""
        return stock_upkeep.run(self._database, self._store_id, self._clock())
