"""Owns the device end of a tactile keypad with a headset's jack: writes what the kernel would.

It must not know what reads it. Layout and numbers are written from linux/input.h and
linux/input-event-codes.h: two native longs of time, then type, code and value.
"""

from __future__ import annotations

import time
from pathlib import Path

from hardware.simulators.pty_port import PtyPort

CODES = {
    "up": 103,
    "down": 108,
    "back": 105,
    "next": 106,
    "select": 28,
    "help": 138,
    "volume-up": 115,
    "volume-down": 114,
    "read": 129,
    "pause": 119,
}

_SYN, _KEY, _SWITCH = 0, 1, 5
_HEADPHONE_INSERT = 2
_LONG_BYTES = 8


class KeypadSimulator:
    """Ten keys and one jack. A press is a key going down and coming up, each followed by a report's end."""

    def __init__(self, link: Path) -> None:
        self.port = PtyPort(link)

    def start(self) -> None:
        self.port.open()

    def stop(self) -> None:
        self.port.close()

    def press(self, key: str, *, held_s: float = 0.0) -> None:
        """One of CODES. Raises KeyError for any other name."""
        code = CODES[key]
        self._send(_KEY, code, 1)
        if held_s:
            time.sleep(held_s)
        self._send(_KEY, code, 0)

    def plug(self, *, inserted: bool) -> None:
        self._send(_SWITCH, _HEADPHONE_INSERT, int(inserted))

    def _send(self, kind: int, code: int, value: int) -> None:
        self.port.write(_event(kind, code, value) + _event(_SYN, 0, 0))

    def unplug(self) -> None:
        self.port.unplug()

    def replug(self) -> None:
        self.port.replug()


def _event(kind: int, code: int, value: int) -> bytes:
    now_ns = time.time_ns()
    seconds, micros = now_ns // 1_000_000_000, now_ns % 1_000_000_000 // 1000
    return b"".join(
        (
            seconds.to_bytes(_LONG_BYTES, "little"),
            micros.to_bytes(_LONG_BYTES, "little"),
            kind.to_bytes(2, "little"),
            code.to_bytes(2, "little"),
            value.to_bytes(4, "little", signed=True),
        )
    )
