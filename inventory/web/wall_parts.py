"""Owns the parts of the tablet's wall: tiles, buttons, questions and the mirror, as values a template draws.

It must not know where their words come from, nor HTTP, the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum

from inventory.web.talk_parts import Choice as Choice  # noqa: PLC0414 - part of the wall too
from inventory.web.talk_parts import Talk


class Urgency(IntEnum):
    """What stands before what on the wall."""

    DOUBT = 0
    CALL = 1
    MINE = 2
    DOWN = 3
    OTHERS = 4
    BUSY = 5
    FREE = 6


class Tone(Enum):
    """How a tile looks; never by colour alone, each has its mark and its words."""

    DOUBT = "doubt"
    CALL = "call"
    TAKEN = "taken"
    DOWN = "down"
    CALM = "calm"
    UNHAPPY = "unhappy"


@dataclass(frozen=True, slots=True)
class Action:
    """One button. `key` names its place, so that focus stays there when its meaning moves on."""

    key: str
    path: str
    label: str
    tone: str
    about: str


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
    """One thing on the wall: an open call, a decision to make, or a lane at work."""

    key: str
    lane_id: str
    tone: Tone
    mark: str
    title: str
    urgency: Urgency
    lines: tuple[str, ...] = ()
    language_tag: str = ""
    language_name: str = ""
    since_utc: datetime | None = None
    waited: str = ""
    taken_by: str = ""
    is_ringing: bool = False
    is_chiming: bool = False
    """Told once and softly: nobody called."""
    spoken: str = ""
    actions: tuple[Action, ...] = ()
    approval: Approval | None = None
    question: Question | None = None
    price: PriceQuestion | None = None
    count: CountQuestion | None = None


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
    action: Action
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
    questions: tuple[Question, ...] = ()
    prices: tuple[PriceQuestion, ...] = ()
    door: Door | None = None
    talk: Talk | None = None
    approvals: tuple[Approval, ...] = ()


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
