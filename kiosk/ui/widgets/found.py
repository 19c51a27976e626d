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
                theme.PAY if number < filled else theme.PAPER, theme.PAY if number < filled else theme.EDGE
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
        self.card = Card(look, theme.PAPER, theme.EDGE, radius_mm=theme.RADIUS_LARGE)
        self._picture = Pictogram(look)
        self._name = Text(look, Face.ROW, Tone.PLAIN, most=2)
        self._price = Text(look, Face.AMOUNT, Tone.PLAIN, align=Align.END, most=1)
        self._detail = Text(look, Face.CAPTION, Tone.SOFT, most=1)
        self._place = Text(look, Face.BODY_STRONG, Tone.PLAIN)
        self._bars = StockBars(look)
        self._band = Text(look, Face.CAPTION_STRONG, Tone.SAVING)
        self._age = Text(look, Face.CAPTION, Tone.SOFT)
        self._actions = ButtonSet(look, face=Face.BUTTON_SMALL)
        self._open = self._marked = False
        self._age_shown = False
        self.brief = False
        """Without picture and unit price, where height is short."""

    def show(self, item: FoundItem) -> None:
        low = self.look.manner.reach
        self.tap_id, self.opens = ("", item.tap_id) if low else (item.tap_id, "")
        self.enabled = not low
        self._open = item.chosen
        self._picture.choose(item.pictogram)
        self._name.say(item.name)
        self._price.say(item.price)
        self._detail.say(item.detail)
        self._place.say(item.place)
        self._bars.update(item.bars)
        self._band.say(item.band)
        self._band.recolour(Tone.SAVING if item.bars else Tone.PLAIN)  # green only for what is there
        self._age.say(item.age)
        self._actions.columns = 3 if len(item.actions) == 3 else min(max(len(item.actions), 1), 2)
        self._actions.update(item.actions if item.chosen and not low else ())
        self._repaint()

    def mark(self, *, marked: bool) -> None:
        """Show by a frame that the buttons below mean this card."""
        self._marked = marked
        self._repaint()
        self.card.place(self.area)

    def _repaint(self) -> None:
        framed = self._marked if self.look.manner.reach else self._open
        self.card.thicken(theme.EDGE_WIDE if framed else theme.EDGE_WIDTH)
        edge = theme.PRIMARY if framed else theme.EDGE
        self.card.paint(theme.SURFACE_2 if self._pressed else theme.PAPER, edge)

    def fit(self, width: float, height: float, *, deeds: int = 1) -> None:
        """Leave the picture out where the rest would not fit, or a word of the name would be torn for it.

        Where that is not enough, the letters are smaller, and then so many deeds are kept at least.
        """
        self.brief = False
        self._shrink_all(small=False)
        self.brief = self._torn(width) or self.height_for(width) > height
        self._shrink_all(small=self.height_for(width) > height)
        models = [button.model for button in self._actions.buttons if button.model is not None]
        while self.height_for(width) > height and len(models) > deeds:
            models.pop()
            self._actions.columns = min(max(len(models), 1), 2)
            self._actions.update(tuple(models))

    def _shrink_all(self, *, small: bool) -> None:
        for text in (self._name, self._place, self._detail):
            text.shrink(small=small)

    def _torn(self, width: float) -> bool:
        """Whether a word of the name is wider than what the price leaves beside it."""
        room = self._room(width) - self._price.natural_width - 1 - self.look.px(theme.GAP)
        return self._name.longest_word > room

    @property
    def _side(self) -> int:
        if self.brief:
            return 0
        return self.look.px(24 if self._open else theme.ROW_PICTURE)

    def _room(self, width: float) -> float:
        gaps = self.look.px(theme.GAP_LARGE) * (2 if self.brief else 3)
        return width - gaps - self._side

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
        height += 0 if self.brief else self._detail.height_for(room)
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
        if self.brief:
            parts.remove(self._picture)
            rest = inner
        else:
            spot, rest = inner.from_start(self._side, self.look.px(theme.GAP_LARGE))
            self._picture.place(spot.middle(self._side, self._side))
        room = self._name_room(rest.w)
        line, rest = rest.from_top(self._name.height_for(room))
        self._name.place(line.from_start(room)[0])
        self._price.place(line.from_end(line.w - room - gap)[0].from_top(self._price.leading)[0])
        if self._detail.value and not self.brief:
            line, rest = rest.from_top(self._detail.height_for(rest.w))
            self._detail.place(line)
            parts.append(self._detail)
        self._place_stock(rest)
        self.hold([part for part in parts if part is not self._age or self._age_shown])

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
            self._age_shown = False
            return
        self._place.place(line)
        band, height, beside = self._stock(rest.w)
        line = rest.from_top(height)[0]
        upper = line.from_top(max(self._band.height_for(band), self.look.px(8)))[0]
        bars, after = upper.from_start(self._bars.width_px, small)
        self._bars.place(bars)
        word, after = after.from_start(round(band), gap)
        self._band.place(word)
        self._age_shown = bool(self._age.value) and (beside or rest.h >= height)
        self._age.place(after if beside else line.from_bottom(self._age.height_for(line.w))[0])

    def on_touch_down(self, touch: object) -> bool:
        """The actions inside come first."""
        return bool(self._open and self._actions.on_touch_down(touch)) or super().on_touch_down(touch)


_LEAST_PICTURE_MM = 9.0


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
        # where room is short the picture is worth more; the price follows on the next screen
        short = self.look.manner.large or self.look.manner.reach
        self._price.say("" if short else item.price)
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
            self._name.shrink(small=False)
            side = round(min(inner.h, inner.w * 0.45, inner.w - gap - self._name.longest_word - 2))
            # a name in one piece tells more than a picture too small to know
            pictured = side >= self.look.px(_LEAST_PICTURE_MM)
            spot, text = inner.from_start(side, gap) if pictured else (Area(inner.x, inner.y, 0, 0), inner)
            self._picture.place(spot.middle(side, side) if pictured else spot)
            torn = self._name.longest_word > text.w
            self._name.shrink(small=torn or self._name.height_for(text.w) > inner.h)
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
        picture = (self._picture,) if self._picture.area.w else ()
        self.hold((self.card, *picture, self._name, self._price))
