"""Owns ZVT frames for campaigns: an encoder of its own, so that a misreading of ours cannot hide in both.

It must not import the codecs it is used against; the checksum is the crccheck project's.
Sources: VdTH PA00P016 sections 3 and 5.2, VdTH PA00P015 sections 3 and 9.
"""

from __future__ import annotations

from typing import Final

from crccheck.crc import Crc16Kermit

from tests.support.card_scan import CANARIES

TERMINAL_ID: Final = "52000001"
ACK: Final = b"\x06"
NAK: Final = b"\x15"


def framed(apdu: bytes) -> bytes:
    """DLE STX, the APDU with each DLE doubled, DLE ETX, CRC low byte first over APDU and ETX."""
    crc = Crc16Kermit.calc(apdu + b"\x03")
    return b"\x10\x02" + apdu.replace(b"\x10", b"\x10\x10") + b"\x10\x03" + bytes((crc & 0xFF, crc >> 8))


def unframed(wire: bytes) -> bytes:
    """The APDU of one whole frame of the lane's; AssertionError when it is none."""
    assert wire[:2] == b"\x10\x02", "a frame begins with DLE STX"
    assert wire[-4:-2] == b"\x10\x03", "a frame ends with DLE ETX and a checksum"
    apdu = wire[2:-4].replace(b"\x10\x10", b"\x10")
    assert wire == framed(apdu), "the lane's own frame is right"
    return apdu


def message(control: str, data: bytes = b"") -> bytes:
    size = bytes((len(data),)) if len(data) < 255 else b"\xff" + len(data).to_bytes(2, "little")
    return bytes.fromhex(control) + size + data


def bcd(number: int | str, size: int) -> bytes:
    return bytes.fromhex(str(number).rjust(size * 2, "0"))


def ll(value: bytes, digits: int = 2) -> bytes:
    """LLVAR (2 digits) or LLLVAR (3)."""
    return bytes(0xF0 + int(digit) for digit in str(len(value)).rjust(digits, "0")) + value


def tlv(tag: str, value: bytes) -> bytes:
    size = len(value)
    if size < 0x80:
        return bytes.fromhex(tag) + bytes((size,)) + value
    if size < 0x100:
        return bytes.fromhex(tag) + bytes((0x81, size)) + value
    return bytes.fromhex(tag) + b"\x82" + size.to_bytes(2, "big") + value


def container(*parts: bytes) -> bytes:
    """BMP 06: a TLV container."""
    return tlv("06", b"".join(parts))


def packed(number: str) -> bytes:
    """A card number as BCD, F at the end of an odd one."""
    return bytes.fromhex(number + "F" * (len(number) % 2))


def track_2(number: str) -> bytes:
    """Number, separator D, expiry, service code, the issuer's own digits (ISO/IEC 7813)."""
    track = f"{number}D2912201000045678"
    return bytes.fromhex(track + "F" * (len(track) % 2))


def result(  # every field a terminal may send with its result, in the order of PA00P015 section 2.2
    amount_minor: int,
    receipt_no: int,
    *,
    result_code: int = 0,
    terminal_id: str = TERMINAL_ID,
    trace_no: int = 41,
    currency: str = "0978",
    more: bytes = b"",
) -> bytes:
    """04 0F as an ordinary terminal fills it, with a masked card number."""
    fields = (
        b"\x27" + bytes((result_code,)) + b"\x04" + bcd(amount_minor, 6) + b"\x49" + bytes.fromhex(currency)
    )
    fields += b"\x0b" + bcd(trace_no, 3) + b"\x87" + bcd(receipt_no, 2) + b"\x29" + bcd(terminal_id, 4)
    fields += b"\x0c\x12\x00\x30" + b"\x0d\x11\x21" + b"\x22" + ll(bytes.fromhex("E" * 12 + "4242"))
    return message("040F", fields + b"\x8b" + ll(b"girocard\0") + b"\x3b" + b"A7      " + more)


def leaky_results() -> list[bytes]:
    """04 0F of a terminal that masks nothing: whole numbers in every field that can carry one."""
    leaks = []
    for number in CANARIES:
        text = number.encode()
        leaks += [
            result(1010, 8, more=b"\x23" + ll(track_2(number)) + b"\x2d" + ll(b"B" + text + b"^SHOPPER")),
            result(1010, 8, more=b"\x24" + ll(track_2(number) * 2, 3)),
            result(1010, 8, more=b"\x3c" + ll(b"Karte " + text, 3)),
            result(1010, 8, more=container(tlv("1F2B", packed(number)))),
            result(1010, 8, more=container(tlv("5A", packed(number)), tlv("DF01", text), tlv("1F7A", text))),
            result(1010, 8, more=container(tlv("60", tlv("43", text) + tlv("44", text)))),
            _named(b"Visa " + text),
            _with_number(number),
        ]
    return leaks


def _with_number(number: str) -> bytes:
    fields = b"\x27\x00\x04" + bcd(1010, 6) + b"\x22" + ll(packed(number)) + b"\x29" + bcd(TERMINAL_ID, 4)
    return message("040F", fields + b"\x87" + bcd(8, 2))


def _named(name: bytes) -> bytes:
    fields = b"\x27\x00\x04" + bcd(1010, 6) + b"\x29" + bcd(TERMINAL_ID, 4) + b"\x87" + bcd(8, 2)
    return message("040F", fields + b"\x8b" + ll(name))


def slips() -> list[bytes]:
    """06 D1 and 06 D3 with whole numbers in their lines."""
    number = CANARIES[0]
    quads = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    lines = [f"Karte {number}", f"Karte {quads}", f"PAN:{number}=29122010000", "Danke"]
    blocks = [
        message(
            "06D3",
            container(tlv("1F07", b"\x02"), tlv("25", b"".join(tlv("07", line.encode()) for line in part))),
        )
        for part in (lines, [*lines, *["Beleg " + "-" * 30] * 12])
    ]
    return (
        [message("06D1", b"\x40" + line.encode()) for line in lines]
        + [message("06D1", b"\x81\xff\x02")]
        + blocks
    )


def ordinary() -> list[bytes]:
    """Whatever else a terminal says in a day."""
    return [
        message("8000"), message("8400"), message("8483"), message("849C"), message("8466"), message("846B"),
        message("060F"), message("060F", b"\x00"), message("060F", b"\x9c"), message("060F", b"\x27\xe0"),
        message("060F", b"\x19\x00\x29" + bcd(TERMINAL_ID, 4) + b"\x49\x09\x78"),
        message("060F", ll(b"1.2.3-x", 3) + b"\x00"),
        message("061E", b"\x6c"), message("061E", b"\x05"), message("061E", b"\x6f\x09\x78"), message("061E"),
        message("061E", b"\x6c" + container(tlv("1F16", b"77"), tlv("1F17", b"timeout"))),
        message("04FF", b"\x0a"), message("04FF", b"\x01\x02"), message("04FF", b"\x68"),
        message("04FF", b"\x0e\x03" + container(tlv("24", tlv("07", b"Bitte warten")))),
        message("04FF", b"\x09" + container(tlv("1F73", b"\0\0\1"))),
        message("0401", b"\xaa\x26\x11\x21\x0c\x12\x00\x00"), message("06D8"), message("06E0", b"\xf0\x05"),
        result(1010, 8), result(1010, 9, result_code=0x05), result(1010, 9, result_code=0x37),
        result(10_00, 10, result_code=0x6C), result(16, 1616, trace_no=101010),
        result(1010, 8, more=b"\x60" + ll(bcd(1, 2) + bcd(9, 2) + (b"\x02" + bcd(2020, 6)) * 7, 3)),
        result(1010, 8, more=container(tlv("2F", tlv("1F10", b"\2") + tlv("1F12", b"\1")))),
        result(1010, 8, trace_no=0, more=container(tlv("1F2B", bcd(1234567, 4)))),
        result(1010, 8, more=container(tlv("46", b"x" * 300), tlv("47", b"y" * 140))),
    ]  # fmt: skip
