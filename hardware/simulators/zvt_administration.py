"""Owns a simulated terminal's commands that move no money: register, status, repeat, end of day, service.

It must not book or reverse anything. Commands from VdTH PA00P015 sections 2.1, 2.16 to 2.20, 2.24 and 2.56.
"""

from __future__ import annotations

import time
from typing import Final

from hardware.simulators.zvt_conversation import ACCEPTED, Conversation
from hardware.simulators.zvt_fields import SERVICE, Fields, command_fields, container, element, totals_fields
from hardware.simulators.zvt_journal import DAY_CLOSED, TransactionRecord
from hardware.simulators.zvt_memory import READY, TerminalMemory
from hardware.simulators.zvt_slips import SlipKind, block_message, booking_slip, day_slip, line_messages
from hardware.simulators.zvt_wire import message, variable

WRONG_PASSWORD: Final = 0x37
PLEASE_WAIT: Final = 0x0E

SEND_RESULT: Final = 0x01
PRINT_NOTHING: Final = 0x02
"""Bits of the service byte of 06 20."""
NO_VERSION: Final = 0x02
MORE_FACTS: Final = 0x04
"""Bits of the service byte of 05 01."""

VERSION: Final = b"LANELIGHT-1"
FACTS: Final = element(0xE4, element(0x1F40, b"SIMULATOR") + element(0x1F41, VERSION) + element(0x1F42, b"1"))

DEFAULT_CURRENCY: Final = "0978"


class Administration:
    """One method for each command; `data` is what follows its length field."""

    def __init__(self, conversation: Conversation, memory: TerminalMemory, password: bytes) -> None:
        self._talk = conversation
        self._memory = memory
        self._password = password

    def register(self, data: bytes) -> None:
        if not self._knows_password(data):
            return
        config, currency = data[3:4] or b"\x86", data[4:6].hex() or DEFAULT_CURRENCY
        fields = command_fields(data[6:])
        if fields is None:
            self._talk.refuse()
            return
        self._memory.register(config[0], currency, fields)
        told = b"\x19\x00\x29" + bytes.fromhex(self._memory.terminal_id) + b"\x49" + bytes.fromhex(currency)
        self._talk.accept_and_complete(told + self._memory.sync_container())

    def log_off(self) -> None:
        self._memory.log_off()
        self._talk.accept()

    def report_status(self, data: bytes) -> None:
        """05 01; without data it is a plain question, with data the password must be right."""
        if data and not self._knows_password(data):
            return
        fields = command_fields(data[3:])
        if fields is None:
            self._talk.refuse()
            return
        service = fields.get(SERVICE, bytes((NO_VERSION,)))[0]
        version = b"" if service & NO_VERSION else variable(VERSION, 3)
        facts = [FACTS] if service & MORE_FACTS else []
        sync = [told] if (told := self._memory.sync()) else []
        status = bytes((self._memory.seen_status(time.monotonic()),))
        self._talk.accept_and_complete(version + status + container(*facts, *sync))

    def repeat_receipt(self, data: bytes) -> None:
        fields = self.fields(data)
        if fields is None:
            return
        last = self._memory.seen_booking(time.monotonic())
        if last is None:
            self._talk.refuse()
            return
        service = fields.get(SERVICE, b"\x00")[0]
        self._talk.accept()
        if self._memory.traits.repeats_receipts:
            if service & SEND_RESULT:
                self._talk.tell(message("04 0F", self._memory.result(last)))
            if not service & PRINT_NOTHING:
                self.print_booking(last)
        self._talk.complete(self._memory.sync_container())

    def end_day(self, data: bytes) -> None:
        if self.fields(data) is None:
            return
        self._talk.accept()
        self._talk.show(PLEASE_WAIT)
        journal = self._memory.journal
        day, clock = time.strftime("%m%d"), time.strftime("%H%M%S")
        charges = journal.open_charges()
        total = sum(record.amount_minor for record in charges)
        journal.add(
            TransactionRecord(
                DAY_CLOSED, journal.next_trace_no(), 0, total, DEFAULT_CURRENCY, day=day, clock=clock
            )
        )
        self._memory.day_is_due = False
        if self._memory.traits.restarts_receipt_numbers:
            journal.restart_receipt_numbers()
        self._talk.tell(message("04 0F", totals_fields(charges, day, clock)))
        refunded = sum(record.amount_minor for record in journal.refunds())
        self._print(SlipKind.ADMIN, day_slip(len(charges), total, refunded, self._memory.terminal_id))
        self._talk.complete()

    def diagnose(self, data: bytes) -> None:
        """06 70 asks for no password; the terminal then hands its clock to the lane (04 01)."""
        if command_fields(data) is None:
            self._talk.refuse()
            return
        self._serve_host()

    def initialise(self, data: bytes) -> None:
        if self.fields(data) is not None:
            self._serve_host()

    def set_clock(self, data: bytes) -> None:
        """06 91. The simulator goes by this machine's clock whatever the lane thinks the time is."""
        fields = command_fields(data)
        if fields is None or not {0xAA, 0x0C} <= fields.keys():
            self._talk.refuse()
            return
        self._talk.accept_and_complete()

    def _serve_host(self) -> None:
        if not self._talk.send(ACCEPTED):
            return
        self._talk.show(PLEASE_WAIT)
        stamp = bytes.fromhex(time.strftime("AA%y%m%d0C%H%M%S"))
        self._talk.tell(message("04 01", stamp))
        self._talk.complete()

    # -- slips -----------------------------------------------------------------------------------

    def print_booking(self, record: TransactionRecord) -> bool:
        """The merchant's and the customer's slip; whether every message of them was answered."""
        slips = {
            kind: booking_slip(kind, record, self._memory.terminal_id, canary=self._memory.canary)
            for kind in (SlipKind.MERCHANT, SlipKind.CUSTOMER)
        }
        return all(self._print(kind, lines) for kind, lines in slips.items())

    def _print(self, kind: SlipKind, lines: tuple[str, ...]) -> bool:
        """On the lane's printer, when it registered for that; on the terminal's own otherwise."""
        if not self._memory.prints_on_lane:
            return True
        blocks = self._memory.takes_blocks
        messages = [block_message(kind, lines)] if blocks else line_messages(kind, lines)
        return all(self._talk.tell(apdu) for apdu in messages)

    # -- what every command has ------------------------------------------------------------------

    def fields(self, data: bytes) -> Fields | None:
        """The fields behind a right password; None when the command was refused."""
        if not self._knows_password(data):
            return None
        fields = command_fields(data[3:])
        if fields is None:
            self._talk.refuse()
        return fields

    def _knows_password(self, data: bytes) -> bool:
        if data[:3] == self._password:
            return True
        self._talk.refuse(WRONG_PASSWORD)
        return False

    def may_repeat(self) -> bool:
        """Whether a question that comes while a payment runs finds the terminal idle."""
        return self._memory.seen_status(time.monotonic()) == READY
