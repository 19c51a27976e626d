"""Owns the parts of the tablet's wall: tiles, buttons, questions and the mirror, as values a template draws.

It must not know where their words come from, nor HTTP, the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum

from inventory.domain.help_ringing import Ring
from inventory.domain.help_waiting import InLine
from inventory.web.call_parts import Action as Action  # noqa: PLC0414 - the parts of the wall in one place
from inventory.web.call_parts import CallButtons as CallButtons  # noqa: PLC0414
from inventory.web.talk_parts import Choice as Choice  # noqa: PLC0414
from inventory.web.talk_parts import Talk


class Urgency(IntEnum):
    """What stands before what on the wall."""

    DANGER = 0
    DOUBT = 1
    CALL = 2
    MINE = 3
    DOWN = 4
    OTHERS = 5
    BUSY = 6
    FREE = 7


class Tone(Enum):
    """How a tile looks; never by colour alone, each has its mark and its words."""

    DOUBT = "doubt"
    CALL = "call"
    TAKEN = "taken"
    DOWN = "down"
    CALM = "calm"
    UNHAPPY = "unhappy"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, under its label."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """A decision that asks for the PIN again: what to look at, what is known, and the two answers."""

    key: str
    about: str
    sentence: str
    facts: tuple[Fact, ...]
    path: str
    answers: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """Yes or no with something more: a sentence to tick, the PIN again, or both. The first answer is yes."""

    key: str
    about: str
    tick: str
    wants_pin: bool
    answers: tuple[Action, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Many questions of low risk under one button, as they are asked now."""

    label: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriceQuestion:
    """Goods that the catalogue does not know: fields for name, price, VAT and age, and the two answers."""

    key: str
    about: str
    sentence: str
    code: str
    currency: str
    most_name: int
    tax_classes: tuple[Choice, ...]
    ages: tuple[Choice, ...]
    answers: tuple[Action, ...]
    wants_pin: bool = False


@dataclass(frozen=True, slots=True)
class CountQuestion:
    """A shelf somebody found empty: what the records say, and a number to type where it can be counted."""

    key: str
    about: str
    records: str
    label: str
    most_digits: int
    answer: Action | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing on the wall: an open call, a decision to make, or a lane at work.

    `ring_key` changes whenever it has to ring anew. `line` is its place among those that wait.
    """

    key: str
    lane_id: str
    tone: Tone
    mark: str
    title: str
    urgency: Urgency
    lines: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language_tag: str = ""
    language_name: str = ""
    since_utc: datetime | None = None
    waited: str = ""
    state_mark: str = ""
    state_words: str = ""
    taken_by: str = ""
    for_whom: str = ""
    hand_note: str = ""
    ring: Ring = Ring.NONE
    ring_key: str = ""
    line: InLine | None = None
    is_ringing: bool = False
    is_chiming: bool = False
    """Told once and softly: nobody called."""
    spoken: str = ""
    actions: tuple[Action, ...] = ()
    approval: Approval | None = None
    question: Question | None = None
    price: PriceQuestion | None = None
    count: CountQuestion | None = None
    buttons: CallButtons | None = None
    markup: str = ""
    """The whole tile, where it was drawn already."""

    @property
    def sound(self) -> str:
        """How it rings here, "" where it does not."""
        if self.is_ringing:
            return "doubt" if self.tone is Tone.DOUBT else str(Ring.CALL.value)
        return "" if self.ring is Ring.NONE else str(self.ring.value)


@dataclass(frozen=True, slots=True)
class PanelLine:
    name: str
    amount: str
    age: str


@dataclass(frozen=True, slots=True)
class DeviceWords:
    words: str
    is_well: bool


@dataclass(frozen=True, slots=True)
class Door:
    """`after` is the order this view has seen: a button of an older view orders nothing."""

    sentence: str
    actions: tuple[Action, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The mirror beside the wall; without a lane only a sentence."""

    lane_id: str = ""
    title: str = ""
    sentence: str = ""
    lines: tuple[PanelLine, ...] = ()
    total: str = ""
    devices: tuple[DeviceWords, ...] = ()
    actions: tuple[Action, ...] = ()
    calls: tuple[CallButtons, ...] = ()
    questions: tuple[Question, ...] = ()
    prices: tuple[PriceQuestion, ...] = ()
    door: Door | None = None
    talk: Talk | None = None
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True)
class NotePart:
    """What a colleague left at the end of their shift."""

    note_id: str
    title: str
    when: str
    facts: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way from the wall to another page of the tablet; `count` is what waits there, None for nothing."""

    key: str
    path: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Wall:
    now_utc: datetime
    tiles: tuple[Tile, ...]
    open_count: int
    panel: Panel
    is_chosen: bool
    notice: str
    answered_s: int | None
    tasks: tuple[str, ...] = ()
    """The first open tasks about money, in words."""
    task_count: int = 0
    batch: Batch | None = None
    ways: tuple[Way, ...] = ()
    note: NotePart | None = None
