"""Owns a ZVT terminal played by hand against the protocol, with a clock that only the test moves.

It must not know what a right conversation is: tests say what the terminal sends and read what it got.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardware.events import (
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    DeclineReason,
    DeviceEvent,
    OrderDone,
    OrderFailed,
    OrderInDoubt,
)
from hardware.line import HangUp, Output, Ready, Report, Send
from hardware.ports import OrderKind, PaymentRequest, TerminalOrder
from hardware.protocols.zvt import ZvtProtocol
from hardware.protocols.zvt_job import ZvtSettings
from hardware.protocols.zvt_link import Frame, FrameReceiver, encode_frame

OK = "800000"
REFUSED = "846600"
UNSUPPORTED = "848300"
ABORT = "06b000"
COMPLETED = "060f00"
PAY_10_10 = "06010a04000000001010490978"
APPROVED_10_10 = "040f18270004000000001010490978" + "0b000007" + "870008" + "2952000001"
OTHER_RESULT = "040f18270004000000001010490978" + "0b000009" + "870009" + "2952000001"
WRONG_PIN = "040f022737"
STOPPED = "040f02276c"

REQUEST = PaymentRequest("attempt-1", 1010, "EUR")

REVERSAL = TerminalOrder("order-1", OrderKind.REVERSAL, "0008", 1010, "EUR")
REFUND = TerminalOrder("order-1", OrderKind.REFUND, amount_minor=1010, currency="EUR")
END_OF_DAY = TerminalOrder("order-1", OrderKind.END_OF_DAY)
DIAGNOSIS = TerminalOrder("order-1", OrderKind.DIAGNOSIS)
INITIALISATION = TerminalOrder("order-1", OrderKind.INITIALISATION)
EVERY_ORDER = (REVERSAL, REFUND, END_OF_DAY, DIAGNOSIS, INITIALISATION)


def outcomes(events: list[DeviceEvent]) -> list[DeviceEvent]:
    return [event for event in events if isinstance(event, CardCompleted | CardDeclined | CardInDoubt)]


def order_ends(events: list[DeviceEvent]) -> list[DeviceEvent]:
    return [event for event in events if isinstance(event, OrderDone | OrderFailed | OrderInDoubt)]


def declined(reason: DeclineReason, code: int) -> CardDeclined:
    return CardDeclined("terminal", "attempt-1", reason, code)


class Bench:
    """`acknowledging` says whether the terminal sends ACK for each frame it gets."""

    def __init__(self, settings: ZvtSettings | None = None, byte_by_byte: bool = True) -> None:
        self.protocol = ZvtProtocol("terminal", settings or ZvtSettings())
        self.now_s = 1000.0
        self.acknowledging = True
        self.acks = 0
        self.naks = 0
        self.hang_ups: list[str] = []
        self.readies = 0
        self.events: list[DeviceEvent] = []
        self._byte_by_byte = byte_by_byte
        self._plugged = False
        self._got: list[str] = []
        self._ear = FrameReceiver()

    # -- what the terminal does ------------------------------------------------------------------

    def open(self) -> None:
        self._plugged = True
        self.do(self.protocol.opened(self.now_s))

    def close(self) -> None:
        self._plugged = False
        self.do(self.protocol.closed(self.now_s))

    def say(self, *apdus: str) -> None:
        for apdu in apdus:
            self.wire(encode_frame(bytes.fromhex(apdu)))

    def wire(self, data: bytes) -> None:
        chunks = [bytes((byte,)) for byte in data] if self._byte_by_byte else [data]
        for chunk in chunks if self._plugged else []:
            self.do(self.protocol.received(chunk, self.now_s))

    def wait(self, duration_s: float, step_s: float = 0.5) -> None:
        until_s = self.now_s + duration_s
        while self.now_s < until_s:
            self.now_s = min(self.now_s + step_s, until_s)
            self.do(self.protocol.elapsed(self.now_s))

    # -- what the lane does ----------------------------------------------------------------------

    def start(self, request: PaymentRequest = REQUEST) -> None:
        self.do(self.protocol.start(request, self.now_s))

    def confirm(self, attempt_id: str = "attempt-1") -> None:
        self.do(self.protocol.confirm(attempt_id, self.now_s))

    def refuse(self, attempt_id: str = "attempt-1") -> None:
        self.do(self.protocol.refuse(attempt_id, self.now_s))

    def abort(self, attempt_id: str = "attempt-1") -> None:
        self.do(self.protocol.abort(attempt_id, self.now_s))

    def query(self, query_id: str = "query-1") -> None:
        self.do(self.protocol.query_last(query_id, self.now_s))

    def order(self, order: TerminalOrder) -> None:
        self.do(self.protocol.carry_out(order, self.now_s))

    def log_off(self) -> None:
        self.do(self.protocol.log_off(self.now_s))

    # -- scenes ----------------------------------------------------------------------------------

    def registered(self) -> Bench:
        self.open()
        self.say(OK, COMPLETED)
        self.got()
        return self

    def paying(self) -> Bench:
        self.registered()
        self.start()
        self.say(OK)
        self.got()
        return self

    def ordering(self, order: TerminalOrder) -> Bench:
        """The terminal has taken the order."""
        self.registered()
        self.order(order)
        self.say(OK)
        self.got()
        return self

    def authorised(self) -> Bench:
        self.paying()
        self.say(APPROVED_10_10)
        self.events.clear()
        return self

    # -- what came out ---------------------------------------------------------------------------

    def got(self) -> list[str]:
        """APDUs the terminal received since the last call."""
        got, self._got = self._got, []
        return got

    def told(self) -> list[DeviceEvent]:
        """Events the lane received since the last call."""
        events, self.events = self.events, []
        return events

    def do(self, outputs: Iterable[Output]) -> None:
        for output in list(outputs):
            match output:
                case Send(data):
                    self._hear(data)
                case Report(event):
                    self.events.append(event)
                case Ready():
                    self.readies += 1
                case HangUp(reason):
                    self.hang_ups.append(reason)
                    self.close()

    def _hear(self, data: bytes) -> None:
        if data == b"\x06":
            self.acks += 1
            return
        if data == b"\x15":
            self.naks += 1
            return
        for event in self._ear.feed(data, self.now_s):
            assert isinstance(event, Frame)
            self._got.append(event.apdu.hex())
            if self.acknowledging:
                self.do(self.protocol.received(b"\x06", self.now_s))
