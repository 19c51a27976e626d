"""Owns the screen of paying: the amount, what to do at the reader, how far it is, and the other ways.

It must not know the terminal; and it never draws a PIN pad: the PIN belongs to the reader alone (PCI PTS).
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.look import Look
from kiosk.ui.screen_model import PayModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.part import Item, Part, column
from kiosk.ui.widgets.picture import Illustration
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.steps_line import StepsLine
from kiosk.ui.widgets.text import Align, Text


class PayScreen(Screen[PayModel]):
    """The picture of the reader, or a turning ring while the bank is asked."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._label = Text(look, Face.SUBTITLE, Tone.SOFT, align=Align.CENTRE)
        steps = (Face.TOTAL, Face.HEADLINE)
        self._amount = Text(look, Face.DUE, Tone.PLAIN, align=Align.CENTRE, steps=steps)
        self._reader = Illustration(look, "reader")
        self._ring = Ring(look, theme.PRIMARY, icon="contactless")
        self._headline = Text(look, Face.HEADLINE, Tone.PLAIN, align=Align.CENTRE)
        self._steps = StepsLine(look)
        self._hint = Text(look, Face.BODY, Tone.SOFT, align=Align.CENTRE)
        self._buttons = ButtonSet(look, face=Face.BUTTON_SMALL)
        self._busy = False

    def update(self, body: PayModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._busy = body.busy
        self._label.say(body.amount_label)
        self._amount.say(body.amount)
        self._headline.say(body.headline)
        self._steps.update(body.steps)
        self._hint.say(body.hint)
        self._buttons.columns = 3 if len(body.buttons) > 4 else 0
        self._buttons.update(body.buttons)

    def least_height(self, width: float) -> float:
        texts = sum(part.height_for(width) for part in (self._label, self._amount, self._headline))
        return texts + self._steps.height_for(self.look.px(165)) + self.look.px(theme.GAP_LARGE)

    def base_height(self, width: float) -> float:
        hint = self._hint.height_for(width)
        if self.fits_foot(self._buttons, width):
            return hint
        gap = self.look.px(theme.GAP) if hint else 0
        return hint + gap + self._buttons.height_for(width)

    def arrange(self, frame: Frame) -> None:
        gap = self.look.px(theme.GAP_LARGE)
        self._amount.tight = False
        self._amount.tight = self.least_height(frame.main.w) + 2 * gap > frame.main.h
        hint, rest = frame.base.from_top(self._hint.height_for(frame.base.w), self.look.px(theme.GAP))
        self._hint.place(hint)
        self._buttons.stretch = not rest.h
        self._buttons.place(rest if rest.h else frame.foot)
        picture: Part = self._ring if self._busy else self._reader
        money = [Item(self._label, spare=2), Item(self._amount)]
        words = [
            Item(self._headline, gap=gap),
            Item(self._steps, gap=gap, width=self.look.px(165), spare=1),
        ]
        if self.look.panel.landscape and frame.main.w > self.look.px(240):
            start, end = frame.main.columns(2, gap)
            most = self.look.px(50 if self._busy else 115)
            parts = column(start.inset(0, gap), [Item(picture, least=self.look.px(20), most=most)])
            parts += column(end, [*money, *words])
        else:
            least, most = (30, 46) if self._busy else (30, 108)
            image = Item(picture, gap=gap, least=self.look.px(least), most=self.look.px(most))
            parts = column(frame.main.inset(0, self.look.px(theme.GAP)), [*money, image, *words])
        self.hold([*parts, self._hint, self._buttons])
