"""Owns the choice of a good that has no barcode: pictures, page by page, and a way to the search.

It must not know which goods are offered or why.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import NoBarcodeModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.found import Tile
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Text

_FEW_MOST_MM = 110.0
"""No tile is higher, however few there are."""
_LOW_LARGE_MM = 31.0
"""The height of a low tile with two lines of large letters."""
_COLUMNS_LOW, _COLUMNS_LOW_LARGE = 3, 2
"""Tiles in a line where everything is low."""


class NoBarcodeScreen(Screen[NoBarcodeModel]):
    """Two columns of tiles in portrait, as many as fit in a line in landscape; search stands in the foot."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.TITLE, Tone.PLAIN)
        self._tiles: list[Tile] = []
        self._count = 0
        self._previous = BigButton(look)
        self._next = BigButton(look)
        self._search = BigButton(look)
        self._searches = False
        self._number = BigButton(look)
        self._has_number = False
        self._pager: list[BigButton] = []
        self._letters = ButtonSet(look, face=Face.BUTTON_SMALL)
        self._letters.gap_mm = theme.GAP_SMALL

    def update(self, body: NoBarcodeModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._title.say(body.title)
        while len(self._tiles) < len(body.tiles):
            self._tiles.append(Tile(self.look))
        self._count = len(body.tiles)
        for tile, item in zip(self._tiles, body.tiles, strict=False):
            tile.show(item)
        self._searches = body.search is not None
        if body.search is not None:
            self._search.update(body.search)
        self._has_number = body.number is not None
        if body.number is not None:
            self._number.update(body.number)
        self._letters.update(body.letters)
        pairs = ((self._previous, body.previous), (self._next, body.next))
        self._pager = [button.update(model) for button, model in pairs if model is not None]

    def base_height(self, width: float) -> float:
        if self.look.manner.reach:
            least = theme.TARGET if self.look.panel.landscape else theme.PRIMARY_HEIGHT
            high = self.look.px(_LOW_LARGE_MM if self.look.manner.large else least)
            lines = -(-self._count // self._columns_low)
            return lines * high + (lines - 1) * self.look.px(theme.GAP) if lines else 0
        if self.look.panel.landscape or not self._searches:
            return 0
        half = int((width - self.look.px(theme.GAP)) / 2)
        return max((button.height_for(half) for button in self._pager), default=0)

    @property
    def _columns_low(self) -> int:
        if not self.look.manner.large:
            return _COLUMNS_LOW
        return 2 * _COLUMNS_LOW_LARGE if self.look.panel.landscape else _COLUMNS_LOW_LARGE

    def _arrange_low(self, frame: Frame) -> None:
        """Tiles under the bar, pages and search in the foot as signs; what is above is the question alone."""
        gap = self.look.px(theme.GAP)
        self._title.place(frame.main.from_bottom(self._title.height_for(frame.main.w))[0])
        shown = self._tiles[: self._count]
        rest = frame.base
        lines = -(-self._count // self._columns_low) or 1
        high = round((rest.h - gap * (lines - 1)) / lines)
        for start in range(0, self._count, self._columns_low):
            line, rest = rest.from_top(high, gap)
            cells = line.columns(self._columns_low, gap)
            for tile, cell in zip(shown[start : start + self._columns_low], cells, strict=False):
                tile.place(cell)
        parts: list[Part] = [self._title, *shown]
        foot = frame.foot
        for button in self._pager:
            button.label.say("")
            spot, foot = foot.from_start(self.look.px(theme.TARGET), gap)
            button.place(spot)
        parts += self._arrange_words(foot)
        self.hold([*parts, *self._pager])

    def _arrange_words(self, area: Area) -> list[Part]:
        """Two ways for what is in no picture: its name, or the number on its sticker."""
        if not self._searches:
            return []
        if not self._has_number:
            self._search.place(area)
            return [self._search]
        gap = self.look.px(theme.GAP)
        for width in self._number_widths():
            number, search = area.from_end(width, gap)
            if self._search.height_for(search.w) <= area.h:
                break
            if width == self.look.px(theme.TARGET):  # no room for words at all: signs, which say it as well
                _as_sign(self._search)
                search, number = area.columns(2, gap)
        if number.w < self._number.least_width:
            _as_sign(self._number)
        self._search.place(search)
        self._number.place(number)
        return [self._search, self._number]

    def _number_widths(self) -> tuple[float, float, float]:
        """With its sign and word, with its word, with its sign."""
        word = self._number.label.natural_width + 2 * self.look.px(theme.GAP_SMALL) + 2
        return self._number.width_for(), max(word, self.look.px(theme.TARGET)), self.look.px(theme.TARGET)

    def _arrange_wide_foot(self, foot: Area) -> list[Part]:
        """Pages at the ends, words between; pages are signs where large words need the room."""
        gap = self.look.px(theme.GAP)
        ends = round(foot.columns(4 if self._has_number else 3, gap)[0].w)
        sign = self.look.px(theme.TARGET) + gap if self._has_number else 0
        if self._search.height_for(foot.w - 2 * (ends + gap) - sign) > foot.h:
            ends = self.look.px(theme.ACCESS_WIDTH)
            for button in self._pager:
                _as_sign(button)
        previous, middle = foot.from_start(ends, gap)
        following, middle = middle.from_end(ends, gap)
        for button in self._pager:
            button.place(previous if button is self._previous else following)
        return [*self._arrange_words(middle), *self._pager]

    def arrange(self, frame: Frame) -> None:
        if self.look.manner.reach:
            self._arrange_low(frame)
            return
        gap = self.look.px(theme.GAP)
        title, rest = frame.main.from_top(self._title.height_for(frame.main.w), gap)
        self._title.place(title)
        letters: list[Part] = []
        if self._letters.buttons:
            self._letters.columns = len(self._letters.buttons)
            line, rest = rest.from_top(self._letters.height_for(rest.w), gap)
            self._letters.place(line)
            letters = [self._letters]
        parts: list[Part] = [self._title, *letters]
        parts += self._arrange_tiles(rest)
        self.hold([*parts, *self._arrange_ways_on(frame)])

    def _arrange_ways_on(self, frame: Frame) -> list[Part]:
        """Pages on either side of the words or over them; a simple screen has one wide way on."""
        gap = self.look.px(theme.GAP)
        if self.look.panel.landscape and not self.look.manner.simple:
            return self._arrange_wide_foot(frame.foot)
        words, line = frame.foot, frame.base
        previous, following = line.columns(2, gap)
        if self.look.manner.simple:
            if not line.h:
                words, line = frame.foot.columns(2, gap) if self._searches else (frame.foot, frame.foot)
            previous = following = line
        for button in self._pager:
            button.place(previous if button is self._previous else following)
        return [*self._arrange_words(words), *self._pager]

    def _arrange_few(self, area: Area) -> list[Part]:
        """All the room for a few: one under the other in portrait, side by side in landscape."""
        gap = self.look.px(theme.GAP)
        shown = self._tiles[: self._count]
        columns = self._count if self.look.panel.landscape else 1
        lines = self._count // columns
        name_lines = max(tile.lines_for(area.columns(columns, gap)[0].w) for tile in shown)
        high = min(round((area.h - gap * (lines - 1)) / lines), self.look.px(_FEW_MOST_MM))
        rest = area
        for start in range(0, self._count, columns):
            line, rest = rest.from_top(high, gap)
            for tile, cell in zip(shown[start : start + columns], line.columns(columns, gap), strict=True):
                tile.name_lines = name_lines
                tile.place(cell)
        return list(shown)

    def _arrange_tiles(self, area: Area) -> list[Part]:
        if not self._count:
            return []
        gap = self.look.px(theme.GAP)
        if self.look.manner.simple:
            return self._arrange_few(area)
        wide = self.look.panel.landscape and area.w > self.look.px(220)
        most = 3 if wide else 2
        if self._count > 6 and not wide:
            most = 3
        if wide and self._count > 6:
            most = 4
        columns = min(most, max(self._count, 2))
        lines = max(-(-self._count // columns), 2)
        height = round((area.h - gap * (lines - 1)) / lines)
        shown = self._tiles[: self._count]
        name_lines = max(tile.lines_for(area.columns(columns, gap)[0].w) for tile in shown)
        for tile in shown:
            tile.name_lines = name_lines
        rest = area
        for start in range(0, self._count, columns):
            line, rest = rest.from_top(height, gap)
            for tile, cell in zip(shown[start : start + columns], line.columns(columns, gap), strict=False):
                tile.place(cell)
        return list(shown)


def _as_sign(button: BigButton) -> None:
    """Without its word, which speech still says."""
    if button.model is not None:
        button.update(replace(button.model, label=""))
