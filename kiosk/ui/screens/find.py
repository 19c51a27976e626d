"""Owns the search for a good: the word written so far, what was found, where it stands, and the keyboard.

It must not know the catalogue or the stock.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import FindModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.aisle_map import AisleMap
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.card import Card, Ground
from kiosk.ui.widgets.found import FoundCard
from kiosk.ui.widgets.keyboard import Keyboard
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Picture
from kiosk.ui.widgets.text import Align, Text

KEYS_WIDTH = 168.0
"""The landscape column of map and keys in mm: ten keys of 15 mm and their gaps are its least."""


class QueryField(Part):
    """The word as typed with a bar after it; letters are added and taken at its end only."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.WHITE, theme.PRIMARY, edge_mm=theme.EDGE_WIDE)
        self._icon = Picture(look, "icons", "find", tint=theme.PRIMARY)
        self._word = Text(look, Face.INPUT, Tone.PLAIN, most=1)
        self._placeholder = Text(look, Face.INPUT, Tone.SOFT, most=1)
        self._cursor = Ground(look, theme.PRIMARY)

    def update(self, query: str, placeholder: str) -> None:
        self._word.say(query)
        self._placeholder.say("" if query else placeholder)

    def height_for(self, width: float) -> float:  # noqa: ARG002
        return self.look.px(theme.TARGET + 2)

    def place(self, area: Area) -> None:
        super().place(area)
        gap = self.look.px(theme.GAP)
        self._card.place(area)
        spot, rest = area.inset(self.look.px(theme.GAP_LARGE), 0).from_start(self.look.px(theme.ICON), gap)
        self._icon.place(spot)
        end = rest.x
        if self._word.value:
            self._word.place(rest)
            end += min(self._word.natural_width, rest.w) + self.look.px(1)
        else:
            self._placeholder.place(rest.from_start(gap)[1])
        height = self.look.px(10)
        self._cursor.place(Area(round(end), round(area.centre[1] - height / 2), self.look.px(0.7), height))
        shown = self._word if self._word.value else self._placeholder
        self.hold((self._card, self._icon, shown, self._cursor))


class FindScreen(Screen[FindModel]):
    """Portrait: all in one column over the keys. Landscape: results at the start, map and keys at the end."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._query = QueryField(look)
        self._cards: list[FoundCard] = []
        self._count = 0
        self._empty = Text(look, Face.SUBTITLE, Tone.SOFT, align=Align.CENTRE)
        self._map = AisleMap(look)
        self._has_map = False
        self._keyboard = Keyboard(look)
        self._space = BigButton(look, Kind.KEY, repeats=True)
        self._accents = BigButton(look, Kind.KEY, repeats=True)

    def update(self, body: FindModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._query.update(body.query, body.placeholder)
        while len(self._cards) < len(body.results):
            self._cards.append(FoundCard(self.look))
        self._count = len(body.results)
        for card, item in zip(self._cards, body.results, strict=False):
            card.show(item)
        self._empty.say(body.empty_text if not body.results else "")
        self._has_map = bool(body.map_chosen and body.map_aisles)
        if self._has_map:
            self._map.update(body.map_aisles, body.map_chosen, body.map_you)
        self._keyboard.update(body.keys, body.erase)
        self._space.update(body.space)
        self._accents.update(body.accents)

    def base_height(self, width: float) -> float:
        return 0 if self.look.panel.landscape else self._keyboard.height_for(width)

    def keyboard_height(self, width: float) -> float:
        """Height in px of the keys in a column so wide."""
        return self._keyboard.height_for(width)

    def arrange(self, frame: Frame) -> None:
        gap = self.look.px(theme.GAP)
        parts: list[Part] = [self._query, self._keyboard, self._space, self._accents]
        keys = frame.base
        if self.look.panel.landscape:
            end, main = frame.main.from_end(self.look.px(KEYS_WIDTH), self.look.px(theme.GAP_LARGE))
            keys, over = end.from_bottom(self.keyboard_height(end.w), gap)
            over = over.from_top(frame.banner_height, gap)[1] if frame.banner_height else over
            if self._has_map and over.h >= self.look.px(46):
                self._map.place(over)
                parts.append(self._map)
        else:
            main = frame.main
        self._keyboard.place(keys)
        query, rest = main.from_top(self._query.height_for(main.w), gap)
        self._query.place(query)
        parts += self._arrange_results(rest)
        accents, space = frame.foot.from_end(self.look.px(40), gap)
        self._space.place(space)
        self._accents.place(accents)
        self.hold(parts)

    def _arrange_results(self, rest: Area) -> list[Part]:
        gap = self.look.px(theme.GAP)
        parts: list[Part] = []
        if self._empty.value:
            self._empty.place(rest.inset(self.look.px(theme.MARGIN), 0))
            return [self._empty]
        map_below = self._has_map and not self.look.panel.landscape
        for number, card in enumerate(self._cards[: self._count]):
            height = card.height_for(rest.w)
            # the second result may push the map away, the further ones may not
            kept = self.look.px(52) + gap if map_below and number > 1 else 0
            if height + kept > rest.h and number:
                break
            spot, rest = rest.from_top(height, gap)
            card.place(spot)
            parts.append(card)
        if map_below and rest.h >= self.look.px(46):
            self._map.place(rest.from_top(min(rest.h, self.look.px(80)))[0])
            parts.append(self._map)
        return parts
