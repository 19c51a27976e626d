"""Owns the conversation with a ZVT terminal on one line: which job runs, and who hears what.

It must not know the lane's decisions, threads or clocks: times come in as monotonic seconds, outputs go back
as data. Sources: VdTH PA00P016 (transport) and PA00P015 (commands).
"""

from __future__ import annotations

from collections.abc import Iterable

from hardware.events import CardDeclined, DeclineReason, LastPaymentReported, ProtocolError, QueryVerdict
from hardware.line import HangUp, Output, Ready, Report, Send
from hardware.ports import PaymentRequest
from hardware.protocols.zvt_apdu import (
    LARGEST_AMOUNT_MINOR,
    UNSUPPORTED,
    StatusInformation,
    is_answer,
    parse_apdu,
    refusal,
)
from hardware.protocols.zvt_channel import (
    Arrived,
    ChannelEvent,
    Delivered,
    Letter,
    Undelivered,
    ZvtChannel,
)
from hardware.protocols.zvt_job import (
    Answered,
    Began,
    Closed,
    Elapsed,
    Failed,
    Finished,
    Job,
    Resting,
    Step,
    Told,
    Transmit,
    ZvtSettings,
    answer,
)
from hardware.protocols.zvt_link import ForeignProtocol
from hardware.protocols.zvt_payment import Payment
from hardware.protocols.zvt_query import LastPaymentQuery
from hardware.protocols.zvt_registration import Registering


class ZvtProtocol:
    """A `hardware.line.LineProtocol`; its commands are called on the line's thread as well.

    One job at a time. A query asked while the line is lost waits for the line, at most the query limit.
    """

    def __init__(self, device: str, settings: ZvtSettings) -> None:
        self._device = device
        self._settings = settings
        self._channel = ZvtChannel(settings.t1_s, settings.t2_s)
        self._job: Job | None = None
        self._query: LastPaymentQuery | None = None
        self._confirmed: StatusInformation | None = None
        self._awaited: Letter | None = None
        self._answer_due_s: float | None = None

    # -- the line --------------------------------------------------------------------------------

    def opened(self, now_s: float) -> Iterable[Output]:
        self._channel.reset()
        self._expect(None)
        self._job = Registering(self._settings, self._confirmed)
        return self._run(self._job.on(Began(), now_s), now_s)

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:
        return self._consume(self._channel.received(data, now_s), now_s)

    def elapsed(self, now_s: float) -> Iterable[Output]:
        outputs = self._consume(self._channel.elapsed(now_s), now_s)
        if self._awaited is not None and self._answer_due_s is not None and now_s >= self._answer_due_s:
            letter = self._awaited
            self._expect(None)
            outputs += self._fail(letter, now_s)
        if self._job is not None:
            outputs += self._run(self._job.on(Elapsed(), now_s), now_s)
        outputs += self._expire_query(now_s)
        return outputs + self._take_up_query(now_s)

    def closed(self, now_s: float) -> Iterable[Output]:
        job, unsent = self._job, self._channel.unsent()
        outputs = self._run(job.on(Closed(unsent), now_s), now_s) if job is not None else []
        self._channel.reset()
        self._expect(None)
        self._job = None
        return [output for output in outputs if isinstance(output, Report)]

    # -- commands --------------------------------------------------------------------------------

    def start(self, request: PaymentRequest, now_s: float) -> Iterable[Output]:
        """Sends 06 01 once, or declines at once with nothing sent when the terminal is not free."""
        if not self._is_free() or not self._can_ask(request):
            reason = DeclineReason.TERMINAL_NOT_READY
            return [Report(CardDeclined(self._device, request.attempt_id, reason, 0))]
        self._confirmed = None
        self._job = Payment(self._device, request, self._settings)
        return self._run(self._job.on(Began(), now_s), now_s)

    def confirm(self, attempt_id: str, now_s: float) -> Iterable[Output]:
        """Accepts the result that waits for `attempt_id`; does nothing when none does."""
        payment = self._payment(attempt_id)
        return [] if payment is None else self._run(payment.confirm(now_s), now_s)

    def refuse(self, attempt_id: str, now_s: float) -> Iterable[Output]:
        """Refuses the result that waits for `attempt_id`; does nothing when none does."""
        payment = self._payment(attempt_id)
        return [] if payment is None else self._run(payment.refuse(now_s), now_s)

    def abort(self, attempt_id: str, now_s: float) -> Iterable[Output]:
        """Asks the terminal to stop. The outcome is still only what it says afterwards."""
        payment = self._payment(attempt_id)
        return [] if payment is None else self._run(payment.abort(), now_s)

    def query_last(self, query_id: str, now_s: float) -> Iterable[Output]:
        """Asks for the last stored transaction; exactly one LastPaymentReported follows, now or later."""
        if self._query is not None or isinstance(self._job, Payment):
            verdict, reason = QueryVerdict.NO_ANSWER, "the terminal is busy with another command of ours"
            return [Report(LastPaymentReported(self._device, query_id, verdict, None, reason))]
        self._query = LastPaymentQuery(self._device, query_id, self._settings, now_s)
        return self._take_up_query(now_s)

    def _payment(self, attempt_id: str) -> Payment | None:
        job = self._job
        return job if isinstance(job, Payment) and job.attempt_id == attempt_id else None

    def _is_free(self) -> bool:
        return isinstance(self._job, Resting) and self._awaited is None and self._query is None

    def _can_ask(self, request: PaymentRequest) -> bool:
        in_range = 1 <= request.amount_minor <= LARGEST_AMOUNT_MINOR
        return in_range and request.currency == self._settings.currency

    # -- the query waits for its turn ------------------------------------------------------------

    def _take_up_query(self, now_s: float) -> list[Output]:
        if self._query is None or not isinstance(self._job, Resting) or self._awaited is not None:
            return []
        self._job = self._query
        self._query.resume(self._confirmed)
        return self._run(self._query.on(Began(), now_s), now_s)

    def _expire_query(self, now_s: float) -> list[Output]:
        if self._query is None or not self._query.expired(now_s):
            return []
        expiry = self._query.expiry()
        if self._job is self._query:
            self._job = Resting(self._confirmed)
        self._query = None
        return [expiry]

    # -- between channel and job -----------------------------------------------------------------

    def _consume(self, events: Iterable[ChannelEvent], now_s: float) -> list[Output]:
        outputs: list[Output] = []
        for event in events:
            outputs += self._handle(event, now_s)
        return outputs

    def _handle(self, event: ChannelEvent, now_s: float) -> list[Output]:
        match event:
            case Send():
                return [event]
            case Arrived(raw):
                return self._read(raw, now_s)
            case Delivered(letter):
                if letter is self._awaited:
                    self._answer_due_s = now_s + self._settings.t3_s
                return []
            case Undelivered(letter):
                if letter is self._awaited:
                    self._expect(None)
                return self._fail(letter, now_s)
            case ForeignProtocol():
                return [HangUp("the terminal speaks another protocol (ECR17)")]

    def _read(self, raw: bytes, now_s: float) -> list[Output]:
        job = self._job
        assert job is not None, "bytes arrive only on an open line"
        try:
            apdu = parse_apdu(raw)
        except ProtocolError:
            return self._run((answer(UNSUPPORTED),), now_s)
        if not is_answer(apdu):
            return self._run(job.on(Told(apdu), now_s), now_s)
        letter = self._awaited
        if letter is None or letter in self._channel.unsent():  # repeated after our ACK was lost
            return []
        self._expect(None)
        return self._run(job.on(Answered(letter.apdu, refusal(apdu)), now_s), now_s)

    def _fail(self, letter: Letter, now_s: float) -> list[Output]:
        return [] if self._job is None else self._run(self._job.on(Failed(letter), now_s), now_s)

    def _run(self, steps: Iterable[Step], now_s: float) -> list[Output]:
        outputs: list[Output] = []
        for step in steps:
            match step:
                case Transmit(letter):
                    if letter.is_command:
                        self._expect(letter)
                    outputs += self._channel.send(letter, now_s)
                case Finished(confirmed):
                    self._finish(confirmed)
                case Report() | Ready() | HangUp():
                    outputs.append(step)
        return outputs

    def _expect(self, letter: Letter | None) -> None:
        self._awaited, self._answer_due_s = letter, None

    def _finish(self, confirmed: StatusInformation | None) -> None:
        if self._job is self._query:
            self._query = None
        self._confirmed = confirmed
        self._job = Resting(confirmed)
