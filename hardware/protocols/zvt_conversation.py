"""Owns one line's talk with a ZVT terminal: the job that has it, the answer it waits for, the slips between.

It must not know which job comes next or what the lane asks for. Times come in as monotonic seconds, outputs
go back as data. Sources: VdTH PA00P016 (transport) and PA00P015 (commands).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hardware.events import (
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    DeviceEvent,
    LastPaymentReported,
    OrderDone,
    OrderFailed,
    OrderInDoubt,
    ProtocolError,
    QueryVerdict,
)
from hardware.line import HangUp, Output, Ready, Report, Send
from hardware.protocols.zvt_apdu import UNSUPPORTED, Apdu, StatusInformation, is_answer, parse_apdu, refusal
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
    Learned,
    Resting,
    Step,
    Told,
    Transmit,
    ZvtSettings,
    answer,
)
from hardware.protocols.zvt_link import ForeignProtocol
from hardware.protocols.zvt_order import Order
from hardware.protocols.zvt_payment import Payment
from hardware.protocols.zvt_slips import NOBODY, SlipCollector, is_print
from hardware.protocols.zvt_standing import Standing


class ZvtConversation:
    """One job at a time on one channel. `job` is None while the line is lost.

    `confirmed` is the last result the lane had confirmed, `standing` what the terminal said when it
    registered, `is_in_doubt` whether it may still work on something whose end nobody heard.
    """

    def __init__(self, device: str, settings: ZvtSettings) -> None:
        self.job: Job | None = None
        self.confirmed: StatusInformation | None = None
        self.standing = Standing()
        self.is_in_doubt = False
        self._settings = settings
        self._channel = ZvtChannel(settings.t1_s, settings.t2_s)
        self._slips = SlipCollector(device, settings.charset)
        self._awaited: Letter | None = None
        self._answer_due_s: float | None = None

    @property
    def is_resting(self) -> bool:
        return isinstance(self.job, Resting) and self._awaited is None

    def reset(self) -> None:
        """A new connection, or none: nothing is under way."""
        self._channel.reset()
        self._expect(None)
        self.job = None

    def begin(self, job: Job, now_s: float) -> list[Output]:
        """Gives the line to `job`; the caller knows that it is free."""
        self.job = job
        return self.run(job.on(Began(), now_s), now_s)

    def drop(self, job: Job) -> None:
        """Takes the line from `job`, if it has it, without a word."""
        if self.job is job:
            self.job = Resting(self.confirmed)

    def received(self, data: bytes, now_s: float) -> list[Output]:
        return self._consume(self._channel.received(data, now_s), now_s)

    def elapsed(self, now_s: float) -> list[Output]:
        outputs = self._consume(self._channel.elapsed(now_s), now_s)
        if self._awaited is not None and self._answer_due_s is not None and now_s >= self._answer_due_s:
            letter = self._awaited
            self._expect(None)
            outputs += self._fail(letter, now_s)
        if self.job is not None:
            outputs += self.run(self.job.on(Elapsed(), now_s), now_s)
        return outputs

    def closed(self, now_s: float) -> list[Output]:
        """The line is gone; only reports are left to give."""
        job, unsent = self.job, self._channel.unsent()
        outputs = self._printed()
        outputs += self.run(job.on(Closed(unsent), now_s), now_s) if job is not None else []
        self.reset()
        return [output for output in outputs if isinstance(output, Report)]

    def run(self, steps: Iterable[Step], now_s: float) -> list[Output]:
        """Takes what a job wants done."""
        steps = tuple(steps)
        is_over = any(isinstance(step, Finished) for step in steps)
        outputs = self._printed() if is_over else []  # a slip comes before the outcome it belongs to
        for step in steps:
            match step:
                case Transmit(letter):
                    if letter.is_command:
                        self._expect(letter)
                    outputs += self._channel.send(letter, now_s)
                case Finished(confirmed):
                    self._finish(confirmed)
                case Learned(standing):
                    self.standing = standing
                case Report(event):
                    self._note(event)
                    outputs.append(step)
                case Ready() | HangUp():
                    outputs.append(step)
        return outputs

    def _consume(self, events: Iterable[ChannelEvent], now_s: float) -> list[Output]:
        outputs: list[Output] = []
        for event in events:
            outputs += self._handle(event, now_s)
        return outputs

    def _handle(self, event: ChannelEvent, now_s: float) -> list[Output]:
        match event:
            case Send():
                return [event]
            case Arrived():
                return self._read(event, now_s)
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

    def _read(self, arrived: Arrived, now_s: float) -> list[Output]:
        job = self.job
        assert job is not None, "bytes arrive only on an open line"
        try:
            apdu = parse_apdu(arrived.raw)
        except ProtocolError:
            return self.run((answer(UNSUPPORTED),), now_s)
        if not is_answer(apdu):
            printed = self._print(apdu) if is_print(apdu) and not arrived.repeated else []
            return printed + self.run(job.on(Told(apdu), now_s), now_s)
        letter = self._awaited
        if letter is None or letter in self._channel.unsent():  # repeated after our ACK was lost
            return []
        self._expect(None)
        return self.run(job.on(Answered(letter.apdu, refusal(apdu), apdu.data), now_s), now_s)

    def _fail(self, letter: Letter, now_s: float) -> list[Output]:
        if self.job is None:
            return []
        return self.run(self.job.on(Failed(letter, self._channel.heard_only_noise), now_s), now_s)

    def _print(self, message: Apdu) -> list[Output]:
        owner = self.job.slip_owner if isinstance(self.job, Payment | Order) else NOBODY
        return [Report(slip) for slip in self._slips.take(message, owner)]

    def _printed(self) -> list[Output]:
        return [Report(slip) for slip in self._slips.flush()]

    def _expect(self, letter: Letter | None) -> None:
        self._awaited, self._answer_due_s = letter, None

    def _note(self, event: DeviceEvent) -> None:
        """Remembers whether the terminal may still work on something whose end nobody heard."""
        match event:
            case CardInDoubt() | OrderInDoubt():
                self.is_in_doubt = True
            case CardCompleted() | CardDeclined() | OrderDone() | OrderFailed():
                self.is_in_doubt = False
            case LastPaymentReported(verdict=verdict) if verdict is not QueryVerdict.NO_ANSWER:
                self.is_in_doubt = False
        if isinstance(event, OrderDone) and isinstance(self.job, Order):
            self.standing = replace(self.standing, needs=self.standing.needs - {self.job.kind})

    def _finish(self, confirmed: StatusInformation | None) -> None:
        self.confirmed = confirmed
        self.job = Resting(confirmed)
