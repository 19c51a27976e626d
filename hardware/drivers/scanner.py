"""Owns a barcode scanner on a serial line.

It must not know what a code means.
"""

from __future__ import annotations

from hardware.line import DeviceLine, OpenPipe
from hardware.ports import Emit, Health, Monotonic
from hardware.protocols.scanner import ScannerProtocol
from hardware.transport import open_transport


class SerialScanner:
    """A ports.Scanner for any scanner in serial or USB-serial mode with a CR or LF suffix."""

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
        self._line = DeviceLine(name, url, ScannerProtocol(name), emit, monotonic, open_pipe=open_pipe)

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def health(self) -> Health:
        return self._line.health()
