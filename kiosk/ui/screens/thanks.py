"""Owns the last screen of a sale: paid, the receipt to take along, and four faces.

It must not know a receipt: the code is a text, the faces are buttons.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ScreenModel, ThanksModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Colour, Face, Tone
from kiosk.ui.widgets.badge import Badge
from kiosk.ui.widgets.button import BigButton, Form
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.part import Item, Part, column, column_height
from kiosk.ui.widgets.qr import Qr
from kiosk.ui.widgets.text import Align, Text

_FACES: dict[str, Colour] = {
    "face-great": theme.PAY,
    "face-good": theme.INFO,
    "face-bad": theme.BROWN,
    "face-awful": theme.DANGER,
}
_QR_MM = 62.0
_LEAST_QR_MM = 22.0  # modules of a third of a millimetre, which a phone still reads from a hand's breadth
_LEAST_WORDS_MM = 55.0
"""Beside a code narrower words would break within a word; they go below it instead."""

_CLOSING_SHARE = 0.5
"""Of the line that it shares with the button for paper."""


class ReceiptPanel(Part):
    """The code; what to do with it, and the button for paper, beside it or, in a narrow place, below."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._qr = Qr(look)
        self._title = Text(look, Face.PRICE, Tone.PLAIN)
        self._text = Text(look, Face.BODY, Tone.SOFT)
        self._print = BigButton(look)
        self._has_code = False
        self._texts: list[Item] = []

    def update(self, body: ThanksModel) -> None:
        self._has_code = bool(body.qr)
        self._qr.update(body.qr)
        self._title.say(body.receipt_title)
        self._text.say(body.receipt_text)
        gap = self.look.px(theme.GAP)
        self._texts = [
            Item(self._title, spare=1),
            Item(self._text, gap=self.look.px(1.4), spare=2),
        ]
        if body.print_button is not None and not self.look.manner.reach:
            self._print.update(body.print_button)
            self._texts.append(Item(self._print, gap=gap))

    def _room(self, width: float) -> float:
        return width - (self.look.px(_QR_MM) + self.look.px(theme.MARGIN) if self._has_code else 0)

    def _is_narrow(self, width: float) -> bool:
        return self._has_code and self._room(width) < self.look.px(_LEAST_WORDS_MM)

    def height_for(self, width: float) -> float:
        if self._is_narrow(width):
            code = self.look.px(_QR_MM) + self.look.px(theme.GAP)
            return code + column_height(self._texts, width)
        text = column_height(self._texts, self._room(width))
        return max(text, self.look.px(_QR_MM) if self._has_code else 0)

    def place(self, area: Area) -> None:
        super().place(area)
        parts: list[Part] = []
        rest = area
        if self._has_code:
            spot, rest = self._divided(area)
            side = min(self.look.px(_QR_MM), spot.h)
            self._qr.place(spot.middle(side, side))
            parts.append(self._qr)
        texts = column(rest, self._texts)
        if self._print in texts:
            spot = self._print.area
            width = min(max(self._print.width_for() + self.look.px(8), self.look.px(40)), spot.w)
            self._print.place(Area(spot.x, spot.y, width, spot.h))
        self.hold([*parts, *texts])

    def _divided(self, area: Area) -> tuple[Area, Area]:
        """Where the code goes, and where the words."""
        if not self._is_narrow(area.w):
            return area.from_start(self.look.px(_QR_MM), self.look.px(theme.MARGIN))
        gap = self.look.px(theme.GAP)
        spare = area.h - gap - column_height(self._texts, area.w)
        side = max(min(spare, self.look.px(_QR_MM)), self.look.px(_LEAST_QR_MM))
        return area.from_top(side, gap)


class ThanksScreen(Screen[ThanksModel]):
    """Nothing here has to be answered; the next scan is the next shopper."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._badge = Badge(look, "tick", theme.PAY, theme.GOOD_SOFT)
        self._headline = Text(look, Face.HERO, Tone.PLAIN, align=Align.CENTRE)
        self._text = Text(look, Face.LABEL, Tone.SOFT, align=Align.CENTRE)
        self._receipt = ReceiptPanel(look)
        self._question = Text(look, Face.SUBTITLE, Tone.PLAIN)
        self._wide = look.panel.landscape
        form = Form.BESIDE if self._wide else Form.STACKED
        self._faces = ButtonSet(look, face=Face.BUTTON_SMALL, form=form)
        self._faces.stretch = self._wide
        self._reasons = ButtonSet(look, face=Face.BUTTON_SMALL)
        self._reasons.columns = 3
        self._low_print = BigButton(look)
        self._prints_low = False
        self._closing = Text(look, Face.BODY, Tone.SOFT, align=Align.END)

    def update(self, body: ThanksModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._headline.say(body.headline)
        self._text.say(f"{body.text} {body.person}".strip())
        self._receipt.update(body)
        self._question.say(body.question)
        self._faces.update(body.faces)
        for button in self._faces.buttons:
            button.icon_mm = 12.0 if self._wide else theme.ICON_LARGE
            button.icon_tint = _FACES.get(button.icon.stem)
            if button.model is not None:
                button.update(button.model)
        self._reasons.update(body.reasons)
        self._closing.say(body.closing)
        self._prints_low = self.look.manner.reach and body.print_button is not None
        if self.look.manner.large and body.reasons:  # they want the line on which paper was offered before
            self._prints_low = False
        if body.print_button is not None:
            self._low_print.update(body.print_button)

    def least_height(self, width: float) -> float:
        words = self._headline.height_for(width) + self._text.height_for(width)
        return words + self._receipt.height_for(width) + self.look.px(theme.MARGIN)

    def base_height(self, width: float) -> float:
        gap = self.look.px(theme.GAP)
        answers = self._reasons if self._reasons.buttons else self._faces
        if self._wide:
            line = max(self._question.height_for(width * 0.6), self._closing.height_for(width * 0.35))
            line = max(line, self.look.px(theme.TARGET) if self._prints_low else 0)
            return line + gap + answers.height_for(width) if self._reasons.buttons else line
        if not answers.buttons:
            return self._question.height_for(width)
        return self._question.height_for(width) + gap + answers.height_for(width)

    def arrange(self, frame: Frame) -> None:
        gap, margin = self.look.px(theme.GAP), self.look.px(theme.MARGIN)
        paid = [
            Item(self._badge, least=self.look.px(20), most=self.look.px(44)),
            Item(self._headline, gap=margin),
            Item(self._text, gap=self.look.px(1.4), spare=1),
        ]
        if self._wide:
            start, end = frame.main.columns(2, margin)
            self._headline.use(Face.HERO)
            if self._headline.longest_word > start.w:  # a sum beside a banner is not torn in two
                self._headline.use(Face.HEADLINE)
            parts = column(start.inset(0, gap), paid)
            self._receipt.place(end)
            line, faces = frame.base, frame.foot
            if self._reasons.buttons:
                height = self._reasons.height_for(frame.base.w)
                faces, line = frame.base.from_bottom(height, gap)
            question, closing = line.from_start(round(line.w * 0.6), margin)
        else:
            receipt = Item(self._receipt, gap=self.look.px(10))
            parts = column(frame.main.inset(0, gap), [*paid, receipt])
            question, faces = frame.base.from_top(self._question.height_for(frame.base.w), gap)
            closing = frame.foot
        if self._prints_low:
            closing = self._place_print(closing)
        self._closing.place(closing)
        line_h = max(closing.h, self.look.px(theme.TARGET))
        closes: list[Part] = [self._closing] if self._closing.height_for(closing.w) <= line_h else []
        self._question.place(question)
        answers = self._reasons if self._reasons.buttons else self._faces
        answers.place(faces)
        shown = [part for part in parts if part is not self._receipt]
        low: list[Part] = [self._low_print] if self._prints_low else []
        self.hold([*shown, self._receipt, self._question, answers, *closes, *low])

    def _place_print(self, line: Area) -> Area:
        """Paper from the foot, for hands that do not reach the receipt; returns what is left of the line."""
        kept = max(self._closing.longest_word + 2, line.w * _CLOSING_SHARE) if self._closing.value else 0
        width = max(self._low_print.width_for(), self.look.px(theme.HELP_WIDTH))
        width = round(min(width, line.w - kept - self.look.px(theme.GAP)))
        spot, rest = line.from_start(width, self.look.px(theme.GAP))
        if self._closing.height_for(rest.w) > max(line.h, self.look.px(theme.TARGET)):
            self._low_print.label.say("")  # the sign alone, where both in words have no room
            spot, rest = line.from_start(self.look.px(theme.ACCESS_WIDTH), self.look.px(theme.GAP))
        target = self.look.px(theme.TARGET)
        self._low_print.place(Area(spot.x, spot.y, spot.w, max(spot.h, target)))
        return rest
