"""Owns the reading of a recorded wire, line by line: hexadecimal text in, one JSON object a line out.

It must not keep or log what it reads, and it never stops at a line it cannot read: that line is answered with
the reason and the place. What may be shown of a message is decided in hardware.protocols.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import BinaryIO, Final

from hardware.protocols.concert_reader import ConcertFieldError, read_concert
from hardware.protocols.zvt_bmp import FieldError
from hardware.protocols.zvt_frame_reader import is_serial, read_serial
from hardware.protocols.zvt_reader import read_apdu
from hardware.protocols.zvt_shown import Charset

__all__ = ["Charset", "Layer", "Wire", "read_line", "read_wire"]

LONGEST_LINE: Final = 1 << 20
"""Bytes of text: eight times what the longest message needs."""

_BETWEEN: Final = re.compile(r"[ \t\r\n:,-]+")
_NOT_HEX: Final = re.compile(r"[^0-9A-Fa-f]")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

Shown = dict[str, object]


class Wire(Enum):
    """Which terminal protocol was recorded."""

    ZVT = "zvt"
    CONCERT = "concert"


class Layer(Enum):
    """Whether a line holds what is on a serial cable, or a message without its frame as TCP carries it."""

    SERIAL = "serial"
    APDU = "apdu"


class LineError(Exception):
    """A line that is not hexadecimal. `offset` counts bytes from the start of the line's hexadecimal text."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


def read_wire(
    source: BinaryIO,
    write: Callable[[str], None],
    wire: Wire,
    *,
    layer: Layer | None = None,
    charset: Charset = Charset.CP437,
) -> bool:
    """Reads `source` to its end and writes one JSON text a line; False when one or more were refused."""
    all_read = True
    for number, line in enumerate(_lines(source), start=1):
        if line is None:
            shown: Shown = {"line": number, "refused": f"longer than {LONGEST_LINE} bytes", "offset": 0}
        elif line == "" or line.startswith("#"):
            continue
        else:
            shown = {"line": number, **read_line(line, wire, layer, charset)}
        all_read = all_read and "refused" not in shown
        write(json.dumps(shown, ensure_ascii=False))
    return all_read


def _lines(source: BinaryIO) -> Iterator[str | None]:
    """Every line without its ends; None for one that is too long, of which no more than a piece is kept."""
    first = True
    while raw := source.readline(LONGEST_LINE + 1):
        too_long = len(raw) > LONGEST_LINE
        while len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            raw = source.readline(LONGEST_LINE + 1)
        if too_long:
            yield None
        else:
            line = raw.removeprefix(_BYTE_ORDER_MARK) if first else raw
            yield line.decode("latin-1").strip(" \t\r\n")
        first = False


def read_line(line: str, wire: Wire, layer: Layer | None, charset: Charset = Charset.CP437) -> Shown:
    """What one line says, or under "refused" why it says nothing and under "offset" where."""
    try:
        raw = hex_bytes(line)
    except LineError as error:
        return {"refused": str(error), "offset": error.offset}
    match wire:
        case Wire.ZVT:
            return _read_zvt(raw, layer or (Layer.SERIAL if is_serial(raw) else Layer.APDU), charset)
        case Wire.CONCERT:
            return _read_concert(raw)


def hex_bytes(line: str) -> bytes:
    """The bytes of hexadecimal text: either case, with or without 0x, blanks, colons, commas or dashes.

    Raises LineError; a reason never repeats what the line holds.
    """
    found = bytearray()
    for word in _BETWEEN.split(line):
        digits = word[2:] if word[:2] in ("0x", "0X") else word
        if (wrong := _NOT_HEX.search(digits)) is not None:
            raise LineError("not hexadecimal", len(found) + wrong.start() // 2)
        if len(digits) % 2:
            raise LineError("half a byte", len(found) + len(digits) // 2)
        found += bytes.fromhex(digits)
    return bytes(found)


def _read_zvt(raw: bytes, layer: Layer, charset: Charset) -> Shown:
    try:
        reading = read_serial(raw, charset) if layer is Layer.SERIAL else read_apdu(raw, charset)
    except FieldError as error:
        return {"layer": layer.value, "refused": str(error), "offset": error.offset}
    shown: Shown = {
        "layer": reading.layer,
        "direction": reading.direction.value,
        "command": reading.command,
        "control": reading.control,
        "length": reading.length,
        "length_form": reading.length_form,
        "fields": reading.fields,
    }
    return {**shown, "link": list(reading.link)} if reading.link else shown


def _read_concert(raw: bytes) -> Shown:
    try:
        reading = read_concert(raw)
    except ConcertFieldError as error:
        return {"layer": Layer.SERIAL.value, "refused": str(error), "offset": error.offset}
    return {
        "layer": Layer.SERIAL.value,
        "direction": reading.direction,
        "command": reading.command,
        "control": reading.control,
        "length": reading.length,
        "fields": reading.fields,
    }
