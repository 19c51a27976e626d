"""Owns the way from a receipt document to ESC/POS bytes, through python-escpos' Dummy printer.

It must not know sales or ports. The only module that imports escpos.
"""

from __future__ import annotations

import contextlib
import io
from typing import Final

from PIL import Image, ImageChops

from assets.typesetting.bidi import reads_right_to_left
from assets.typesetting.clean import clean
from assets.typesetting.clusters import clusters
from assets.typesetting.faces import Weight
from assets.typesetting.setter import Style, measure, set_line
from hardware.receipt import (
    Align,
    Columns,
    Cut,
    Feed,
    Qr,
    ReceiptDocument,
    ReceiptLine,
    Rule,
    Text,
    Verbatim,
)
from hardware.receipt_text import clip, fit, page_for, safe_text, spell_unknown, width_of

PROFILE: Final = "TM-T88V"
COLUMNS: Final = 42
"""Characters of font A on 80 mm paper."""

QR_MODULE_DOTS: Final = 6
_QR_CORRECTION_M: Final = 1
_CELL_DOTS: Final = 12
_PAPER_DOTS: Final = COLUMNS * _CELL_DOTS
_PICTURE_TEXT_DOTS: Final = 23  # the em whose line box is one line of paper
_PICTURE_LINE_DOTS: Final = 32
_PICTURE_GAP_DOTS: Final = _CELL_DOTS
_RULE_CHARACTER: Final = "-"
_MIRRORED: Final = {Align.LEFT: Align.RIGHT, Align.RIGHT: Align.LEFT, Align.CENTER: Align.CENTER}


def render(document: ReceiptDocument, *, language: str, graphics: bool = True) -> bytes:
    """ESC/POS bytes for a TM-T88V or one like it.

    `language` (BCP 47) chooses the code pages and the side where lines begin. A line that they cannot say is
    set in the faces of the window and sent as a picture; without `graphics` it is "?" what a printer lacks.
    """
    # python-escpos prints hints to stdout; a lane's stdout belongs to its operator.
    with contextlib.redirect_stdout(io.StringIO()):
        paper = _Paper(language, graphics=graphics)
        for line in document.lines:
            paper.put(line)
        return paper.content()


class _Paper:
    def __init__(self, language: str, *, graphics: bool) -> None:
        self._language = language
        self._rtl = reads_right_to_left(language)
        self._graphics = graphics
        # its table of printers takes 0.3 s to read: at the first receipt, and not at every start of a lane
        from escpos.printer import Dummy  # noqa: PLC0415

        self._dummy = Dummy(profile=PROFILE)
        self._dummy.hw("INIT")

    def content(self) -> bytes:
        return bytes(self._dummy.output)

    def put(self, line: ReceiptLine) -> None:
        match line:
            case Text():
                self._put_text(line)
            case Verbatim(text):
                self._put_verbatim(safe_text(text))
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
        align = self._side(line.align)
        if self._in_letters(text, centred=align is Align.CENTER):
            self._print(text, align=align, bold=line.bold, double=line.double)
        else:
            self._draw([(line.text, align)], bold=line.bold, scale=2 if line.double else 1)

    def _put_verbatim(self, text: str) -> None:
        """In the printer's own letters, which all have one width; a picture's do not."""
        while True:
            piece = clip(text, COLUMNS)
            if not self._graphics or page_for(piece, self._language):
                self._print(piece)
            else:
                self._draw([(piece, Align.LEFT)])
            text = text[len(piece) :]
            if not text or not piece:
                return

    def _put_columns(self, line: Columns) -> None:
        start, end = fit(safe_text(line.left), safe_text(line.right), columns=COLUMNS)
        spare = " " * (COLUMNS - width_of(start) - width_of(end))
        text = end + spare + start if self._rtl else start + spare + end
        if self._in_letters(text):
            self._print(text, bold=line.bold)
        else:
            sides = (line.left, self._side(Align.LEFT)), (line.right, self._side(Align.RIGHT))
            self._draw(list(sides), bold=line.bold)

    def _in_letters(self, text: str, *, centred: bool = False) -> bool:
        """Whether the printer's own letters say the line.

        They stand in reading order from the left: where one reads from the right, only a centred line may.
        """
        return not self._graphics or (
            page_for(text, self._language) is not None and (centred or not self._rtl)
        )

    def _side(self, align: Align) -> Align:
        """The side of the paper that is meant: a line of a right-to-left language begins at the right."""
        return _MIRRORED[align] if self._rtl else align

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

    def _draw(self, parts: list[tuple[str, Align]], *, bold: bool = False, scale: int = 1) -> None:
        """Sends a line as a picture."""
        picture = draw_line(parts, language=self._language, bold=bold, scale=scale)
        self._dummy.set(align=Align.LEFT.value)
        self._dummy.image(defuse(picture), impl="bitImageRaster")


def draw_line(
    parts: list[tuple[str, Align]], *, language: str, bold: bool = False, scale: int = 1
) -> Image.Image:
    """Black text on white, as wide as the paper, mode "1". The last part is whole, others give way."""
    style = Style(_PICTURE_TEXT_DOTS * scale, Weight.BOLD if bold else Weight.REGULAR, language)
    left_over = _PAPER_DOTS
    lines = []
    for text, align in reversed(parts):
        line = set_line(_fitted(text, left_over, style), style)
        left_over = max(left_over - line.width - _PICTURE_GAP_DOTS, 0)
        lines.append((line, align))
    height = max(_PICTURE_LINE_DOTS * scale, *(line.picture.height for line, _ in lines))
    paper = Image.new("L", (_PAPER_DOTS, height), 0)
    for line, align in lines:
        spare = _PAPER_DOTS - line.width
        start = {Align.LEFT: 0, Align.CENTER: spare // 2, Align.RIGHT: spare}[align] - line.overhang
        paper.paste(line.picture, (start, (height - line.picture.height) // 2), line.picture)
    return ImageChops.invert(paper).convert("1", dither=Image.Dither.NONE)


def _fitted(text: str, dots: int, style: Style) -> str:
    """The longest start of `text` that is no wider than `dots`."""
    kept = list(clusters(clean(text).replace("\n", " ")))
    while kept and measure("".join(kept), style) > dots:
        # in steps as long as the excess is sure to be, so that an endless name costs no more than a long one
        excess = measure("".join(kept), style) - dots
        del kept[-max(1, excess // (2 * style.size_px)) :]
    return "".join(kept)


def defuse(picture: Image.Image) -> Image.Image:
    """`picture` with one dot added wherever its bytes would read as a real-time command.

    A printer obeys DLE EOT, DLE ENQ and DLE DC4 (which opens a drawer) even inside picture data.
    """
    rows = bytearray(byte ^ 0xFF for byte in picture.tobytes())  # a printer's 1 is black, Pillow's 1 is white
    for index in range(1, len(rows)):
        if rows[index - 1] == 0x10 and rows[index] in (0x04, 0x05, 0x14):
            rows[index] |= 0x80
    return Image.frombytes("1", picture.size, bytes(byte ^ 0xFF for byte in rows))
