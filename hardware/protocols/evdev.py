"""Owns the kernel's stream of input events: `struct input_event` in, keys and headset changes out.

It must not know who reads the keys. Codes are those of linux/input-event-codes.h; a key counts when it goes
down, never again while it is held (EN 301 549, 5.7), and UP held for two seconds asks for the screen.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final

from hardware.events import DeviceEvent, HeadsetChanged, Key, KeyPressed
from hardware.line import Output, Ready, Report

HOLD_S: Final = 2.0
"""EN 301 549 clause 5.7: what a held key does may begin after two seconds at the earliest."""

_EVENT: Final = struct.Struct("@llHHi")  # linux/input.h: seconds, microseconds, type, code, value
_EV_KEY: Final = 0x01
_EV_SW: Final = 0x05
_SW_HEADPHONE_INSERT: Final = 0x02
_UP: Final = 0
_DOWN: Final = 1  # 2 would be the kernel's own repeat

KEYS: Final = {
    103: Key.UP,  # KEY_UP
    108: Key.DOWN,  # KEY_DOWN
    105: Key.BACK,  # KEY_LEFT
    106: Key.NEXT,  # KEY_RIGHT
    28: Key.SELECT,  # KEY_ENTER
    96: Key.SELECT,  # KEY_KPENTER
    0x160: Key.SELECT,  # KEY_OK
    0x161: Key.SELECT,  # KEY_SELECT
    14: Key.BACK,  # KEY_BACKSPACE
    158: Key.BACK,  # KEY_BACK
    59: Key.HELP,  # KEY_F1
    138: Key.HELP,  # KEY_HELP
    115: Key.VOLUME_UP,  # KEY_VOLUMEUP
    78: Key.VOLUME_UP,  # KEY_KPPLUS
    114: Key.VOLUME_DOWN,  # KEY_VOLUMEDOWN
    74: Key.VOLUME_DOWN,  # KEY_KPMINUS
    60: Key.READ,  # KEY_F2
    129: Key.READ,  # KEY_AGAIN
    61: Key.PAUSE,  # KEY_F3
    119: Key.PAUSE,  # KEY_PAUSE
    164: Key.PAUSE,  # KEY_PLAYPAUSE
}


class EvdevProtocol:
    """A LineProtocol. It keeps less than one event of the stream, since when UP is down, and the jack."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._kept = b""
        self._up_since_s: float | None = None
        self._inserted = False

    def opened(self, now_s: float) -> Iterable[Output]:  # noqa: ARG002
        self._forget()
        return [Ready()]  # a keypad says nothing until a key goes down

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:
        data = self._kept + data
        whole = len(data) - len(data) % _EVENT.size
        self._kept = data[whole:]
        outputs: list[Output] = list(self.elapsed(now_s))
        for _s, _us, kind, code, value in _EVENT.iter_unpack(data[:whole]):
            event = self._read(kind, code, value, now_s)
            if event is not None:
                outputs.append(Report(event))
        return outputs

    def _read(self, kind: int, code: int, value: int, now_s: float) -> DeviceEvent | None:
        if kind == _EV_SW and code == _SW_HEADPHONE_INSERT:
            self._inserted = bool(value)
            return HeadsetChanged(self._device, self._inserted)
        key = KEYS.get(code) if kind == _EV_KEY else None
        if key is None:
            return None
        if key is Key.UP:  # short or long is known when it comes up, or after two seconds
            return self._up(value, now_s)
        return KeyPressed(self._device, key) if value == _DOWN else None

    def _up(self, value: int, now_s: float) -> DeviceEvent | None:
        if value == _DOWN:
            self._up_since_s = now_s
        elif value == _UP and self._up_since_s is not None:
            self._up_since_s = None
            return KeyPressed(self._device, Key.UP)
        return None

    def elapsed(self, now_s: float) -> Iterable[Output]:
        if self._up_since_s is None or now_s - self._up_since_s < HOLD_S:
            return []
        self._up_since_s = None
        return [Report(KeyPressed(self._device, Key.READ))]

    def closed(self, now_s: float) -> Iterable[Output]:  # noqa: ARG002
        """A jack that cannot be seen any more counts as empty: nothing private goes on being said."""
        self._forget()
        was_inserted, self._inserted = self._inserted, False
        return [Report(HeadsetChanged(self._device, inserted=False))] if was_inserted else []

    def _forget(self) -> None:
        self._kept = b""
        self._up_since_s = None
