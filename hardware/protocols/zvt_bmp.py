"""Owns the fields inside ZVT data: BCD, LLVAR and LLLVAR, the known bitmaps (BMP), TLV containers.

It must not know which message a field belongs to, and it never hands out a card number or a track: of
BMP 22 only the last digits leave this module, of BMP 23, 24 and 2D nothing.
Source: VdTH PA00P015 sections 3.1.1, 9 and 13; lengths in section 5 of PA00P016.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hardware.events import ProtocolError

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

_FIXED: Final = {
    0x01: 1, 0x02: 1, 0x03: 1, AMOUNT: 6, 0x05: 1, TRACE: 3, TIME: 3, DATE: 2, 0x0E: 2, 0x17: 2,
    0x19: 1, RESULT: 1, TERMINAL_ID: 4, 0x2A: 15, 0x37: 3, AUTHORISATION_ID: 8, 0x3D: 3, CURRENCY: 2,
    RECEIPT: 2, 0x88: 3, 0x8A: 1, 0x8C: 1, 0xA0: 1, 0xAA: 3, 0xBA: 5,
}  # fmt: skip
_LENGTH_DIGITS: Final = {
    PAN: 2,
    0x23: 2,
    0x2D: 2,
    0x4C: 2,
    CARD_NAME: 2,
    0x24: 3,
    0x3C: 3,
    TOTALS: 3,
    0x9A: 3,
}
_TRACKS: Final = frozenset({0x23, 0x24, 0x2D})


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
    """`size` bytes from `at`. Raises ProtocolError when there are fewer."""
    part = data[at : at + size]
    if len(part) != size:
        raise ProtocolError("a field is cut short")
    return part


def take_var(data: bytes, at: int, length_digits: int) -> tuple[bytes, int]:
    """An LLVAR (2) or LLLVAR (3) value at `at`, and the offset behind it. PA00P016 section 5.2.8."""
    size = 0
    for byte in take(data, at, length_digits):
        if byte >> 4 != 0xF or byte & 0xF > 9:
            raise ProtocolError("a length digit is not F0 to F9")
        size = size * 10 + (byte & 0xF)
    start = at + length_digits
    return take(data, start, size), start + size


def parse_bmps(data: bytes) -> dict[int, bytes]:
    """All fields by number. Card data is reduced as the module says.

    Raises ProtocolError for an unknown field, whose length nobody can guess, and for a field sent twice.
    """
    fields: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        number = data[at]
        if number in fields:
            raise ProtocolError(f"field {number:02X} is there twice")
        value, at = _take_field(data, at + 1, number)
        if number == PAN:
            value = _last_digits(value)
        fields[number] = b"" if number in _TRACKS else value
    return fields


def _take_field(data: bytes, at: int, number: int) -> tuple[bytes, int]:
    if number == TLV:
        size, at = _take_tlv_length(data, at)
        value = take(data, at, size)
        parse_tlv(value)
        return value, at + size
    if (length_digits := _LENGTH_DIGITS.get(number)) is not None:
        return take_var(data, at, length_digits)
    if (size_fixed := _FIXED.get(number)) is not None:
        return take(data, at, size_fixed), at + size_fixed
    raise ProtocolError(f"unknown field {number:02X}")


def _last_digits(pan: bytes) -> bytes:
    # E masks a digit, F pads, D separates the number from what follows it on the track.
    number = pan.hex().split("d")[0].rstrip("f")
    return "".join(digit for digit in number[-4:] if digit.isdigit()).encode("ascii")


def parse_tlv(data: bytes) -> tuple[TlvItem, ...]:
    """The elements of one level, PA00P015 section 9.3. Unknown tags are elements like any other."""
    items = []
    at = 0
    while at < len(data):
        tag, at = _take_tag(data, at)
        size, at = _take_tlv_length(data, at)
        items.append(TlvItem(tag, take(data, at, size)))
        at += size
    return tuple(items)


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
    raise ProtocolError("a tag does not end")


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
            raise ProtocolError(f"TLV length {first:02X} is not allowed")
