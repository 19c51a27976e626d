"""Owns an ESC/POS receipt printer on a serial or network line.

It must not know what a receipt says: jobs arrive as bytes, ready to print.
"""

from __future__ import annotations

import queue
from collections.abc import Iterable

from hardware.events import PrintFailed
from hardware.line import DeviceLine, OpenPipe, Output
from hardware.ports import Emit, Health, Monotonic
from hardware.protocols.printer_status import PrinterProtocol
from hardware.transport import open_transport


class EscPosPrinter:
    """A ports.ReceiptPrinter. A failed job is never printed again by itself: the caller decides (C18-C20)."""

    def __init__(
        self,
        name: str,
        url: str,
        *,
        emit: Emit,
        monotonic: Monotonic,
        open_pipe: OpenPipe = open_transport,
        speed: float = 1.0,
    ) -> None:
        self.name = name
        self._emit = emit
        protocol = PrinterProtocol(name)
        self._line = DeviceLine(name, url, protocol, emit, monotonic, open_pipe=open_pipe, speed=speed)

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def health(self) -> Health:
        return self._line.health()

    def print_job(self, job_id: str, content: bytes) -> None:
        """Queues `content`; exactly one PrintFinished or PrintFailed with `job_id` follows."""

        def run(protocol: PrinterProtocol, now_s: float) -> Iterable[Output]:
            return protocol.print_job(job_id, content, now_s=now_s)

        try:
            self._line.command(run)
        except queue.Full:  # the line hangs in the operating system: the caller still gets an answer
            self._emit(PrintFailed(self.name, job_id, "the printer line is stuck"))
