"""Owns a till of the tests' own that speaks ZVT over a real line, to try simulated terminals with.

It must not import the lane's codecs or the simulator's: a misreading of either shows only against a third.
Written from VdTH PA00P016 and PA00P015; the checksum is that of the crccheck package.
"""

from __future__ import annotations

import os
import select
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crccheck.crc import Crc16Kermit

PATIENCE_S = 8.0
PASSWORD = bytes(3)
EUR = bytes.fromhex("490978")
YES = bytes.fromhex("800000")

_SIZES = {
    0x04: 6, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x19: 1, 0x27: 1, 0x29: 4, 0x37: 3, 0x3B: 8, 0x49: 2, 0x87: 2,
    0x8A: 1, 0xAA: 3,
}  # fmt: skip
_DIGITS_OF_LENGTH = {0x22: 2, 0x23: 2, 0x8B: 2, 0x24: 3, 0x3C: 3, 0x60: 3}


@dataclass(frozen=True)
class Said:
    """One message of the terminal: control field in hexadecimal, data behind the length."""

    control: str
    data: bytes

    @property
    def fields(self) -> dict[int, bytes]:
        """The fields of a status information or a registration's end."""
        found: dict[int, bytes] = {}
        at = 0
        while at < len(self.data):
            number, at = self.data[at], at + 1
            if number == 0x06:
                size, at = container_length(self.data, at)
            elif number in _DIGITS_OF_LENGTH:
                width = _DIGITS_OF_LENGTH[number]
                size = int("".join(str(byte & 0xF) for byte in self.data[at : at + width]))
                at += width
            else:
                size = _SIZES[number]
            assert number not in found, f"field {number:02X} is there twice"
            found[number] = self.data[at : at + size]
            assert len(found[number]) == size, f"field {number:02X} is cut short"
            at += size
        return found

    def number(self, field: int) -> int:
        return int(self.fields[field].hex())


def container_length(data: bytes, at: int) -> tuple[int, int]:
    match data[at]:
        case 0x81:
            return data[at + 1], at + 2
        case 0x82:
            return int.from_bytes(data[at + 1 : at + 3], "big"), at + 3
        case short:
            assert short < 0x80
            return short, at + 1


def elements(container: bytes) -> list[tuple[int, bytes]]:
    """Tags and values of one level."""
    found = []
    at = 0
    while at < len(container):
        size_of_tag = 2 if container[at] & 0x1F == 0x1F else 1
        tag = int.from_bytes(container[at : at + size_of_tag], "big")
        size, at = container_length(container, at + size_of_tag)
        found.append((tag, container[at : at + size]))
        at += size
    return found


def digits(number: int, size: int) -> bytes:
    return bytes.fromhex(str(number).zfill(size * 2))


def framed(apdu: bytes) -> bytes:
    checksum = int(Crc16Kermit.calc(apdu + b"\x03"))
    return b"\x10\x02" + apdu.replace(b"\x10", b"\x10\x10") + b"\x10\x03" + checksum.to_bytes(2, "little")


class Till:
    """One open line. `raw` keeps every byte that ever came."""

    def __init__(self, link: Path) -> None:
        self.raw = b""
        self._bytes = b""
        self._line = os.open(link, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._line)

    def close(self) -> None:
        os.close(self._line)

    # -- whole commands --------------------------------------------------------------------------

    def register(self, config: int = 0x3E, container: bytes = b"\x06\x00") -> list[Said]:
        data = PASSWORD + bytes((config,)) + bytes.fromhex("0978") + b"\x03\x01" + container
        return self.order("0600", data)

    def pay(self, amount_minor: int, answer: Callable[[Said], bytes] = lambda _: YES) -> list[Said]:
        return self.order("0601", b"\x04" + digits(amount_minor, 6) + EUR, answer)

    def order(
        self, control: str, data: bytes = b"", answer: Callable[[Said], bytes] = lambda _: YES
    ) -> list[Said]:
        """Gives a command and answers whatever comes, until the terminal closes or refuses it."""
        self.send(control, data)
        heard = [self.hear()]
        while heard[-1].control not in ("060f", "061e"):
            if heard[-1].control[:2] == "84":
                return heard
            heard.append(self.hear())
            if reply := answer(heard[-1]):
                self.write(framed(reply))
        return heard

    # -- single steps ----------------------------------------------------------------------------

    def send(self, control: str, data: bytes = b"") -> None:
        length = bytes((len(data),)) if len(data) < 0xFF else b"\xff" + len(data).to_bytes(2, "little")
        self.write(framed(bytes.fromhex(control) + length + data))

    def write(self, data: bytes) -> None:
        os.write(self._line, data)

    def hear(self, timeout_s: float = PATIENCE_S) -> Said:
        """The next message, acknowledged. Raises TimeoutError."""
        deadline_s = time.monotonic() + timeout_s
        while (apdu := self._cut()) is None:
            self._bytes += self.listen(deadline_s - time.monotonic())
        self.write(b"\x06")
        size, data = apdu[2], apdu[3:]
        if size == 0xFF:
            size, data = int.from_bytes(apdu[3:5], "little"), apdu[5:]
        assert size == len(data), "the length field lies"
        return Said(apdu[:2].hex(), data)

    def listen(self, timeout_s: float) -> bytes:
        """Raw bytes. Raises TimeoutError."""
        if not select.select([self._line], [], [], max(0.0, timeout_s))[0]:
            raise TimeoutError
        data = os.read(self._line, 4096)
        self.raw += data
        return data

    def ignore(self, silence_s: float) -> None:
        """Reads and acknowledges nothing until nothing came for `silence_s`."""
        while select.select([self._line], [], [], silence_s)[0]:
            os.read(self._line, 4096)

    def is_silent_for(self, duration_s: float) -> bool:
        try:
            self.hear(duration_s)
        except TimeoutError:
            return True
        return False

    def _cut(self) -> bytes | None:
        while self._bytes[:1] in (b"\x06", b"\x15"):
            self._bytes = self._bytes[1:]
        apdu, at = b"", 2
        while at + 3 < len(self._bytes):
            pair = self._bytes[at : at + 2]
            if pair == b"\x10\x03":
                tail = self._bytes[at + 2 : at + 4]
                self._bytes = self._bytes[at + 4 :]
                assert framed(apdu).endswith(tail), "wrong checksum"
                return apdu
            apdu += pair[:1]
            at += 2 if pair == b"\x10\x10" else 1
        return None
