"""Owns what a ZVT terminal wants printed: 06 D1 lines and 06 D3 text blocks, gathered to whole slips.

It must not know who prints them, nor may a slip change what becomes of a payment: whatever cannot be read is
said on the slip and answered like any other. Sources: VdTH PA00P015, commands 06 D1 and 06 D3, tag 1F07.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hardware.events import ProtocolError, Slip, TerminalPrinted
from hardware.protocols import zvt_bmp as bmp
from hardware.protocols.zvt_apdu import PRINT_LINE, PRINT_TEXT_BLOCK, Apdu
from hardware.protocols.zvt_bmp import TlvItem, parse_bmps, parse_tlv
from hardware.protocols.zvt_text import Charset, decode_lines, mask_card_numbers

UNREADABLE_LINE: Final = "(the terminal sent a line that cannot be read)"
LONGEST_SLIP: Final = 500
"""Lines. A longer slip is handed over in pieces, so that a mad terminal cannot fill the memory."""

MOST_LINE_FEEDS: Final = 10

_TAG_LINE: Final = 0x07
_TAG_ATTRIBUTE: Final = 0x09
_TAG_TEXTS: Final = 0x25
_TAG_SLIP: Final = 0x1F07
_SLIPS: Final = {b"\x01": Slip.MERCHANT, b"\x02": Slip.CUSTOMER, b"\x03": Slip.ADMIN}

_LINE_FEED: Final = 0xFF
_RESERVED: Final = 0x80
_CENTRED: Final = 0x40
_INDENT: Final = 0x0F


@dataclass(frozen=True, slots=True)
class SlipOwner:
    """The attempt or order a slip belongs to, and whom a slip is for when the terminal does not say."""

    job_id: str
    untold: Slip


NOBODY: Final = SlipOwner("", Slip.ADMIN)


@dataclass(frozen=True, slots=True)
class SlipPart:
    """What one message adds to a slip. `slip` is None when it does not say whom the slip is for."""

    slip: Slip | None
    lines: tuple[str, ...]
    is_last: bool


def is_print(message: Apdu) -> bool:
    return message.control in (PRINT_LINE, PRINT_TEXT_BLOCK)


def parse_print(message: Apdu, charset: Charset) -> SlipPart:
    """Reads 06 D1 or 06 D3. Raises ProtocolError when it cannot be read."""
    if message.control == PRINT_LINE:
        return _parse_print_line(message.data, charset)
    return _parse_text_block(message.data, charset)


def _parse_print_line(data: bytes, charset: Charset) -> SlipPart:
    if not data:
        raise ProtocolError("a print line without an attribute")
    attribute, text = data[0], data[1:]
    if attribute == _LINE_FEED:
        feeds = text[0] if text else 1
        slip, _ = _split_container(text[1:])
        return SlipPart(slip, ("",) * min(feeds, MOST_LINE_FEEDS), is_last=False)
    slip, text = _split_container(text)
    indent = " " * (attribute & _INDENT) if attribute < _CENTRED else ""
    return SlipPart(slip, tuple(indent + line for line in decode_lines(text, charset)), _ends(attribute))


def _split_container(text: bytes) -> tuple[Slip | None, bytes]:
    """The text may be followed by a container: the first byte 06 (no letter) from which one can be read."""
    at = text.find(bmp.TLV)
    while at >= 0:
        try:
            fields = parse_bmps(text[at:])
        except ProtocolError:
            at = text.find(bmp.TLV, at + 1)
            continue
        return _slip_of(parse_tlv(fields[bmp.TLV])), text[:at]
    return None, text


def _parse_text_block(data: bytes, charset: Charset) -> SlipPart:
    items = parse_tlv(parse_bmps(data).get(bmp.TLV, b""))
    lines: list[str] = []
    is_last = False
    for item in _printed(items):
        if item.tag == _TAG_LINE:
            lines += decode_lines(item.value, charset)
        elif item.tag == _TAG_ATTRIBUTE and item.value:  # FF ends a text block's slip
            is_last = is_last or item.value[0] == _LINE_FEED or _ends(item.value[0])
    return SlipPart(_slip_of(items), tuple(lines), is_last)


def _printed(items: tuple[TlvItem, ...]) -> list[TlvItem]:
    inner = [item for texts in items if texts.tag == _TAG_TEXTS for item in parse_tlv(texts.value)]
    return inner or list(items)


def _slip_of(items: tuple[TlvItem, ...]) -> Slip | None:
    return next((_SLIPS.get(item.value) for item in items if item.tag == _TAG_SLIP), None)


def _ends(attribute: int) -> bool:
    return attribute > _RESERVED


class SlipCollector:
    """Gathers the parts of one slip at a time and hands it over when it ends, changes or is cut off."""

    def __init__(self, device: str, charset: Charset) -> None:
        self._device = device
        self._charset = charset
        self._owner = NOBODY
        self._slip: Slip | None = None
        self._lines: list[str] = []

    def take(self, message: Apdu, owner: SlipOwner) -> list[TerminalPrinted]:
        """Adds a 06 D1 or 06 D3; returns the slips that are whole by now."""
        try:
            part = parse_print(message, self._charset)
        except ProtocolError:
            part = SlipPart(None, (UNREADABLE_LINE,), is_last=False)
        other = owner != self._owner or (None not in (part.slip, self._slip) and part.slip is not self._slip)
        slip = part.slip or (None if other else self._slip)
        printed = self.flush() if other or len(self._lines) >= LONGEST_SLIP else []
        self._owner, self._slip = owner, slip
        self._lines += [mask_card_numbers(line).rstrip() for line in part.lines]
        return printed + self.flush() if part.is_last else printed

    def flush(self) -> list[TerminalPrinted]:
        """What was gathered so far, which may be nothing: a job's end ends its slip."""
        lines, slip = tuple(self._lines), self._slip or self._owner.untold
        self._lines, self._slip = [], None
        return [TerminalPrinted(self._device, self._owner.job_id, slip, lines)] if any(lines) else []
