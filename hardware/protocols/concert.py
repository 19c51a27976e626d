"""Owns the conversation with a Concert V2 terminal on one line: when it is ready, and which payment runs.

It must not know the lane's decisions, threads or clocks: times come in as monotonic seconds, outputs go back
as data. There is no registration and no question after the last payment in this protocol. Source: Concert V2
(protocol E+), half duplex: ENQ, ACK, frame, ACK, EOT in either direction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hardware.events import (
    CardCompleted,
    CardDeclined,
    CardEvidence,
    ChargeOverheard,
    DeclineReason,
    LastPaymentReported,
    OrderFailed,
    QueryVerdict,
)
from hardware.line import HangUp, Output, Ready, Report, Send
from hardware.ports import PaymentRequest, TerminalOrder
from hardware.protocols.concert_call import Call, CallStep, Connected, Overheard, Unanswered
from hardware.protocols.concert_link import AnswerReceiver, LinkEvent, Sign
from hardware.protocols.concert_message import LARGEST_AMOUNT_MINOR, Answer, ResultCode
from hardware.protocols.concert_payment import Finished, Payment, Step
from hardware.protocols.concert_settings import ConcertSettings
from hardware.protocols.zvt_codes import currency_name

NOT_READY: Final = "terminal isn't ready: busy, not switched on, wrong cable, or the till menu is missing"
CANNOT_TELL: Final = "this terminal cannot tell its last payment"


class ConcertProtocol:
    """A `hardware.line.LineProtocol`; its commands are called on the line's thread as well."""

    def __init__(self, device: str, settings: ConcertSettings) -> None:
        self._device = device
        self._settings = settings
        self._receiver = AnswerReceiver()
        self._call = Call(settings.enquiry_s)
        self._is_ready = False
        self._wanted: PaymentRequest | None = None
        self._is_unwanted = False
        self._payment: Payment | None = None
        self._told: Answer | None = None
        """The charge the lane knows of: until the next order the same answer can only be a repeat of it."""

    # -- the line --------------------------------------------------------------------------------

    def opened(self, now_s: float) -> Iterable[Output]:
        """Greets the terminal: a call that is granted and released without an order."""
        self._forget()
        return self._call_steps(self._call.begin(now_s), now_s)

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:
        return self._handle(self._receiver.feed(data, now_s), now_s)

    def elapsed(self, now_s: float) -> Iterable[Output]:
        outputs = self._handle(self._receiver.elapsed(now_s), now_s)
        if self._payment is not None:
            return outputs + self._payment_steps(self._payment.elapsed(now_s))
        return outputs + self._call_steps(self._call.elapsed(now_s), now_s)

    def closed(self, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - a LineProtocol's shape
        outputs: list[Output] = []
        if self._payment is not None:
            outputs += self._payment_steps(self._payment.closed())
        if self._wanted is not None:
            outputs.append(self._declined(self._wanted))
        self._forget()
        return [output for output in outputs if isinstance(output, Report)]

    # -- commands --------------------------------------------------------------------------------

    def start(self, request: PaymentRequest, now_s: float) -> Iterable[Output]:
        """Asks to speak and then sends the order once, or declines with no order sent."""
        if not self._is_free() or not self._can_ask(request):
            return [self._declined(request)]
        self._wanted, self._is_unwanted = request, False
        return self._call_steps(self._call.begin(now_s), now_s)

    def confirm(self, attempt_id: str, now_s: float) -> Iterable[Output]:
        """Acknowledges the answer that waits for `attempt_id`; does nothing when none does."""
        payment = self._payment_of(attempt_id)
        return [] if payment is None else self._payment_steps(payment.confirm(now_s))

    def refuse(self, attempt_id: str, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - the commands' shape
        """Ends in doubt: a charge cannot be taken back here. Does nothing when no answer waits."""
        payment = self._payment_of(attempt_id)
        return [] if payment is None else self._payment_steps(payment.refuse())

    def abort(self, attempt_id: str, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - the commands' shape
        """Sends nothing; a payment the shopper then ends at the reader counts as cancelled.

        An order that is still waiting to be sent is not sent any more.
        """
        self._is_unwanted = self._wanted is not None and self._wanted.attempt_id == attempt_id
        payment = self._payment_of(attempt_id)
        if payment is not None:
            payment.abort()
        return []

    def query_last(self, query_id: str, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - the commands' shape
        """Exactly one LastPaymentReported, at once: a person has to look."""
        verdict = QueryVerdict.UNUSABLE
        return [Report(LastPaymentReported(self._device, query_id, verdict, None, CANNOT_TELL))]

    def carry_out(self, order: TerminalOrder, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - as above
        """Fails at once with nothing sent: the protocol knows payments only."""
        reason = f"this terminal takes no order from the till: {order.kind.value}"
        return [Report(OrderFailed(self._device, order.order_id, 0, reason))]

    def _is_free(self) -> bool:
        return self._is_ready and self._payment is None and self._wanted is None

    def _can_ask(self, request: PaymentRequest) -> bool:
        in_range = 1 <= request.amount_minor <= LARGEST_AMOUNT_MINOR
        return in_range and request.currency == self._settings.currency

    def _payment_of(self, attempt_id: str) -> Payment | None:
        payment = self._payment
        return payment if payment is not None and payment.attempt_id == attempt_id else None

    def _declined(
        self, request: PaymentRequest, reason: DeclineReason = DeclineReason.TERMINAL_NOT_READY
    ) -> Report:
        return Report(CardDeclined(self._device, request.attempt_id, reason, 0))

    # -- between line, call and payment ----------------------------------------------------------

    def _handle(self, events: Iterable[LinkEvent], now_s: float) -> list[Output]:
        outputs: list[Output] = []
        for event in events:
            if self._payment is not None:
                outputs += self._payment_steps(self._payment.on(event, now_s))
            else:
                outputs += self._call_steps(self._call.on(event, now_s), now_s)
        return outputs

    def _call_steps(self, steps: Iterable[CallStep], now_s: float) -> list[Output]:
        outputs: list[Output] = []
        for step in steps:
            match step:
                case Send():
                    outputs.append(step)
                case Connected():
                    outputs += self._connected(now_s)
                case Unanswered():
                    outputs += self._unanswered()
                case Overheard(answer):
                    outputs += self._overheard(answer)
        return outputs

    def _connected(self, now_s: float) -> list[Output]:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            self._is_ready = True
            return [Send(Sign.RELEASE.wire), Ready()]
        if self._is_unwanted:
            return [Send(Sign.RELEASE.wire), self._declined(wanted, DeclineReason.CANCELLED)]
        self._told = None
        self._payment = Payment(self._device, wanted, self._settings)
        return self._payment_steps(self._payment.begin(now_s))

    def _overheard(self, answer: Answer) -> list[Output]:
        """A charge that nobody waits for: the lane hears of it, and no other order goes out over it."""
        if answer.result_code != ResultCode.CHARGED or answer == self._told:
            return []
        self._told = answer
        outputs: list[Output] = []
        if self._wanted is not None:  # the decline goes first: the lane then knows that nothing else runs
            reason = DeclineReason.CANCELLED if self._is_unwanted else DeclineReason.TERMINAL_NOT_READY
            outputs.append(self._declined(self._wanted, reason))
            self._wanted = None
        currency = currency_name(f"0{answer.currency_digits}")
        evidence = CardEvidence("", "", "", answer.amount_minor, currency, answer.result_code)
        return [*outputs, Report(ChargeOverheard(self._device, evidence))]

    def _unanswered(self) -> list[Output]:
        wanted, self._wanted = self._wanted, None
        self._is_ready = False
        declined = [] if wanted is None else [self._declined(wanted)]
        return [*declined, HangUp(NOT_READY)]

    def _payment_steps(self, steps: Iterable[Step]) -> list[Output]:
        outputs: list[Output] = []
        for step in steps:
            match step:
                case Finished():
                    self._payment = None
                case Report(CardCompleted()) if self._payment is not None:
                    self._told = self._payment.answer
                    outputs.append(step)
                case Send() | Report() | HangUp():
                    outputs.append(step)
        return outputs

    def _forget(self) -> None:
        self._receiver.reset()
        self._call.reset()
        self._is_ready = False
        self._wanted = None
        self._payment = None
