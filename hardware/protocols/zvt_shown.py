"""Owns how the value of one ZVT field is shown to a person: as JSON values, by the kind of the field.

It must not show anything the table of fields does not allow: no more than four digits of a card number, no
track, no password, and of what has no name its length only.
Source: VdTH PA00P015 sections 9.4 and 13.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from hardware.protocols.card_digits import masked, may_hold_card_number
from hardware.protocols.zvt_bmp import BmpItem, FieldError, TlvSpan, walk_tlv
from hardware.protocols.zvt_codes import currency_name
from hardware.protocols.zvt_fields import TAGS, Kind, TlvField
from hardware.protocols.zvt_words import (
    CARD_TYPES,
    DONE_PAYMENT,
    ENQUIRY_SERVICE_BITS,
    ORDERED_PAYMENT,
    ORDERED_PAYMENT_BITS,
    REPEAT_SERVICE_BITS,
    SERVICE_BITS,
    STATE_BITS,
    TAG_CODES,
    TOTALS_GROUPS,
    UNKNOWN,
    Words,
    result_meaning,
    terminal_state_meaning,
)

Fields = dict[str, object]

MASK: Final = "*" * 12
SAYS_STATE: Final = frozenset({0x060F, 0x061E})
"""Messages in which BMP 19 says how the terminal is, not how is paid."""
_DEEPEST: Final = 8
"""Levels of containers that are followed; real messages have three."""
_LONGEST_BINARY: Final = 16
_LONGEST_DIGITS: Final = 6


class Charset(Enum):
    """What texts are written in: the messages do not say, till and terminal agreed on it (section 15)."""

    CP437 = "cp437"
    LATIN_1 = "latin-1"
    UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Context:
    """What a value's meaning depends on: the message, its currency (None: the registered one), the texts."""

    control: int
    charset: Charset
    currency: str | None = None


def not_shown(size: int) -> str:
    return f"not shown, {size} byte{'' if size == 1 else 's'}"


def show_bmp(item: BmpItem, context: Context) -> object:
    """The value of one bitmap. Raises FieldError with the offset in the data the item was found in."""
    value, start = item.value, item.start
    match item.field.kind:
        case Kind.PAN:
            return MASK + value.decode("ascii")
        case Kind.CARD_DATA | Kind.HIDDEN:
            return not_shown(item.size)
        case Kind.TLV:
            return show_tlv(value, start, context)
        case Kind.TOTALS:
            return _totals(value, start, context)
        case Kind.AMOUNT:
            return amount(value, start, context)
        case Kind.PAYMENT_TYPE:
            return _payment_type(value[0], context)
        case Kind.FLAGS:
            return flags(value[0], _service_bits(context))
        case Kind.CODE if item.field.number == 0x8A:
            return coded(value[0], CARD_TYPES.get(value[0], UNKNOWN))
        case Kind.CODE:
            return result(value[0])
        case kind:
            return _plain(kind, value, start, context)


def show_tlv(data: bytes, start: int, context: Context, depth: int = 1) -> list[Fields]:
    """The elements of a container whose contents begin at `start`, those of containers below it too.

    Raises FieldError.
    """
    try:
        return [_element(span, context, depth) for span in walk_tlv(data)]
    except FieldError as error:
        raise error.moved(start) from error


def _element(span: TlvSpan, context: Context, depth: int) -> Fields:
    shown: Fields = {"tag": f"{span.tag:02X}"}
    field = TAGS.get(span.tag)
    if field is None:
        return {**shown, "length": len(span.value)}
    shown["name"] = field.name
    if field.kind is not Kind.TLV:
        return {**shown, "value": _tag_value(field, span, context)}
    if depth >= _DEEPEST:
        return {**shown, "length": len(span.value)}
    return {**shown, "items": show_tlv(span.value, span.start, context, depth + 1)}


def _tag_value(field: TlvField, span: TlvSpan, context: Context) -> object:
    value, start = span.value, span.start
    match field.kind:
        case Kind.CODE if field.tag == 0x1F43 and len(value) == 1:
            return coded(value[0], terminal_state_meaning(value[0]))
        case Kind.CODE if len(value) == 1:
            return coded(value[0], TAG_CODES[field.tag].get(value[0], UNKNOWN))
        case Kind.ATTRIBUTE if value:
            return [attributes(byte) for byte in value[:_LONGEST_BINARY]]
        case Kind.COMMAND if len(value) == 2:
            return f"{value[0]:02X} {value[1]:02X}"
        case Kind.NUMBER if 0 < len(value) <= 4:
            return int.from_bytes(value, "big")
        case Kind.DIGITS | Kind.TIME | Kind.DATE | Kind.TEXT | Kind.BINARY:
            return _plain(field.kind, value, start, context)
        case _:
            return not_shown(len(value))


def _plain(kind: Kind, value: bytes, start: int, context: Context) -> object:
    """Kinds that a bitmap and a tag share."""
    match kind:
        case Kind.TEXT:
            return text(value, context.charset)
        case Kind.BINARY:
            return _binary(value)
        case Kind.NUMBER:
            return int.from_bytes(value, "big")
        case Kind.RECEIPT if value == b"\xff\xff":
            return "FFFF"
        case Kind.CURRENCY:
            return currency_name(_digits(value, start))
        case Kind.DIGITS | Kind.RECEIPT if len(value) <= _LONGEST_DIGITS:
            return _digits(value, start)
        case Kind.TIME if len(value) == 3:
            return _parted(_digits(value, start), ":")
        case Kind.DATE if len(value) == 4:
            digits = _digits(value, start)
            return f"{digits[:4]}-{_parted(digits[4:], '-')}"
        case Kind.DATE if len(value) == 3:
            return f"20{_parted(_digits(value, start), '-')}"
        case Kind.MONTH_DAY if len(value) == 2:
            return _parted(_digits(value, start), "-")
        case _:
            return not_shown(len(value))


def text(value: bytes, charset: Charset) -> str:
    """Characters for the eye: what cannot be printed becomes a dot, digits like a card number are starred."""
    characters = value.rstrip(b"\0").decode(charset.value, "replace").replace("\xa0", " ")
    return masked("".join(sign if sign.isprintable() or sign in "\n\r" else "·" for sign in characters))


def result(code: int) -> Fields:
    """A result code 0 to 255 with its words."""
    return {"result_code": code, "result_hex": f"{code:02X}", "meaning": result_meaning(code)}


def coded(code: int, meaning: str) -> Fields:
    return {"code": code, "hex": f"{code:02X}", "meaning": meaning}


def flags(value: int, words: Words) -> Fields:
    """A byte of bits with the words of those that are set; a bit without words is named by its number."""
    bits = (1 << place for place in range(8))
    return {
        "hex": f"{value:02X}",
        "meaning": [words.get(bit, f"bit {bit:02X}") for bit in bits if value & bit],
    }


def attributes(value: int) -> Fields:
    """How a line is printed, 06 D1 and tag 09: value 0 to 255."""
    words = []
    if value & 0x80 and value != 0x80:
        words.append("last line")
    words += [
        word
        for bit, word in ((0x40, "centred"), (0x20, "double width"), (0x10, "double height"))
        if value & bit
    ]
    shown: Fields = {"hex": f"{value:02X}", "meaning": words}
    return {**shown, "indent": value & 0x0F} if value & 0x0F and value < 0x80 else shown


def amount(value: bytes, start: int, context: Context) -> Fields:
    """Six bytes of BCD as minor units. Raises FieldError for a nibble above 9."""
    return {"amount_minor": int(_digits(value, start)), "currency": context.currency}


def _totals(value: bytes, start: int, context: Context) -> Fields:
    receipt_range, step = 4, 7
    if len(value) != receipt_range + step * len(TOTALS_GROUPS):
        raise FieldError("the totals have another length than their groups need", start)
    groups: Fields = {}
    for index, name in enumerate(TOTALS_GROUPS):
        at = receipt_range + index * step
        groups[name] = {"count": value[at], **amount(value[at + 1 : at + step], start + at + 1, context)}
    return {
        "receipt_from": _plain(Kind.RECEIPT, value[:2], start, context),
        "receipt_to": _plain(Kind.RECEIPT, value[2:4], start + 2, context),
        "groups": groups,
    }


def _payment_type(value: int, context: Context) -> Fields:
    match context.control:
        case control if control in SAYS_STATE:
            return flags(value, STATE_BITS)
        case 0x040F:
            return coded(value, DONE_PAYMENT.get(value, UNKNOWN))
        case _:
            low = flags(value & 0x0F, ORDERED_PAYMENT_BITS)["meaning"]
            assert isinstance(low, list)
            return {
                "hex": f"{value:02X}",
                "meaning": [ORDERED_PAYMENT.get(value & 0xF0, UNKNOWN), *low],
            }


def _service_bits(context: Context) -> Words:
    match context.control:
        case 0x0501:
            return ENQUIRY_SERVICE_BITS
        case 0x0620:
            return REPEAT_SERVICE_BITS
        case _:
            return SERVICE_BITS


def _binary(value: bytes) -> str:
    if len(value) > _LONGEST_BINARY or may_hold_card_number(value):
        return not_shown(len(value))
    return value.hex(" ").upper()


def _digits(value: bytes, start: int) -> str:
    for index, byte in enumerate(value):
        if byte >> 4 > 9 or byte & 0xF > 9:
            raise FieldError("a digit is above 9", start + index)
    return value.hex()


def _parted(digits: str, sign: str) -> str:
    return sign.join(digits[at : at + 2] for at in range(0, len(digits), 2))
