"""Owns the parts of a conversation on the tablet, as values a template draws.

It must not know where their words come from, nor HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from inventory.domain.phrases import LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str


class Field(Enum):
    """How the slot of an answer is filled in."""

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One thing said. `language` is the tag of a typed text, "" of a phrase; `tag` and `name` show it."""

    words: str
    who: str
    is_shopper: bool
    language: str = ""
    tag: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One phrase to answer with; `field` is what is to be filled in between `before` and `after`."""

    phrase: str
    label: str
    before: str = ""
    after: str = ""
    field: Field | None = None
    usual: str = ""
    most: int = 0
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation of one call. `mark` tells one drawing of it from the next: a tap is done once."""

    help_id: str
    lines: tuple[TalkLine, ...]
    likely: tuple[Answer, ...]
    others: tuple[Answer, ...]
    mark: str
    said_count: int
    is_full: bool = False
    longest: int = LONGEST_TEXT
    path: str = "/staff/talk"
    """Where its answers are posted to, before the call's id."""

    @property
    def newest(self) -> TalkLine | None:
        """What the shopper said last, if nobody has answered it."""
        return self.lines[-1] if self.lines and self.lines[-1].is_shopper else None


Talks = Mapping[str, Talk]
"""By the id of the call."""
