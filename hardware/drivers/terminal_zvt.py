"""Owns the ZVT payment terminal as the lane sees it: the port's methods, run on the line's own thread.

It must not know ZVT itself (`hardware.protocols.zvt`) or what a payment is for.
"""

from __future__ import annotations

import queue

from hardware.events import CardDeclined, DeclineReason, DeviceEvent, LastPaymentReported, QueryVerdict
from hardware.line import Command, DeviceLine, OpenPipe
from hardware.ports import Emit, Health, Monotonic, PaymentRequest, TerminalCapabilities
from hardware.protocols.zvt import ZvtProtocol
from hardware.protocols.zvt_job import ZvtSettings
from hardware.transport import open_transport


class ZvtTerminal:
    """A `hardware.ports.PaymentTerminal`. `url` usually ends in `?baud=9600&stopbits=2`."""

    capabilities = TerminalCapabilities(query_last=True, abort=True)

    def __init__(
        self,
        name: str,
        url: str,
        settings: ZvtSettings,
        emit: Emit,
        monotonic: Monotonic,
        *,
        open_pipe: OpenPipe = open_transport,
    ) -> None:
        self.name = name
        self._emit = emit
        self._line = DeviceLine(name, url, ZvtProtocol(name, settings), emit, monotonic, open_pipe=open_pipe)

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def health(self) -> Health:
        return self._line.health()

    def start(self, request: PaymentRequest) -> None:
        reason = DeclineReason.TERMINAL_NOT_READY
        stuck = CardDeclined(self.name, request.attempt_id, reason, 0)
        self._order(lambda protocol, now_s: protocol.start(request, now_s), stuck)

    def confirm(self, attempt_id: str) -> None:
        self._order(lambda protocol, now_s: protocol.confirm(attempt_id, now_s))

    def refuse(self, attempt_id: str) -> None:
        self._order(lambda protocol, now_s: protocol.refuse(attempt_id, now_s))

    def abort(self, attempt_id: str) -> None:
        self._order(lambda protocol, now_s: protocol.abort(attempt_id, now_s))

    def query_last(self, query_id: str) -> None:
        reason = "the line takes no more commands"
        stuck = LastPaymentReported(self.name, query_id, QueryVerdict.NO_ANSWER, None, reason)
        self._order(lambda protocol, now_s: protocol.query_last(query_id, now_s), stuck)

    def _order(self, run: Command[ZvtProtocol], stuck: DeviceEvent | None = None) -> None:
        """Queues `run`. When the line is stuck nothing is sent, so `stuck` is the true answer; a payment
        under way then ends by its own timers.
        """
        try:
            self._line.command(run)
        except queue.Full:
            if stuck is not None:
                self._emit(stuck)
