"""Owns the fields inside ZVT data as a terminal writes and reads them: bitmaps, containers, results, totals.

It must not import the lane's codecs, nor know the order of messages. Layouts from VdTH PA00P015 sections
3.1, 9 and 13, read on their own for this simulator.
"""

from __future__ import annotations

from typing import Final

from hardware.simulators.zvt_canary import canary_number, nibbles, track_2, track_3
from hardware.simulators.zvt_journal import REFUNDED, REVERSED, TransactionRecord
from hardware.simulators.zvt_wire import bcd, variable

AMOUNT: Final = 0x04
CONTAINER: Final = 0x06
CURRENCY: Final = 0x49
RECEIPT: Final = 0x87
SERVICE: Final = 0x03

SYNC_TAG: Final = 0x1F1F
LIST_TAG: Final = 0x26
COMMAND_TAG: Final = 0x0A

_SIZES: Final = {
    0x01: 1, 0x02: 1, SERVICE: 1, AMOUNT: 6, 0x05: 1, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x0E: 2, 0x19: 1,
    0x29: 4, 0x37: 3, 0x3B: 8, CURRENCY: 2, RECEIPT: 2, 0x88: 3, 0x8A: 1, 0xAA: 3,
}  # fmt: skip
"""Size in bytes of the fields a lane may send; a container (06) has a length of its own."""

_CARD_GROUPS: Final = ("girocard", "jcb", "mastercard", "amex", "visa", "diners")
"""The order of the sums in BMP 60; what fits none is counted in a seventh."""

Fields = dict[int, bytes]


def command_fields(data: bytes) -> Fields | None:
    """The fields of a command; None when one is unknown, cut short or there twice."""
    fields: Fields = {}
    at = 0
    while at < len(data):
        number, at = data[at], at + 1
        if number == CONTAINER:
            size, at = _container_size(data, at)
        else:
            size = _SIZES.get(number, -1)
        value = data[at : at + size] if size >= 0 else b""
        if size < 0 or len(value) != size or number in fields:
            return None
        fields[number] = value
        at += size
    return fields


def _container_size(data: bytes, at: int) -> tuple[int, int]:
    """Length of a container's element and where it begins; -1 for a length that cannot be."""
    first = data[at] if at < len(data) else 0x80
    if first < 0x80:
        return first, at + 1
    width = {0x81: 1, 0x82: 2}.get(first, 0)
    raw = data[at + 1 : at + 1 + width]
    if not width or len(raw) != width:
        return -1, at
    return int.from_bytes(raw, "big"), at + 1 + width


def tags(container: bytes) -> list[tuple[int, bytes]]:
    """The elements of one level of a container, up to the first that cannot be read."""
    found = []
    at = 0
    while at < len(container):
        tag, at = container[at], at + 1
        while tag & 0x1F == 0x1F and at < len(container):
            tag, at = (tag << 8) | container[at], at + 1
            if not tag & 0x80:
                break
        size, at = _container_size(container, at)
        if size < 0 or at + size > len(container):
            break
        found.append((tag, container[at : at + size]))
        at += size
    return found


def element(tag: int, value: bytes) -> bytes:
    """One element of a container. Lengths stand high byte first (section 9.3.2)."""
    size = len(value)
    if size < 0x80:
        length = bytes((size,))
    elif size < 0x100:
        length = bytes((0x81, size))
    else:
        length = b"\x82" + size.to_bytes(2, "big")
    return bytes.fromhex(f"{tag:04x}" if tag > 0xFF else f"{tag:02x}") + length + value


def container(*elements: bytes) -> bytes:
    """BMP 06 around `elements`; nothing at all when there are none."""
    content = b"".join(elements)
    return element(CONTAINER, content) if content else b""


def digits(value: bytes | None) -> int | None:
    """A packed decimal number; None for a field that is missing or holds something else."""
    text = (value or b"").hex()
    return int(text) if text.isdigit() else None


def result_fields(record: TransactionRecord, terminal_id: str, *, canary: bool, sync: bytes) -> bytes:
    """The data of a positive 04 0F. `sync` is an element for its container, or empty.

    The card number is masked (E) but for its last digits, unless `canary` lets a test number out.
    """
    trace_no = record.booked_trace_no or record.trace_no
    receipt_no = record.booked_receipt_no or record.receipt_no
    original = b"\x37" + bcd(record.trace_no, 3) if record.state == REVERSED else b""
    return b"".join(
        (
            b"\x27\x00\x04" + bcd(record.amount_minor, 6),
            b"\x49" + bytes.fromhex(record.currency_number),
            b"\x0b" + bcd(trace_no, 3) + original + b"\x0c" + bytes.fromhex(record.clock),
            b"\x0d" + bytes.fromhex(record.day) + b"\x87" + bcd(receipt_no, 2),
            b"\x29" + bytes.fromhex(terminal_id),
            b"\x3b" + record.authorisation_id.encode("ascii").ljust(8, b"\0") + b"\x8a\x05",
            b"\x8b" + variable(record.card_name.encode("ascii") + b"\0", 2),
            _card(record, sync, canary=canary),
        )
    )


def _card(record: TransactionRecord, sync: bytes, *, canary: bool) -> bytes:
    if not canary:
        masked = bytes.fromhex("e" * 12 + record.card_last4)
        return b"\x22" + variable(masked, 2) + container(*([sync] if sync else []))
    number = canary_number(record.trace_no)
    text = f"CARD {number}".encode("ascii")
    return b"".join(
        (
            b"\x22" + variable(nibbles(number), 2),
            b"\x23" + variable(track_2(number), 2),
            b"\x24" + variable(track_3(number), 3),
            b"\x3c" + variable(text, 3),
            # 1F7E and DF01 are in no list of tags: a lane must not keep what it does not know.
            container(element(0x1F7E, nibbles(number)), element(0xDF01, text), *([sync] if sync else [])),
        )
    )


def refusal_fields(code: int, terminal_id: str, number: str) -> bytes:
    """The data of a negative 04 0F with result `code`; `number` is a canary to let out, or empty."""
    card = b"\x22" + variable(nibbles(number), 2) if number else b""
    return bytes((0x27, code, 0x29)) + bytes.fromhex(terminal_id) + card


def sync_element(receipt_no: int) -> bytes:
    """Tag 1F1F: the last receipt number this side knows of (section 4)."""
    return element(SYNC_TAG, bcd(receipt_no, 2))


def totals_fields(charges: tuple[TransactionRecord, ...], day: str, clock: str) -> bytes:
    """The data of the 04 0F that ends the day: BMP 60 with the charges counted by kind of card."""
    receipts = [record.receipt_no for record in charges] or [0]
    groups = b"".join(_group(charges, name) for name in (*_CARD_GROUPS, ""))
    totals = bcd(receipts[0], 2) + bcd(receipts[-1], 2) + groups
    total = sum(record.amount_minor for record in charges)
    stamp = b"\x0c" + bytes.fromhex(clock) + b"\x0d" + bytes.fromhex(day)
    return b"\x27\x00\x04" + bcd(total, 6) + stamp + b"\x60" + variable(totals, 3)


def _group(charges: tuple[TransactionRecord, ...], name: str) -> bytes:
    """Number and sum of the charges of one kind; of all other kinds for an empty `name`."""
    known = [charge.card_name.lower() for charge in charges]
    kinds = [card if card in _CARD_GROUPS else "" for card in known]
    mine = [charge.amount_minor for charge, kind in zip(charges, kinds, strict=True) if kind == name]
    return bytes((min(len(mine), 0xFF),)) + bcd(sum(mine), 6)


def kind_of_booking(record: TransactionRecord) -> str:
    """What a slip calls the transaction."""
    return {REVERSED: "REVERSAL", REFUNDED: "REFUND"}.get(record.state, "PAYMENT")
