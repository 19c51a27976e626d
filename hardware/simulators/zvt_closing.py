"""Owns how a simulated terminal ends a command that moves money: result offered, slips, last word.

It must not book anything but the reversal of what was booked before. VdTH PA00P015 sections 2.2.6 to 2.2.9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from hardware.simulators.zvt_cards import CardScript, Habit, UnplugMoment
from hardware.simulators.zvt_conversation import Conversation
from hardware.simulators.zvt_journal import REVERSED, TransactionRecord
from hardware.simulators.zvt_memory import BUSY, TerminalMemory
from hardware.simulators.zvt_wire import message

PLEASE_WAIT: Final = 0x0E
REMOVE_CARD: Final = 0x0B

NOT_REGISTERED: Final = 0x6B
STOPPED: Final = 0x6C

POSITIVE_ANSWERS: Final = (b"\x80\x00", b"\x84\x00")
GOODS_NOT_READY_TRIES: Final = 3


class Closing:
    """Belongs to the terminal's thread. `print_booking` tells whether every message was answered."""

    def __init__(
        self,
        conversation: Conversation,
        memory: TerminalMemory,
        print_booking: Callable[[TransactionRecord], bool],
    ) -> None:
        self._talk = conversation
        self._memory = memory
        self._print_booking = print_booking

    def offer(self, record: TransactionRecord, script: CardScript) -> bytes:
        """Sends the positive 04 0F; the control field of the answer, b"" when none came."""
        result = message("04 0F", self._memory.result(record))
        answer = b""
        for _ in range(GOODS_NOT_READY_TRIES):
            if not self._talk.send(result):
                return b""
            if script.unplug_at is UnplugMoment.AFTER_STATUS:
                self._talk.port.unplug()
                return b""
            answer = self._talk.await_answer()
            if answer != bytes((0x84, BUSY)):
                break
            self._talk.pause(self._talk.waits.goods_pause_s)
        return answer

    def close(self, record: TransactionRecord, script: CardScript) -> None:
        if script.unplug_at is UnplugMoment.AFTER_ANSWER:
            self._talk.port.unplug()
            return
        printed = self._print_booking(record)
        reverses = record.state != REVERSED and self._memory.traits.habit is Habit.AUTO_REVERSES
        if not printed and reverses:
            # Where the lane prints, the charge needs the answers to the slips as well (section 2.2.8).
            self.take_back(record, "slip unanswered")
            self.end_negative(STOPPED)
            return
        self._talk.show(REMOVE_CARD)
        self._talk.complete(self._memory.sync_container())

    def take_back(self, record: TransactionRecord, cause: str) -> None:
        """Reverses without being asked for it."""
        self._memory.journal.add(replace(record, state=REVERSED, cause=cause))

    def end_negative(self, code: int) -> None:
        self._talk.tell(message("04 0F", self._memory.refusal(code)))
        if self._memory.traits.sends_abort_frame:
            self.abort(code)

    def abort(self, code: int, more: bytes = b"") -> None:
        self._talk.tell(message("06 1E", bytes((code,)) + more))
