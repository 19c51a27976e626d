"""Owns the Concert V2 serial line: signs, frames, LRC, and the receiver that finds them in any byte splits.

It must not know when to answer what. Of an answer it keeps the allowed places only: in the long form a card
number stands from the thirteenth character on, and none of that form's report ever reaches a buffer.
Source: Concert V2 (protocol E+), the public pages of French payment providers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import reduce
from operator import xor
from typing import Final

STX: Final = 0x02
ETX: Final = 0x03

BYTE_GAP_S: Final = 1.0
"""Longest pause between two bytes of one frame; a frame cut short is refused after it."""

HEAD_LENGTH: Final = 12
"""Till, result, amount and mode: the same places in both forms of an answer."""
SHORT_LENGTH: Final = 25
LONG_LENGTH: Final = 80
REPORT_LENGTH: Final = LONG_LENGTH - SHORT_LENGTH

_SHORT_CURRENCY: Final = range(HEAD_LENGTH, HEAD_LENGTH + 3)
_LONG_CURRENCY: Final = range(HEAD_LENGTH + REPORT_LENGTH, HEAD_LENGTH + REPORT_LENGTH + 3)


class Sign(Enum):
    """What one byte outside a frame says."""

    ENQUIRY = 0x05
    """May I speak?"""
    ACK = 0x06
    NAK = 0x15
    RELEASE = 0x04
    """EOT: the line is free again."""

    @property
    def wire(self) -> bytes:
        return bytes((self.value,))


@dataclass(frozen=True, slots=True)
class AnswerFrame:
    """An answer with a right LRC: its head and its currency, 15 characters that may still be nonsense."""

    text: str


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A frame that must be answered with NAK."""

    reason: str


LinkEvent = Sign | AnswerFrame | BadFrame

_SIGNS: Final = {sign.value: sign for sign in Sign}


def lrc(data: bytes) -> int:
    """XOR of all bytes, 0 to 255. It proves little: one random frame in 256 passes."""
    return reduce(xor, data, 0)


def encode_frame(text: str) -> bytes:
    """The bytes on the wire. The LRC covers the text and ETX, not STX. Raises ValueError for non-ASCII."""
    body = text.encode("ascii") + bytes((ETX,))
    return bytes((STX,)) + body + bytes((lrc(body),))


class _At(Enum):
    OUTSIDE = auto()
    BODY = auto()
    LRC = auto()


class AnswerReceiver:
    """Turns bytes into link events. Outside a frame, bytes that are no sign are noise and dropped."""

    def __init__(self, byte_gap_s: float = BYTE_GAP_S) -> None:
        self._byte_gap_s = byte_gap_s
        self.reset()

    def reset(self) -> None:
        """Forgets a frame under way."""
        self._at = _At.OUTSIDE
        self._last_byte_s = 0.0
        self._begin()

    def feed(self, data: bytes, now_s: float) -> list[LinkEvent]:
        events = self.elapsed(now_s)
        for byte in data:
            event = self._take(byte)
            if event is not None:
                events.append(event)
        if data:
            self._last_byte_s = now_s
        return events

    def elapsed(self, now_s: float) -> list[LinkEvent]:
        """Gives up a frame whose bytes have stopped coming."""
        if self._at is _At.OUTSIDE or now_s - self._last_byte_s <= self._byte_gap_s:
            return []
        self._at = _At.OUTSIDE
        return [BadFrame("cut short")]

    def _begin(self) -> None:
        self._head = bytearray()
        self._short_currency = bytearray()
        self._long_currency = bytearray()
        self._length = 0
        self._sum = 0
        self._is_text = True

    def _take(self, byte: int) -> LinkEvent | None:
        match self._at:
            case _At.OUTSIDE if byte != STX:
                return _SIGNS.get(byte)
            case _At.LRC:
                return self._finish(byte)
            case _ if byte == STX:  # inside a body too: what came before was cut off
                self._begin()
                self._at = _At.BODY
            case _:
                self._take_text(byte)
        return None

    def _take_text(self, byte: int) -> None:
        self._sum ^= byte
        if byte == ETX:
            self._at = _At.LRC
            return
        self._is_text = self._is_text and 0x20 <= byte < 0x7F
        if self._length < HEAD_LENGTH:
            self._head.append(byte)
        elif self._length in _SHORT_CURRENCY:
            self._short_currency.append(byte)
        elif self._length in _LONG_CURRENCY:
            self._long_currency.append(byte)
        elif self._length == SHORT_LENGTH:  # no short answer: those three belong to a card number
            self._short_currency.clear()
        self._length += 1

    def _finish(self, check: int) -> LinkEvent:
        self._at = _At.OUTSIDE
        currency = {SHORT_LENGTH: self._short_currency, LONG_LENGTH: self._long_currency}.get(self._length)
        if check != self._sum:
            return BadFrame("wrong LRC")
        if currency is None or not self._is_text:
            return BadFrame(f"{self._length} characters are no answer")
        return AnswerFrame((self._head + currency).decode("ascii"))
