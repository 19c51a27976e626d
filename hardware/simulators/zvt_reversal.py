"""Owns a simulated terminal's reversal of one charge by its receipt number, which wants no card.

It must not take back a charge twice, nor one of a closed day. VdTH PA00P015 section 2.9.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from hardware.simulators.zvt_cards import CardReader, CardScript, UnplugMoment
from hardware.simulators.zvt_closing import NOT_REGISTERED, PLEASE_WAIT, Closing
from hardware.simulators.zvt_conversation import Conversation
from hardware.simulators.zvt_fields import AMOUNT, RECEIPT, Fields, digits
from hardware.simulators.zvt_journal import REVERSED, TransactionRecord
from hardware.simulators.zvt_memory import TerminalMemory

ALREADY_REVERSED: Final = 0xB4
REVERSAL_IMPOSSIBLE: Final = 0xB5
AMOUNT_WRONG: Final = 0xB7


class Reversals:
    """Belongs to the terminal's thread. A card that lies ready only tells when the cable comes out."""

    def __init__(
        self, conversation: Conversation, memory: TerminalMemory, closing: Closing, cards: CardReader
    ) -> None:
        self._talk = conversation
        self._memory = memory
        self._closing = closing
        self._cards = cards

    def reverse(self, fields: Fields) -> None:
        """06 30; the password was right."""
        receipt_no = digits(fields.get(RECEIPT))
        if receipt_no is None:
            self._talk.refuse()
            return
        queued_s = self._memory.begin_payment(time.monotonic())
        try:
            self._talk.pause(queued_s)
            self._talk.accept()
            self._decide(receipt_no, fields)
        finally:
            self._memory.end_payment(time.monotonic())

    def _decide(self, receipt_no: int, fields: Fields) -> None:
        if not self._memory.registered:
            self._closing.abort(NOT_REGISTERED)
            return
        charge, trouble = self._find(receipt_no, fields)
        self._talk.show(PLEASE_WAIT)
        if charge is None:
            self._closing.end_negative(trouble)
        else:
            self._carry_out(charge)

    def _find(self, receipt_no: int, fields: Fields) -> tuple[TransactionRecord | None, int]:
        """The charge to take back, or None and the code that says why not."""
        journal = self._memory.journal
        charge = journal.newest_charge(receipt_no)
        amount_minor = digits(fields.get(AMOUNT))
        if charge is None:
            return None, REVERSAL_IMPOSSIBLE
        if journal.is_reversed(charge):
            return None, ALREADY_REVERSED
        if charge not in journal.open_charges():  # the day it belongs to is closed
            return None, REVERSAL_IMPOSSIBLE
        if amount_minor is not None and amount_minor != charge.amount_minor:
            return None, AMOUNT_WRONG
        return charge, 0

    def _carry_out(self, charge: TransactionRecord) -> None:
        journal = self._memory.journal
        script = self._cards.take() or CardScript()
        record = journal.add(
            replace(
                charge,
                state=REVERSED,
                day=time.strftime("%m%d"),
                clock=time.strftime("%H%M%S"),
                booked_trace_no=journal.next_trace_no(),
                booked_receipt_no=journal.next_receipt_no(),
                cause="ordered",
            )
        )
        if script.unplug_at is UnplugMoment.BEFORE_RESULT:
            self._talk.port.unplug()
        if self._closing.offer(record, script):  # whatever the answer is: a reversal is not taken back
            self._closing.close(record, script)
