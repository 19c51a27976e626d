"""Owns the search for a good: the word written so far, what was found, where it stands, and the keyboard.

It must not know the catalogue or the stock.
"""

from __future__ import annotations

import math

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
from kiosk.ui.widgets.steps import Steps
from kiosk.ui.widgets.text import Align, Text

KEYS_WIDTH = 171.0
"""The landscape column of map and keys in mm: ten keys of 15 mm and their gaps are its least."""
_MAP_LEAST = 46.0


class QueryField(Part):
    """The word as typed with a bar after it; letters are added and taken at its end only."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.PAPER, theme.PRIMARY, edge_mm=theme.EDGE_WIDE)
        self._icon = Picture(look, "icons", "find", tint=theme.PRIMARY)
        self._word = Text(look, Face.INPUT, Tone.PLAIN, most=1)
        self._placeholder = Text(look, Face.BODY, Tone.SOFT, most=2)
        self._cursor = Ground(look, theme.PRIMARY)

    def mark(self, icon: str) -> None:
        """What is written here: a word to search for, or something else."""
        self._icon.choose(icon)

    def update(self, query: str, placeholder: str) -> None:
        self._word.say(query)
        self._placeholder.say("" if query else placeholder)

    def height_for(self, width: float) -> float:
        around = 2 * self.look.px(theme.GAP_LARGE) + self.look.px(theme.ICON) + 2 * self.look.px(theme.GAP)
        words = self._placeholder.height_for(width - around) + 2 * self.look.px(theme.EDGE_WIDE)
        return max(round(words), self.look.px(theme.TARGET + 2))

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
    keys_at_end = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._query = QueryField(look)
        self._cards: list[FoundCard] = []
        self._count = 0
        self._empty = Text(look, Face.SUBTITLE, Tone.SOFT, align=Align.CENTRE)
        self._map = AisleMap(look)
        self._has_map = False
        self._keyboard = Keyboard(look)
        self._space = BigButton(look, Kind.KEY, face=Face.BUTTON_SMALL, repeats=True)
        self._accents = BigButton(look, Kind.KEY, face=Face.BUTTON_SMALL, repeats=True)
        self._space.padding_mm = self._accents.padding_mm = 0.4
        self._steps = Steps(look, self)
        self._marked = 0
        self._frame: Frame | None = None

    def step(self, by: int) -> None:
        """Mark the next result, where results are out of reach and only read."""
        self._marked = self._steps.after(self._marked, by, self._count)
        assert self._frame is not None, "a result is on the screen before it is marked"
        self.arrange(self._frame)

    def open_marked(self) -> None:
        self.look.tapped(self._cards[self._marked].opens, repeats=False)

    def update(self, body: FindModel, model: ScreenModel) -> None:  # noqa: ARG002
        if [item.tap_id for item in body.results] != [card.opens for card in self._cards[: self._count]]:
            self._marked = 0
        self._query.update(body.query, body.placeholder)
        while len(self._cards) < len(body.results):
            self._cards.append(FoundCard(self.look))
        self._count = len(body.results)
        for card, item in zip(self._cards, body.results, strict=False):
            card.show(item)
        self._empty.say(body.empty_text if not body.results else "")
        self._has_map = body.map is not None
        if body.map is not None:
            self._map.update(body.map)
        self._keyboard.update(body.keys, body.erase)
        self._space.update(body.space)
        self._accents.update(body.accents)

    def base_height(self, width: float) -> float:
        if self.look.panel.landscape:
            if not self.look.manner.reach:
                return 0
            two_lines = 2 * self.look.px(theme.TARGET) + self.look.px(theme.GAP_SMALL)
            return max(self.corner_base(self._keyboard.height_for(width)), two_lines)
        return self._keyboard.height_for(width)

    def keyboard_height(self, width: float) -> float:
        """Height in px of the keys in a column so wide."""
        return self._keyboard.height_for(width)

    def least_height(self, width: float) -> float:
        """The word and the first result whole: a call for help sooner says less."""
        gap, words = self.look.px(theme.GAP), self._query.height_for(width)
        return words + gap + (self._cards[0].height_for(width) if self._count else self.look.px(40))

    def end_width(self, width: float) -> float:  # noqa: ARG002
        return self.look.px(KEYS_WIDTH) if self.look.panel.landscape else 0

    def _arrange_low(self, frame: Frame) -> None:
        """Keys and steps low, in landscape the keys down to the foot; the results are read above."""
        gap, small = self.look.px(theme.GAP), self.look.px(theme.GAP_SMALL)
        if self.look.panel.landscape:
            self._keyboard.place(frame.corner.from_bottom(self._keyboard.height_for(0))[0])
            beside = frame.base.from_start(frame.foot.x - frame.base.x - gap)[0]
            high = self.look.px(theme.TARGET)
            steps, rest = beside.from_bottom(high, small)
            accents, space = rest.from_bottom(high)[0].from_end(self.look.px(theme.ACCESS_WIDTH), small)
        else:
            self._keyboard.place(frame.base)
            steps, rest = frame.foot.from_start(self._steps.width_px, gap)
            steps = steps.middle(steps.w, self.look.px(theme.TARGET))
            accents, space = rest.middle(rest.w, steps.h).from_end(self.look.px(theme.TARGET), small)
        self._steps.place(steps)
        self._space.label.use(Face.BUTTON_SMALL)
        if self._space.least_width > space.w:
            self._space.label.use(Face.CAPTION_STRONG)
        self._space.place(space)
        self._accents.place(accents)
        parts: list[Part] = [self._query, self._keyboard, self._space, self._accents, self._steps]
        rest = frame.main
        if self.look.panel.landscape:
            end, rest = rest.from_end(self.end_width(rest.w), self.look.px(theme.GAP_LARGE))
            end = end.from_bottom(frame.banner_height)[1]
            if self.look.manner.large:  # the result needs all the height there is
                query, end = end.from_top(self._query.height_for(end.w), gap)
                self._query.place(query)
            if self._has_map and end.h >= self.look.px(_MAP_LEAST):
                self._map.place(end)
                parts.append(self._map)
        if not (self.look.panel.landscape and self.look.manner.large):
            query, rest = rest.from_top(self._query.height_for(rest.w), gap)
            self._query.place(query)
        self.hold([*parts, *self._arrange_results(rest)])
        self._steps.allow(place=self._marked, count=self._count)

    def arrange(self, frame: Frame) -> None:
        self._frame = frame
        if self.look.manner.reach:
            self._arrange_low(frame)
            return
        gap = self.look.px(theme.GAP)
        parts: list[Part] = [self._query, self._keyboard, self._space, self._accents]
        keys = frame.base
        if self.look.panel.landscape:
            end, main = frame.main.from_end(self.look.px(KEYS_WIDTH), self.look.px(theme.GAP_LARGE))
            keys, over = end.from_bottom(self.keyboard_height(end.w), gap)
            over = over.from_top(frame.banner_height, gap)[1] if frame.banner_height else over
            if self._has_map and over.h >= self.look.px(_MAP_LEAST):
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

    def _first_for(self, rest: Area) -> int:
        """The result to begin with, so that the marked one is in sight."""
        if not self._count:
            return 0
        gap = self.look.px(theme.GAP)
        first = self._marked
        height = self._cards[first].height_for(rest.w)
        while first and height + gap + self._cards[first - 1].height_for(rest.w) <= rest.h:
            first -= 1
            height += gap + self._cards[first].height_for(rest.w)
        return first

    def _arrange_results(self, rest: Area) -> list[Part]:
        gap = self.look.px(theme.GAP)
        parts: list[Part] = []
        if self._empty.value:
            self._empty.place(rest.inset(self.look.px(theme.MARGIN), 0))
            return [self._empty]
        map_below = self._has_map and not self.look.panel.landscape
        for number, card in enumerate(self._cards[self._first_for(rest) : self._count]):
            card.mark(marked=card is self._cards[self._marked])
            # what has no room can be done on the card that a tap opens
            card.fit(rest.w, rest.h if not number else math.inf, deeds=0)
            height = card.height_for(rest.w)
            # the second result may push the map away, the further ones may not
            kept = self.look.px(52) + gap if map_below and number > 1 else 0
            if height + kept > rest.h and number:
                break
            spot, rest = rest.from_top(height, gap)
            card.place(spot)
            parts.append(card)
        if map_below and rest.h >= self.look.px(_MAP_LEAST):
            self._map.place(rest.from_top(min(rest.h, self.look.px(80)))[0])
            parts.append(self._map)
        return parts
