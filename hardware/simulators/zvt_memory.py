"""Owns what a simulated terminal knows beside its journal: registration, due end of day, what questions see.

It must not speak to anybody. Times come in as monotonic seconds.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from hardware.simulators.zvt_canary import canary_number
from hardware.simulators.zvt_fields import (
    COMMAND_TAG,
    CONTAINER,
    LIST_TAG,
    SYNC_TAG,
    Fields,
    container,
    digits,
    refusal_fields,
    result_fields,
    sync_element,
    tags,
)
from hardware.simulators.zvt_journal import APPROVED, TerminalJournal, TransactionRecord
from hardware.simulators.zvt_personality import Traits

READY = 0x00
BUSY = 0x9C

CONFIG_AFTER_LOG_OFF = 0x86
CONFIG_PRINTS_ON_LANE = 0x80


class TerminalMemory:
    """Belongs to the terminal's thread. `traits` may be exchanged between two commands.

    With a status lag the answers to questions run ahead of payments: they tell the state as it was up to that
    many seconds ago, as when a question overtakes the command before it.
    """

    def __init__(
        self, journal: TerminalJournal, traits: Traits, terminal_id: str, *, canary: bool, seed: int
    ) -> None:
        self.journal = journal
        self.traits = traits
        self.terminal_id = terminal_id
        self.canary = canary
        self.day_is_due = traits.day_is_due
        self._random = random.Random(seed)
        self._lag_s = 0.0
        self._busy_since_s: float | None = None
        self._free_since_s = float("-inf")
        self._booked_s = float("-inf")
        self._before: TransactionRecord | None = None
        self.log_off()

    # -- registration ----------------------------------------------------------------------------

    def register(self, config: int, currency_number: str, fields: Fields) -> None:
        self.registered = True
        self.config = config
        self.currency_number = currency_number
        self.takes_containers = CONTAINER in fields
        listed = [tags(value) for tag, value in tags(fields.get(CONTAINER, b"")) if tag == LIST_TAG]
        commands = [value for items in listed for tag, value in items if tag == COMMAND_TAG]
        self.takes_blocks = b"\x06\xd3" in commands

    def log_off(self) -> None:
        self.registered = False
        self.config = CONFIG_AFTER_LOG_OFF
        self.currency_number = ""
        self.takes_containers = False
        self.takes_blocks = False

    def adopt(self, traits: Traits) -> None:
        self.traits = traits
        self.day_is_due = traits.day_is_due

    @property
    def prints_on_lane(self) -> bool:
        return self.traits.prints_through_lane and bool(self.config & CONFIG_PRINTS_ON_LANE)

    # -- synchronisation (PA00P015 section 4) ----------------------------------------------------

    def sync(self) -> bytes:
        """The element that tells our last receipt number; empty when we do not or may not tell it."""
        if not (self.traits.synchronises and self.takes_containers):
            return b""
        return sync_element(self.journal.last_receipt_no())

    def sync_container(self) -> bytes:
        return container(*self._told())

    def out_of_step(self, fields: Fields) -> TransactionRecord | None:
        """The charge that the lane never heard of: its last receipt number is one behind ours."""
        if not self.traits.synchronises:
            return None
        known = next((v for tag, v in tags(fields.get(CONTAINER, b"")) if tag == SYNC_TAG), None)
        number = digits(known)
        last = self.journal.last_booked()
        if number is None or last is None or last.state != APPROVED:
            return None
        behind = {0, 9999} if last.receipt_no == 1 else {last.receipt_no - 1}
        return last if number in behind else None

    def _told(self) -> Iterable[bytes]:
        return [told] if (told := self.sync()) else []

    # -- what questions see ----------------------------------------------------------------------

    def begin_payment(self, now_s: float) -> float:
        """A payment command is here; returns in seconds how long it lies in the queue."""
        self._before = self.journal.last_booked()
        self._lag_s = self._random.uniform(0.0, self.traits.status_lag_s) if self.traits.status_lag_s else 0.0
        self._busy_since_s = now_s
        return self._lag_s

    def note_booking(self, now_s: float) -> None:
        self._booked_s = now_s

    def end_payment(self, now_s: float) -> None:
        self._busy_since_s = None
        self._free_since_s = now_s

    def seen_status(self, now_s: float) -> int:
        """The status as a question finds it now."""
        if self._busy_since_s is not None:
            return BUSY if now_s >= self._busy_since_s + self._lag_s else READY
        return READY if now_s >= self._free_since_s + self._lag_s else BUSY

    def seen_booking(self, now_s: float) -> TransactionRecord | None:
        """The last transaction as a question finds it now."""
        if now_s < self._booked_s + self._lag_s:
            return self._before
        return self.journal.last_booked()

    # -- words -----------------------------------------------------------------------------------

    def tip_minor(self) -> int:
        """What an altered amount adds."""
        return self._random.randint(1, 99) if self.traits.alters_amount else 0

    def result(self, record: TransactionRecord) -> bytes:
        return result_fields(record, self.terminal_id, canary=self.canary, sync=self.sync())

    def refusal(self, code: int) -> bytes:
        number = canary_number(self.journal.next_trace_no()) if self.canary else ""
        return refusal_fields(code, self.terminal_id, number)
