"""Owns the screen on which a good is weighed: what it is, its price for a kilogram, and what to do.

It must not know the scale: the weight is a finished text.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import Good, ScreenModel, WeighModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Item, Part, column
from kiosk.ui.widgets.picture import Illustration, Pictogram
from kiosk.ui.widgets.text import Align, Text


class GoodsCard(Part):
    """The chosen good over its price."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.SURFACE, theme.RIM, radius_mm=theme.RADIUS_LARGE)
        self._picture = Pictogram(look, theme.BRIGHT, radius_mm=theme.RADIUS)
        self._name = Text(look, Face.LAST, Tone.INK_SURFACE, most=2)
        self._price = Text(look, Face.LABEL, Tone.SOFT_SURFACE)
        self.hold((self._card, self._picture, self._name, self._price))

    def update(self, body: WeighModel | Good) -> None:
        self._picture.choose(body.pictogram)
        self._name.say(body.name)
        self._price.say(body.price)

    def _room(self, width: float) -> float:
        return width - self.look.px(theme.LAST_PICTURE) - 3 * self.look.px(theme.GAP_LARGE)

    def height_for(self, width: float) -> float:
        room = self._room(width)
        text = self._name.height_for(room) + self._price.height_for(room)
        return max(text, self.look.px(theme.LAST_PICTURE)) + 2 * self.look.px(theme.GAP_LARGE)

    def place(self, area: Area) -> None:
        super().place(area)
        self._card.place(area)
        gap = self.look.px(theme.GAP_LARGE)
        side = self.look.px(theme.LAST_PICTURE)
        spot, rest = area.inset(gap, 0).from_start(side, gap)
        self._picture.place(spot.middle(side, side))
        name, price = self._name.height_for(rest.w), self._price.height_for(rest.w)
        top, bottom = rest.middle(rest.w, name + price).from_top(name)
        self._name.place(top)
        self._price.place(bottom)


class WeighScreen(Screen[WeighModel]):
    """The good is added by itself once the scale has settled."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._goods = GoodsCard(look)
        self._picture = Illustration(look, "weigh")
        self._headline = Text(look, Face.HEADLINE, Tone.PLAIN, align=Align.CENTRE)
        self._text = Text(look, Face.LABEL, Tone.SOFT, align=Align.CENTRE)
        self._again = BigButton(look, face=Face.ROW)
        self._has_again = False

    def update(self, body: WeighModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._goods.update(body)
        self._headline.say(body.headline)
        self._text.say(body.text)
        self._has_again = body.again is not None
        if body.again is not None:
            self._again.update(body.again)

    def arrange(self, frame: Frame) -> None:
        gap, line = self.look.px(theme.MARGIN), self.look.line_px
        picture = Item(self._picture, least=self.look.px(30), most=self.look.px(100))
        words = [Item(self._headline, gap=gap, width=line), Item(self._text, gap=gap, width=line, spare=1)]
        if self.look.panel.landscape and frame.main.w > self.look.px(220):
            start, end = frame.main.columns(2, gap)
            parts = column(start.inset(0, gap), [picture])
            parts += column(end, [Item(self._goods), *words])
        else:
            goods, rest = frame.main.from_top(self._goods.height_for(frame.main.w), gap)
            self._goods.place(goods)
            parts = [self._goods, *column(rest, [picture, *words])]
        if self._has_again:
            self._again.place(frame.foot)
            parts.append(self._again)
        self.hold(parts)
