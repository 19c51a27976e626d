"""Owns the clock of calls for help: once a second it lets those climb, or go elsewhere, that nobody answers.

It must not know what a level means (inventory.domain.help_waiting does), nor where a call goes.
"""

from __future__ import annotations

from typing import Final

from inventory.db.unit_of_work import Database
from inventory.domain.help_waiting import Ladder
from inventory.services import escalation, help_routes
from inventory.services.help_routes import RoutingRules
from inventory.services.help_rows import HelpRequest
from inventory.web.pages import Clock, utc_now
from inventory.web.ticker import Ticker

EVERY_S: Final = 1.0
BY_DEFAULT: Final = RoutingRules()


class HelpClock(Ticker):
    """Watches the calls of one store."""

    def __init__(
        self,
        database: Database,
        store_id: str,
        ladder: Ladder,
        rules: RoutingRules = BY_DEFAULT,
        *,
        clock: Clock = utc_now,
        every_s: float = EVERY_S,
    ) -> None:
        super().__init__("help-clock", every_s=every_s)
        self._database = database
        self._store_id = store_id
        self._ladder = ladder
        self._rules = rules
        self._clock = clock

    def tick(self) -> list[HelpRequest]:
        """The calls that climbed now."""
        now_utc = self._clock()
        climbed = escalation.climb(self._database, self._store_id, self._ladder, now_utc)
        help_routes.route(self._database, self._store_id, self._rules, now_utc)
        return climbed
