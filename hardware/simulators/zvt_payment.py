"""Owns a simulated terminal's commands that want a card: payment and refund.

It must not tell anybody of money before it stands in the journal. Commands from VdTH PA00P015 sections 2.2
and 2.15; what an unanswered result means differs by `Habit`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from hardware.simulators.zvt_canary import canary_number
from hardware.simulators.zvt_cards import CardAction, CardReader, CardScript, Habit, UnplugMoment
from hardware.simulators.zvt_closing import NOT_REGISTERED, PLEASE_WAIT, POSITIVE_ANSWERS, STOPPED, Closing
from hardware.simulators.zvt_conversation import Conversation, is_answer
from hardware.simulators.zvt_fields import AMOUNT, CURRENCY, Fields, command_fields, digits
from hardware.simulators.zvt_journal import APPROVED, DECLINED, REFUNDED, TransactionRecord
from hardware.simulators.zvt_memory import TerminalMemory
from hardware.simulators.zvt_wire import message

INSERT_CARD: Final = 0x0A
WATCH_PIN_PAD: Final = 0x01

REFUSED: Final = 0x05
WRONG_PIN: Final = 0x37
CURRENCY_WRONG: Final = 0x6F
DAY_IS_DUE: Final = 0xF0

DEFAULT_CURRENCY: Final = "0978"
LARGEST_AMOUNT_MINOR: Final = 999_999_999_999
"""Twelve digits have room on the wire."""


class _NoCard(Enum):
    STOPPED = auto()  # by the lane or by the terminal's own time-out
    UNPLUGGED = auto()


@dataclass(frozen=True, slots=True)
class _Order:
    """What a card is wanted for: `state` is what the journal will call it."""

    state: str
    amount_minor: int
    currency_number: str


class Payments:
    """One method for each command; belongs to the terminal's thread. `speed` divides a card's slowness."""

    def __init__(
        self,
        conversation: Conversation,
        memory: TerminalMemory,
        closing: Closing,
        cards: CardReader,
        speed: float,
    ) -> None:
        self._talk = conversation
        self._memory = memory
        self._closing = closing
        self._cards = cards
        self._speed = speed
        self._stoppable = False
        self._stopped = False

    # -- commands --------------------------------------------------------------------------------

    def pay(self, data: bytes) -> None:
        """06 01."""
        fields = command_fields(data)
        order = self._order(APPROVED, fields)
        if order is None:
            self._talk.refuse()
            return
        self._serve_card(order)

    def refund(self, fields: Fields) -> None:
        """06 31: as a payment, the other way round; the password was right."""
        order = self._order(REFUNDED, fields)
        if order is None:
            self._talk.refuse()
            return
        self._serve_card(order)

    def stop_by_lane(self) -> bool:
        """06 B0 while a command runs. True when it can still be stopped: no bank was asked yet."""
        self._stopped = self._stopped or self._stoppable
        return self._stoppable

    def _order(self, state: str, fields: Fields | None) -> _Order | None:
        amount_minor = digits((fields or {}).get(AMOUNT))
        if fields is None or not amount_minor:
            return None
        currency = fields.get(CURRENCY, b"").hex() or self._memory.currency_number or DEFAULT_CURRENCY
        return _Order(state, amount_minor, currency)

    # -- with a card -----------------------------------------------------------------------------

    def _serve_card(self, order: _Order) -> None:
        queued_s = self._memory.begin_payment(time.monotonic())
        try:
            self._talk.pause(queued_s)
            self._talk.accept()
            if self._is_possible(order):
                self._meet_shopper(order)
        finally:
            self._memory.end_payment(time.monotonic())

    def _is_possible(self, order: _Order) -> bool:
        registered_currency = self._memory.currency_number
        if not self._memory.registered:
            self._closing.abort(NOT_REGISTERED)
        elif registered_currency and order.currency_number != registered_currency:
            self._closing.abort(CURRENCY_WRONG, bytes.fromhex(registered_currency))
        elif self._memory.day_is_due:
            self._closing.end_negative(DAY_IS_DUE)
        else:
            return True
        return False

    def _meet_shopper(self, order: _Order) -> None:
        script = self._wait_for_card()
        match script:
            case _NoCard.UNPLUGGED:
                return
            case _NoCard.STOPPED:
                self._closing.end_negative(STOPPED)
            case CardScript():
                self._play(script, order)

    def _wait_for_card(self) -> CardScript | _NoCard:
        if (script := self._cards.take()) is not None and script.action is CardAction.SILENT:
            return script
        self._stoppable, self._stopped = True, False
        try:
            self._talk.show(INSERT_CARD)
            deadline_s = time.monotonic() + self._talk.waits.card_wait_s
            while self._talk.is_running() and self._shopper_is_awaited():
                script = script or self._cards.take()
                if script is not None:
                    return script
                self._listen(deadline_s - time.monotonic())
                if self._stopped or time.monotonic() >= deadline_s:
                    return _NoCard.STOPPED
            return _NoCard.UNPLUGGED
        finally:
            self._stoppable = False

    def _shopper_is_awaited(self) -> bool:
        return self._talk.attached or self._memory.traits.waits_on_unplugged

    def _listen(self, timeout_s: float) -> None:
        """One command, or a card, or nothing for `timeout_s`."""
        apdu = self._talk.next_command(timeout_s, self._cards.holds_card)
        if apdu is not None and not is_answer(apdu):
            with self._talk.aside():
                self._talk.interrupt(apdu)

    def _play(self, script: CardScript, order: _Order) -> None:
        if script.unplug_at is UnplugMoment.AFTER_START:
            self._talk.port.unplug()
            return
        match script.action:
            case CardAction.SILENT:
                self._talk.hang(self._cards.holds_card)
            case CardAction.CANCEL:
                self._talk.show(WATCH_PIN_PAD)
                self._closing.end_negative(STOPPED)
            case CardAction.DECLINE:
                self._contact_bank(script)
                self._book(replace(order, state=DECLINED), script)
                self._closing.end_negative(REFUSED)
            case CardAction.WRONG_PIN | CardAction.APPROVE:
                self._enter_pins(script)
                self._approve(script, order)

    def _enter_pins(self, script: CardScript) -> None:
        wrong = max(self._memory.traits.wrong_pins, 1 if script.action is CardAction.WRONG_PIN else 0)
        self._contact_bank(script)
        for _ in range(wrong):
            self._talk.tell(message("04 0F", self._memory.refusal(WRONG_PIN)))
            self._talk.show(WATCH_PIN_PAD)

    def _contact_bank(self, script: CardScript) -> None:
        """PIN and bank. A cable pulled meanwhile stops nothing: the bank is on another line."""
        self._talk.show(WATCH_PIN_PAD)
        self._talk.show(PLEASE_WAIT)
        left_s = max(script.slow_s, self._memory.traits.bank_s) / self._speed
        notice_s = self._talk.waits.wait_notice_s
        while left_s > 0 and self._talk.is_running():
            self._talk.pause(min(left_s, notice_s))
            left_s -= notice_s
            if left_s > 0:
                self._talk.show(PLEASE_WAIT)

    def _approve(self, script: CardScript, order: _Order) -> None:
        charged = replace(
            order, amount_minor=min(order.amount_minor + self._memory.tip_minor(), LARGEST_AMOUNT_MINOR)
        )
        record = self._book(charged, script)
        self._memory.note_booking(time.monotonic())
        if script.unplug_at is UnplugMoment.BEFORE_RESULT:
            self._talk.port.unplug()
        answer = self._closing.offer(record, script)
        if answer in POSITIVE_ANSWERS:
            self._closing.close(record, script)
        elif answer or self._memory.traits.habit is Habit.AUTO_REVERSES:
            self._closing.take_back(record, "refused" if answer else "unanswered")
            self._closing.end_negative(STOPPED)

    def _book(self, order: _Order, script: CardScript) -> TransactionRecord:
        journal = self._memory.journal
        trace_no = journal.next_trace_no()
        stands = order.state != DECLINED
        last4 = canary_number(trace_no)[-4:] if self._memory.canary else script.card_last4
        return journal.add(
            TransactionRecord(
                state=order.state,
                trace_no=trace_no,
                receipt_no=journal.next_receipt_no() if stands else 0,
                amount_minor=order.amount_minor,
                currency_number=order.currency_number,
                card_name=script.card_name,
                card_last4=last4,
                authorisation_id=f"{trace_no * 7919 % 1_000_000:06d}" if stands else "",
                day=time.strftime("%m%d"),
                clock=time.strftime("%H%M%S"),
            )
        )
