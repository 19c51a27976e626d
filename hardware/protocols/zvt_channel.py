"""Owns the exchange of frames with a ZVT terminal: acknowledgements, NAKs, repeats, one frame at a time.

It must not know what the frames mean, except whether one is money: such a frame is sent again only after an
explicit NAK, never after silence (rule P3), because silence may mean that only the ACK was lost.
Source: VdTH PA00P016 sections 3.2, 3.4 and 3.5.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from hardware.line import Send
from hardware.protocols.zvt_apdu import Apdu, compose_apdu
from hardware.protocols.zvt_link import (
    ACK,
    NAK,
    T1_S,
    Ack,
    BadFrame,
    ForeignProtocol,
    Frame,
    FrameReceiver,
    LinkEvent,
    Nak,
    encode_frame,
)

REPEATS: Final = 2
"""How often one frame is sent again at most, section 3.5."""


class Purpose(Enum):
    """What a frame of ours is, which decides how it may be repeated and what acknowledges it."""

    COMMAND = "command"
    MONEY_COMMAND = "money command"
    ANSWER = "answer"
    MONEY_ANSWER = "money answer"


_COMMANDS: Final = frozenset({Purpose.COMMAND, Purpose.MONEY_COMMAND})
_REPEATED_ON_SILENCE: Final = frozenset({Purpose.COMMAND, Purpose.ANSWER})


@dataclass(frozen=True, slots=True)
class Letter:
    """One APDU on its way to the terminal."""

    apdu: Apdu
    purpose: Purpose

    @property
    def is_command(self) -> bool:
        return self.purpose in _COMMANDS


@dataclass(frozen=True, slots=True)
class Delivered:
    """The terminal has the letter."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The link gave up. Whether the terminal has the letter is not known."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class Arrived:
    """A whole frame from the terminal, already acknowledged.

    `repeated`: it has come before and our answer to it was not acknowledged, so it says nothing new.
    """

    raw: bytes
    repeated: bool = False


ChannelEvent = Send | Delivered | Undelivered | Arrived | ForeignProtocol


class ZvtChannel:
    """Sends letters in order, each after the one before was acknowledged.

    `received` and `elapsed` are lazy: the caller may `send` between two events, so that bytes read in one go
    are treated as if they had come one by one.
    """

    def __init__(self, t1_s: float = T1_S, t2_s: float = 5.0) -> None:
        self._t2_s = t2_s
        self._receiver = FrameReceiver(t1_s)
        self._queue: deque[Letter] = deque()
        self._pending: Letter | None = None
        self._due_s = 0.0
        self._repeats_left = 0
        self._last_frame = b""

    def reset(self) -> None:
        """A new connection: nothing is under way in either direction."""
        self._receiver.reset()
        self._queue.clear()
        self._pending = None
        self._last_frame = b""

    @property
    def heard_only_noise(self) -> bool:
        """Bytes came since the connection was made, but never a frame."""
        return self._receiver.heard_noise and not self._receiver.heard_frame

    def unsent(self) -> tuple[Letter, ...]:
        """Letters of which no byte has left."""
        return tuple(self._queue)

    def send(self, letter: Letter, now_s: float) -> list[Send]:
        self._queue.append(letter)
        return list(self._send_next(now_s))

    def received(self, data: bytes, now_s: float) -> Iterator[ChannelEvent]:
        for event in self._receiver.feed(data, now_s):
            yield from self._handle(event, now_s)

    def elapsed(self, now_s: float) -> Iterator[ChannelEvent]:
        for event in self._receiver.elapsed(now_s):
            yield from self._handle(event, now_s)
        if self._pending is not None and now_s >= self._due_s:
            may_repeat = self._pending.purpose in _REPEATED_ON_SILENCE
            yield from self._repeat(now_s) if may_repeat else self._give_up(now_s)

    def _handle(self, event: LinkEvent, now_s: float) -> Iterator[ChannelEvent]:
        match event:
            case Ack():
                yield from self._acknowledged(now_s)
            case Nak():
                yield from self._repeat(now_s)
            case BadFrame():
                yield Send(bytes((NAK,)))
            case Frame(raw):
                yield Send(bytes((ACK,)))
                repeated = self._is_repeated(raw)
                yield from self._settle_by_frame(raw, now_s)
                yield Arrived(raw, repeated)
            case ForeignProtocol():
                yield event

    def _is_repeated(self, raw: bytes) -> bool:
        return raw == self._last_frame and self._pending is not None and not self._pending.is_command

    def _settle_by_frame(self, raw: bytes, now_s: float) -> Iterator[ChannelEvent]:
        """The ACK of ours may be lost: a frame that can only follow ours stands for it."""
        repeated, self._last_frame = raw == self._last_frame, raw
        if self._pending is None:
            return
        answers = raw[:1] in (b"\x80", b"\x84")
        if self._pending.is_command:
            if answers:
                yield from self._acknowledged(now_s)
        elif repeated:  # it missed our answer and asks again: the new answer replaces this one
            self._pending = None
            yield from self._send_next(now_s)
        elif not answers:
            yield from self._acknowledged(now_s)

    def _acknowledged(self, now_s: float) -> Iterator[ChannelEvent]:
        if self._pending is None:
            return
        letter, self._pending = self._pending, None
        yield Delivered(letter)
        yield from self._send_next(now_s)

    def _repeat(self, now_s: float) -> Iterator[ChannelEvent]:
        if self._pending is None:
            return
        if self._repeats_left == 0:
            yield from self._give_up(now_s)
            return
        self._repeats_left -= 1
        self._due_s = now_s + self._t2_s
        yield _on_wire(self._pending)

    def _give_up(self, now_s: float) -> Iterator[ChannelEvent]:
        assert self._pending is not None
        letter, self._pending = self._pending, None
        yield Undelivered(letter)
        yield from self._send_next(now_s)

    def _send_next(self, now_s: float) -> Iterator[Send]:
        if self._pending is None and self._queue:
            self._pending = self._queue.popleft()
            self._repeats_left = REPEATS
            self._due_s = now_s + self._t2_s
            yield _on_wire(self._pending)


def _on_wire(letter: Letter) -> Send:
    return Send(encode_frame(compose_apdu(letter.apdu)))
