"""Owns one line of the basket, and the card of the item scanned last.

It must not know the basket: it draws the values of one row.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import LastItem, RowModel
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.card import Card, Ground
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Pictogram, Picture
from kiosk.ui.widgets.text import Align, Text

from kivy.graphics import PopMatrix, PushMatrix, Translate  # isort: skip


class Row(Part):
    """Picture, name over detail, amount and three dots; the list around it takes the touches."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.model: RowModel | None = None
        with self.canvas.before:
            PushMatrix()
            self._slide = Translate(0, 0)
        with self.canvas.after:
            PopMatrix()
        self._pressed_ground = Ground(look, theme.SURFACE_2)
        self._mark = Card(
            look, theme.PAPER, theme.PRIMARY, edge_mm=theme.EDGE_WIDE, radius_mm=theme.RADIUS_SMALL
        )
        self._marked = False
        self._line = Ground(look, theme.HAIRLINE)
        self._picture = Pictogram(look)
        self._name = Text(look, Face.ROW, Tone.PLAIN, most=2)
        self._detail = Text(look, Face.CAPTION, Tone.SOFT, most=2)
        self._saving = Text(look, Face.CAPTION_STRONG, Tone.SAVING, most=2)
        self._amount = Text(look, Face.AMOUNT, Tone.PLAIN, align=Align.END, most=1)
        self._more = Picture(look, "icons", "more", tint=theme.EDGE)

    def update(self, model: RowModel) -> None:
        if model == self.model:
            return
        self.model = model
        # with everything lower a row is only read: the buttons below go from row to row
        self.tap_id, self.opens = ("", model.tap_id) if self.look.manner.reach else (model.tap_id, "")
        self._picture.choose(model.pictogram)
        self._name.say(model.name)
        self._detail.say("" if model.saving else model.detail)
        self._saving.say(model.detail if model.saving else "")
        self._amount.say(model.amount)

    def press(self, *, pressed: bool) -> None:
        """Show that a finger is on the row."""
        if pressed:
            self._draw_at(self.area)
        self._pressed_ground.place(self.area if pressed else Area(self.area.x, self.area.y, 0, 0))

    def mark(self, *, marked: bool) -> None:
        """Show by a frame that the buttons below mean this row."""
        self._mark.place(self.area)
        self._marked = marked
        self._hold_all()

    def _hold_all(self) -> None:
        frame = (self._mark,) if self._marked else ()
        texts = (self._name, self._under, self._amount)
        self.hold((self._pressed_ground, *frame, self._line, self._picture, self._more, *texts))

    @property
    def _under(self) -> Text:
        return self._saving if self._saving.value else self._detail

    def _name_width(self, width: float) -> float:
        gap = self.look.px(theme.GAP)
        taken = self.look.px(theme.ROW_PICTURE) + self.look.px(8) + 3 * gap
        return width - self._framed - taken - round(self._amount.natural_width) - 1

    @property
    def _framed(self) -> int:
        return self.look.px(theme.GAP_SMALL) if self.look.manner.reach else 0

    def height_for(self, width: float) -> float:
        room = self._name_width(width)
        text = self._name.height_for(room) + self._under.height_for(room)
        return round(max(text + 2 * self.look.px(theme.GAP_SMALL), self.look.px(theme.ROW)))

    def place(self, area: Area) -> None:
        same = self.model is self._placed_model and (area.w, area.h) == (self.area.w, self.area.h)
        if same and not self.look.manner.reach:
            self._move_to(area)
        else:
            self._draw_at(area)

    def _draw_at(self, area: Area) -> None:
        super().place(area)
        self._placed_model = self.model
        self._slide.xy = (0, 0)
        gap = self.look.px(theme.GAP)
        hair = self.look.px(0.36)
        self._line.place(area.from_bottom(hair)[0])
        self.press(pressed=False)
        side = self.look.px(theme.ROW_PICTURE)
        # inside the frame of a marked row the picture leaves the frame's edge free
        start = area.from_start(self._framed)[1]
        spot, rest = start.from_start(side, gap)
        self._picture.place(spot.middle(side, side))
        dots, rest = rest.from_end(self.look.px(8), gap)
        self._more.place(dots if self.tap_id else Area(dots.x, dots.y, 0, 0))
        amount, rest = rest.from_end(round(self._amount.natural_width) + 1, gap)
        self._amount.place(amount)
        name, under = self._name.height_for(rest.w), self._under.height_for(rest.w)
        top, bottom = rest.middle(rest.w, name + under).from_top(name)
        self._name.place(top)
        self._under.place(bottom)
        self._hold_all()

    _placed_model: RowModel | None = None

    def _move_to(self, area: Area) -> None:
        """Shift the row as it is drawn: a scan and a scroll move rows, they do not change them."""
        from_x, from_y = self.seen.x, self.seen.y
        by_x, by_y = area.x - self.area.x, area.y - self.area.y
        for part in self.walk(restrict=True):
            part.area = part.area.moved(by_x, by_y)
        self.press(pressed=False)
        x, y = self._slide.xy
        self._slide.xy = (x + self.seen.x - from_x, y + self.seen.y - from_y)

    def touchable(self) -> bool:
        return bool(self.tap_id)


class LastItemCard(BigButton):
    """The item just scanned, big, with the tick that says it is in the basket."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Kind.QUIET)
        self.card = Card(look, theme.SURFACE, theme.RIM, radius_mm=theme.RADIUS_LARGE)
        self._picture = Pictogram(look, theme.BRIGHT, radius_mm=theme.RADIUS)
        self._name = Text(look, Face.LAST, Tone.INK_SURFACE, most=3)  # its end tells 6 eggs from 10
        self._detail = Text(look, Face.CAPTION, Tone.SOFT_SURFACE, most=2)
        smaller = (Face.TITLE, Face.ROW)  # for words in the place of a price, and for large sums
        self._price = Text(look, Face.PRICE, Tone.INK_SURFACE, most=1, steps=smaller)
        self._tick = Picture(look, "icons", "tick", tint=theme.PAY)
        self._word = Text(look, Face.CAPTION_STRONG, Tone.SAVING_SURFACE, align=Align.CENTRE, most=2)
        self.picture_mm = theme.LAST_PICTURE

    def show(self, last: LastItem) -> None:
        self.tap_id, self.opens = ("", last.tap_id) if self.look.manner.reach else (last.tap_id, "")
        self.enabled = bool(self.tap_id)
        self._picture.choose(last.pictogram)
        self._name.say(last.name)
        self._detail.say(last.detail)
        self._price.say(last.price)
        self._word.say(last.tick)
        self._repaint()

    def _repaint(self) -> None:
        self.card.paint(theme.SURFACE_2 if self._pressed else theme.SURFACE, theme.RIM)

    def _word_width(self) -> int:
        natural = self._word.natural_width + 1
        if natural > self.look.px(34):
            natural = max(self._word.longest_word + 1, self.look.px(30))
        return round(max(natural, self.look.px(14)))

    def _text_width(self, width: float) -> float:
        gap = self.look.px(theme.GAP_LARGE)
        return (
            width
            - 2 * gap
            - self.look.px(self.picture_mm)
            - self._word_width()
            - gap
            - self.look.px(theme.GAP)
        )

    def height_for(self, width: float) -> float:
        room = self._text_width(width)
        text = sum(part.height_for(room) for part in (self._name, self._detail, self._price))
        return round(max(text, self.look.px(self.picture_mm)) + 2 * self.look.px(theme.GAP_LARGE - 1))

    def place(self, area: Area) -> None:
        Part.place(self, area)
        self.card.place(area)
        gap = self.look.px(theme.GAP_LARGE)
        side = self.look.px(self.picture_mm)
        inner = area.inset(gap, 0)
        spot, rest = inner.from_start(side, gap)
        self._picture.place(spot.middle(side, side))
        end, rest = rest.from_end(self._word_width(), self.look.px(theme.GAP))
        mark = self.look.px(11)
        ticked = end.middle(end.w, mark + self._word.height_for(end.w))
        top, bottom = ticked.from_top(mark)
        self._tick.place(top)
        self._word.place(bottom)
        texts = [part for part in (self._name, self._detail, self._price) if part.value]
        block = rest.middle(rest.w, sum(part.height_for(rest.w) for part in texts))
        for part in texts:
            top, block = block.from_top(part.height_for(rest.w))
            part.place(top)
        self.hold((self.card, self._picture, self._tick, self._word, *texts))
