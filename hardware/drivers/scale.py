"""Owns a pricing scale that speaks Toledo 8217 on a serial line.

It must not know what is weighed or what it costs.
"""

from __future__ import annotations

import queue

from hardware.events import WeightRefusal, WeightRefused
from hardware.line import DeviceLine, OpenPipe
from hardware.ports import Emit, Health, Monotonic
from hardware.protocols.scale_8217 import Scale8217Protocol
from hardware.transport import open_transport


class SerialScale:
    """A ports.PricingScale. Real scales want `?bytesize=7&parity=E` in the URL."""

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
        self._emit = emit
        self._line = DeviceLine(name, url, Scale8217Protocol(name), emit, monotonic, open_pipe=open_pipe)

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def health(self) -> Health:
        return self._line.health()

    def weigh(self) -> None:
        """Asks for one weight; a weighing that still runs starts again."""
        try:
            self._line.command(Scale8217Protocol.weigh)
        except queue.Full:  # the line hangs in the operating system: the caller still gets an answer
            self._emit(WeightRefused(self.name, WeightRefusal.IMPLAUSIBLE))
