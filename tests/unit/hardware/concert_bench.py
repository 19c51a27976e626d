"""Owns a Concert V2 terminal played by hand against the protocol, with a clock that only the test moves.

It must not know what a right conversation is: tests say what the terminal sends and read what it got.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardware.events import CardCompleted, CardDeclined, CardInDoubt, DeclineReason, DeviceEvent
from hardware.line import HangUp, Output, Ready, Report, Send
from hardware.ports import PaymentRequest
from hardware.protocols.concert import ConcertProtocol
from hardware.protocols.concert_link import encode_frame
from hardware.protocols.concert_settings import ConcertSettings

ENQ, ACK, NAK, EOT = b"\x05", b"\x06", b"\x15", b"\x04"
PAY_10_10 = bytes.fromhex("02303130303030313031303031303937382020202020202020202041303130423031300306")
CHARGED = encode_frame("0100000101019780000000042")
REFUSED = encode_frame("0170000101019780000000042")
NOT_COMPLETED = encode_frame("0190000101019780000000042")

REQUEST = PaymentRequest("attempt-1", 1010, "EUR")


def outcomes(events: list[DeviceEvent]) -> list[DeviceEvent]:
    return [event for event in events if isinstance(event, CardCompleted | CardDeclined | CardInDoubt)]


def declined(reason: DeclineReason, code: int = 0) -> CardDeclined:
    return CardDeclined("terminal", "attempt-1", reason, code)


def in_doubt(reason: str) -> CardInDoubt:
    return CardInDoubt("terminal", "attempt-1", reason)


class Bench:
    def __init__(self, settings: ConcertSettings | None = None, *, byte_by_byte: bool = True) -> None:
        self.settings = settings or ConcertSettings()
        self.protocol = ConcertProtocol("terminal", self.settings)
        self.now_s = 1000.0
        self.hang_ups: list[str] = []
        self.readies = 0
        self.events: list[DeviceEvent] = []
        self._byte_by_byte = byte_by_byte
        self._plugged = False
        self._got: list[bytes] = []

    # -- what the terminal does ------------------------------------------------------------------

    def open(self) -> None:
        self._plugged = True
        self.do(self.protocol.opened(self.now_s))

    def close(self) -> None:
        self._plugged = False
        self.do(self.protocol.closed(self.now_s))

    def say(self, *parts: bytes) -> None:
        data = b"".join(parts)
        for chunk in [bytes((byte,)) for byte in data] if self._byte_by_byte else [data]:
            if self._plugged:
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

    # -- scenes ----------------------------------------------------------------------------------

    def ready(self) -> Bench:
        self.open()
        self.say(ACK)
        self.got()
        return self

    def ordered(self) -> Bench:
        """The order is on the line, not yet acknowledged."""
        self.ready()
        self.start()
        self.say(ACK)
        self.got()
        return self

    def paying(self) -> Bench:
        """The terminal works on the order."""
        self.ordered()
        self.say(ACK)
        self.got()
        self.told()
        return self

    def listening(self) -> Bench:
        """The terminal is about to send its answer."""
        self.paying()
        self.say(ENQ)
        self.got()
        return self

    def authorised(self) -> Bench:
        self.listening()
        self.say(CHARGED)
        self.told()
        return self

    # -- what came out ---------------------------------------------------------------------------

    def got(self) -> list[bytes]:
        """What the terminal received since the last call."""
        got, self._got = self._got, []
        return got

    def told(self) -> list[DeviceEvent]:
        """Events the lane received since the last call."""
        events, self.events = self.events, []
        return events

    def do(self, outputs: Iterable[Output]) -> None:
        """What `hardware.line.DeviceLine` does with outputs: nothing is sent after a hang-up."""
        hung_up = False
        for output in list(outputs):
            match output:
                case Send(data) if not hung_up:
                    assert self._plugged, "nothing may be sent on a closed line"
                    self._got.append(data)
                case Report(event):
                    self.events.append(event)
                case Ready() if not hung_up:
                    self.readies += 1
                case HangUp(reason):
                    self.hang_ups.append(reason)
                    hung_up = True
                case _:
                    continue
        if hung_up and self._plugged:
            self.close()
