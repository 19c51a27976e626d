"""Owns what a fuzz target is, and a protocol on the bench: bytes go in, what comes out is looked at.

It must not know any one protocol. To add one, write a Target and name it in
`tests.campaigns.targets.TARGETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from hardware.line import HangUp, LineProtocol, Output, Ready, Report, Send
from tests.campaigns.mutation import damaged, noise
from tests.support.card_scan import CANARIES

PAUSES_S: Final = (*(0.0,) * 24, 0.01, 0.05, 0.3, 0.3, 0.3, 1.1, 6.0, 70.0, 250.0)
PACKED_CANARIES: Final = tuple(repr(bytes.fromhex(number[: len(number) & ~1]))[2:-1] for number in CANARIES)


class LeakError(Exception):
    """A card number came out of a protocol."""


class Rig:
    """A protocol on an open line, with the peer's and the lane's manners that its target gives it.

    `answer` says what the peer does about bytes sent to it; `meddle` lets the lane interfere.
    """

    def __init__(
        self,
        protocol: LineProtocol,
        answer: Callable[[bytes], bytes] = lambda _sent: b"",
        meddle: Callable[[float, Random], Iterable[Output]] = lambda _now_s, _chance: (),
    ) -> None:
        self.protocol = protocol
        self.now_s = 1000.0
        self.reports = 0
        self._answer = answer
        self._meddle = meddle
        self._react(protocol.opened(self.now_s))

    def hear(self, data: bytes) -> None:
        self._react(self.protocol.received(data, self.now_s))

    def wait(self, pause_s: float) -> None:
        self.now_s += pause_s
        self._react(self.protocol.elapsed(self.now_s))

    def do(self, outputs: Iterable[Output]) -> None:
        """Looks at what a command gave."""
        self._react(outputs)

    def meddle(self, chance: Random) -> None:
        self._react(self._meddle(self.now_s, chance))

    def reopen(self) -> None:
        self._react(self.protocol.closed(self.now_s))
        self._react(self.protocol.opened(self.now_s))

    def _react(self, outputs: Iterable[Output]) -> None:
        for output in list(outputs):
            match output:
                case Send(data):
                    if reply := self._answer(data):
                        self._react(self.protocol.received(reply, self.now_s))
                case Report(event):
                    self.reports += 1
                    _look_at(repr(event))
                case HangUp(reason):
                    _look_at(reason)
                    self.reopen()
                    return
                case Ready():
                    continue


def _look_at(text: str) -> None:
    for number, packed in zip(CANARIES, PACKED_CANARIES, strict=True):
        if number in text or packed in text:
            raise LeakError(f"the number that ends in {number[-4:]}")


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser on its own, and the only exception it may raise."""

    parse: Callable[[bytes], Any]
    allowed: type[Exception] | tuple[()] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One protocol. `scenes` make a protocol in one state each; `whole` are right frames as on the wire.

    `wrap` puts a damaged content into a right frame, so that its parser gets to see it; `contents` are such
    contents undamaged. Both empty where frames have no checksum.
    """

    scenes: tuple[Callable[[], Rig], ...]
    whole: tuple[bytes, ...]
    parsers: tuple[Parser, ...]
    telling: bytes = b""
    contents: tuple[bytes, ...] = ()
    wrap: Callable[[bytes], bytes] = bytes

    def frame(self, chance: Random) -> tuple[bytes, bytes]:
        """The next bytes for the line, and the content that a parser may be given directly."""
        way = chance.random()
        if way < 0.12:
            return noise(chance), noise(chance)
        if way < 0.25:
            whole = chance.choice(self.whole)
            return whole, whole
        if way < 0.6 and self.contents:
            content = damaged(chance.choice(self.contents), chance, self.contents, self.telling)
            return self.wrap(content), content
        frame = damaged(chance.choice(self.whole), chance, self.whole, self.telling)
        return frame, frame
