"""Owns the ZVT serial frame: DLE stuffing, CRC, and the receiver that finds frames in any byte splits.

It must not know what an APDU means, nor when to repeat a frame. Source: VdTH PA00P016 (ZVT transport
protocol) section 3. The CRC that document calls "CRC-XModem" is CRC-16/KERMIT.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

DLE: Final = 0x10
STX: Final = 0x02
ETX: Final = 0x03
ACK: Final = 0x06
NAK: Final = 0x15

T1_S: Final = 0.2
"""Longest pause between two bytes of one frame, section 3.4.1."""

LONGEST_APDU: Final = 2 + 3 + 0xFFFF
"""Control field, extended length field, data: what bounds the receiver's buffer."""

_FOREIGN_NAK: Final = bytes((NAK, 0x03, 0x69))
"""The NAK packet of ECR17 (LRC 0x7F ^ 15 ^ 03): the port works, the terminal speaks another protocol."""


@dataclass(frozen=True, slots=True)
class Ack:
    """The peer got our frame whole."""


@dataclass(frozen=True, slots=True)
class Nak:
    """The peer got our frame damaged."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame with a right CRC; `apdu` is unstuffed and may still be nonsense."""

    apdu: bytes


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A frame that must be answered with NAK."""

    reason: str


@dataclass(frozen=True, slots=True)
class ForeignProtocol:
    """The peer answered in the words of ECR17."""


LinkEvent = Ack | Nak | Frame | BadFrame | ForeignProtocol


def _kermit_row(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (0x8408 if value & 1 else 0)
    return value


_KERMIT: Final = tuple(_kermit_row(value) for value in range(256))


def crc16_kermit(data: bytes) -> int:
    """CRC-16/KERMIT: polynomial 0x1021 reflected, start 0, no final xor; b"123456789" gives 0x2189."""
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _KERMIT[(crc ^ byte) & 0xFF]
    return crc


def encode_frame(apdu: bytes) -> bytes:
    """The bytes on the wire. The CRC covers the unstuffed APDU and ETX, and is itself never stuffed."""
    crc = crc16_kermit(apdu + bytes((ETX,)))
    stuffed = apdu.replace(bytes((DLE,)), bytes((DLE, DLE)))
    return bytes((DLE, STX)) + stuffed + bytes((DLE, ETX)) + crc.to_bytes(2, "little")


class _At(Enum):
    QUIET = auto()
    QUIET_DLE = auto()
    MAYBE_NAK = auto()
    MAYBE_FOREIGN = auto()
    NOISE = auto()
    NOISE_DLE = auto()
    BODY = auto()
    BODY_DLE = auto()
    CRC_LOW = auto()
    CRC_HIGH = auto()


_IN_FRAME: Final = frozenset({_At.BODY, _At.BODY_DLE, _At.CRC_LOW, _At.CRC_HIGH})


class FrameReceiver:
    """Turns bytes into link events.

    A NAK makes the sender repeat a frame, perhaps a payment, so it counts only when it stands alone: it is
    held until a frame starts or T1 passes. For the same reason ACK and NAK are not looked for in the rest of
    a damaged frame. `heard_noise` and `heard_frame` tell what came since the last `reset`.
    """

    def __init__(self, t1_s: float = T1_S, longest_apdu: int = LONGEST_APDU) -> None:
        self._t1_s = t1_s
        self._longest = longest_apdu
        self.heard_noise = False
        self.heard_frame = False
        self._at = _At.QUIET
        self._body = bytearray()
        self._crc_low = 0
        self._last_byte_s = 0.0

    def reset(self) -> None:
        """Forgets whatever was received."""
        self.heard_noise = self.heard_frame = False
        self._at = _At.QUIET
        self._body.clear()

    def feed(self, data: bytes, now_s: float) -> list[LinkEvent]:
        # The gap to the last byte is judged in `elapsed` only: bytes that waited in the kernel while this
        # process was busy must not look late.
        self._last_byte_s = now_s
        events: list[LinkEvent] = []
        for byte in data:
            events.extend(self._take(byte))
            self.heard_noise = self.heard_noise or self._at is _At.NOISE
        return events

    def elapsed(self, now_s: float) -> list[LinkEvent]:
        """Call while the line is silent, with a clock that never runs backwards."""
        if self._at is _At.QUIET or now_s - self._last_byte_s < self._t1_s:
            return []
        was, self._at = self._at, _At.QUIET
        self._body.clear()
        if was is _At.MAYBE_NAK:
            return [Nak()]
        if was in _IN_FRAME:
            self.heard_noise = True
            return [BadFrame("the bytes stopped inside a frame")]
        return []

    def _take(self, byte: int) -> list[LinkEvent]:
        match self._at:
            case _At.QUIET:
                return self._take_quiet(byte)
            case _At.QUIET_DLE | _At.NOISE_DLE:
                return self._take_after_dle(byte)
            case _At.MAYBE_NAK | _At.MAYBE_FOREIGN:
                return self._take_after_nak(byte)
            case _At.NOISE:
                self._at = _At.NOISE_DLE if byte == DLE else _At.NOISE
                return []
            case _At.BODY | _At.BODY_DLE:
                return self._take_body(byte)
            case _At.CRC_LOW:
                self._crc_low, self._at = byte, _At.CRC_HIGH
                return []
            case _At.CRC_HIGH:
                return self._finish((byte << 8) | self._crc_low)

    def _take_quiet(self, byte: int) -> list[LinkEvent]:
        match byte:
            case 0x06:
                return [Ack()]
            case 0x15:
                self._at = _At.MAYBE_NAK
            case 0x10:
                self._at = _At.QUIET_DLE
            case _:
                self._at = _At.NOISE
        return []

    def _take_after_dle(self, byte: int) -> list[LinkEvent]:
        if byte == STX:
            self._body.clear()
            self._at = _At.BODY
        elif byte != DLE:
            self._at = _At.NOISE
        return []

    def _take_after_nak(self, byte: int) -> list[LinkEvent]:
        if self._at is _At.MAYBE_FOREIGN:
            self._at = _At.NOISE
            return [ForeignProtocol()] if byte == _FOREIGN_NAK[2] else []
        if byte == _FOREIGN_NAK[1]:
            self._at = _At.MAYBE_FOREIGN
            return []
        if byte == DLE:
            self._at = _At.QUIET_DLE
            return [Nak()]
        self._at = _At.NOISE
        return []

    def _take_body(self, byte: int) -> list[LinkEvent]:
        if self._at is _At.BODY and byte == DLE:
            self._at = _At.BODY_DLE
            return []
        if self._at is _At.BODY_DLE:
            match byte:
                case 0x10:
                    self._at = _At.BODY
                case 0x03:
                    self._at = _At.CRC_LOW
                    return []
                case 0x02:
                    self._body.clear()
                    self._at = _At.BODY
                    return []
                case _:
                    return self._spoil("DLE before a byte that needs none")
        if len(self._body) >= self._longest:
            return self._spoil("longer than any APDU")
        self._body.append(byte)
        return []

    def _finish(self, crc: int) -> list[LinkEvent]:
        apdu = bytes(self._body)
        if crc16_kermit(apdu + bytes((ETX,))) != crc:
            return self._spoil("wrong CRC")
        self._body.clear()
        self._at = _At.QUIET
        self.heard_frame = True
        return [Frame(apdu)]

    def _spoil(self, reason: str) -> list[LinkEvent]:
        self._body.clear()
        self._at = _At.NOISE
        return [BadFrame(reason)]
