"""Owns the tests' own reading of ESC/POS: what a TM-T88V would make of a job, command by command.

It must not share code with the renderer or the simulator: it was written from the command reference alone,
so that one mistake cannot hide on both sides. A command that receipts never need is an error here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

PAGES = {0: "cp437", 13: "cp857", 14: "cp737", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858"}


class EscPosError(AssertionError):
    """The job holds a command outside the allow-list, or ends in the middle of one."""


@dataclass
class View:
    """What came out. `lines` holds text lines only; `styles` runs beside it: (align, bold, double)."""

    lines: list[str] = field(default_factory=list)
    styles: list[tuple[int, bool, bool]] = field(default_factory=list)
    qr_codes: list[str] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)
    barcodes: list[str] = field(default_factory=list)
    cuts: int = 0
    fed_lines: int = 0
    drawer_kicks: int = 0
    realtime_commands: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class _Reader:
    def __init__(self, job: bytes) -> None:
        self.job = job
        self.at = 0
        self.view = View()
        self.page = PAGES[0]
        self.pending = bytearray()
        self.decoded = ""
        self.align = 0
        self.bold = self.double = False
        self.qr = b""

    def take(self, count: int) -> bytes:
        data = self.job[self.at : self.at + count]
        if len(data) != count:
            raise EscPosError(f"job ends inside a command at byte {self.at}")
        self.at += count
        return data

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "little")

    def run(self) -> View:
        handlers: dict[int, Callable[[], None]] = {
            0x0A: self.line_feed,
            0x10: self.dle,
            0x1B: self.esc,
            0x1D: self.gs,
        }
        while self.at < len(self.job):
            byte = self.take(1)[0]
            if byte in handlers:
                handlers[byte]()
            elif byte < 0x20 or byte == 0x7F:
                raise EscPosError(f"control byte {byte:02X} at {self.at - 1}")
            else:
                self.pending.append(byte)
        self.flush()
        if self.decoded:
            raise EscPosError("text without a line feed at the end of the job")
        return self.view

    def flush(self) -> None:
        self.decoded += self.pending.decode(self.page)
        self.pending.clear()

    def line_feed(self) -> None:
        self.flush()
        self.view.lines.append(self.decoded)
        self.view.styles.append((self.align, self.bold, self.double))
        self.decoded = ""

    def dle(self) -> None:
        kind = self.take(1)[0]
        if kind == 0x04:
            self.take(1)
            self.view.realtime_commands += 1
        elif kind == 0x14:
            self.take(3)
            self.view.drawer_kicks += 1
        else:
            raise EscPosError(f"DLE {kind:02X}")

    def esc(self) -> None:
        self.flush()
        name = self.take(1)
        if name == b"@":
            self.page, self.align, self.bold, self.double = PAGES[0], 0, False, False
        elif name == b"t":
            number = self.number(1)
            if number not in PAGES:
                raise EscPosError(f"code page {number}")
            self.page = PAGES[number]
        elif name == b"a":
            self.align = self.number(1) % 48
        elif name == b"E":
            self.bold = self.number(1) == 1
        elif name == b"!":
            mode = self.number(1)
            self.double, self.bold = mode & 0x30 == 0x30, bool(mode & 8)
        elif name == b"d":
            self.view.fed_lines += self.number(1)
        elif name == b"p":
            self.take(3)
            self.view.drawer_kicks += 1
        else:
            raise EscPosError(f"ESC {name!r} at {self.at - 2}")

    def gs(self) -> None:
        self.flush()
        name = self.take(1)
        if name == b"V":
            if self.take(1) in (b"A", b"B"):
                self.take(1)
            self.view.cuts += 1
        elif name == b"v":
            self.raster()
        elif name == b"(":
            self.symbol()
        elif name == b"k":
            self.barcode()
        else:
            raise EscPosError(f"GS {name!r} at {self.at - 2}")

    def barcode(self) -> None:
        kind = self.number(1)
        if kind < 65:
            raise EscPosError("GS k in its NUL-terminated form")
        self.view.barcodes.append(self.take(self.number(1)).decode("ascii"))

    def raster(self) -> None:
        if self.take(2) != b"0\x00":
            raise EscPosError("GS v other than normal density")
        width_bytes, height = self.number(2), self.number(2)
        if width_bytes > 64:
            raise EscPosError("picture wider than the paper")
        data = self.take(width_bytes * height)
        for trigger in (b"\x10\x04", b"\x10\x05", b"\x10\x14"):
            if trigger in data:
                raise EscPosError("a real-time command hides in a picture")
        inverted = bytes(255 - byte for byte in data)
        self.view.pictures.append(Image.frombytes("1", (width_bytes * 8, height), inverted))

    def symbol(self) -> None:
        if self.take(1) != b"k":
            raise EscPosError("GS ( other than k")
        body = self.take(self.number(2))
        kind, function, data = body[:1], body[1], body[2:]
        if kind != b"1":
            raise EscPosError("a two-dimensional code that is no QR code")
        if function == 80:
            self.qr = data[1:]
        elif function == 81:
            self.view.qr_codes.append(self.qr.decode("ascii"))
        elif function not in (65, 67, 69):
            raise EscPosError(f"QR function {function}")


def view_job(job: bytes) -> View:
    """Everything one job prints. Raises EscPosError for anything outside the allow-list."""
    return _Reader(job).run()
