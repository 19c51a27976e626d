"""Owns the table of ZVT fields: number, name, length and kind of every bitmap (BMP) and TLV tag we know.

It must not read a value. Whatever is not in this table has no name and is never shown; card data is marked
here, once, for everybody who reads a message.
Source: VdTH PA00P015 sections 3.1.1, 9.4 and 13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final


class Kind(Enum):
    """How the bytes of a field are read, and whether they may be shown at all."""

    AMOUNT = auto()
    """BCD, minor units."""
    DIGITS = auto()
    """BCD, a number that keeps its zeros; at most six bytes."""
    RECEIPT = auto()
    """BCD, four digits; FFFF stands for any receipt."""
    CURRENCY = auto()
    """BCD, ISO 4217 number."""
    TIME = auto()
    """BCD, HHMMSS."""
    MONTH_DAY = auto()
    """BCD, MMDD."""
    DATE = auto()
    """BCD, YYMMDD or YYYYMMDD."""
    NUMBER = auto()
    """Binary, high byte first."""
    CODE = auto()
    """One byte with a meaning, see zvt_words."""
    FLAGS = auto()
    """One byte of bits with meanings, see zvt_words."""
    PAYMENT_TYPE = auto()
    """One byte whose meaning depends on the message."""
    TEXT = auto()
    BINARY = auto()
    COMMAND = auto()
    """Class and instruction of a command."""
    ATTRIBUTE = auto()
    """How a line is printed."""
    TOTALS = auto()
    """Receipt range, then count and sum of seven groups of cards."""
    TLV = auto()
    """A container, as a BMP; a constructed tag, as a tag."""
    PAN = auto()
    """A card number: at most the last four digits are shown."""
    CARD_DATA = auto()
    """Tracks, security code, PIN and chip data: never kept, never shown."""
    HIDDEN = auto()
    """Not card data but nobody's business either, or of unknown contents: only the length is shown."""


@dataclass(frozen=True, slots=True)
class BmpField:
    """One bitmap. `size` bytes, or a length of `length_digits` digits before the value, or neither: TLV."""

    number: int
    name: str
    kind: Kind
    size: int = 0
    length_digits: int = 0


@dataclass(frozen=True, slots=True)
class TlvField:
    """One tag of a TLV container; its length stands in the message."""

    tag: int
    name: str
    kind: Kind


_FIXED: Final = (
    BmpField(0x01, "timeout_s", Kind.NUMBER, 1),
    BmpField(0x02, "max_status_infos", Kind.NUMBER, 1),
    BmpField(0x03, "service_byte", Kind.FLAGS, 1),
    BmpField(0x04, "amount", Kind.AMOUNT, 6),
    BmpField(0x05, "pump_no", Kind.NUMBER, 1),
    BmpField(0x0B, "trace_no", Kind.DIGITS, 3),
    BmpField(0x0C, "time", Kind.TIME, 3),
    BmpField(0x0D, "date", Kind.MONTH_DAY, 2),
    BmpField(0x0E, "card_expiry", Kind.HIDDEN, 2),
    BmpField(0x17, "card_sequence_no", Kind.DIGITS, 2),
    BmpField(0x19, "payment_type", Kind.PAYMENT_TYPE, 1),
    BmpField(0x27, "result", Kind.CODE, 1),
    BmpField(0x29, "terminal_id", Kind.DIGITS, 4),
    BmpField(0x2A, "merchant_no", Kind.TEXT, 15),
    BmpField(0x37, "original_trace_no", Kind.DIGITS, 3),
    BmpField(0x3A, "security_code", Kind.CARD_DATA, 2),
    BmpField(0x3B, "authorisation_id", Kind.TEXT, 8),
    BmpField(0x3D, "password", Kind.HIDDEN, 3),
    BmpField(0x49, "currency", Kind.CURRENCY, 2),
    BmpField(0x87, "receipt_no", Kind.RECEIPT, 2),
    BmpField(0x88, "turnover_no", Kind.DIGITS, 3),
    BmpField(0x8A, "card_type", Kind.CODE, 1),
    BmpField(0x8C, "operator_card_type", Kind.NUMBER, 1),
    BmpField(0xA0, "host_result", Kind.NUMBER, 1),
    BmpField(0xAA, "full_date", Kind.DATE, 3),
    BmpField(0xBA, "aid_parameter", Kind.HIDDEN, 5),
    BmpField(0xD0, "key_algorithm", Kind.HIDDEN, 1),
    BmpField(0xD2, "card_output_direction", Kind.NUMBER, 1),
    BmpField(0xD3, "key_position", Kind.HIDDEN, 1),
    BmpField(0xEB, "mac", Kind.HIDDEN, 8),
    BmpField(0xF0, "display_s", Kind.NUMBER, 1),
    BmpField(0xF9, "beeps", Kind.NUMBER, 1),
    BmpField(0xFA, "card_reader_state", Kind.NUMBER, 1),
    BmpField(0xFB, "ok_key_required", Kind.NUMBER, 1),
    BmpField(0xFC, "dialogue_control", Kind.NUMBER, 1),
)
_VARIABLE: Final = (
    BmpField(0x22, "card_number", Kind.PAN, length_digits=2),
    BmpField(0x23, "track_2", Kind.CARD_DATA, length_digits=2),
    BmpField(0x24, "track_3", Kind.CARD_DATA, length_digits=3),
    BmpField(0x2D, "track_1", Kind.CARD_DATA, length_digits=2),
    BmpField(0x2E, "memory_chip_data", Kind.CARD_DATA, length_digits=3),
    BmpField(0x3C, "additional_text", Kind.TEXT, length_digits=3),
    BmpField(0x4C, "blocked_goods", Kind.HIDDEN, length_digits=2),
    BmpField(0x60, "totals", Kind.TOTALS, length_digits=3),
    BmpField(0x8B, "card_name", Kind.TEXT, length_digits=2),
    BmpField(0x92, "offline_chip_data", Kind.CARD_DATA, length_digits=3),
    BmpField(0x9A, "geldkarte_record", Kind.CARD_DATA, length_digits=3),
    BmpField(0xA7, "chip_data", Kind.CARD_DATA, length_digits=2),
    BmpField(0xAF, "chip_information", Kind.CARD_DATA, length_digits=3),
    BmpField(0xD1, "pin_data", Kind.CARD_DATA, length_digits=2),
    *(BmpField(0xF0 + line, f"text_line_{line}", Kind.TEXT, length_digits=2) for line in range(1, 9)),
)
_CONTAINER: Final = BmpField(0x06, "tlv", Kind.TLV)

BMPS: Final[Mapping[int, BmpField]] = MappingProxyType(
    {field.number: field for field in (*_FIXED, *_VARIABLE, _CONTAINER)}
)

_TAGS: Final = (
    TlvField(0x07, "text_line", Kind.TEXT),
    TlvField(0x09, "attribute", Kind.ATTRIBUTE),
    TlvField(0x0A, "command", Kind.COMMAND),
    TlvField(0x12, "printer_width", Kind.NUMBER),
    TlvField(0x14, "character_set", Kind.CODE),
    TlvField(0x15, "language", Kind.TEXT),
    TlvField(0x1A, "longest_apdu", Kind.NUMBER),
    TlvField(0x1B, "diagnosis_type", Kind.NUMBER),
    TlvField(0x24, "display_texts", Kind.TLV),
    TlvField(0x25, "print_texts", Kind.TLV),
    TlvField(0x26, "permitted_commands", Kind.TLV),
    TlvField(0x27, "character_sets", Kind.TLV),
    TlvField(0x28, "languages", Kind.TLV),
    TlvField(0x2E, "date_and_time", Kind.TLV),
    TlvField(0x2F, "payment_kind", Kind.TLV),
    TlvField(0x34, "date_and_time", Kind.TLV),
    TlvField(0x41, "card_type", Kind.BINARY),
    TlvField(0x42, "application_label", Kind.TEXT),
    TlvField(0x43, "application_id", Kind.BINARY),
    TlvField(0x44, "application_preferred_name", Kind.TEXT),
    TlvField(0x45, "receipt_rules", Kind.BINARY),
    TlvField(0x46, "emv_print_data_merchant", Kind.TEXT),
    TlvField(0x47, "emv_print_data_customer", Kind.TEXT),
    TlvField(0x60, "application", Kind.TLV),
    TlvField(0xE4, "terminal", Kind.TLV),
    TlvField(0x1F04, "receipt_options", Kind.BINARY),
    TlvField(0x1F07, "receipt_type", Kind.CODE),
    TlvField(0x1F0E, "date", Kind.DATE),
    TlvField(0x1F0F, "time", Kind.TIME),
    TlvField(0x1F10, "cardholder_verification", Kind.CODE),
    TlvField(0x1F11, "online", Kind.CODE),
    TlvField(0x1F12, "card_technology", Kind.CODE),
    TlvField(0x1F16, "vendor_error_code", Kind.BINARY),
    TlvField(0x1F17, "vendor_error_text", Kind.TEXT),
    TlvField(0x1F1F, "synchronisation_id", Kind.DIGITS),
    TlvField(0x1F2B, "long_trace_no", Kind.DIGITS),
    TlvField(0x1F37, "receipt_information", Kind.BINARY),
    TlvField(0x1F40, "terminal_name", Kind.TEXT),
    TlvField(0x1F41, "terminal_software", Kind.TEXT),
    TlvField(0x1F42, "terminal_serial_no", Kind.BINARY),
    TlvField(0x1F43, "terminal_state", Kind.CODE),
    TlvField(0x1F44, "terminal_id", Kind.DIGITS),
    TlvField(0x1F55, "lock_bits", Kind.BINARY),
    TlvField(0x1F73, "message_sequence_id", Kind.DIGITS),
)

TAGS: Final[Mapping[int, TlvField]] = MappingProxyType({field.tag: field for field in _TAGS})
