"""Owns the clock that carries out planned prices: when the store begins to serve, then every few seconds.

It must not know what a plan does (services.prices does). One look into an index tells that nothing is due.
"""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Final, Self

from inventory.db.unit_of_work import Database
from inventory.services import prices
from inventory.services.prices import Applied
from inventory.web.pages import Clock, utc_now

EVERY_S: Final = 5.0
_log = logging.getLogger(__name__)


class PriceClock:
    """Ticks on a thread of its own from `with` to its end; each process on a database may have one."""

    def __init__(
        self, database: Database, store_id: str, *, clock: Clock = utc_now, every_s: float = EVERY_S
    ) -> None:
        self._database = database
        self._store_id = store_id
        self._clock = clock
        self._every_s = every_s
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="price-clock", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def tick(self) -> Applied | None:
        """Carries out what is due now; None when nothing is."""
        now_utc = self._clock()
        with self._database.read() as uow:
            due_utc = prices.next_due(uow, self._store_id)
        if due_utc is None or due_utc > now_utc:
            return None
        with self._database.write() as uow:
            return prices.apply_due(uow, self._store_id, now_utc)

    def _run(self) -> None:
        while True:
            try:
                self.tick()
            except Exception:  # noqa: BLE001 - a busy or lost database is tried again at the next tick
                _log.exception("Planned prices could not be carried out; the next tick tries again.")
            if self._is_over.wait(self._every_s):
                return
