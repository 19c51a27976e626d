"""Owns the paper of a simulated receipt printer: reads ESC/POS bytes and shows what they put on it.

It must not know how the bytes were made. Written from the ESC/POS command reference for 80 mm printers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont

WIDTH_DOTS: Final = 512
COLUMNS: Final = 42
CELL_WIDTH: Final = 12
LINE_DOTS: Final = 30
MARGIN_DOTS: Final = 24
GLYPH_DOTS: Final = 22
FONT: Final = Path(__file__).parents[2] / "assets" / "fonts" / "NotoSans-Regular.ttf"

ESC: Final = 0x1B
GS: Final = 0x1D
LF: Final = 0x0A

_CODE_PAGES: Final = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
}
_ESC_LENGTHS: Final = {b"@": 2, b"2": 2, b"p": 5, b"$": 4, b"\\": 4, b"c": 4}
_GS_LENGTHS: Final = {b"L": 4, b"W": 4, b"P": 4}
_OTHER_LENGTH: Final = 3  # nearly every other ESC or GS command is followed by one parameter
_HEADER_LIMIT: Final = 8  # no command needs more bytes to tell its length
_ALIGNS: Final = {0: "left", 1: "center", 2: "right", 48: "left", 49: "center", 50: "right"}


@dataclass(frozen=True, slots=True)
class TextLine:
    text: str
    align: str
    bold: bool
    scale: int


@dataclass(frozen=True, slots=True)
class Picture:
    image: Image.Image
    align: str


@dataclass(frozen=True, slots=True)
class QrCode:
    data: str
    module_dots: int
    align: str


@dataclass(frozen=True, slots=True)
class EmptyLines:
    count: int


Mark = TextLine | Picture | QrCode | EmptyLines


def command_length(data: bytes | bytearray, at: int = 0) -> int:
    """Bytes of the command that starts at `at`; 0 while it is incomplete."""
    length = _wanted_length(bytes(data[at : at + _HEADER_LIMIT]))
    return length if 0 < length <= len(data) - at else 0


def _wanted_length(data: bytes) -> int:
    if data[:1] not in (b"\x1b", b"\x1d"):
        return 1
    if len(data) < 2:
        return 0
    name = data[1:2]
    if data[0] == ESC:
        return _ESC_LENGTHS.get(name, _OTHER_LENGTH)
    if name == b"(":  # GS ( fn pL pH and that many bytes
        return 5 + int.from_bytes(data[3:5], "little") if len(data) >= 5 else 0
    if name == b"v":  # GS v 0 m xL xH yL yH and a bitmap of x bytes by y rows
        if len(data) < 8:
            return 0
        return 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")
    if name == b"V":  # GS V m, or GS V m n for the forms that feed first
        return 0 if len(data) < 3 else 4 if data[2] >= 65 else 3
    return _GS_LENGTHS.get(name, _OTHER_LENGTH)


def is_cut(command: bytes) -> bool:
    return command[:2] == b"\x1dV" or command in (b"\x1bi", b"\x1bm")


def is_drawer_kick(command: bytes) -> bool:
    return command[:2] == b"\x1bp"


def feeds_paper(command: bytes) -> bool:
    return command == b"\n" or command[:2] in (b"\x1bd", b"\x1bJ", b"\x1dv")


@dataclass(slots=True)
class _Head:
    """The print head: what the commands so far have set, and the marks on paper."""

    marks: list[Mark] = field(default_factory=list)
    text: str = ""
    page: str = "cp437"
    align: str = "left"
    bold: bool = False
    scale: int = 1
    qr_data: str = ""
    qr_module_dots: int = 3

    def obey(self, command: bytes) -> None:
        if command[0] == ESC:
            self._obey_esc(command)
        elif command[0] == GS:
            self._obey_gs(command)
        elif command[0] == LF:
            self.end_line()
        elif command[0] >= 0x20:
            self.text += command.decode(self.page, errors="replace")

    def end_line(self) -> None:
        self.marks.append(TextLine(self.text, self.align, self.bold, self.scale))
        self.text = ""

    def _obey_esc(self, command: bytes) -> None:
        value = command[2] if len(command) > 2 else 0
        match command[1:2]:
            case b"@":
                self.page, self.align, self.bold, self.scale = "cp437", "left", False, 1
            case b"t":
                self.page = _CODE_PAGES.get(value, "cp437")
            case b"a":
                self.align = _ALIGNS.get(value, "left")
            case b"E":
                self.bold = bool(value & 1)
            case b"!":
                self.bold = bool(value & 0x08)
                self.scale = 2 if value & 0x20 else 1
            case b"d":
                if self.text:
                    self.end_line()
                self.marks.append(EmptyLines(value))
            case _:
                pass

    def _obey_gs(self, command: bytes) -> None:
        if command[1:3] == b"v0":
            self._draw_bitmap(command)
        elif command[1:3] == b"(k" and command[5:6] == b"1":
            match command[6:7]:
                case b"C" if len(command) > 7:
                    self.qr_module_dots = command[7]
                case b"P":
                    self.qr_data = command[8:].decode("utf-8", errors="replace")
                case b"Q" if self.qr_data:
                    self.marks.append(QrCode(self.qr_data, self.qr_module_dots, self.align))
                case _:
                    pass
        elif command[1:2] == b"!":
            self.scale = 2 if command[2] & 0x10 else 1

    def _draw_bitmap(self, command: bytes) -> None:
        size = (int.from_bytes(command[4:6], "little") * 8, int.from_bytes(command[6:8], "little"))
        if 0 in size:
            return
        black_is_one = Image.frombytes("1", size, command[8:])
        self.marks.append(Picture(black_is_one.point(lambda dot: 0 if dot else 255, mode="1"), self.align))


def read_marks(slip: bytes) -> list[Mark]:
    """Everything one slip's bytes put on paper, from top to bottom."""
    head = _Head()
    at = 0
    while at < len(slip):
        length = command_length(slip, at)
        if not length:
            break
        head.obey(slip[at : at + length])
        at += length
    if head.text:
        head.end_line()
    return head.marks


def read_text(slip: bytes) -> str:
    """The slip as plain lines; a QR code as `[QR data]`, a picture as `[picture WxH]`."""
    return "\n".join(line.rstrip() for mark in read_marks(slip) for line in _plain_lines(mark))


def _plain_lines(mark: Mark) -> list[str]:
    match mark:
        case TextLine(text, align, _, scale):
            room = COLUMNS // scale
            padded = {"center": text.center(room), "right": text.rjust(room)}
            return [padded.get(align, text)]
        case Picture(image, _):
            return [f"[picture {image.width}x{image.height}]"]
        case QrCode(data, _, _):
            return [f"[QR {data}]"]
        case EmptyLines(count):
            return [""] * count


def draw_slip(slip: bytes, *, font: Path = FONT) -> Image.Image:
    """The slip as grey picture on white paper, WIDTH_DOTS wide plus margins.

    `font` is a TrueType file; where it is missing, Pillow's own font stands in.
    """
    parts = [_draw(mark, font) for mark in read_marks(slip)]
    height = sum(part.height for part, _ in parts) + 2 * MARGIN_DOTS
    paper = Image.new("L", (WIDTH_DOTS + 2 * MARGIN_DOTS, height), 255)
    top = MARGIN_DOTS
    for part, align in parts:
        spare = WIDTH_DOTS - part.width
        left = {"center": spare // 2, "right": spare}.get(align, 0)
        paper.paste(part, (MARGIN_DOTS + left, top))
        top += part.height
    return paper


def _draw(mark: Mark, font: Path) -> tuple[Image.Image, str]:
    match mark:
        case TextLine():
            return _draw_text(mark, font), mark.align
        case Picture(image, align):
            return image.convert("L"), align
        case QrCode(data, module_dots, align):
            return _draw_qr(data, module_dots), align
        case EmptyLines(count):
            return Image.new("L", (1, count * LINE_DOTS), 255), "left"


def _draw_text(mark: TextLine, font: Path) -> Image.Image:
    """Each character in its own cell, as a printer's fixed font has it."""
    cell, size = CELL_WIDTH * mark.scale, GLYPH_DOTS * mark.scale
    face = ImageFont.truetype(font, size) if font.is_file() else ImageFont.load_default(size)
    height = LINE_DOTS * mark.scale
    image = Image.new("L", (max(1, len(mark.text) * cell), height), 255)
    for index, character in enumerate(mark.text):
        width = max(cell, math.ceil(face.getlength(character)) + 2)
        glyph = Image.new("L", (width, height), 255)
        ImageDraw.Draw(glyph).text(
            (width // 2, height // 2), character, font=face, fill=0, anchor="mm", stroke_width=int(mark.bold)
        )
        # A letter wider than its cell is squeezed, as a fixed font draws it narrower.
        image.paste(glyph.resize((cell, height)) if width > cell else glyph, (index * cell, 0))
    return image


def _draw_qr(data: str, module_dots: int) -> Image.Image:
    modules = segno.make(data, error="m", micro=False).matrix
    quiet = 4  # ISO/IEC 18004: four modules of white around the symbol
    image = Image.new("L", (len(modules) + 2 * quiet,) * 2, 255)
    for y, modules_of_row in enumerate(modules):
        for x, is_dark in enumerate(modules_of_row):
            if is_dark:
                image.putpixel((x + quiet, y + quiet), 0)
    side = image.width * module_dots
    return image.resize((side, side), Image.Resampling.NEAREST)
