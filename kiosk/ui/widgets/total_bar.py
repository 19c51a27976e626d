"""Owns the sum of the basket as the shopper reads it: label, saving and the amount.

It must not know how it was added up.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.part import Item, Part, column, column_height
from kiosk.ui.widgets.text import Align, Text


class TotalBar(Part):
    """Side by side over the tools of a portrait basket, one under the other in the money column."""

    def __init__(self, look: Look, *, wide: bool) -> None:
        super().__init__(look)
        self._wide = wide
        soft, saving, ink = (
            (Tone.SOFT_SURFACE, Tone.SAVING_SURFACE, Tone.INK_SURFACE)
            if wide
            else (Tone.SOFT, Tone.SAVING, Tone.PLAIN)
        )
        self._label = Text(look, Face.LABEL, soft)
        self._saved = Text(look, Face.CAPTION_STRONG, saving)
        self._face, align = (Face.TOTAL_WIDE, Align.START) if wide else (Face.TOTAL, Align.END)
        steps = (Face.TOTAL, Face.HEADLINE, Face.TITLE)
        self._total = Text(look, self._face, ink, align=align, steps=steps)

    def update(self, label: str, total: str, saved: str) -> None:
        self._label.say(label)
        self._total.use(self._face)  # a longer sum before this one may have made it smaller
        self._total.say(total)
        self._saved.say(saved)
        self.hold((self._label, self._total, self._saved) if saved else (self._label, self._total))

    def _items(self) -> list[Item]:
        return [
            Item(self._label, spare=1),
            Item(self._total),
            Item(self._saved, gap=self.look.px(1), spare=2),
        ]

    def _label_width(self, width: float) -> float:
        return width - min(self._total.natural_width + 1, width * 0.65) - self.look.px(theme.GAP)

    def least_height(self, width: float) -> float:
        """The height of the amount alone."""
        return self._total.height_for(width)

    def height_for(self, width: float) -> float:
        if self._wide:
            return column_height(self._items(), width)
        room = self._label_width(width)
        texts = self._label.height_for(room) + self._saved.height_for(room)
        return max(texts, self._total.height_for(width * 0.65))

    def place(self, area: Area) -> None:
        super().place(area)
        if self._wide:
            items = self._items() if self._saved.value else self._items()[:-1]
            self.hold(column(area, items, centred=False))
            return
        room = self._label_width(area.w)
        start, rest = area.from_start(room, self.look.px(theme.GAP))
        self._total.place(rest)
        label, saved = self._label.height_for(room), self._saved.height_for(room)
        top, bottom = start.middle(room, label + saved).from_top(label)
        self._label.place(top)
        self._saved.place(bottom)
