"""Owns the shopper's call for help as its lane knows it.

It must not move it: `kiosk.checkout.assisting` does, by the store's machine (`inventory.domain.help_desk`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.domain.help_desk import OPEN_STATES, HelpCase, HelpReason, HelpState
from inventory.domain.help_waiting import Band, Level


@dataclass(frozen=True, slots=True)
class HelpCall:
    """One call, made and written down by this lane before anybody else hears of it.

    `place` and `band` are what the store last said of the wait: 0 and None until then, as after a restart.
    `reopens` is the call that was said to be solved and was not.
    """

    help_id: str
    state: HelpState
    reason: HelpReason = HelpReason.UNSAID
    staff_name: str = ""
    turn: int = 0
    level: Level = Level.EVERYONE
    is_afar: bool = False
    reopens: str = ""
    requested_at: datetime | None = None
    place: int = 0
    band: Band | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def case(self) -> HelpCase:
        """The call as the machine of lane, tablet and lamp knows it."""
        return HelpCase(
            self.state,
            self.staff_name,
            turn=self.turn,
            level=self.level,
            is_reopened=self.reopens != "",
        )
