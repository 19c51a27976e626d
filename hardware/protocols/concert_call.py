"""Owns the start of a Concert V2 conversation: who may speak, asked by ENQ and granted by ACK.

It must not know what is said afterwards. Nothing it sends is an order, so it may repeat itself. A terminal
that wants to speak goes first: whatever it still has to say of an older order is heard, handed on and
acknowledged, so that it cannot pass for the answer to the next one. The ACK does not wait until what was
heard is written down: a lane that loses its power in that moment does not hear it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from hardware.events import ProtocolError
from hardware.line import Send
from hardware.protocols.concert_link import AnswerFrame, BadFrame, LinkEvent, Sign
from hardware.protocols.concert_message import Answer, parse_answer

CALLS: Final = 3
"""How often the terminal is asked before it counts as not there."""

OVERHEARD_S: Final = 10.0
"""How long a terminal may take for what it says unasked, in seconds."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The terminal listens to us."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The terminal did not let us speak."""


@dataclass(frozen=True, slots=True)
class Overheard:
    """The terminal answered an order that nobody follows any more."""

    answer: Answer


CallStep = Send | Connected | Unanswered | Overheard


class _At(Enum):
    QUIET = auto()
    CALLING = auto()
    OVERHEARING = auto()


class Call:
    """Between conversations. `enquiry_s` is how long one ENQ waits for its ACK."""

    def __init__(self, enquiry_s: float) -> None:
        self._enquiry_s = enquiry_s
        self.reset()

    def reset(self) -> None:
        self._at = _At.QUIET
        self._due_s = 0.0
        self._calls_left = 0
        self._is_wanted = False

    def begin(self, now_s: float) -> list[CallStep]:
        """Asks to speak; exactly one Connected or Unanswered follows, now or later."""
        self._is_wanted = True
        self._calls_left = CALLS
        return [] if self._at is _At.OVERHEARING else self._ask(now_s)

    def on(self, event: LinkEvent, now_s: float) -> list[CallStep]:
        match event:
            case Sign.ENQUIRY:
                if self._at is not _At.OVERHEARING:  # its time does not begin anew: it must end
                    self._due_s = now_s + OVERHEARD_S
                self._at = _At.OVERHEARING
                return [Send(Sign.ACK.wire)]
            case AnswerFrame(text):
                return self._overhear(text)
            case BadFrame() if self._at is _At.OVERHEARING:
                return [Send(Sign.NAK.wire)]
            case Sign.RELEASE if self._at is _At.OVERHEARING:
                return self._ask(now_s)
            case Sign.ACK if self._at is _At.CALLING:
                self.reset()
                return [Connected()]
            case _:  # a NAK says "not now": the next call comes when this one is due
                return []

    def _overhear(self, text: str) -> list[CallStep]:
        try:
            answer = parse_answer(text)
        except ProtocolError:  # damaged so that the LRC could not tell
            return [Send(Sign.NAK.wire)]
        return [Overheard(answer), Send(Sign.ACK.wire)]

    def elapsed(self, now_s: float) -> list[CallStep]:
        return [] if self._at is _At.QUIET or now_s < self._due_s else self._ask(now_s)

    def _ask(self, now_s: float) -> list[CallStep]:
        if self._calls_left:
            self._calls_left -= 1
            self._at = _At.CALLING
            self._due_s = now_s + self._enquiry_s
            return [Send(Sign.ENQUIRY.wire)]
        was_wanted = self._is_wanted
        self.reset()
        # The release: an ACK may have been lost, and the terminal need not go on waiting for us.
        return [Send(Sign.RELEASE.wire), Unanswered()] if was_wanted else []
