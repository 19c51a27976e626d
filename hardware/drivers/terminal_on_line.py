"""Owns what every payment terminal's driver does alike: the port's methods, run on the line's own thread.

It must not know any terminal's protocol: that is handed in.
"""

from __future__ import annotations

import queue
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from hardware.events import (
    CardDeclined,
    DeclineReason,
    DeviceEvent,
    LastPaymentReported,
    OrderFailed,
    QueryVerdict,
)
from hardware.line import Command, DeviceLine, LineProtocol, OpenPipe, Output
from hardware.ports import (
    Emit,
    Health,
    Monotonic,
    PaymentRequest,
    TerminalCapabilities,
    TerminalOrder,
)

STUCK = "the line takes no more commands"


class PaymentProtocol(LineProtocol, Protocol):
    """A line protocol that can be asked to charge. Called on the line's thread, `now_s` in its seconds."""

    def start(self, request: PaymentRequest, now_s: float) -> Iterable[Output]: ...
    def confirm(self, attempt_id: str, now_s: float) -> Iterable[Output]: ...
    def refuse(self, attempt_id: str, now_s: float) -> Iterable[Output]: ...
    def abort(self, attempt_id: str, now_s: float) -> Iterable[Output]: ...
    def query_last(self, query_id: str, now_s: float) -> Iterable[Output]: ...
    def carry_out(self, order: TerminalOrder, now_s: float) -> Iterable[Output]: ...


P = TypeVar("P", bound=PaymentProtocol)


class TerminalOnLine(Generic[P]):
    """A `hardware.ports.PaymentTerminal` whose `capabilities` its protocol's own class names.

    Each is queued for the line's thread. When the line is stuck nothing is sent, so what is emitted then is
    the true answer; a payment under way ends by its own timers.
    """

    capabilities: TerminalCapabilities

    def __init__(
        self,
        name: str,
        url: str,
        protocol: P,
        emit: Emit,
        monotonic: Monotonic,
        *,
        open_pipe: OpenPipe,
        speed: float,
    ) -> None:
        self.name = name
        self._emit = emit
        self._protocol = protocol
        self._line = DeviceLine(name, url, protocol, emit, monotonic, open_pipe=open_pipe, speed=speed)

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def health(self) -> Health:
        return self._line.health()

    def start(self, request: PaymentRequest) -> None:
        stuck = CardDeclined(self.name, request.attempt_id, DeclineReason.TERMINAL_NOT_READY, 0)
        self._order(lambda protocol, now_s: protocol.start(request, now_s), stuck)

    def confirm(self, attempt_id: str) -> None:
        self._order(lambda protocol, now_s: protocol.confirm(attempt_id, now_s))

    def refuse(self, attempt_id: str) -> None:
        self._order(lambda protocol, now_s: protocol.refuse(attempt_id, now_s))

    def abort(self, attempt_id: str) -> None:
        self._order(lambda protocol, now_s: protocol.abort(attempt_id, now_s))

    def query_last(self, query_id: str) -> None:
        verdict = QueryVerdict.NO_ANSWER if self.capabilities.query_last else QueryVerdict.UNUSABLE
        stuck = LastPaymentReported(self.name, query_id, verdict, None, STUCK)
        self._order(lambda protocol, now_s: protocol.query_last(query_id, now_s), stuck)

    def carry_out(self, order: TerminalOrder) -> None:
        stuck = OrderFailed(self.name, order.order_id, 0, STUCK)
        self._order(lambda protocol, now_s: protocol.carry_out(order, now_s), stuck)

    def _order(self, run: Command[P], stuck: DeviceEvent | None = None) -> None:
        try:
            self._line.command(run)
        except queue.Full:
            if stuck is not None:
                self._emit(stuck)
