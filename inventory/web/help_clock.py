"""Owns the clock of calls for help: once a second it lets those climb that nobody answers.

It must not know what a level means (inventory.domain.help_waiting does).
"""

from __future__ import annotations

from typing import Final

from inventory.db.unit_of_work import Database
from inventory.domain.help_waiting import Ladder
from inventory.services import escalation
from inventory.services.help_rows import HelpRequest
from inventory.web.pages import Clock, utc_now
from inventory.web.ticker import Ticker

EVERY_S: Final = 1.0


class HelpClock(Ticker):
    """Watches the calls of one store."""

    def __init__(
        self,
        database: Database,
        store_id: str,
        ladder: Ladder,
        *,
        clock: Clock = utc_now,
        every_s: float = EVERY_S,
    ) -> None:
        super().__init__("help-clock", every_s=every_s)
        self._database = database
        self._store_id = store_id
        self._ladder = ladder
        self._clock = clock

    def tick(self) -> list[HelpRequest]:
        """The calls that climbed now."""
        return escalation.climb(self._database, self._store_id, self._ladder, self._clock())
