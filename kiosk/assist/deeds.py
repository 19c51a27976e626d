"""Owns what a turn of reading comes to: words for an output, silence, a pause, a tap.

It must not decide any of it, nor know how sound is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Output(Enum):
    """Where speech is heard."""

    HEADSET = "headset"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Say:
    """Words for one output. `interrupt`: whatever is being said stops first."""

    text: str
    output: Output
    language: str
    rate_pct: int
    volume: int
    interrupt: bool = False
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Hush:
    """Stop speaking at once and forget what was waiting."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop speaking at once and keep what was waiting; the second time, go on with the sentence it broke."""


@dataclass(frozen=True, slots=True)
class Tap:
    """The same as a finger on the thing of this id."""

    tap_id: str


Deed = Say | Hush | Pause | Tap
