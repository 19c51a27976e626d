"""Owns a lane cut down to what a payment needs: ZvtProtocol, the checkout's step, and the effects between.

It must not decide anything itself, and it keeps no journal: what is on disk when is proved elsewhere.
"""

from __future__ import annotations

from functools import lru_cache

from hardware.events import (
    BarcodeRead,
    CardAuthorised,
    CardEvidence,
    DeviceEvent,
    HeadsetChanged,
    KeyPressed,
    LastPaymentReported,
    WeightSettled,
)
from hardware.line import HangUp, Output, Report, Send
from hardware.ports import PaymentRequest
from hardware.protocols.zvt import ZvtProtocol
from hardware.protocols.zvt_job import ZvtSettings
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.machine import TERMINAL, step
from kiosk.checkout.state import LaneState
from tests.campaigns.zvt_frames import ACK, NAK
from tests.support.lane_fakes import NOON, Walk, item, requested


class PayingLane:
    """The driver's protocol and the checkout, joined as the lane joins them; one payment after another."""

    def __init__(self) -> None:
        self.protocol = ZvtProtocol(TERMINAL, ZvtSettings())
        self.now_s = 1000.0
        self._opened = False
        self.state = shopping(1)
        self.evidence: CardEvidence | None = None
        self._ask_again = False
        self._heard: list[bytes] = []
        self._link = b""
        self._attempt_id = ""

    def begin(self, state: LaneState, attempt_id: str) -> None:
        self.state, self.evidence, self._ask_again = state, None, False
        self._heard.clear()
        if not self._opened:
            self._opened = True
            self._perform(list(self.protocol.opened(self.now_s)))
        self._attempt_id = attempt_id

    def pay(self) -> None:
        self._take(requested(self.state, self._attempt_id))

    def receive(self, wire: bytes) -> bytes:
        """The link's answer to a frame: ACK, NAK, or nothing at all."""
        self._link = b""
        self._perform(list(self.protocol.received(wire, self.now_s)))
        if not self._link:
            self.wait(0.3)  # T1: half a frame ends here
        return self._link

    def wait(self, pause_s: float) -> None:
        self.now_s += pause_s
        self._perform(list(self.protocol.elapsed(self.now_s)))
        if self._ask_again:
            self._ask_again = False
            self._take(m.TimerExpired(m.Timer.QUERY))

    def cut(self) -> None:
        """The line is lost and found again."""
        self._heard.clear()
        self._perform(list(self.protocol.closed(self.now_s)))
        self._perform(list(self.protocol.opened(self.now_s)))

    def said(self) -> list[bytes]:
        """What the terminal got since the last call."""
        heard, self._heard = self._heard, []
        return heard

    def _perform(self, outputs: list[Output]) -> None:
        for output in outputs:
            match output:
                case Send(data) if data in (ACK, NAK):
                    self._link = data
                case Send(data):
                    self._heard.append(data[2:-4].replace(b"\x10\x10", b"\x10"))
                    self._perform(list(self.protocol.received(ACK, self.now_s)))
                case Report(event):
                    others = BarcodeRead | WeightSettled | KeyPressed | HeadsetChanged
                    assert not isinstance(event, others), "it neither scans nor weighs, and has no keys"
                    self._note(event)
                    self._take(event)
                case HangUp():
                    self.cut()
                    return

    def _note(self, event: DeviceEvent) -> None:
        match event:
            case CardAuthorised(evidence=evidence):
                self.evidence = evidence
            case LastPaymentReported(evidence=CardEvidence() as evidence):
                self.evidence = evidence

    def _take(self, event: m.Event) -> None:
        self.state, effects = step(self.state, event, NOON)
        for effect in effects:
            self._do(effect)

    def _do(self, effect: fx.Effect) -> None:
        protocol, now_s = self.protocol, self.now_s
        match effect:
            case fx.StartPayment(attempt_id, amount_minor, currency):
                request = PaymentRequest(attempt_id, amount_minor, currency)
                self._perform(list(protocol.start(request, now_s)))
            case fx.ConfirmPayment(attempt_id):
                self._perform(list(protocol.confirm(attempt_id, now_s)))
            case fx.RefusePayment(attempt_id):
                self._perform(list(protocol.refuse(attempt_id, now_s)))
            case fx.AbortPayment(attempt_id):
                self._perform(list(protocol.abort(attempt_id, now_s)))
            case fx.QueryLastPayment(query_id) if query_id.startswith(self._attempt_id):
                self._perform(list(protocol.query_last(query_id, now_s)))
            case fx.StartTimer(m.Timer.QUERY):
                self._ask_again = True


@lru_cache(4096)
def shopping(amount_minor: int) -> LaneState:
    """A basket of that total, at a lane that knows its terminal."""
    walk = Walk().know_terminal()
    walk.scan(item(1, price_minor=amount_minor))
    return walk.state
