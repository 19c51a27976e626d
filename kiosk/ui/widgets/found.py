"""Owns a good that was looked up: the card of a search result, the picture tile, and the bars of its stock.

It must not know how it was found.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import FoundItem
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Pictogram
from kiosk.ui.widgets.text import Align, Text

_BARS = 3


class StockBars(Part):
    """None to three bars filled; the word beside them says the same."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._bars = [Card(look, theme.PAY, theme.PAY, radius_mm=1) for _ in range(_BARS)]
        self.hold(self._bars)

    def update(self, filled: int) -> None:
        for number, bar in enumerate(self._bars):
            bar.paint(
                theme.PAY if number < filled else theme.WHITE, theme.PAY if number < filled else theme.EDGE
            )

    @property
    def width_px(self) -> int:
        return self.look.px(4) * _BARS + self.look.px(1.6) * (_BARS - 1)

    def place(self, area: Area) -> None:
        super().place(area)
        spot = area.middle(area.w, self.look.px(7))
        for bar, cell in zip(self._bars, spot.columns(_BARS, self.look.px(1.6)), strict=True):
            bar.place(cell)


class FoundCard(BigButton):
    """One result: the chosen one is open and shows what can be done, the others are one tap away."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Kind.PLAIN)
        self.card = Card(look, theme.WHITE, theme.EDGE, radius_mm=theme.RADIUS_LARGE)
        self._picture = Pictogram(look)
        self._name = Text(look, Face.ROW, Tone.PLAIN, most=2)
        self._price = Text(look, Face.AMOUNT, Tone.PLAIN, align=Align.END, most=1)
        self._place = Text(look, Face.BODY_STRONG, Tone.PLAIN)
        self._bars = StockBars(look)
        self._band = Text(look, Face.CAPTION_STRONG, Tone.SAVING)
        self._age = Text(look, Face.CAPTION, Tone.SOFT)
        self._actions = ButtonSet(look, face=Face.BUTTON_SMALL)
        self._open = False

    def show(self, item: FoundItem) -> None:
        self.tap_id = item.tap_id
        self._open = item.chosen
        self._picture.choose(item.pictogram)
        self._name.say(item.name)
        self._price.say(item.price)
        self._place.say(item.place)
        self._bars.update(item.bars)
        self._band.say(item.band)
        self._band.recolour(Tone.SAVING if item.bars else Tone.PLAIN)  # green only for what is there
        self._age.say(item.age)
        self._actions.columns = min(max(len(item.actions), 1), 2)
        self._actions.update(item.actions if item.chosen else ())
        self._repaint()

    def _repaint(self) -> None:
        self.card.thicken(theme.EDGE_WIDE if self._open else theme.EDGE_WIDTH)
        edge = theme.PRIMARY if self._open else theme.EDGE
        self.card.paint(theme.SURFACE_2 if self._pressed else theme.WHITE, edge)

    @property
    def _side(self) -> int:
        return self.look.px(24 if self._open else theme.ROW_PICTURE)

    def _room(self, width: float) -> float:
        return width - 2 * self.look.px(theme.GAP_LARGE) - self._side - self.look.px(theme.GAP_LARGE)

    def _name_room(self, room: float) -> float:
        return room - round(self._price.natural_width) - 1 - self.look.px(theme.GAP)

    def _stock(self, room: float) -> tuple[float, float, bool]:
        """Width of the band's word, the height of the line, and whether the age stands beside it."""
        after = room - self._bars.width_px - self.look.px(theme.GAP_SMALL)
        band = min(self._band.natural_width + 1, after)
        beside = band + self.look.px(theme.GAP) + self._age.natural_width <= after
        height = max(self._band.height_for(after), self.look.px(8))
        if self._age.value and not beside:
            height += self._age.height_for(room)
        return band, height, beside

    def _one_line(self, room: float) -> bool:
        """Whether place and stock of a closed card stand on one line."""
        gaps = self.look.px(theme.GAP_LARGE) + self.look.px(theme.GAP_SMALL)
        needed = self._place.natural_width + self._band.natural_width + self._bars.width_px + gaps + 2
        return not self._open and not self._age.value and needed <= room

    def height_for(self, width: float) -> float:
        room = self._room(width)
        height = self._name.height_for(self._name_room(room)) + self._place.height_for(room)
        if not self._one_line(room):
            height += self._stock(room)[1]
        height = max(height, self._side)
        if self._actions.buttons:
            inner = width - 2 * self.look.px(theme.GAP_LARGE)
            height += self._actions.height_for(inner) + self.look.px(theme.GAP)
        return round(height + 2 * self.look.px(theme.GAP))

    def place(self, area: Area) -> None:
        Part.place(self, area)
        self.card.place(area)
        gap = self.look.px(theme.GAP)
        inner = area.inset(self.look.px(theme.GAP_LARGE), gap)
        parts: list[Part] = [self.card, self._picture, self._name, self._price, self._place]
        parts += [self._bars, self._band, self._age]
        if self._actions.buttons:
            actions, inner = inner.from_bottom(self._actions.height_for(inner.w), gap)
            self._actions.place(actions)
            parts.append(self._actions)
        spot, rest = inner.from_start(self._side, self.look.px(theme.GAP_LARGE))
        self._picture.place(spot.middle(self._side, self._side))
        room = self._name_room(rest.w)
        line, rest = rest.from_top(self._name.height_for(room))
        self._name.place(line.from_start(room)[0])
        self._price.place(line.from_end(line.w - room - gap)[0].from_top(self._price.leading)[0])
        self._place_stock(rest)
        self.hold([part for part in parts if part is not self._age or self._age.value])

    def _place_stock(self, rest: Area) -> None:
        """Where it stands and how many there are, on one line where both fit."""
        gap, small = self.look.px(theme.GAP), self.look.px(theme.GAP_SMALL)
        line, rest = rest.from_top(self._place.height_for(rest.w))
        if self._one_line(line.w):
            width = round(self._place.natural_width + 1)
            place, stock = line.from_start(width, self.look.px(theme.GAP_LARGE))
            self._place.place(place)
            bars, word = stock.from_start(self._bars.width_px, small)
            self._bars.place(bars)
            self._band.place(word)
            return
        self._place.place(line)
        band, height, beside = self._stock(rest.w)
        line = rest.from_top(height)[0]
        upper = line.from_top(max(self._band.height_for(band), self.look.px(8)))[0]
        bars, after = upper.from_start(self._bars.width_px, small)
        self._bars.place(bars)
        word, after = after.from_start(round(band), gap)
        self._band.place(word)
        self._age.place(after if beside else line.from_bottom(self._age.height_for(line.w))[0])

    def on_touch_down(self, touch: object) -> bool:
        """The actions inside come first."""
        return bool(self._open and self._actions.on_touch_down(touch)) or super().on_touch_down(touch)


class Tile(BigButton):
    """A large picture over its name and price."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Kind.PLAIN)
        self._picture = Pictogram(look)
        self._name = Text(look, Face.ROW, Tone.PLAIN, align=Align.CENTRE, most=2)
        self._price = Text(look, Face.CAPTION, Tone.SOFT, align=Align.CENTRE, most=1)

        self.name_lines = 1
        """Lines kept for the name; neighbours keep the same, so that their pictures stand in line."""

    def show(self, item: FoundItem) -> None:
        self.tap_id = item.tap_id
        self._picture.choose(item.pictogram)
        self._name.say(item.name)
        self._price.say(item.price)
        self._repaint()

    def lines_for(self, width: float) -> int:
        """The lines the name takes on a tile so wide."""
        return self._name.lines_for(width - 2 * self.look.px(theme.GAP))

    def place(self, area: Area) -> None:
        Part.place(self, area)
        self.card.place(area)
        gap = self.look.px(theme.GAP)
        inner = area.inset(gap, gap)
        if area.w > area.h * 1.5:
            side = round(min(inner.h, inner.w * 0.45))
            spot, text = inner.from_start(side, gap)
            self._picture.place(spot.middle(side, side))
            name, price = self._name.height_for(text.w), self._price.height_for(text.w)
            top, bottom = text.middle(text.w, name + price).from_top(name)
            self._name.place(top)
            self._price.place(bottom)
        else:
            price_line, rest = inner.from_bottom(self._price.height_for(inner.w))
            name_lines, rest = rest.from_bottom(self.name_lines * self._name.leading, self.look.px(1.8))
            self._price.place(price_line)
            self._name.place(name_lines)
            side = round(min(rest.w, rest.h))
            self._picture.place(rest.middle(side, side))
        self.hold((self.card, self._picture, self._name, self._price))
