"""Owns the way from a receipt document to ESC/POS bytes, through python-escpos' Dummy printer.

It must not know sales or ports. The only module that imports escpos.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Final

from escpos.printer import Dummy
from PIL import Image, ImageDraw, ImageFont

from hardware.receipt import Align, Columns, Cut, Feed, Qr, ReceiptDocument, ReceiptLine, Rule, Text
from hardware.receipt_text import clip, fit, page_for, safe_text, spell_unknown, width_of

PROFILE: Final = "TM-T88V"
COLUMNS: Final = 42
"""Characters of font A on 80 mm paper."""

QR_MODULE_DOTS: Final = 6
_QR_CORRECTION_M: Final = 1
_CELL_DOTS: Final = 12
_PAPER_DOTS: Final = COLUMNS * _CELL_DOTS
_PICTURE_TEXT_DOTS: Final = 24
_PICTURE_LINE_DOTS: Final = 32
_RULE_CHARACTER: Final = "-"
_MISSING_GLYPH: Final = "\uffff"


def render(document: ReceiptDocument, *, language: str, font: Path) -> bytes:
    """ESC/POS bytes for a TM-T88V or one like it.

    `language` (BCP 47) chooses the code pages. A line they cannot say is drawn with `font` (TrueType) and
    sent as a picture; without a readable font its unknown characters become "?".
    """
    # python-escpos prints hints to stdout; a lane's stdout belongs to its operator.
    with contextlib.redirect_stdout(io.StringIO()):
        paper = _Paper(language, font)
        for line in document.lines:
            paper.put(line)
        return paper.content()


class _Paper:
    def __init__(self, language: str, font: Path) -> None:
        self._language = language
        self._font = font
        self._dummy = Dummy(profile=PROFILE)
        self._dummy.hw("INIT")

    def content(self) -> bytes:
        return bytes(self._dummy.output)

    def put(self, line: ReceiptLine) -> None:
        match line:
            case Text():
                self._put_text(line)
            case Columns():
                self._put_columns(line)
            case Rule():
                self._print(_RULE_CHARACTER * COLUMNS)
            case Qr(data):
                self._dummy.set(align=Align.CENTER.value)
                self._dummy.qr(data, native=True, size=QR_MODULE_DOTS, ec=_QR_CORRECTION_M)
                self._dummy.set(align=Align.LEFT.value)
            case Feed(lines):
                self._dummy.print_and_feed(lines)
            case Cut():
                self._dummy.cut(feed=False)

    def _put_text(self, line: Text) -> None:
        text = clip(safe_text(line.text), COLUMNS // 2 if line.double else COLUMNS)
        if page_for(text, self._language) or not self._draw(
            [(text, line.align)], scale=2 if line.double else 1
        ):
            self._print(text, align=line.align, bold=line.bold, double=line.double)

    def _put_columns(self, line: Columns) -> None:
        left, right = fit(safe_text(line.left), safe_text(line.right), columns=COLUMNS)
        text = left + " " * (COLUMNS - width_of(left) - width_of(right)) + right
        if page_for(text, self._language) or not self._draw([(left, Align.LEFT), (right, Align.RIGHT)]):
            self._print(text, bold=line.bold)

    def _print(
        self, text: str, *, align: Align = Align.LEFT, bold: bool = False, double: bool = False
    ) -> None:
        said = spell_unknown(text, self._language)
        page = page_for(said, self._language)
        assert page is not None, "spell_unknown leaves nothing that its page cannot say"
        self._dummy.charcode(page.upper())
        self._dummy.set(
            align=align.value,
            bold=bold,
            normal_textsize=not double,
            double_width=double,
            double_height=double,
        )
        self._dummy.text(said + "\n")

    def _draw(self, parts: list[tuple[str, Align]], *, scale: int = 1) -> bool:
        """Sends a line as a picture; False when there is no font to draw it with."""
        picture = draw_line(parts, font=self._font, scale=scale)
        if picture is None:
            return False
        self._dummy.set(align=Align.LEFT.value)
        self._dummy.image(defuse(picture), impl="bitImageRaster")
        return True


def draw_line(parts: list[tuple[str, Align]], *, font: Path, scale: int = 1) -> Image.Image | None:
    """Black text on white, as wide as the paper, mode "1"; None when `font` cannot be read."""
    try:
        face = ImageFont.truetype(font, _PICTURE_TEXT_DOTS * scale)
    except OSError:
        return None
    picture = Image.new("L", (_PAPER_DOTS, _PICTURE_LINE_DOTS * scale), 255)
    pen = ImageDraw.Draw(picture)
    for text, align in parts:
        drawable = _with_known_glyphs(text, face)
        spare_dots = _PAPER_DOTS - round(pen.textlength(drawable, font=face))
        left = {Align.LEFT: 0, Align.CENTER: spare_dots // 2, Align.RIGHT: spare_dots}[align]
        pen.text((max(0, left), -2 * scale), drawable, font=face, fill=0)
    return picture.convert("1", dither=Image.Dither.NONE)


def _with_known_glyphs(text: str, face: ImageFont.FreeTypeFont) -> str:
    missing = bytes(face.getmask(_MISSING_GLYPH))
    return "".join("?" if not c.isspace() and bytes(face.getmask(c)) == missing else c for c in text)


def defuse(picture: Image.Image) -> Image.Image:
    """`picture` with one dot added wherever its bytes would read as a real-time command.

    A printer obeys DLE EOT, DLE ENQ and DLE DC4 (which opens a drawer) even inside picture data.
    """
    rows = bytearray(byte ^ 0xFF for byte in picture.tobytes())  # a printer's 1 is black, Pillow's 1 is white
    for index in range(1, len(rows)):
        if rows[index - 1] == 0x10 and rows[index] in (0x04, 0x05, 0x14):
            rows[index] |= 0x80
    return Image.frombytes("1", picture.size, bytes(byte ^ 0xFF for byte in rows))
