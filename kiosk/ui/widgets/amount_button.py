"""Owns the way to pay: one button that says the verb and the amount.

It must not know how an amount is reached.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Form, Kind
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Align, Text


class AmountButton(BigButton):
    """The way to pay: the verb at the start, the amount at the end, or one over the other."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Kind.PAY, face=Face.TITLE, form=Form.LEADING)
        self.amount = Text(look, Face.HEADLINE, Tone.ON_PAY, align=Align.END)
        self.hold((self.card, self.icon, self.label, self.amount))

    def show(self, model: ButtonModel, amount: str) -> None:
        self.update(model)
        self.amount.say(amount)
        self.amount.recolour(self.shown_kind.paint.tone)

    def height_for(self, width: float) -> float:
        return max(super().height_for(width), self.look.px(theme.PRIMARY_HEIGHT))

    def place(self, area: Area) -> None:
        Part.place(self, area)
        self.card.place(area)
        inner = area.inset(self.look.px(theme.GAP_LARGE), self.look.px(1))
        gap = self.look.px(theme.GAP)
        self.label.use(Face.TITLE)
        self.amount.use(Face.HEADLINE)
        amount = round(self.amount.natural_width) + 1 if self.amount.value else 0
        if self.label.natural_width + gap + amount <= inner.w:
            end, start = inner.from_end(amount, gap)
            self.amount.place(end)
            self.label.place(start)
            return
        self.label.use(Face.ROW)
        self.amount.use(Face.TITLE)
        label = self.label.leading
        upper, lower = inner.middle(inner.w, min(label + self.amount.leading, inner.h)).from_top(label)
        self.label.place(upper)
        self.amount.place(lower)
