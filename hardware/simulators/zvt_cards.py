"""Owns what a simulated shopper does at the terminal, and the ZVT fields that tell of it.

It must not know the order of messages. Field layouts from VdTH PA00P015 sections 3.1 and 13.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from hardware.simulators.zvt_journal import TransactionRecord
from hardware.simulators.zvt_wire import bcd, variable

REQUEST_FIELDS: Final = {0x01: 1, 0x02: 1, 0x04: 6, 0x05: 1, 0x19: 1, 0x49: 2}
"""The fields of 06 01 this terminal knows, with their sizes; a TLV container (06) ends the list."""


class CardAction(Enum):
    """What happens once the card is presented."""

    APPROVE = "approve"
    DECLINE = "decline"
    CANCEL = "cancel"
    WRONG_PIN = "wrong-pin"
    """Wrong once, then right: the payment is approved."""
    SILENT = "silent"
    """The terminal hangs until the cable is pulled or another card is presented."""


class UnplugMoment(Enum):
    """When the cable comes out by itself."""

    AFTER_START = "after_start"
    """After 80 00 to the payment command, before any card."""
    BEFORE_RESULT = "before_result"
    """The bank has approved; the lane has not heard."""
    AFTER_STATUS = "after_status"
    """The lane has the positive result; the terminal did not wait for the answer."""
    AFTER_ANSWER = "after_answer"
    """The terminal has the lane's answer; the completion is not sent."""


class Habit(Enum):
    """What a terminal does with an approved payment whose result was never answered.

    The public documents contradict each other here, so both kinds exist.
    """

    KEEPS = "keeps"
    AUTO_REVERSES = "auto-reverses"


@dataclass(frozen=True, slots=True)
class CardScript:
    """One shopper's card. `slow_s` is how long the bank takes, in seconds."""

    action: CardAction = CardAction.APPROVE
    slow_s: float = 0.0
    unplug_at: UnplugMoment | None = None
    card_name: str = "girocard"
    card_last4: str = "4242"


def request_amount(data: bytes) -> tuple[int, str] | None:
    """Amount in minor units and currency number of a 06 01, or None when a field is unknown or missing."""
    amount, currency, at = 0, "0978", 0
    while at < len(data) and data[at] != 0x06:
        size = REQUEST_FIELDS.get(data[at], 0)
        value = data[at + 1 : at + 1 + size].hex()
        if not size or len(value) != size * 2:
            return None
        if data[at] == 0x04:
            amount = int(value) if value.isdigit() else 0
        elif data[at] == 0x49:
            currency = value
        at += 1 + size
    return (amount, currency) if amount else None


def result_fields(record: TransactionRecord, terminal_id: str) -> bytes:
    """The data of a positive 04 0F. The card number is masked (E) but for its last digits."""
    pan = bytes.fromhex("e" * 12 + record.card_last4)
    return b"".join(
        (
            b"\x27\x00\x04" + bcd(record.amount_minor, 6),
            b"\x49" + bytes.fromhex(record.currency_number),
            b"\x0b" + bcd(record.trace_no, 3) + b"\x0c" + bytes.fromhex(record.clock),
            b"\x0d" + bytes.fromhex(record.day) + b"\x87" + bcd(record.receipt_no, 2),
            b"\x29" + bytes.fromhex(terminal_id) + b"\x22" + variable(pan, 2),
            b"\x3b" + record.authorisation_id.encode("ascii").ljust(8, b"\0") + b"\x8a\x05",
            b"\x8b" + variable(record.card_name.encode("ascii") + b"\0", 2),
        )
    )


def refusal_fields(code: int, terminal_id: str) -> bytes:
    """The data of a negative 04 0F with result `code`."""
    return bytes((0x27, code, 0x29)) + bytes.fromhex(terminal_id)


def totals_fields(charges: tuple[TransactionRecord, ...], day: str, clock: str) -> bytes:
    """The data of the 04 0F that ends the day: BMP 60 with all charges counted as girocard."""
    total = sum(record.amount_minor for record in charges)
    receipts = [record.receipt_no for record in charges] or [0]
    group = bytes((len(charges) & 0xFF,)) + bcd(total, 6)
    totals = bcd(receipts[0], 2) + bcd(receipts[-1], 2) + group + bytes(7) * 6
    stamp = b"\x0c" + bytes.fromhex(clock) + b"\x0d" + bytes.fromhex(day)
    return b"\x27\x00\x04" + bcd(total, 6) + stamp + b"\x60" + variable(totals, 3)
