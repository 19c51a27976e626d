"""Owns the shopper's call for help as its lane knows it.

It must not move it: `kiosk.checkout.assisting` does, by the store's machine (`inventory.domain.help_desk`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.domain.help_desk import OPEN_STATES, HelpCase, HelpReason, HelpState
from inventory.domain.help_waiting import Band, Level


@dataclass(frozen=True, slots=True)
class Wait:
    """What the store last said of the wait for the open call; nothing until then, as after a restart.

    `is_late`: what was said was not kept, or the store has not been heard for a minute.
    """

    place: int = 0
    band: Band | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class HelpCall:
    """One call, made and written down by this lane before anybody else hears of it.

    `reopens` is the call that was said to be solved and was not. `gtin` and `note` name the good it is about.
    """

    help_id: str
    state: HelpState
    reason: HelpReason = HelpReason.UNSAID
    staff_name: str = ""
    turn: int = 0
    level: Level = Level.EVERYONE
    is_afar: bool = False
    reopens: str = ""
    gtin: str = ""
    note: str = ""
    requested_at: datetime | None = None

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
