"""Owns what a conversation with staff is for a lane: what was said so far, and the events that add to it.

It must not decide anything (`talking` does), nor hold a typed text: a journal forgets nothing, so those stand
beside it, under the id of what was said (`kiosk.jottings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inventory.domain.phrases import Phrase, Side


class Passing(Enum):
    """How far a shopper's words have come."""

    UNDER_WAY = "under way"
    TAKEN = "taken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing said. Without `phrase` it is a text in `language`; `staff_name` is "" for the shopper."""

    entry_id: str
    side: Side
    phrase: Phrase | None
    language: str
    at: datetime
    staff_name: str = ""
    passing: Passing = Passing.UNDER_WAY


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said in the call `help_id`, oldest first."""

    help_id: str = ""
    entries: tuple[Spoken, ...] = ()

    @property
    def newest_of_staff(self) -> Spoken | None:
        return next((each for each in reversed(self.entries) if each.side is Side.STAFF), None)


@dataclass(frozen=True, slots=True)
class PhraseSaid:
    """By the shopper; `help_id` is for the call that this makes where none is open."""

    entry_id: str
    help_id: str
    phrase: Phrase | None = None


@dataclass(frozen=True, slots=True)
class PhraseHeard:
    """By somebody on the staff; told again at each connection."""

    entry_id: str
    help_id: str
    staff_name: str
    phrase: Phrase | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class PhrasePassed:
    """The store has taken what the shopper said, or refused it."""

    entry_id: str
    taken: bool


TalkEvent = PhraseSaid | PhraseHeard | PhrasePassed

TALK_EVENTS: frozenset[type] = frozenset({PhraseSaid, PhraseHeard, PhrasePassed})
