"""Owns the terminal's end of the Concert V2 wire for simulators: signs, frames, check bytes.

It must not import the lane's codecs: written from the public layout of protocol E+ on its own, so that one
misreading cannot hide on both sides of the cable.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hardware.simulators.pty_port import PtyPort

SLICE_S: Final = 0.02
BYTE_GAP_S: Final = 0.5
ORDER_LENGTH: Final = 34

SIGNS: Final = {b"\x04": "eot", b"\x05": "enq", b"\x06": "ack", b"\x15": "nak"}
BYTES: Final = {name: byte for byte, name in SIGNS.items()}


def check_byte(text: bytes) -> int:
    """Each bit says whether that bit is set in an odd number of bytes of `text` and its ETX."""
    whole = text + b"\x03"
    return sum(1 << bit for bit in range(8) if sum(byte >> bit & 1 for byte in whole) % 2)


def wrap(text: str) -> bytes:
    raw = text.encode("ascii")
    return b"\x02" + raw + b"\x03" + bytes((check_byte(raw),))


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing found on the wire: "enq", "ack", "nak", "eot", a "frame" with its text or a "broken" one."""

    kind: str
    text: str = ""


class ConcertWire:
    """Signs and frames over one cable; belongs to the simulator's thread.

    `running` ends every wait when it turns false. A pulled cable ends them as well, and keeps ending them
    after it was plugged again, until `connect`.
    """

    def __init__(self, port: PtyPort, running: Callable[[], bool]) -> None:
        self._port = port
        self._running = running
        self._buffer = bytearray()
        self._last_byte_s = 0.0
        self._cable = 0

    @property
    def connected(self) -> bool:
        """Whether the cable has been in, without a break, since `connect`."""
        return self._port.plugged and self._port.plugs == self._cable

    def connect(self) -> None:
        """Takes the cable that is in now, and forgets bytes from before."""
        self._cable = self._port.plugs
        self._buffer.clear()

    def say(self, sign: str) -> None:
        if self.connected:
            self._port.write(BYTES[sign])

    def send(self, text: str) -> None:
        if self.connected:
            self._port.write(wrap(text))

    def hear(self, timeout_s: float) -> Heard | None:
        """The next sign or frame; None when nothing came within `timeout_s` or the cable is out."""
        deadline_s = time.monotonic() + timeout_s
        while self.connected and self._running():
            heard = self._cut()
            if heard is not None:
                return heard
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                return None
            data = self._port.read(min(SLICE_S, left_s))
            if data:
                self._buffer += data
                self._last_byte_s = time.monotonic()
        return None

    def await_sign(self, timeout_s: float, *signs: str) -> str:
        """The first of `signs` that comes, or "" when none does; anything else is passed over."""
        deadline_s = time.monotonic() + timeout_s
        while (left_s := deadline_s - time.monotonic()) > 0:
            heard = self.hear(left_s)
            if heard is None:
                break
            if heard.kind in signs:
                return heard.kind
        return ""

    def ignore(self) -> None:
        """Lets a moment pass as a hung terminal does: bytes come and nothing answers them."""
        self._port.read(SLICE_S)
        self._buffer.clear()

    def _cut(self) -> Heard | None:
        """Takes the first thing out of the buffer."""
        while self._buffer:
            first = bytes(self._buffer[:1])
            if first == b"\x02":
                return self._cut_frame()
            del self._buffer[0]
            if first in SIGNS:
                return Heard(SIGNS[first])
        return None

    def _cut_frame(self) -> Heard | None:
        end = self._buffer.find(b"\x03")
        if end < 0 or len(self._buffer) < end + 2:
            if time.monotonic() - self._last_byte_s < BYTE_GAP_S:
                return None
            self._buffer.clear()
            return Heard("broken")
        text, check = bytes(self._buffer[1:end]), self._buffer[end + 1]
        del self._buffer[: end + 2]
        sound = check == check_byte(text) and len(text) == ORDER_LENGTH and text.isascii()
        return Heard("frame", text.decode("ascii")) if sound else Heard("broken")
