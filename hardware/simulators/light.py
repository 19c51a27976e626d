"""Owns the device end of a simulated light over a lane: remembers what it was told, line by line.

It must not know who tells it, nor shine: there is no such light yet.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from hardware.simulators.pty_port import PtyPort

READ_TIMEOUT_S: Final = 0.05
LINE_LIMIT: Final = 64


class LightSimulator:
    """`shown` is the last whole line, as `amber fast buzz`, "" before the first."""

    def __init__(self, link: Path) -> None:
        self.port = PtyPort(link)
        self.shown = ""
        self._kept = b""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="light-simulator", daemon=True)

    def start(self) -> None:
        self.port.open()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.port.close()

    def unplug(self) -> None:
        self.port.unplug()

    def replug(self) -> None:
        self.port.replug()

    def _run(self) -> None:
        while not self._stopping.is_set():
            *lines, rest = (self._kept + self.port.read(READ_TIMEOUT_S)).split(b"\n")
            self._kept = rest[-LINE_LIMIT:]
            if lines:
                self.shown = lines[-1].decode("ascii", "replace")
