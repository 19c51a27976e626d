"""Owns what a ZVT terminal says of itself when it registers, and at its end of day what it has booked.

It must not know when it is asked. Sources: VdTH PA00P015 section 2.1 and table 3 (status byte), BMP 60.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hardware.events import DayTotals, ProtocolError
from hardware.ports import OrderKind
from hardware.protocols import zvt_bmp as bmp
from hardware.protocols.zvt_apdu import StatusInformation
from hardware.protocols.zvt_bmp import bcd_to_digits, parse_bmps

STATUS_BYTE: Final = 0x19
"""BMP 19 in the 06 0F of a registration; in other messages it is the payment type."""

DATE_WITH_YEAR: Final = 0xAA

_NEEDS: Final = {0x01: OrderKind.INITIALISATION, 0x02: OrderKind.DIAGNOSIS}
_RANGE_BYTES: Final = 4
_COUNTER_BYTES: Final = 7


@dataclass(frozen=True, slots=True)
class Standing:
    """Who the terminal is and which orders it asks for before it will take cards again."""

    terminal_id: str = ""
    needs: frozenset[OrderKind] = frozenset()


def parse_standing(data: bytes) -> Standing:
    """Reads the 06 0F that ends a registration. What cannot be read is not known: it is still registered."""
    try:
        fields = parse_bmps(data)
        terminal_id = bcd_to_digits(fields.get(bmp.TERMINAL_ID, b""))
    except ProtocolError:
        return Standing()
    status = fields.get(STATUS_BYTE, b"\0")[0]
    return Standing(terminal_id, frozenset(kind for bit, kind in _NEEDS.items() if status & bit))


def day_totals(status: StatusInformation, registered_currency: str) -> DayTotals | None:
    """The sums in a 04 0F of an end of day; None when it names none.

    BMP 60 holds the first and last receipt number and seven pairs of a count and a sum. A BMP 60 of another
    shape tells nothing: then only the amount counts.
    """
    currency = status.currency or registered_currency
    counters = _counters(status.totals or b"")
    if counters is None:
        return None if status.amount_minor is None else DayTotals(status.amount_minor, currency)
    first, last, counts, sums_minor = counters
    total_minor = sum(sums_minor) if status.amount_minor is None else status.amount_minor
    return DayTotals(total_minor, currency, sum(counts), first, last)


def _counters(raw: bytes) -> tuple[str, str, list[int], list[int]] | None:
    body = raw[_RANGE_BYTES:]
    if not body or len(body) % _COUNTER_BYTES:
        return None
    pairs = [body[at : at + _COUNTER_BYTES] for at in range(0, len(body), _COUNTER_BYTES)]
    try:
        first, last = bcd_to_digits(raw[:2]), bcd_to_digits(raw[2:_RANGE_BYTES])
        return first, last, [pair[0] for pair in pairs], [int(bcd_to_digits(pair[1:])) for pair in pairs]
    except ProtocolError:
        return None


def parse_completion_code(data: bytes) -> int:
    """BMP 27 in a 06 0F, where a terminal announces what it does next; 0 when there is none to be read."""
    try:
        return parse_bmps(data).get(bmp.RESULT, b"\0")[0]
    except ProtocolError:
        return 0


def parse_clock(data: bytes) -> tuple[str, str]:
    """Date YYMMDD and time HHMMSS of 04 01. Raises ProtocolError unless both are there and possible."""
    fields = parse_bmps(data)
    day = bcd_to_digits(fields.get(DATE_WITH_YEAR, b""))
    clock = bcd_to_digits(fields.get(bmp.TIME, b""))
    if not (day and clock and "01" <= day[2:4] <= "12" and "01" <= day[4:] <= "31"):
        raise ProtocolError("04 01 without a date and a time")
    if clock[:2] > "23" or max(clock[2:4], clock[4:]) > "59":
        raise ProtocolError("04 01 with an impossible time")
    return day, clock
