"""Owns a light over a lane that takes its state as a line of text, as the simulator does.

It must not know why it shines. A light that speaks otherwise is a driver of its own.
"""

from __future__ import annotations

import contextlib
import queue

from hardware.line import DeviceLine, OpenPipe
from hardware.ports import Emit, Health, Light, Monotonic
from hardware.protocols.text_light import TextLightProtocol
from hardware.transport import open_transport


class TextLight:
    """A ports.LaneLight."""

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
        self._line = DeviceLine(name, url, TextLightProtocol(), emit, monotonic, open_pipe=open_pipe)

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def health(self) -> Health:
        return self._line.health()

    def show(self, light: Light) -> None:
        with contextlib.suppress(queue.Full):  # the line hangs: it is told the next one
            self._line.command(lambda protocol, _now_s: protocol.show(light))
