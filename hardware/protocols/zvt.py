"""Owns what may be asked of a ZVT terminal on one line, and when: payments, queries, orders, log-off.

It must not know the lane's decisions, threads or clocks: times come in as monotonic seconds, outputs go back
as data. Sources: VdTH PA00P016 (transport) and PA00P015 (commands).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hardware.events import CardDeclined, DeclineReason, LastPaymentReported, OrderFailed, QueryVerdict
from hardware.line import Output, Report
from hardware.ports import OrderKind, PaymentRequest, TerminalOrder
from hardware.protocols.zvt_apdu import LARGEST_AMOUNT_MINOR
from hardware.protocols.zvt_commands import order_command
from hardware.protocols.zvt_conversation import ZvtConversation
from hardware.protocols.zvt_job import ZvtSettings
from hardware.protocols.zvt_order import Order
from hardware.protocols.zvt_payment import Payment
from hardware.protocols.zvt_query import LastPaymentQuery
from hardware.protocols.zvt_registration import LoggingOff, Registering


@dataclass(frozen=True, slots=True)
class _Held:
    """A payment of which nothing was sent yet, and until when it may wait."""

    request: PaymentRequest
    until_s: float


class ZvtProtocol:
    """A `hardware.line.LineProtocol`; its commands are called on the line's thread as well.

    One job at a time. A query asked while the line is lost waits for the line, at most the query limit.
    """

    def __init__(self, device: str, settings: ZvtSettings) -> None:
        self._device = device
        self._settings = settings
        self._talk = ZvtConversation(device, settings)
        self._query: LastPaymentQuery | None = None
        self._held: _Held | None = None
        self._is_leaving = False

    @property
    def needs(self) -> frozenset[OrderKind]:
        """Orders the terminal asked for when it registered; until then it refuses payments by itself."""
        return self._talk.standing.needs

    @property
    def has_parted(self) -> bool:
        """Whether nothing more is to be said after `log_off`."""
        return self._is_leaving and not isinstance(self._talk.job, LoggingOff)

    # -- the line --------------------------------------------------------------------------------

    def opened(self, now_s: float) -> Iterable[Output]:
        self._talk.reset()
        return self._talk.begin(Registering(self._settings, self._talk.confirmed), now_s)

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:
        return self._talk.received(data, now_s)

    def elapsed(self, now_s: float) -> Iterable[Output]:
        outputs = self._talk.elapsed(now_s) + self._expire_query(now_s) + self._take_up_query(now_s)
        return outputs + self._take_up_payment(now_s)

    def closed(self, now_s: float) -> Iterable[Output]:
        return [*self._talk.closed(now_s), *self._let_go(DeclineReason.TERMINAL_NOT_READY)]

    # -- commands --------------------------------------------------------------------------------

    def start(self, request: PaymentRequest, now_s: float) -> Iterable[Output]:
        """Sends 06 01 once, or declines with nothing sent when the terminal is not free.

        While only a question of ours is on the line the payment waits for its end: a shopper who tries
        another card must not hear that the reader is not ready.
        """
        asks_only = self._talk.job is not None and self._open_query() is not None and self._held is None
        if self._can_ask(request) and (self._is_free() or asks_only):
            self._held = _Held(request, now_s + self._settings.start_wait_s)
            return self._take_up_payment(now_s)
        return [self._unasked(request.attempt_id, DeclineReason.TERMINAL_NOT_READY)]

    def confirm(self, attempt_id: str, now_s: float) -> Iterable[Output]:
        """Accepts the result that waits for `attempt_id`; does nothing when none does."""
        payment = self._payment(attempt_id)
        return [] if payment is None else self._talk.run(payment.confirm(now_s), now_s)

    def refuse(self, attempt_id: str, now_s: float) -> Iterable[Output]:
        """Refuses the result that waits for `attempt_id`; does nothing when none does."""
        payment = self._payment(attempt_id)
        return [] if payment is None else self._talk.run(payment.refuse(now_s), now_s)

    def abort(self, attempt_id: str, now_s: float) -> Iterable[Output]:
        """Asks the terminal to stop. The outcome is still only what it says afterwards."""
        if self._held is not None and self._held.request.attempt_id == attempt_id:
            return self._let_go(DeclineReason.CANCELLED)
        payment = self._payment(attempt_id)
        return [] if payment is None else self._talk.run(payment.abort(), now_s)

    def query_last(self, query_id: str, now_s: float) -> Iterable[Output]:
        """Asks for the last stored transaction; exactly one LastPaymentReported follows, now or later."""
        is_paying = self._held is not None or isinstance(self._talk.job, Payment | Order)
        if self._open_query() is not None or is_paying:
            verdict, reason = QueryVerdict.NO_ANSWER, "the terminal is busy with another command of ours"
            return [Report(LastPaymentReported(self._device, query_id, verdict, None, reason))]
        self._query = LastPaymentQuery(
            self._device, query_id, self._settings, now_s, standing=self._talk.standing
        )
        return self._take_up_query(now_s)

    def carry_out(self, order: TerminalOrder, now_s: float) -> Iterable[Output]:
        """Sends the order once, or fails it at once with nothing sent when the terminal is not free."""
        if not self._is_free() or self._held is not None:
            return [self._unsent(order, "the terminal is busy with another command, or its line is lost")]
        try:
            apdu = order_command(order, self._settings)
        except ValueError as error:
            return [self._unsent(order, str(error))]
        self._talk.confirmed = None
        return self._talk.begin(Order(self._device, order, apdu, self._settings), now_s)

    def log_off(self, now_s: float) -> Iterable[Output]:
        """Takes leave of an idle terminal; does nothing while anything is open or a payment is in doubt."""
        self._is_leaving = True
        if not self._is_free() or self._talk.is_in_doubt:
            return []
        return self._talk.begin(LoggingOff(), now_s)

    def _unsent(self, order: TerminalOrder, reason: str) -> Report:
        return Report(OrderFailed(self._device, order.order_id, 0, reason))

    def _payment(self, attempt_id: str) -> Payment | None:
        job = self._talk.job
        return job if isinstance(job, Payment) and job.attempt_id == attempt_id else None

    def _is_free(self) -> bool:
        return self._talk.is_resting and self._open_query() is None

    def _can_ask(self, request: PaymentRequest) -> bool:
        in_range = 1 <= request.amount_minor <= LARGEST_AMOUNT_MINOR
        return in_range and request.currency == self._settings.currency

    # -- a payment waits for a question ----------------------------------------------------------

    def _take_up_payment(self, now_s: float) -> list[Output]:
        held = self._held
        if held is None:
            return []
        if self._is_free():
            self._held = None
            self._talk.confirmed = None
            return self._talk.begin(Payment(self._device, held.request, self._settings), now_s)
        return self._let_go(DeclineReason.TERMINAL_NOT_READY) if now_s >= held.until_s else []

    def _let_go(self, reason: DeclineReason) -> list[Output]:
        """Declines the payment that waits; of it nothing was sent."""
        held, self._held = self._held, None
        return [] if held is None else [self._unasked(held.request.attempt_id, reason)]

    def _unasked(self, attempt_id: str, reason: DeclineReason) -> Report:
        return Report(CardDeclined(self._device, attempt_id, reason, 0))

    # -- the query waits for its turn ------------------------------------------------------------

    def _open_query(self) -> LastPaymentQuery | None:
        return None if self._query is None or self._query.is_answered else self._query

    def _take_up_query(self, now_s: float) -> list[Output]:
        query = self._open_query()
        if query is None or not self._talk.is_resting:
            return []
        query.resume(self._talk.confirmed, self._talk.standing)
        return self._talk.begin(query, now_s)

    def _expire_query(self, now_s: float) -> list[Output]:
        query = self._open_query()
        if query is None or not query.expired(now_s):
            return []
        self._talk.drop(query)
        return [query.expire()]
