"""Owns the ZVT commands beside payments: what staff order of a terminal, and log-off.

It must not know when they are sent or what comes back. Sources: VdTH PA00P015 sections 2.9 (reversal), 2.15
(refund), 2.16 (end of day), 2.17 (diagnosis), 2.24 (log-off), and command 06 93 (initialisation).
"""

from __future__ import annotations

from typing import Final

from hardware.ports import OrderKind, TerminalOrder
from hardware.protocols import zvt_bmp as bmp
from hardware.protocols.zvt_apdu import LARGEST_AMOUNT_MINOR, Apdu
from hardware.protocols.zvt_bmp import digits_to_bcd
from hardware.protocols.zvt_job import ZvtSettings

REVERSAL: Final = 0x0630
REFUND: Final = 0x0631
END_OF_DAY: Final = 0x0650
DIAGNOSIS: Final = 0x0670
INITIALISATION: Final = 0x0693
LOG_OFF: Final = Apdu(0x0602)

_RECEIPT_DIGITS: Final = 4
_LINE_DIAGNOSIS: Final = bytes.fromhex("06 03 1B 01 01")
"""Tag 1B = 01: some terminals refuse a diagnosis that does not say which."""


def order_command(order: TerminalOrder, settings: ZvtSettings) -> Apdu:
    """The command for `order`. Raises ValueError, with the reason, for one that cannot be sent."""
    password = digits_to_bcd(settings.password, 3)
    match order.kind:
        case OrderKind.REVERSAL:
            return Apdu(REVERSAL, password + _receipt(order) + _money(order, settings))
        case OrderKind.REFUND:
            if order.amount_minor == 0:
                raise ValueError("a refund needs an amount")
            return Apdu(REFUND, password + _money(order, settings))
        case OrderKind.END_OF_DAY:
            return Apdu(END_OF_DAY, password)
        case OrderKind.DIAGNOSIS:
            return Apdu(DIAGNOSIS, _LINE_DIAGNOSIS)
        case OrderKind.INITIALISATION:
            return Apdu(INITIALISATION, password)


def _receipt(order: TerminalOrder) -> bytes:
    number = order.receipt_no
    if not (number.isascii() and number.isdigit() and len(number) <= _RECEIPT_DIGITS and int(number)):
        raise ValueError("a reversal needs the terminal's receipt number, 1 to 9999")
    return bytes((bmp.RECEIPT,)) + digits_to_bcd(number, 2)


def _money(order: TerminalOrder, settings: ZvtSettings) -> bytes:
    if order.amount_minor == 0 and order.kind is OrderKind.REVERSAL:  # the terminal knows its own receipt
        return b""
    if not 1 <= order.amount_minor <= LARGEST_AMOUNT_MINOR:
        raise ValueError("the amount is out of range")
    if order.currency != settings.currency:
        raise ValueError(f"the terminal is registered for {settings.currency}")
    amount = bytes((bmp.AMOUNT,)) + digits_to_bcd(str(order.amount_minor), 6)
    return amount + bytes((bmp.CURRENCY,)) + digits_to_bcd(settings.currency_digits, 2)
