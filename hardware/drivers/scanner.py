"""Owns a barcode scanner on a serial line.

It must not know what a code means.
"""

from __future__ import annotations

from hardware.line import DeviceLine
from hardware.ports import Emit, Health, Monotonic
from hardware.protocols.scanner import ScannerProtocol


class SerialScanner:
    """A ports.Scanner for any scanner in serial or USB-serial mode with a CR or LF suffix."""

    def __init__(self, name: str, url: str, *, emit: Emit, monotonic: Monotonic) -> None:
        self.name = name
        self._line = DeviceLine(name, url, ScannerProtocol(name), emit, monotonic)

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def health(self) -> Health:
        return self._line.health()
