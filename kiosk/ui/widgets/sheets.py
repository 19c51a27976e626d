"""Owns what is drawn over a dimmed screen: the sheet of one row, and tiles to choose from.

It must not know the screen under it. A tap outside a sheet is its own way out (`done` or `close`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.ui import reach, theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel, RowSheet, TileSheet
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Form, Kind
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Card, Ground
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Pictogram
from kiosk.ui.widgets.text import Align, Text

TILES_MORE = "window:tiles-more"
_LEAST_TILES = 2
_QUARTER = 0.25
_QUANTITY_MM = 30.0
"""Room for a number between less and more, where they share a line with something else."""


class Sheet(Part):
    """A panel standing on the foot of the window; everything behind it is shaded and out of reach."""

    modal = True
    widest_mm = 230.0

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._shade = Ground(look, theme.SHADE, opacity=0.66)
        self._panel = Card(look, theme.PAPER, theme.BRIGHT, radius_mm=theme.RADIUS_LARGE)
        self.foot = Area(0, 0, 0, 0)
        """What is free beside the two fixed buttons; the way out stands there when all is to be low."""
        self._outside_id = ""
        self._began_outside = False

    @property
    def panel(self) -> Area:
        """The rectangle of the sheet itself."""
        return self._panel.area

    def place_over(self, window: Area, above: float) -> None:
        """Shade the window and stand on `above` (y), as wide as a hand likes and no wider."""
        super().place(window)
        self._shade.place(window)
        margin = self.look.px(theme.MARGIN)
        width = min(window.w - 2 * margin, self.look.px(self.widest_mm))
        padding = self.look.px(theme.GAP_LARGE)
        height = self.content_height(width - 2 * padding) + 2 * padding
        height = min(height, window.top - above - margin)
        self._panel.place(Area(round((window.w - width) / 2), round(above), width, round(height)))
        self.arrange(self._panel.area.inset(padding))

    def content_height(self, width: float) -> float:
        """The height the sheet's content wants at that width."""
        raise NotImplementedError

    def arrange(self, area: Area) -> None:
        """Place the content."""
        raise NotImplementedError

    def touchable(self) -> bool:
        return True

    def on_touch_down(self, touch: Any) -> bool:
        if not super().on_touch_down(touch) and not self._panel.seen.holds(touch.x, touch.y):
            touch.grab(self)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return bool(super().on_touch_up(touch))
        touch.ungrab(self)
        if not self._panel.seen.holds(touch.x, touch.y):
            self.look.tapped(self._outside_id, repeats=False)
        return True


class RowSheetView(Sheet):
    """What one row is, how many of it, and taking it away."""

    widest_mm = 290.0

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._picture = Pictogram(look)
        self._name = Text(look, Face.TITLE, Tone.PLAIN, most=3)
        self._detail = Text(look, Face.BODY, Tone.SOFT)
        self._amount = Text(look, Face.PRICE, Tone.PLAIN)
        self._less = BigButton(look, repeats=True)
        self._more = BigButton(look, repeats=True)
        self._quantity = Text(look, Face.HEADLINE, Tone.PLAIN, align=Align.CENTRE, most=1)
        self._counts_line = ButtonSet(look, face=Face.ROW)
        self._remove = BigButton(look, Kind.DANGER, face=Face.ROW)
        self._done = BigButton(look, Kind.PRIMARY, face=Face.ROW)
        self._search = BigButton(look, face=Face.ROW)
        self._counts = self._searches = self._flat = False

    def update(self, sheet: RowSheet) -> None:
        self._picture.choose(sheet.pictogram)
        self._name.say(sheet.name)
        self._detail.say(sheet.detail)
        self._amount.say(sheet.amount)
        self._quantity.say(sheet.quantity)
        self._remove.update(sheet.remove)
        self._done.update(sheet.done)
        self._outside_id = sheet.done.tap_id
        self._counts = sheet.less is not None and sheet.more is not None
        if sheet.less is not None and sheet.more is not None:
            self._less.update(replace(sheet.less, label=""))  # the signs say it in every language
            self._more.update(replace(sheet.more, label=""))
        self._counts_line.gap_mm = theme.GAP_SMALL
        self._counts_line.update(sheet.counts)
        for button in self._counts_line.buttons:
            button.padding_mm = 1.0  # large letters leave just enough room for the tick
        parts: list[Part] = [self._shade, self._panel, self._picture, self._name, self._detail, self._amount]
        parts += [self._less, self._quantity, self._more, self._counts_line] if self._counts else []
        manner = self.look.manner
        # Large letters and all of it low leave no room for it; Help asks the same.
        crowded = self._counts and manner.reach and manner.large
        self._searches = sheet.search is not None and not crowded
        if sheet.search is not None and self._searches:
            self._search.update(sheet.search)
            parts.append(self._search)
        self.hold([*parts, self._remove, self._done])

    def _text_width(self, width: float) -> float:
        return width - self.look.px(theme.LAST_PICTURE) - self.look.px(theme.GAP_LARGE)

    def _head_height(self, width: float) -> float:
        room = self._text_width(width)
        texts = sum(part.height_for(room) for part in (self._name, self._detail, self._amount))
        return max(texts, self.look.px(theme.LAST_PICTURE))

    def _button_height(self, width: float) -> float:
        least, apart = self.look.px(theme.PRIMARY_HEIGHT), self.look.px(theme.GAP_DANGER)
        if self._beside:
            part = int(width * _QUARTER if self._flat else (width - 2 * apart) / 3)
            heights = [each.height_for(part) for each in (self._remove, self._search, self._done)]
            return max(*heights[: 2 if self._flat else 3], least)
        half = int((width - apart) / 2)
        return max(self._remove.height_for(half), self._done.height_for(half), least)

    def place_over(self, window: Area, above: float) -> None:
        """Where height is short, or all is to be low: the way out in the foot, and taking away low."""
        self._flat = self.look.manner.reach and self.look.manner.large
        if self.look.panel.landscape:
            room = window.top - above - self.look.px(theme.MARGIN) - 2 * self.look.px(theme.GAP_LARGE)
            inner = self.look.px(self.widest_mm) - 2 * self.look.px(theme.GAP_LARGE)
            for text in (self._name, self._detail):
                text.shrink(small=False)
            self._flat = self.look.manner.reach or self.content_height(inner) > room
            if self.content_height(inner) > room:
                for text in (self._name, self._detail):
                    text.shrink(small=True)
        super().place_over(window, above)

    @property
    def _beside(self) -> bool:
        """Where height is short and there is something to count, the third way stands beside the others."""
        is_short = self.look.panel.landscape or self.look.manner.reach
        return self._searches and self._counts and is_short

    def _flat_height(self, width: float) -> float:
        """Of the one or two lines of buttons."""
        below = self._searches and not self._beside
        beside = width * 0.6 - self.look.px(theme.GAP_DANGER)  # taking away has the rest
        line = max(self._button_height(width), self._search_height(beside) if below else 0)
        if not (self._counts and self._counts_line.buttons):
            return line
        return line + self.look.px(theme.GAP_DANGER) + self._counts_line.height_for(width)

    def _arrange_flat(self, rest: Area) -> None:
        """Numbers over one line of: one less, how many, one more, take away."""
        self._done.place(self.foot)
        apart = self.look.px(theme.GAP_DANGER)
        if self._counts and self._counts_line.buttons:
            line, rest = rest.from_top(self._counts_line.height_for(rest.w), apart)
            self._counts_line.place(line)
        width = rest.w  # at the end, taking away, and before it the third way: as they are read
        remove, rest = rest.from_end(round(width * (_QUARTER if self._beside else 0.4)), apart)
        self._remove.place(remove)
        if self._beside:
            search, rest = rest.from_end(round(width * _QUARTER), apart)
            self._search.place(search)
        elif self._searches:
            self._search.place(rest)
        if self._counts:
            side = round((rest.w - self.look.px(_QUANTITY_MM)) / 2)
            less, rest = rest.from_start(side)
            more, quantity = rest.from_end(side)
            self._less.place(less)
            self._more.place(more)
            self._quantity.place(quantity)

    def content_height(self, width: float) -> float:
        gap = self.look.px(theme.GAP_LARGE)
        apart = self.look.px(theme.GAP_DANGER)
        if self._flat:
            return self._head_height(width) + gap + self._flat_height(width)
        steps = self.look.px(theme.PRIMARY_HEIGHT) + apart if self._counts else 0
        if self._counts and self._counts_line.buttons:
            steps += round(self._counts_line.height_for(width)) + gap
        below = self._searches and not self._beside
        search = self._search_height(width) + apart if below else 0
        return self._head_height(width) + gap + steps + search + self._button_height(width)

    def _search_height(self, width: float) -> float:
        return max(self._search.height_for(width), self.look.px(theme.PRIMARY_HEIGHT))

    def arrange(self, area: Area) -> None:
        gap = self.look.px(theme.GAP_LARGE)
        head, rest = area.from_top(self._head_height(area.w), gap)
        side = self.look.px(theme.LAST_PICTURE)
        spot, text = head.from_start(side, gap)
        self._picture.place(spot.middle(side, side))
        block = text.middle(
            text.w, sum(p.height_for(text.w) for p in (self._name, self._detail, self._amount))
        )
        for part in (self._name, self._detail, self._amount):
            top, block = block.from_top(part.height_for(text.w))
            part.place(top)
        if self._flat:
            self._arrange_flat(rest)
            return
        if self._counts:
            away = self.look.px(theme.GAP_DANGER)
            under = gap if self._counts_line.buttons else away
            line, rest = rest.from_top(self.look.px(theme.PRIMARY_HEIGHT), under)
            width = self.look.px(theme.HELP_WIDTH)
            less, line = line.from_start(width, gap)
            more, line = line.from_end(width, gap)
            self._less.place(less)
            self._more.place(more)
            self._quantity.place(line)
            if self._counts_line.buttons:
                line, rest = rest.from_top(self._counts_line.height_for(rest.w), away)
                self._counts_line.place(line)
        apart = self.look.px(theme.GAP_DANGER)
        if self._searches and not self._beside:
            line, rest = rest.from_top(self._search_height(area.w), apart)
            self._search.place(line)
        line = rest.from_top(self._button_height(area.w))[0]
        if self._beside:
            search, remove, done = line.columns(3, apart)
            self._search.place(search)
        else:
            remove, done = line.columns(2, apart)
        self._remove.place(remove)
        self._done.place(done)


class TileSheetView(Sheet):
    """Big tiles to choose from."""

    widest_mm = 290.0

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.TITLE, Tone.PLAIN)
        face = Face.BUTTON_SMALL if look.manner.reach else Face.ROW
        self._tiles = ButtonSet(look, face=face, form=Form.LEADING)
        self._close = BigButton(look, Kind.PRIMARY, face=Face.ROW)
        self._beside = False
        self._all: tuple[ButtonModel, ...] = ()
        self._page = 0
        self._window = Area(0, 0, 0, 0)
        self._above = 0.0

    def turn(self) -> None:
        """Show the next tiles, after the last the first again."""
        self._page += 1
        self.place_over(self._window, self._above)

    def update(self, sheet: TileSheet) -> None:
        if sheet.title != self._title.value:
            self._page = 0
        self._all = sheet.tiles
        self._title.say(sheet.title)
        low = self.look.manner.reach
        wide = 5 if low else 4 if self.look.manner.large else 3
        upright = 4 if low else 2
        self._tiles.gap_mm = theme.GAP_SMALL if low else theme.GAP
        self._tiles.columns = wide if self.look.panel.landscape else upright
        self._put(sheet.tiles)
        self._close.update(sheet.close)
        self._outside_id = sheet.close.tap_id
        self.hold((self._shade, self._panel, self._title, self._tiles, self._close))

    def place_over(self, window: Area, above: float) -> None:
        """Where height is short, the way out stands beside the title and not under the tiles."""
        room = window.top - above - self.look.px(theme.MARGIN) - 2 * self.look.px(theme.GAP_LARGE)
        width = min(window.w - 2 * self.look.px(theme.MARGIN), self.look.px(self.widest_mm))
        self._beside = False
        if self.look.manner.reach:
            self._window, self._above = window, above
            self._show_page(width - 2 * self.look.px(theme.GAP_LARGE))
            super().place_over(window, above)
            return
        self._window, self._above = window, above
        inner = width - 2 * self.look.px(theme.GAP_LARGE)
        self._put(self._all)
        self._beside = self.content_height(inner) > room
        if self.content_height(inner) > room:
            self._put_page(inner, room - self._head_height(inner) - self.look.px(theme.GAP_LARGE))
        super().place_over(window, above)

    def _show_page(self, width: float) -> None:
        """All tiles, or as many as stand low, with one more that leads to the others."""
        limit = reach.highest_centre(self.look.panel) + self.look.px(theme.TARGET) / 2
        self._put_page(width, limit - self._above - self.look.px(theme.GAP_LARGE))

    def _put_page(self, width: float, room: float) -> None:
        pages: list[tuple[ButtonModel, ...]] = [self._all]
        for size in range(len(self._all), _LEAST_TILES - 1, -1):
            pages = self._pages_of(size)
            if all(self._height_of(page, width) <= room for page in pages):
                break
        self._put(pages[self._page % len(pages)])

    def _pages_of(self, size: int) -> list[tuple[ButtonModel, ...]]:
        more = () if size >= len(self._all) else (ButtonModel(TILES_MORE, "", "more"),)
        return [(*self._all[at : at + size], *more) for at in range(0, len(self._all), size)]

    def _height_of(self, models: tuple[ButtonModel, ...], width: float) -> float:
        self._put(models)
        return self._tiles.height_for(width)

    def _put(self, models: tuple[ButtonModel, ...]) -> None:
        self._tiles.update(models)
        for tile in self._tiles.buttons:
            tile.padding_mm = 1.0 if self.look.manner.reach else theme.GAP
            tile.turns = self if tile.tap_id == TILES_MORE else None

    def _close_size(self, width: float) -> tuple[float, float]:
        wide = min(self._close.width_for(), round(width / 2)) if self._beside else width
        return wide, max(self._close.height_for(wide), self.look.px(theme.PRIMARY_HEIGHT))

    def _head_height(self, width: float) -> float:
        if not self._beside:
            return self._title.height_for(width)
        wide, high = self._close_size(width)
        return max(self._title.height_for(width - wide - self.look.px(theme.GAP)), high)

    def content_height(self, width: float) -> float:
        gap = self.look.px(theme.GAP_LARGE)
        under = 0 if self._beside or self.look.manner.reach else self._close_size(width)[1] + gap
        return self._head_height(width) + gap + self._tiles.height_for(width) + under

    def arrange(self, area: Area) -> None:
        gap = self.look.px(theme.GAP_LARGE)
        head, rest = area.from_top(self._head_height(area.w), gap)
        wide, high = self._close_size(area.w)
        if self.look.manner.reach:
            self._close.place(self.foot)
        elif self._beside:
            spot, head = head.from_end(wide, self.look.px(theme.GAP))
            self._close.place(spot.middle(wide, high))
        else:
            bottom, rest = rest.from_bottom(high, gap)
            self._close.place(bottom)
        self._title.place(head)
        self._tiles.place(rest)
