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
        steps = (Face.TITLE, Face.AMOUNT)
        self.amount = Text(look, Face.HEADLINE, Tone.ON_PAY, align=Align.END, steps=steps)
        self.hold((self.card, self.icon, self.label, self.amount))

    def show(self, model: ButtonModel, amount: str) -> None:
        self.update(model)
        self.amount.say(amount)
        self.amount.recolour(self.shown_kind.paint.tone)

    def height_for(self, width: float) -> float:
        inner = width - 2 * self.look.px(theme.GAP_LARGE)
        lines = 0 if self._on_one_line(inner) else self._label_over(inner) + self.amount.leading
        return max(super().height_for(width), lines + self.look.px(2), self.look.px(theme.PRIMARY_HEIGHT))

    def _on_one_line(self, width: float) -> bool:
        self.label.use(Face.TITLE)
        self.amount.use(Face.HEADLINE)
        self.amount.tight = False
        amount = self.amount.natural_width + 1 if self.amount.value else 0
        return self.label.natural_width + self.look.px(theme.GAP) + amount <= width

    def _label_over(self, width: float) -> int:
        """The height of the verb over the amount, which settles on a face that fits one line."""
        self.label.use(Face.ROW)
        self.amount.tight = True
        self.amount.height_for(width)
        return self.label.leading

    def place(self, area: Area) -> None:
        Part.place(self, area)
        self.card.place(area)
        inner = area.inset(self.look.px(theme.GAP_LARGE), self.look.px(1))
        self.hold((self.card, self.icon, self.label, self.amount))
        if self._on_one_line(inner.w):
            amount = round(self.amount.natural_width) + 1 if self.amount.value else 0
            end, start = inner.from_end(amount, self.look.px(theme.GAP))
            self.amount.place(end)
            self.label.place(start)
            return
        label = self._label_over(inner.w)
        wide = max(self.label.natural_width, self.amount.natural_width)
        if wide > inner.w or label + self.amount.leading > inner.h + self.look.px(2):
            self.label.place(inner)  # the sum stands over the button, and neither is torn
            self.hold((self.card, self.icon, self.label))
            return
        upper, lower = inner.middle(inner.w, min(label + self.amount.leading, inner.h)).from_top(label)
        self.label.place(upper)
        self.amount.place(lower)
