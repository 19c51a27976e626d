"""Owns the slips a simulated terminal has the lane print: their lines, and the messages that carry them.

It must not know when they are printed. Messages 06 D1 and 06 D3 from VdTH PA00P015 sections 3.5 and 3.6.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from hardware.simulators.zvt_canary import canary_number, spaced
from hardware.simulators.zvt_fields import container, element, kind_of_booking
from hardware.simulators.zvt_journal import TransactionRecord
from hardware.simulators.zvt_wire import message

_PLAIN: Final = 0x00
_CENTRED: Final = 0x40
_LAST: Final = 0x81
"""The highest bit says that the slip ends here; the low half byte is its indent."""
_END_OF_BLOCK: Final = 0xFF
_TYPE_TAG: Final = 0x1F07
_BLOCK_TAG: Final = 0x25
_ATTRIBUTE_TAG: Final = 0x09
_LINE_TAG: Final = 0x07

_CURRENCY_NAMES: Final = {"0978": "EUR", "0756": "CHF", "0826": "GBP", "0946": "RON", "0840": "USD"}


class SlipKind(Enum):
    """Whom a slip is for; the value is that of tag 1F07."""

    MERCHANT = 1
    CUSTOMER = 2
    ADMIN = 3


def booking_slip(
    kind: SlipKind, record: TransactionRecord, terminal_id: str, *, canary: bool
) -> tuple[str, ...]:
    """The lines of a payment's, reversal's or refund's slip; the first is its heading."""
    receipt_no = record.booked_receipt_no or record.receipt_no
    trace_no = record.booked_trace_no or record.trace_no
    return (
        f"** {kind.name} RECEIPT **",
        kind_of_booking(record),
        f"Terminal-ID {terminal_id}",
        f"Receipt {receipt_no:04d}  Trace {trace_no:06d}",
        f"Card {record.card_name or 'unknown'}",
        f"No. {_number(record, canary=canary)}",
        f"Approval {record.authorisation_id}",
        f"{record.day[2:]}.{record.day[:2]}.  {record.clock[:2]}:{record.clock[2:4]}",
        money(record.amount_minor, record.currency_number),
        "APPROVED",
    )


def _number(record: TransactionRecord, *, canary: bool) -> str:
    return spaced(canary_number(record.trace_no)) if canary else f"############{record.card_last4}"


def day_slip(count: int, total_minor: int, refunded_minor: int, terminal_id: str) -> tuple[str, ...]:
    """The lines of an end of day."""
    return (
        "** END OF DAY **",
        f"Terminal-ID {terminal_id}",
        f"Payments {count}",
        money(total_minor, "0978"),
        f"Refunds {money(refunded_minor, '0978')}",
    )


def money(amount_minor: int, currency_number: str) -> str:
    name = _CURRENCY_NAMES.get(currency_number, currency_number)
    return f"{name} {amount_minor // 100}.{amount_minor % 100:02d}"


def line_messages(kind: SlipKind, lines: tuple[str, ...]) -> list[bytes]:
    """06 D1 for each line, the heading centred, the last marked; a container says whom the slip is for."""
    attributes = [_CENTRED, *([_PLAIN] * (len(lines) - 2)), _LAST]
    whom = container(element(_TYPE_TAG, bytes((kind.value,))))
    return [
        message("06 D1", bytes((attribute,)) + line.encode("cp437") + whom)
        for attribute, line in zip(attributes, lines, strict=True)
    ]


def block_message(kind: SlipKind, lines: tuple[str, ...]) -> bytes:
    """06 D3: the whole slip in one container, which often needs the long length field."""
    heading, *rest = lines
    items = [element(_ATTRIBUTE_TAG, bytes((_CENTRED,))), _line(heading)]
    items += [element(_ATTRIBUTE_TAG, bytes((_PLAIN,))), *map(_line, rest)]
    items.append(element(_ATTRIBUTE_TAG, bytes((_END_OF_BLOCK,))))
    block = element(_BLOCK_TAG, b"".join(items))
    return message("06 D3", container(element(_TYPE_TAG, bytes((kind.value,))), block))


def _line(text: str) -> bytes:
    return element(_LINE_TAG, text.encode("cp437"))
