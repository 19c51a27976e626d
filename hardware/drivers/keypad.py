"""Owns a tactile keypad, or a headset's jack, as the kernel's input devices show them.

It must not know what a key does.
"""

from __future__ import annotations

from hardware.line import DeviceLine, OpenPipe
from hardware.ports import Emit, Health, Monotonic
from hardware.protocols.evdev import EvdevProtocol
from hardware.transport import open_transport


class InputKeypad:
    """A ports.Keypad for any device under /dev/input: USB-HID keypads, and jacks that tell of a plug."""

    def __init__(
        self,
        name: str,
        url: str,
        *,
        emit: Emit,
        monotonic: Monotonic,
        open_pipe: OpenPipe = open_transport,
    ) -> None:
        self.name = name
        self._line = DeviceLine(name, url, EvdevProtocol(name), emit, monotonic, open_pipe=open_pipe)

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def health(self) -> Health:
        return self._line.health()
