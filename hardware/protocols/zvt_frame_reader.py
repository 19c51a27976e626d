"""Owns the reading of one recorded ZVT frame for a person: stuffing and CRC, and which byte of them is wrong.

It must not receive anything: zvt_link finds frames in a stream, this module explains a single one.
Source: VdTH PA00P016 section 3.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hardware.protocols.zvt_bmp import FieldError
from hardware.protocols.zvt_link import ACK, DLE, ETX, NAK, STX, crc16_kermit
from hardware.protocols.zvt_names import Direction
from hardware.protocols.zvt_reader import Reading, read_apdu
from hardware.protocols.zvt_shown import Charset

_FOREIGN_NAK: Final = bytes((NAK, ETX, 0x69))


def is_serial(raw: bytes) -> bool:
    """Whether the bytes begin like something on a serial line: a frame, or ACK and NAK alone or before one.

    06 is also the class of most commands: it counts as ACK only when it stands alone or a frame follows.
    """
    rest = raw.lstrip(bytes((ACK, NAK)))
    alone = len(rest) in (0, len(raw))
    framed = rest[:2] == bytes((DLE, STX)) and (alone or rest[-4:-2] == bytes((DLE, ETX)))
    return framed or not rest or raw[0] == NAK


def read_serial(raw: bytes, charset: Charset = Charset.CP437) -> Reading:
    """Reads one frame with the link answers before it, or link answers alone.

    Raises FieldError; its offset is the place in `raw`.
    """
    if raw[:3] == _FOREIGN_NAK:
        raise FieldError("this is the NAK of another protocol (ECR17)", 0)
    frame_at = next((at for at, byte in enumerate(raw) if byte not in (ACK, NAK)), len(raw))
    link = tuple("ACK" if byte == ACK else "NAK" for byte in raw[:frame_at])
    if frame_at == len(raw):
        if not link:
            raise FieldError("nothing here", 0)
        return Reading("serial", Direction.EITHER, " ".join(link), raw.hex(" ").upper(), {}, 0, "none")
    apdu, places = _unframed(raw, frame_at)
    try:
        reading = read_apdu(apdu, charset)
    except FieldError as error:
        raise FieldError(str(error), places[error.offset]) from error
    return replace(reading, layer="serial", link=link)


def _unframed(raw: bytes, at: int) -> tuple[bytes, list[int]]:
    """The unstuffed APDU, and for each of its bytes the place on the wire (one more: the end)."""
    if raw[at : at + 2] != bytes((DLE, STX)):
        raise FieldError("a frame begins with 10 02", at + (raw[at] == DLE))
    apdu, places = bytearray(), list[int]()
    at += 2
    while at < len(raw):
        if raw[at] != DLE:
            size = 1
        elif raw[at + 1 : at + 2] == bytes((DLE,)):
            size = 2
        elif raw[at + 1 : at + 2] == bytes((ETX,)):
            places.append(at)
            _check_crc(raw, at + 2, bytes(apdu))
            return bytes(apdu), places
        elif at + 1 < len(raw):
            raise FieldError("10 is neither doubled nor followed by 03", at + 1)
        else:
            break
        apdu.append(raw[at])
        places.append(at)
        at += size
    raise FieldError("the frame does not end with 10 03", len(raw))


def _check_crc(raw: bytes, at: int, apdu: bytes) -> None:
    wanted = crc16_kermit(apdu + bytes((ETX,))).to_bytes(2, "little")
    found = raw[at : at + 2]
    if len(found) < 2:
        raise FieldError("the CRC is cut short", len(raw))
    if found != wanted:
        words = f"the CRC is {found.hex(' ').upper()}, the content asks for {wanted.hex(' ').upper()}"
        raise FieldError(words, at + (found[0] == wanted[0]))
    if len(raw) > at + 2:
        raise FieldError("there is more behind the frame; one frame a line", at + 2)
