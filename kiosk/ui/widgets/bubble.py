"""Owns the bubbles of a conversation: who said what, the newest lowest, as many as there is room for.

It must not know what is said.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.talk_model import BubbleModel
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Text

_INDENT = 0.12
"""The share of the width by which the two sides stand apart."""


class Bubble(Part):
    """One thing said: the shopper's stand at the end of the line, the staff's at its start."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.HELP_SOFT, radius_mm=theme.RADIUS_LARGE)
        self._who = Text(look, Face.CAPTION_STRONG, Tone.BANNER, most=1)
        self._text = Text(look, Face.BODY, Tone.BANNER)
        self._note = Text(look, Face.CAPTION, Tone.BANNER_SOFT, most=1)
        self._mine = False

    def show(self, model: BubbleModel) -> Bubble:
        self._mine = model.mine
        self._card.paint(theme.SURFACE_2 if model.mine else theme.HELP_SOFT)
        for text in (self._who, self._text):
            text.recolour(Tone.PLAIN if model.mine else Tone.BANNER)
        self._note.recolour(Tone.SOFT if model.mine else Tone.BANNER_SOFT)
        self._who.say(model.who)
        self._text.say(model.text)
        self._note.say(model.note)
        return self

    def _lines(self) -> list[Text]:
        return [text for text in (self._who, self._text, self._note) if text.value]

    def _inner(self, width: float) -> float:
        return width * (1 - _INDENT) - 2 * self.look.px(theme.GAP)

    def height_for(self, width: float) -> float:
        inner = self._inner(width)
        return round(
            sum(text.height_for(inner) for text in self._lines()) + 2 * self.look.px(theme.GAP_SMALL)
        )

    def place(self, area: Area) -> None:
        super().place(area)
        apart = round(area.w * _INDENT)
        spot = area.from_start(apart)[1] if self._mine else area.from_end(apart)[1]
        self._card.place(spot)
        rest = spot.inset(self.look.px(theme.GAP), self.look.px(theme.GAP_SMALL))
        for text in self._lines():
            line, rest = rest.from_top(text.height_for(rest.w))
            text.place(line)
        self.hold((self._card, *self._lines()))


class Bubbles(Part):
    """The newest of a conversation, from the top of its room."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._pool: list[Bubble] = []
        self._shown: list[Bubble] = []

    def update(self, models: tuple[BubbleModel, ...]) -> None:
        while len(self._pool) < len(models):
            self._pool.append(Bubble(self.look))
        self._shown = [bubble.show(model) for bubble, model in zip(self._pool, models, strict=False)]

    @property
    def newest(self) -> Bubble | None:
        return self._shown[-1] if self._shown else None

    def fitting(self, width: float, room: float) -> float:
        """The height in px that the newest take which have room whole; 0 where not even one has."""
        return sum(bubble.height_for(width) + self._gap for bubble in self._newest(width, room))

    def place(self, area: Area) -> None:
        super().place(area)
        shown = self._newest(area.w, area.h)
        rest = area
        for bubble in shown:
            spot, rest = rest.from_top(bubble.height_for(area.w), self._gap)
            bubble.place(spot)
        self.hold(shown)

    @property
    def _gap(self) -> int:
        return self.look.px(theme.GAP_SMALL)

    def _newest(self, width: float, room: float) -> list[Bubble]:
        shown: list[Bubble] = []
        for bubble in reversed(self._shown):
            room -= bubble.height_for(width) + self._gap
            if room < 0:
                break
            shown.insert(0, bubble)
        return shown
