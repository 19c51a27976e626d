"""Owns the choice of a good that has no barcode: pictures, page by page, and a way to the search.

It must not know which goods are offered or why.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import NoBarcodeModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton
from kiosk.ui.widgets.found import Tile
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Text


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
        self._pager: list[BigButton] = []

    def update(self, body: NoBarcodeModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._title.say(body.title)
        while len(self._tiles) < len(body.tiles):
            self._tiles.append(Tile(self.look))
        self._count = len(body.tiles)
        for tile, item in zip(self._tiles, body.tiles, strict=False):
            tile.show(item)
        self._search.update(body.search)
        pairs = ((self._previous, body.previous), (self._next, body.next))
        self._pager = [button.update(model) for button, model in pairs if model is not None]

    def base_height(self, width: float) -> float:
        if self.look.panel.landscape:
            return 0
        half = int((width - self.look.px(theme.GAP)) / 2)
        return max((button.height_for(half) for button in self._pager), default=0)

    def arrange(self, frame: Frame) -> None:
        gap = self.look.px(theme.GAP)
        title, rest = frame.main.from_top(self._title.height_for(frame.main.w), gap)
        self._title.place(title)
        parts: list[Part] = [self._title, self._search]
        parts += self._arrange_tiles(rest)
        if self.look.panel.landscape:
            previous, search, following = frame.foot.columns(3, gap)
        else:
            search = frame.foot
            previous, following = frame.base.columns(2, gap)
        self._search.place(search)
        for button in self._pager:
            button.place(previous if button is self._previous else following)
        self.hold([*parts, *self._pager])

    def _arrange_tiles(self, area: Area) -> list[Part]:
        if not self._count:
            return []
        gap = self.look.px(theme.GAP)
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
