"""Owns what a call's buttons send, read: which turn was looked at, what it was about, who it goes to.

It must not know what is done with it.
"""

from __future__ import annotations

from pydantic import BaseModel

from inventory.domain.card_digits import holds_card_number
from inventory.domain.help_desk import Cause
from inventory.domain.help_waiting import Level
from inventory.domain.one_line import one_line
from inventory.services.help_desk import MAX_HAND_NOTE
from inventory.web.texts import Texts

_CAUSES = {cause.value: cause for cause in Cause}
_MOST_DIGITS = 6

ELSEWHERE = " "
"""Before the id of a desk that a call is given to; no name of a colleague begins with a blank."""


class CallForm(BaseModel):
    """What a browser sends; every field may hold anything."""

    lane: str = ""
    turn: str = ""
    cause: str = ""
    level: str = ""
    to: str = ""
    note: str = ""

    @property
    def seen_turn(self) -> int | None:
        """The turn on the page that was tapped; None where it says none, and nobody is held to it."""
        is_number = self.turn.isascii() and self.turn.isdecimal() and len(self.turn) <= _MOST_DIGITS
        return int(self.turn) if is_number else None

    @property
    def wanted_cause(self) -> Cause | None:
        """One of the eight, None where none was chosen."""
        return _CAUSES.get(self.cause)

    @property
    def wanted_level(self) -> Level:
        """Who is to be called."""
        return Level.MANAGER if self.level == str(int(Level.MANAGER)) else Level.SUPERVISOR

    @property
    def wanted_desk(self) -> str:
        """The desk it is to go to, "" where it stays here."""
        return self.to.removeprefix(ELSEWHERE) if self.to.startswith(ELSEWHERE) else ""

    def note_fault(self, texts: Texts) -> str:
        """Why the note cannot be kept, or "": what stands in it is read by others, and stays."""
        if len(self.plain_note) > MAX_HAND_NOTE:
            return texts.text("A note has {count} letters at most.").format(count=MAX_HAND_NOTE)
        return texts.text("Please type no card numbers here.") if holds_card_number(self.plain_note) else ""

    @property
    def plain_note(self) -> str:
        """The note on one line, without what no page or table can show."""
        return one_line(self.note)
