"""Owns what is drawn over a dimmed screen: the sheet of one row and the choice of language.

It must not know the screen under it. A tap outside a sheet is its own way out (`done` or `close`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import LanguageSheet, RowSheet
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Card, Ground
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Pictogram
from kiosk.ui.widgets.text import Align, Text


class Sheet(Part):
    """A panel standing on the foot of the window; everything behind it is shaded and out of reach."""

    modal = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._shade = Ground(look, theme.SHADE, opacity=0.62)
        self._panel = Card(look, theme.WHITE, radius_mm=theme.RADIUS_LARGE)
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
        width = min(window.w - 2 * margin, self.look.px(230))
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
        if not super().on_touch_down(touch) and not self.panel.holds(touch.x, touch.y):
            touch.grab(self)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return bool(super().on_touch_up(touch))
        touch.ungrab(self)
        if not self.panel.holds(touch.x, touch.y):
            self.look.tapped(self._outside_id, repeats=False)
        return True


class RowSheetView(Sheet):
    """What one row is, how many of it, and taking it away."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._picture = Pictogram(look)
        self._name = Text(look, Face.TITLE, Tone.PLAIN, most=3)
        self._detail = Text(look, Face.BODY, Tone.SOFT)
        self._amount = Text(look, Face.PRICE, Tone.PLAIN)
        self._less = BigButton(look, repeats=True)
        self._more = BigButton(look, repeats=True)
        self._quantity = Text(look, Face.HEADLINE, Tone.PLAIN, align=Align.CENTRE, most=1)
        self._remove = BigButton(look, Kind.DANGER, face=Face.ROW)
        self._done = BigButton(look, Kind.PRIMARY, face=Face.ROW)
        self._counts = False

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
        parts: list[Part] = [self._shade, self._panel, self._picture, self._name, self._detail, self._amount]
        parts += [self._less, self._quantity, self._more] if self._counts else []
        self.hold([*parts, self._remove, self._done])

    def _text_width(self, width: float) -> float:
        return width - self.look.px(theme.LAST_PICTURE) - self.look.px(theme.GAP_LARGE)

    def _head_height(self, width: float) -> float:
        room = self._text_width(width)
        texts = sum(part.height_for(room) for part in (self._name, self._detail, self._amount))
        return max(texts, self.look.px(theme.LAST_PICTURE))

    def _button_height(self, width: float) -> float:
        half = int((width - self.look.px(theme.GAP_DANGER)) / 2)
        least = self.look.px(theme.PRIMARY_HEIGHT)
        return max(self._remove.height_for(half), self._done.height_for(half), least)

    def content_height(self, width: float) -> float:
        gap = self.look.px(theme.GAP_LARGE)
        steps = self.look.px(theme.PRIMARY_HEIGHT) + gap if self._counts else 0
        return self._head_height(width) + gap + steps + self._button_height(width)

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
        if self._counts:
            line, rest = rest.from_top(self.look.px(theme.PRIMARY_HEIGHT), gap)
            width = self.look.px(theme.HELP_WIDTH)
            less, line = line.from_start(width, gap)
            more, line = line.from_end(width, gap)
            self._less.place(less)
            self._more.place(more)
            self._quantity.place(line)
        line = rest.from_top(self._button_height(area.w))[0]
        remove, done = line.columns(2, self.look.px(theme.GAP_DANGER))
        self._remove.place(remove)
        self._done.place(done)


class LanguageSheetView(Sheet):
    """Big tiles with the languages' own names."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.TITLE, Tone.PLAIN)
        self._tiles = ButtonSet(look, face=Face.ROW)
        self._close = BigButton(look, Kind.PRIMARY, face=Face.ROW)

    def update(self, sheet: LanguageSheet) -> None:
        self._title.say(sheet.title)
        self._tiles.columns = 3 if self.look.panel.landscape else 2
        self._tiles.update(sheet.languages)
        self._close.update(sheet.close)
        self._outside_id = sheet.close.tap_id
        self.hold((self._shade, self._panel, self._title, self._tiles, self._close))

    def content_height(self, width: float) -> float:
        gap = self.look.px(theme.GAP_LARGE)
        close = max(self._close.height_for(width), self.look.px(theme.PRIMARY_HEIGHT))
        return self._title.height_for(width) + self._tiles.height_for(width) + close + 2 * gap

    def arrange(self, area: Area) -> None:
        gap = self.look.px(theme.GAP_LARGE)
        title, rest = area.from_top(self._title.height_for(area.w), gap)
        self._title.place(title)
        close = max(self._close.height_for(area.w), self.look.px(theme.PRIMARY_HEIGHT))
        bottom, rest = rest.from_bottom(close, gap)
        self._close.place(bottom)
        self._tiles.place(rest)
