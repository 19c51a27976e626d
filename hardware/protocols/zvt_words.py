"""Owns the words for ZVT numbers, for people who read a trace: results, states, bits, kinds of card.

It must not decide anything: what a result means for a payment is zvt_codes' business. A number without words
here is shown as a number.
Source: VdTH PA00P015 section 10 (results), tables 1, 3, 4 and 17, section 9.4 (tags).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

UNKNOWN: Final = "no meaning known"

_HOST_RESULTS: Final = {
    0x05: "refused by the bank",
    0x0D: "amount refused by the bank",
    0x32: "refused by the bank",
    0x33: "refused by the bank",
    0x36: "card expired",
    0x37: "wrong PIN; the terminal may ask again",
    0x50: "card expired",
    0x5B: "the bank's computer is not reached",
}
_LAST_HOST_RESULT: Final = 0x63

_TERMINAL_RESULTS: Final = {
    0x00: "in order",
    0x51: "initialisation needed",
    0x62: "clock must be set",
    0x64: "card not readable",
    0x65: "no card data",
    0x66: "processing failed",
    0x67: "not allowed for this debit card",
    0x68: "not allowed for this card",
    0x6A: "turnover memory full, do the end-of-day",
    0x6B: "till not registered",
    0x6C: "stopped by key or time ran out",
    0x6E: "card on the blocked list",
    0x6F: "wrong currency",
    0x71: "not enough credit on the card",
    0x72: "chip fault",
    0x73: "card data wrong",
    0x74: "terminal keys used up",
    0x75: "text not authentic",
    0x76: "card not on the list of permitted cards",
    0x77: "end-of-day not possible",
    0x78: "card expired",
    0x79: "card not yet valid",
    0x7A: "card not known",
    0x7B: "stripe instead of chip not possible for girocard",
    0x7C: "stripe instead of chip not possible",
    0x7D: "communication module missing or mute",
    0x7E: "stripe instead of chip not possible, direct debit possible",
    0x83: "function not possible",
    0x85: "key missing",
    0x89: "PIN pad defective",
    0x9A: "ZVT protocol error",
    0x9B: "line to the bank lost",
    0x9C: "wait",
    0x9D: "only a part of the amount was used",
    0xA0: "receiver not ready",
    0xA1: "no answer from the other end",
    0xA3: "no connection",
    0xA4: "GeldKarte record could not be sent",
    0xA5: "not allowed by the card security rules",
    0xB1: "memory full",
    0xB2: "journal full",
    0xB4: "already reversed",
    0xB5: "reversal not possible",
    0xB7: "amount wrong or too high",
    0xB8: "pre-authorisation failed",
    0xBF: "supply voltage too low",
    0xC0: "card lock defective",
    0xC1: "merchant card locked",
    0xC2: "diagnosis needed",
    0xC3: "highest amount exceeded",
    0xC4: "card profile invalid, load a new one",
    0xC5: "payment method not supported",
    0xC6: "currency not usable",
    0xC8: "amount too small",
    0xC9: "highest transaction amount set too small",
    0xCB: "only possible in euro",
    0xCC: "printer not ready",
    0xCD: "cashback not possible",
    0xD2: "not allowed for service cards",
    0xDC: "card is inserted",
    0xDD: "card could not be given back",
    0xDE: "card could not be drawn in",
    0xDF: "out of order",
    0xE0: "remote maintenance is on",
    0xE1: "card half out",
    0xE2: "card reader mute or defective",
    0xE3: "shutter closed",
    0xE4: "activation of the terminal needed",
    0xE7: "goods group not found",
    0xE8: "no table of goods groups",
    0xE9: "restriction code not allowed",
    0xEA: "card code not allowed",
    0xEB: "PIN method not known",
    0xEC: "PIN could not be processed",
    0xED: "PIN pad defective",
    0xF0: "end-of-day is due",
    0xF1: "girocard offline error",
    0xF5: "personalisation failed",
    0xF6: "personalisation data missing",
    0xFA: "offline payments could not be sent",
    0xFB: "turnover record damaged",
    0xFC: "a needed device is missing or defective; in a completion: the terminal restarts",
    0xFD: "baud rate not supported",
    0xFE: "register not known",
    0xFF: "system error, see the vendor's code",
}


def result_meaning(code: int) -> str:
    """Words for a result code 0 to 255, from BMP 27, 84 xx or 06 1E; section 10."""
    if (words := _HOST_RESULTS.get(code)) is not None:
        return words
    if 0 < code <= _LAST_HOST_RESULT:  # host codes 1 to 99
        return f"answer {code} of the bank's computer"
    return _TERMINAL_RESULTS.get(code, UNKNOWN)


_ANSWERS: Final = {0x1E: "a value of the command is wrong", 0x37: "wrong password"}


def answer_meaning(code: int) -> str:
    """Words for the code of an 84 xx, 0 to 255: no bank is asked yet, so low codes mean something else."""
    if code <= _LAST_HOST_RESULT:
        return _ANSWERS.get(code, UNKNOWN)
    return result_meaning(code)


def terminal_state_meaning(code: int) -> str:
    """Words for the terminal's state in the completion of a status enquiry, 0 to 255; section 2.56.5."""
    if code == 0:
        return "ready"
    return _TERMINAL_RESULTS.get(code, UNKNOWN)


_INTERMEDIATE: Final = {
    0x00: "confirm the amount",
    0x01: "look at the PIN pad",
    0x02: "look at the PIN pad",
    0x03: "not accepted",
    0x04: "waiting for the bank",
    0x05: "automatic reversal is sent",
    0x06: "held-back payments are sent",
    0x07: "card not admitted",
    0x08: "card not known",
    0x09: "card expired",
    0x0A: "insert the card",
    0x0B: "remove the card",
    0x0C: "card not readable",
    0x0D: "processing error",
    0x0E: "wait",
    0x0F: "automatic end-of-day begins",
    0x10: "card invalid",
    0x11: "balance is shown",
    0x12: "malfunction",
    0x13: "payment not possible",
    0x14: "not enough credit",
    0x15: "wrong PIN",
    0x16: "limit not enough",
    0x17: "wait",
    0x18: "PIN tried too often",
    0x19: "card data wrong",
    0x1A: "service mode",
    0x1B: "approved, fill up",
    0x1C: "approved, take the goods",
    0x1D: "declined",
    0x26: "waiting for the phone number",
    0x27: "waiting for the phone number again",
    0x28: "currency is chosen",
    0x29: "language is chosen",
    0x2A: "insert the card to load it",
    0x2B: "offline emergency payment",
    0x2C: "application is chosen",
    0x68: "card noticed",
    0x69: "choose the currency of the card or of the shop",
    0xC7: "waiting for the mileage",
    0xC8: "waiting for the cashier",
    0xC9: "automatic diagnosis",
    0xCA: "automatic initialisation",
    0xCB: "journal full",
    0xCC: "PIN needed, no direct debit",
    0xD2: "dialling",
    0xD3: "connected",
    0xE0: "waiting for the choice of application",
    0xE1: "waiting for the choice of language",
    0xE2: "cleaning card wanted",
    0xF1: "offline",
    0xF2: "online",
    0xF3: "offline payment",
    0xFF: "see the display texts",
}
_REMOVE_CARD: Final = range(0x41, 0x68)
"""The same number less 40h, "and remove the card"."""


def intermediate_meaning(status: int) -> str:
    """Words for the state in a 04 FF, 0 to 255; table 17."""
    if status in _REMOVE_CARD and (words := _INTERMEDIATE.get(status - 0x40)) is not None:
        return f"{words}; remove the card"
    return _INTERMEDIATE.get(status, UNKNOWN)


Words = Mapping[int, str]

CONFIG_BITS: Final[Words] = MappingProxyType(
    {
        0x02: "the till prints payment receipts",
        0x04: "the till prints administration receipts",
        0x08: "the till wants intermediate status",
        0x10: "no amount input on the terminal",
        0x20: "no administration on the terminal",
        0x80: "receipts come as print lines or text blocks",
    }
)
"""Table 1."""

SERVICE_BITS: Final[Words] = MappingProxyType(
    {0x01: "no service menu on the function key", 0x02: "texts in capitals"}
)
ENQUIRY_SERVICE_BITS: Final[Words] = MappingProxyType(
    {0x01: "no service menu on the function key", 0x02: "answer without version", 0x04: "more fields wanted"}
)
"""Section 2.56."""
REPEAT_SERVICE_BITS: Final[Words] = MappingProxyType(
    {0x01: "status information as in the original", 0x02: "no printing"}
)
"""Section 2.20."""

STATE_BITS: Final[Words] = MappingProxyType(
    {
        0x01: "initialisation needed",
        0x02: "diagnosis needed",
        0x04: "personalisation needed",
        0x08: "filling station",
        0x10: "vending machine",
    }
)
"""Table 3: BMP 19 in the completion of a registration."""

ORDERED_PAYMENT: Final[Words] = MappingProxyType(
    {
        0x00: "direct debit with signature",
        0x20: "online without PIN",
        0x30: "with PIN",
        0x40: "the terminal chooses",
        0x50: "the terminal chooses, GeldKarte too",
    }
)
"""Table 4, high half; `ORDERED_PAYMENT_BITS` is the low half."""
ORDERED_PAYMENT_BITS: Final[Words] = MappingProxyType(
    {0x02: "use the card read before", 0x04: "printer ready", 0x08: "tip possible"}
)
DONE_PAYMENT: Final[Words] = MappingProxyType(
    {0x40: "offline", 0x50: "card checked only", 0x60: "online", 0x70: "PIN or chip"}
)
"""BMP 19 in a status information."""

CARD_TYPES: Final[Words] = MappingProxyType(
    {
        0x05: "girocard",
        0x06: "Mastercard",
        0x08: "American Express",
        0x0A: "Visa",
        0x0D: "V PAY",
        0x0E: "JCB",
        0x2E: "Maestro",
        0xFF: "see tag 41",
    }
)
TAG_CODES: Final[Mapping[int, Words]] = MappingProxyType(
    {
        0x14: MappingProxyType({0x00: "7-bit ZVT", 0x01: "ISO 8859-1", 0xFE: "UTF-8", 0xFF: "CP437"}),
        0x1F07: MappingProxyType({0x01: "merchant", 0x02: "customer", 0x03: "administration"}),
        0x1F10: MappingProxyType(
            {
                0x00: "none",
                0x01: "signature",
                0x02: "online PIN",
                0x03: "offline PIN, encrypted",
                0x04: "offline PIN, plain",
                0x05: "offline PIN, encrypted, and signature",
                0x06: "offline PIN, plain, and signature",
                0x07: "online PIN and signature",
                0xFF: "not known",
            }
        ),
        0x1F11: MappingProxyType({0x00: "no", 0x01: "yes"}),
        0x1F12: MappingProxyType({0x00: "stripe", 0x01: "chip", 0x02: "contactless"}),
    }
)
BAUD_RATES: Final[Words] = MappingProxyType({0x00: "9600", 0x01: "19200", 0x06: "57600", 0x07: "115200"})
TOTALS_GROUPS: Final = ("girocard", "JCB", "Mastercard", "American Express", "Visa", "Diners", "others")
"""BMP 60, in this order."""
