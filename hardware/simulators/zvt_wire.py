"""Owns the terminal's end of the ZVT wire for simulators: frames, checksums, acknowledgements, fields.

It must not import the lane's codecs: written from VdTH PA00P016 section 3 on its own, so that one
misreading cannot hide on both sides of the cable.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hardware.simulators.pty_port import PtyPort
from hardware.simulators.zvt_tempo import Tempo

TRANSMISSIONS: Final = 3
FOREIGN_NAK: Final = b"\x15\x03\x69"
"""How a terminal of another protocol (ECR17) answers what it cannot read."""


def checksum(apdu: bytes) -> bytes:
    """The two bytes behind DLE ETX: bitwise CRC with 0x8408 over APDU and ETX, low byte first."""
    register = 0
    for byte in apdu + b"\x03":
        for bit in range(8):
            odd = (register ^ (byte >> bit)) & 1
            register >>= 1
            if odd:
                register ^= 0x8408
    return bytes((register & 0xFF, register >> 8))


def wrap(apdu: bytes) -> bytes:
    return b"\x10\x02" + apdu.replace(b"\x10", b"\x10\x10") + b"\x10\x03" + checksum(apdu)


def message(control: str, data: bytes = b"") -> bytes:
    """An APDU from a control field such as "04 0F"; data from 255 bytes on gets the long length field."""
    if len(data) < 0xFF:
        return bytes.fromhex(control) + bytes((len(data),)) + data
    return bytes.fromhex(control) + b"\xff" + len(data).to_bytes(2, "little") + data


def bcd(number: int, size: int) -> bytes:
    """`number` as `size` bytes of packed decimal digits; a counter that is full begins again."""
    return bytes.fromhex(f"{number % 100**size:0{size * 2}d}")


def variable(value: bytes, digits: int) -> bytes:
    """LLVAR (2 digits) or LLLVAR (3 digits)."""
    return bytes(0xF0 | int(digit) for digit in f"{len(value):0{digits}d}") + value


@dataclass(frozen=True, slots=True)
class Token:
    """One thing found on the wire: an acknowledgement ("ack", "nak"), a "frame" or a "broken" one."""

    kind: str
    apdu: bytes = b""


class ZvtWire:
    """Sends and receives whole messages; belongs to the simulator's thread.

    `running` ends every wait when it turns false and the port is woken. A pulled cable ends them as well, and
    keeps ending them after it was plugged again, until `connect`: a dialogue does not go on with whoever
    comes next. `waits` as they really take.
    """

    def __init__(self, port: PtyPort, waits: Tempo, running: Callable[[], bool]) -> None:
        self._port = port
        self._waits = waits
        self._running = running
        self.speaks_zvt = True
        self._buffer = bytearray()
        self._inbox: deque[bytes] = deque()
        self._last_byte_s = 0.0
        self.cable = 0
        """Which connection `connect` took, counted from 1."""

    @property
    def connected(self) -> bool:
        """Whether the cable has been in, without a break, since `connect`."""
        return self._port.plugged and self._port.plugs == self.cable

    def connect(self) -> None:
        """Takes the cable that is in now, and forgets bytes and messages from before."""
        self.cable = self._port.plugs
        self._buffer.clear()
        self._inbox.clear()

    def receive(self, timeout_s: float, unless: Callable[[], bool] = lambda: False) -> bytes | None:
        """The next message, acknowledged; None when none came, `unless` is so, or the cable is out."""
        deadline_s = time.monotonic() + timeout_s
        while not self._inbox:
            token = self._next_token(deadline_s, unless)
            if token is None:
                return None
            self._keep(token)
        return self._inbox.popleft()

    def send(self, apdu: bytes) -> bool:
        """Whether the lane acknowledged the message; it is sent up to three times."""
        for _ in range(TRANSMISSIONS):
            if not self._usable():
                return False
            self._port.write(wrap(apdu))
            if self._acknowledged():
                return True
        return False

    def ignore(self, timeout_s: float) -> None:
        """Lets time pass as a hung terminal does: bytes come and nothing acknowledges them."""
        self._port.read(timeout_s)

    def _acknowledged(self) -> bool:
        deadline_s = time.monotonic() + self._waits.acknowledge_s
        while (token := self._next_token(deadline_s)) is not None:
            match token.kind:
                case "ack":
                    return True
                case "nak":
                    return False
                case _:
                    self._keep(token)
        return False

    def _keep(self, token: Token) -> None:
        if not self.speaks_zvt:
            if token.kind in ("frame", "broken"):
                self._port.write(FOREIGN_NAK)
        elif token.kind == "frame":
            self._port.write(b"\x06")
            self._inbox.append(token.apdu)
        elif token.kind == "broken":
            self._port.write(b"\x15")

    def _usable(self) -> bool:
        return self.connected and self._running()

    def _next_token(self, deadline_s: float, unless: Callable[[], bool] = lambda: False) -> Token | None:
        while self._usable() and not unless():
            token = self._cut()
            if token is not None:
                return token
            now_s = time.monotonic()
            if now_s >= deadline_s:
                return None
            # A frame begun must be judged when T1 is over, however long the wait for the next one is.
            due_s = self._last_byte_s + self._waits.byte_gap_s if self._buffer else deadline_s
            data = self._port.read(max(0.0, min(due_s, deadline_s) - now_s))
            if data:
                self._buffer += data
                self._last_byte_s = time.monotonic()
        return None

    def _cut(self) -> Token | None:
        """Takes the first thing out of the buffer."""
        while self._buffer:
            first = self._buffer[0]
            if first in (0x06, 0x15):
                del self._buffer[0]
                return Token("ack" if first == 0x06 else "nak")
            if first == 0x10:
                return self._cut_frame()
            del self._buffer[0]
        return None

    def _cut_frame(self) -> Token | None:
        apdu = bytearray()
        at = 2
        while at + 1 < len(self._buffer):
            byte, following = self._buffer[at], self._buffer[at + 1]
            if byte != 0x10:
                apdu.append(byte)
                at += 1
            elif following == 0x10:
                apdu.append(0x10)
                at += 2
            else:
                return self._close_frame(bytes(apdu), at + 2)
        return self._stale()

    def _close_frame(self, apdu: bytes, end: int) -> Token | None:
        tail = bytes(self._buffer[end : end + 2])
        if len(tail) < 2:
            return self._stale()
        sound = self._buffer[1] == 0x02 and self._buffer[end - 1] == 0x03 and tail == checksum(apdu)
        del self._buffer[: end + 2]
        return Token("frame", apdu) if sound else Token("broken")

    def _stale(self) -> Token | None:
        if time.monotonic() - self._last_byte_s < self._waits.byte_gap_s:
            return None
        self._buffer.clear()
        return Token("broken")
