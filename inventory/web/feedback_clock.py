"""Owns the clock that forgets bad faces and ends alerts nobody saw to: once a minute, if anything is due.

It must not know what is due (services.feedback_alerts does).
"""

from __future__ import annotations

from typing import Final

from inventory.db.unit_of_work import Database
from inventory.services import feedback_alerts
from inventory.web.pages import Clock, utc_now
from inventory.web.ticker import Ticker

EVERY_S: Final = 60.0


class FeedbackClock(Ticker):
    """Keeps one store's alerts of bad faces no longer than they are worth."""

    def __init__(
        self, database: Database, store_id: str, *, clock: Clock = utc_now, every_s: float = EVERY_S
    ) -> None:
        super().__init__("feedback-clock", every_s=every_s)
        self._database = database
        self._store_id = store_id
        self._clock = clock

    def tick(self) -> bool:
        """Answers whether anything was due; only then it writes."""
        now_utc = self._clock()
        with self._database.read() as uow:
            is_due = feedback_alerts.is_sweep_due(uow, self._store_id, now_utc)
        if is_due:
            with self._database.write() as uow:
                feedback_alerts.sweep(uow, self._store_id, now_utc)
        return is_due
