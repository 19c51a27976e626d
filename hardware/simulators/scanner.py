"""Owns the device end of a serial barcode scanner: sends codes as a trigger pull would.

It must not know what reads them.
"""

from __future__ import annotations

from pathlib import Path

from hardware.simulators.pty_port import PtyPort


class ScannerSimulator:
    """A scanner that never reads its line. `suffix` is CR unless a test sets another."""

    def __init__(self, link: Path) -> None:
        self.port = PtyPort(link)

    def start(self) -> None:
        self.port.open()

    def stop(self) -> None:
        self.port.close()

    def send(self, code: str, *, suffix: str = "\r") -> None:
        """Sends one code, characters 0 to 255, with its suffix."""
        self.send_raw((code + suffix).encode("latin-1"))

    def send_raw(self, data: bytes) -> None:
        """Sends `data` as it is, whole or broken."""
        self.port.write(data)

    def unplug(self) -> None:
        self.port.unplug()

    def replug(self) -> None:
        self.port.replug()
