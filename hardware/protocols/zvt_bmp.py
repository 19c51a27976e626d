"""Owns the fields inside ZVT data: BCD, LLVAR and LLLVAR, the known bitmaps (BMP), TLV containers.

It must not know which message a field belongs to, and it never hands out a card number or a track: of
BMP 22 only the last digits leave this module, of tracks, security code, PIN and chip data nothing.
Source: VdTH PA00P015 sections 3.1.1, 9 and 13; lengths in section 5 of PA00P016.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hardware.events import ProtocolError
from hardware.protocols.zvt_fields import BMPS, BmpField, Kind

AMOUNT: Final = 0x04
TLV: Final = 0x06
TRACE: Final = 0x0B
TIME: Final = 0x0C
DATE: Final = 0x0D
PAN: Final = 0x22
RESULT: Final = 0x27
TERMINAL_ID: Final = 0x29
AUTHORISATION_ID: Final = 0x3B
CURRENCY: Final = 0x49
TOTALS: Final = 0x60
RECEIPT: Final = 0x87
CARD_NAME: Final = 0x8B

LONG_TRACE_TAG: Final = 0x1F2B


class FieldError(ProtocolError):
    """A field that cannot be read. `offset` is the byte where reading stopped, from the start of the data."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset

    def moved(self, by: int) -> FieldError:
        """The same refusal seen from a place `by` bytes further left."""
        return FieldError(str(self), self.offset + by)


@dataclass(frozen=True, slots=True)
class BmpItem:
    """One bitmap as it stands in the data: its number at `at`, `size` bytes of value from `start` on.

    `value` is the value with card data reduced, so it may be shorter than `size`.
    """

    field: BmpField
    at: int
    start: int
    size: int
    value: bytes


@dataclass(frozen=True, slots=True)
class TlvSpan:
    """One element as it stands in the data: its tag at `at`, its value from `start` on."""

    tag: int
    at: int
    start: int
    value: bytes


@dataclass(frozen=True, slots=True)
class TlvItem:
    """One element of a container. `value` of a constructed tag is again a sequence of elements."""

    tag: int
    value: bytes

    @property
    def constructed(self) -> bool:
        first = self.tag
        while first > 0xFF:
            first >>= 8
        return bool(first & 0x20)


def digits_to_bcd(digits: str, size: int) -> bytes:
    """Packs decimal `digits` right-justified into `size` bytes. Raises ProtocolError when they do not fit."""
    if not (digits.isascii() and digits.isdigit()) or len(digits) > size * 2:
        raise ProtocolError(f"not {size} bytes of BCD")
    return bytes.fromhex(digits.rjust(size * 2, "0"))


def bcd_to_digits(data: bytes) -> str:
    """The decimal digits of packed BCD. Raises ProtocolError for a nibble above 9."""
    digits = data.hex()
    if not digits.isdigit() and digits:
        raise ProtocolError("a BCD field holds something else than digits")
    return digits


def take(data: bytes, at: int, size: int) -> bytes:
    """`size` bytes from `at`. Raises FieldError when there are fewer."""
    part = data[at : at + size]
    if len(part) != size:
        raise FieldError("a field is cut short", len(data))
    return part


def take_var(data: bytes, at: int, length_digits: int) -> tuple[bytes, int]:
    """An LLVAR (2) or LLLVAR (3) value at `at`, and the offset behind it. PA00P016 section 5.2.8."""
    size = 0
    for index, byte in enumerate(take(data, at, length_digits)):
        if byte >> 4 != 0xF or byte & 0xF > 9:
            raise FieldError("a length digit is not F0 to F9", at + index)
        size = size * 10 + (byte & 0xF)
    start = at + length_digits
    return take(data, start, size), start + size


def parse_bmps(data: bytes) -> dict[int, bytes]:
    """All fields by number. Card data is reduced as the module says.

    Raises FieldError for an unknown field, whose length nobody can guess, and for a field sent twice.
    """
    return {item.field.number: item.value for item in walk_bmps(data)}


def walk_bmps(data: bytes) -> Iterator[BmpItem]:
    """The fields in their order, card data reduced.

    Raises FieldError like `parse_bmps`; the first level of a TLV container is checked.
    """
    seen: set[int] = set()
    at = 0
    while at < len(data):
        field = BMPS.get(data[at])
        if field is None:
            raise FieldError(f"unknown field {data[at]:02X}", at)
        if field.number in seen:
            raise FieldError(f"field {field.number:02X} is there twice", at)
        seen.add(field.number)
        value, behind = _take_field(data, at + 1, field)
        yield BmpItem(field, at, behind - len(value), len(value), _reduced(field, value))
        at = behind


def _take_field(data: bytes, at: int, field: BmpField) -> tuple[bytes, int]:
    if field.kind is Kind.TLV:
        size, start = _take_tlv_length(data, at)
        value = take(data, start, size)
        try:
            parse_tlv(value)
        except FieldError as error:
            raise error.moved(start) from error
        return value, start + size
    if field.length_digits:
        return take_var(data, at, field.length_digits)
    return take(data, at, field.size), at + field.size


def _reduced(field: BmpField, value: bytes) -> bytes:
    match field.kind:
        case Kind.PAN:
            return _last_digits(value)
        case Kind.CARD_DATA:
            return b""
        case _:
            return value


def _last_digits(pan: bytes) -> bytes:
    # E masks a digit, F pads, D separates the number from what follows it on the track.
    number = pan.hex().split("d")[0].rstrip("f")
    return "".join(digit for digit in number[-4:] if digit.isdigit()).encode("ascii")


def parse_tlv(data: bytes) -> tuple[TlvItem, ...]:
    """The elements of one level, PA00P015 section 9.3. Unknown tags are elements like any other."""
    return tuple(TlvItem(span.tag, span.value) for span in walk_tlv(data))


def walk_tlv(data: bytes) -> Iterator[TlvSpan]:
    """The elements of one level with their places. Raises FieldError."""
    at = 0
    while at < len(data):
        tag, behind_tag = _take_tag(data, at)
        size, start = _take_tlv_length(data, behind_tag)
        yield TlvSpan(tag, at, start, take(data, start, size))
        at = start + size


def _take_tag(data: bytes, at: int) -> tuple[int, int]:
    tag = data[at]
    at += 1
    if tag & 0x1F != 0x1F:
        return tag, at
    for _ in range(3):
        byte = take(data, at, 1)[0]
        tag, at = (tag << 8) | byte, at + 1
        if not byte & 0x80:
            return tag, at
    raise FieldError("a tag does not end", at)


def _take_tlv_length(data: bytes, at: int) -> tuple[int, int]:
    first = take(data, at, 1)[0]
    match first:
        case 0x81:
            return take(data, at + 1, 1)[0], at + 2
        case 0x82:  # high byte first, unlike the length of an APDU
            return int.from_bytes(take(data, at + 1, 2), "big"), at + 3
        case _ if first < 0x80:
            return first, at + 1
        case _:
            raise FieldError(f"TLV length {first:02X} is not allowed", at)
