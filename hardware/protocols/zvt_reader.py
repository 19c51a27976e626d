"""Owns the reading of one recorded ZVT message for a person: names, fields with units, or why not and where.

It must not take part in a dialogue: it keeps no state, and what may be shown is decided in zvt_fields and
zvt_shown. Sources: VdTH PA00P016 section 5.2, PA00P015 sections 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hardware.protocols import zvt_bmp as bmp
from hardware.protocols import zvt_shown as shown
from hardware.protocols.zvt_bmp import BmpItem, FieldError, take, take_var, walk_bmps
from hardware.protocols.zvt_codes import RESULT_CURRENCY, currency_name
from hardware.protocols.zvt_fields import Kind
from hardware.protocols.zvt_names import COMMANDS, UNKNOWN_COMMAND, Direction, Layout
from hardware.protocols.zvt_shown import Charset, Context, Fields
from hardware.protocols.zvt_words import (
    BAUD_RATES,
    CONFIG_BITS,
    UNKNOWN,
    answer_meaning,
    intermediate_meaning,
)
from hardware.protocols.zvt_words import terminal_state_meaning as state_meaning

_EXTENDED: Final = 0xFF
_PASSWORD_SIZE: Final = 3
_LONGEST_APPENDED: Final = 64
"""Some terminals put a small container behind the text of a line, which has no length of its own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One message as a person may see it. `control` is hexadecimal; `length` counts the bytes of its data."""

    layer: str
    direction: Direction
    command: str
    control: str
    fields: Fields
    length: int
    length_form: str
    link: tuple[str, ...] = ()
    """Link answers that stood before a frame."""


def read_apdu(raw: bytes, charset: Charset = Charset.CP437) -> Reading:
    """Reads one message without its frame. Raises FieldError; its offset is the place in `raw`."""
    data, start = _payload(raw)
    control = int.from_bytes(raw[:2], "big")
    command = COMMANDS.get(control, UNKNOWN_COMMAND)
    try:
        fields = _READERS[command.layout](data, Context(control, charset))
    except FieldError as error:
        place = f"{command.name}, {raw[0]:02X} {raw[1]:02X}"
        raise FieldError(f"{error} ({place})", error.offset + start) from error
    return Reading(
        layer="apdu",
        direction=command.direction,
        command=command.name,
        control=f"{raw[0]:02X} {raw[1]:02X}",
        fields=fields,
        length=len(data),
        length_form="one byte" if start == 3 else "FF and two bytes, low byte first",
    )


def _payload(raw: bytes) -> tuple[bytes, int]:
    if len(raw) < 3:
        raise FieldError("too short for class, instruction and length", len(raw))
    size, start = raw[2], 3
    if size == _EXTENDED:
        size, start = int.from_bytes(take(raw, 3, 2), "little"), 5
    there = len(raw) - start
    if there != size:
        words = f"the length field says {size}, there {'is' if there == 1 else 'are'} {there}"
        raise FieldError(words, min(len(raw), start + size))
    return raw[start:], start


# --- layouts ---------------------------------------------------------------------------------------


def _bitmaps(data: bytes, context: Context, at: int = 0) -> Fields:
    """The bitmaps from `at` on. Offsets in what it raises count from the start of `data`."""
    try:
        items = list(walk_bmps(data[at:]))
        context = Context(context.control, context.charset, _currency(items))
        return {_name(item, context): shown.show_bmp(item, context) for item in items}
    except FieldError as error:
        raise error.moved(at) from error


def _name(item: BmpItem, context: Context) -> str:
    # One number, two meanings: what kind of payment, or how the terminal is (section 2.1).
    is_state = item.field.kind is Kind.PAYMENT_TYPE and context.control in shown.SAYS_STATE
    return "terminal_status" if is_state else item.field.name


def _currency(items: list[BmpItem]) -> str | None:
    for item in items:
        if item.field.kind is Kind.CURRENCY:
            return str(shown.show_bmp(item, Context(0, Charset.CP437)))
    return None


def _password(data: bytes, context: Context) -> Fields:
    password = take(data, 0, _PASSWORD_SIZE)
    return {"password": shown.not_shown(len(password)), **_bitmaps(data, context, _PASSWORD_SIZE)}


def _maybe_password(data: bytes, context: Context) -> Fields:
    return _password(data, context) if data else {}


def _registration(data: bytes, context: Context) -> Fields:
    at = _PASSWORD_SIZE + 1
    fields: Fields = {
        "password": shown.not_shown(_PASSWORD_SIZE),
        "config": shown.flags(take(data, 0, at)[-1], CONFIG_BITS),
    }
    if _currency_first(data[at:]):
        number = bmp.bcd_to_digits(data[at : at + 2])
        fields["currency"] = currency_name(number)
        at += 2
    return {**fields, **_bitmaps(data, context, at)}


def _currency_first(rest: bytes) -> bool:
    """Whether a currency without field number stands here: a known one, or else no bitmap fits instead."""
    number = rest[:2].hex()
    if len(number) < 4 or not number.isdecimal():
        return False
    return currency_name(number) != number or not _numbers(rest)


def _read_card(data: bytes, context: Context) -> Fields:
    return {"timeout_s": take(data, 0, 1)[0], **_bitmaps(data, context, 1)}


def _baud_rate(data: bytes, context: Context) -> Fields:
    code = take(data, 0, 1)[0]
    return {
        "baud_rate": shown.coded(code, BAUD_RATES.get(code, UNKNOWN)),
        **_bitmaps(data, context, 1),
    }


def _intermediate(data: bytes, context: Context) -> Fields:
    """State, perhaps a timeout, perhaps TLV; section 3.7, and 5.1 where the timeout is left out."""
    status = take(data, 0, 1)[0]
    fields: Fields = {
        "status": {
            "status": status,
            "status_hex": f"{status:02X}",
            "meaning": intermediate_meaning(status),
        }
    }
    if _is_container(data[1:]):
        return {**fields, **_bitmaps(data, context, 1)}
    if len(data) > 1:
        minutes = data[1:2].hex()
        if not minutes.isdecimal():
            raise FieldError("a digit is above 9", 1)
        fields["timeout_min"] = int(minutes)
    return {**fields, **_bitmaps(data, context, 2)}


def _is_container(data: bytes) -> bool:
    return _numbers(data) == [bmp.TLV]


def _numbers(data: bytes) -> list[int]:
    """Which bitmaps these are; none when it is something else."""
    try:
        return [item.field.number for item in walk_bmps(data)]
    except FieldError:
        return []


def _completion(data: bytes, context: Context) -> Fields:
    """Of a status enquiry: [version] state [TLV]; of anything else: bitmaps. The version begins with F."""
    has_version = len(data) > 3 and all(byte >> 4 == 0xF for byte in data[:3])
    has_state = len(data) == 1 or _is_container(data[1:])
    if has_version or (has_state and not _numbers(data)):
        return _enquiry_completion(data, context)
    return _bitmaps(data, context)


def _enquiry_completion(data: bytes, context: Context) -> Fields:
    fields: Fields = {}
    at = 0
    if len(data) > 3 and data[0] >> 4 == 0xF:
        version, at = take_var(data, 0, 3)
        fields["version"] = shown.text(version, context.charset)
    state = take(data, at, 1)[0]
    fields["state"] = shown.coded(state, state_meaning(state))
    return {**fields, **_bitmaps(data, context, at + 1)}


def _aborted(data: bytes, context: Context) -> Fields:
    if not data:
        return {}
    fields: Fields = {"result": shown.result(data[0])}
    rest = data[1:]
    if data[0] == RESULT_CURRENCY and len(rest) == 2 and rest.hex().isdecimal():
        return {**fields, "currency": currency_name(rest.hex())}
    return {**fields, **_bitmaps(data, context, 1)}


def _print_line(data: bytes, context: Context) -> Fields:
    attribute = take(data, 0, 1)[0]
    if attribute == 0xFF and len(data) == 2:
        return {"line_feeds": data[1]}
    behind = range(max(1, len(data) - _LONGEST_APPENDED), len(data))
    end = next((at for at in behind if _is_container(data[at:])), len(data))
    fields: Fields = {
        "attribute": shown.attributes(attribute),
        "text": shown.text(data[1:end], context.charset),
    }
    return {**fields, **_bitmaps(data, context, end)}


def _refusal(data: bytes, context: Context) -> Fields:
    code = context.control & 0xFF
    fields: Fields = {"result": {**shown.result(code), "meaning": answer_meaning(code)}}
    if context.control == 0x841E and data:  # a refused registration says in its data what was wrong
        return {**fields, "reason": _aborted(data, context)}
    return {**fields, **_bitmaps(data, context)}


def _opaque(data: bytes, _context: Context) -> Fields:
    return {"data": shown.not_shown(len(data))} if data else {}


_READERS: Final[dict[Layout, Callable[[bytes, Context], Fields]]] = {
    Layout.BITMAPS: _bitmaps,
    Layout.PASSWORD: _password,
    Layout.MAYBE_PASSWORD: _maybe_password,
    Layout.REGISTRATION: _registration,
    Layout.READ_CARD: _read_card,
    Layout.BAUD_RATE: _baud_rate,
    Layout.INTERMEDIATE: _intermediate,
    Layout.COMPLETION: _completion,
    Layout.ABORTED: _aborted,
    Layout.PRINT_LINE: _print_line,
    Layout.REFUSAL: _refusal,
    Layout.OPAQUE: _opaque,
}
