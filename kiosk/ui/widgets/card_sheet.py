"""Owns the sheet that shows a preference card as a QR code to photograph, with the way to paper.

It must not know what the code says.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import CardSheet
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.part import Item, column
from kiosk.ui.widgets.qr import Qr
from kiosk.ui.widgets.sheets import Sheet
from kiosk.ui.widgets.text import Text

_CODE_MM = 64.0
_LEAST_CODE_MM = 44.0


class CardSheetView(Sheet):
    """The code at the start and the words at the end; in a narrow window one under the other."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.TITLE, Tone.PLAIN)
        self._text = Text(look, Face.LABEL, Tone.PLAIN)
        self._note = Text(look, Face.BODY, Tone.SOFT)
        self._code = Qr(look)
        self._close = BigButton(look, Kind.PRIMARY, face=Face.ROW)
        self._print = BigButton(look, face=Face.ROW)
        self._prints = False

    def update(self, sheet: CardSheet) -> None:
        self._title.say(sheet.title)
        self._text.say(sheet.text)
        self._note.say(sheet.note)
        self._code.update(sheet.qr)
        self._close.update(sheet.close)
        self._outside_id = sheet.close.tap_id
        self._prints = sheet.print_button is not None
        if sheet.print_button is not None:
            self._print.update(sheet.print_button)
        words = (self._title, self._text, self._note)
        buttons = (self._print, self._close) if self._prints else (self._close,)
        self.hold((self._shade, self._panel, self._code, *words, *buttons))

    def _words_width(self, width: float) -> float:
        return width - self.look.px(_CODE_MM) - self.look.px(theme.GAP_LARGE)

    def _words_height(self, width: float) -> float:
        gap = self.look.px(theme.GAP)
        return sum(text.height_for(width) + gap for text in (self._title, self._text, self._note)) - gap

    def _buttons_height(self, width: float) -> float:
        least = self.look.px(theme.PRIMARY_HEIGHT)
        if not self._prints:
            return max(self._close.height_for(width), least)
        half = int((width - self.look.px(theme.GAP)) / 2)
        return max(self._print.height_for(half), self._close.height_for(half), least)

    def _place_buttons(self, area: Area) -> None:
        if not self._prints:
            self._close.place(area)
            return
        start, end = area.columns(2, self.look.px(theme.GAP))
        self._print.place(start)
        self._close.place(end)

    def content_height(self, width: float) -> float:
        self._title.use(Face.TITLE)
        if self._title.longest_word > self._words_width(width):  # no word is torn for a larger title
            self._title.use(Face.BODY_STRONG)
        beside = self._words_height(self._words_width(width))
        top = max(self.look.px(_CODE_MM), beside)
        return top + self.look.px(theme.GAP_LARGE) + self._buttons_height(width)

    def arrange(self, area: Area) -> None:
        gap = self.look.px(theme.GAP_LARGE)
        bottom, rest = area.from_bottom(self._buttons_height(area.w), gap)
        self._place_buttons(bottom)
        start, words = rest.from_start(self.look.px(_CODE_MM), gap)
        side = max(min(start.w, start.h), min(self.look.px(_LEAST_CODE_MM), start.h))
        self._code.place(start.middle(side, side))
        small = self.look.px(theme.GAP)
        column(words, [Item(self._title), Item(self._text, gap=small), Item(self._note, gap=small)])
