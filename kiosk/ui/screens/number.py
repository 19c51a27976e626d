"""Owns the screen of a sticker's number: the number pad, what was typed, and the good that carries it.

It must not know which numbers there are.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import NumberModel, ScreenModel
from kiosk.ui.screens.notice import Marked
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.screens.weigh import GoodsCard
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.number_pad import NumberPad
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Align, Text

_READ_MM = 130.0
"""How high the words stand over low keys: near enough to be seen with them."""


class NumberScreen(Screen[NumberModel]):
    """Portrait: words and good over the keys. Landscape: beside them. Low: two lines of keys in reach."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.TITLE, Tone.PLAIN, align=Align.CENTRE)
        self._text = Text(look, Face.BODY, Tone.SOFT, align=Align.CENTRE)
        self._alarm = Marked(look)
        self._box = Card(look, theme.SURFACE, radius_mm=theme.RADIUS)
        self._number = Text(look, Face.HEADLINE, Tone.INK_SURFACE, align=Align.CENTRE, most=1)
        self._found = GoodsCard(look)
        self._has_found = False
        self._pad = NumberPad(look)

    def update(self, body: NumberModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._title.say(body.title)
        self._text.say("" if body.alarm else body.text)
        self._alarm.say(body.text if body.alarm else "")
        self._number.say(body.number)
        self._has_found = body.found is not None
        if body.found is not None:
            self._found.update(body.found)
        self._pad.lines = 2 if self.look.manner.reach else 4
        self._pad.update(body.erase, body.ok)

    def base_height(self, width: float) -> float:
        return self._pad.height_for(width) if self.look.manner.reach else 0

    def arrange(self, frame: Frame) -> None:
        gap = self.look.px(theme.GAP_LARGE)
        if self.look.manner.reach:
            self._pad.place(frame.base)
            words = frame.main.from_bottom(min(frame.main.h, self.look.px(_READ_MM)))[0]
        else:
            width = min(self._pad.width_for(), frame.main.w)
            height = self._pad.height_for(width)
            if self.look.panel.landscape:
                end, words = frame.main.from_end(width, gap)
                self._pad.place(end.middle(width, height))
            else:
                bottom, words = frame.main.from_bottom(height, gap)
                self._pad.place(bottom.middle(width, height))
        self.hold([*self._arrange_words(words), self._pad])

    def _arrange_words(self, area: Area) -> list[Part]:
        """From the top, so that nothing moves while the digits come; the good takes what is left."""
        gap = self.look.px(theme.GAP)
        beside: Area | None = None
        if self.look.manner.reach and self.look.panel.landscape and self._has_found:
            area, beside = area.columns(2, gap)
        words: Text | Marked = self._alarm if self._alarm.value else self._text
        width = min(area.w, self.look.px(150))
        good = self._found.height_for(width) if self._has_found and beside is None else 0
        heights = (
            self._title.height_for(area.w),
            self.look.px(theme.PRIMARY_HEIGHT),
            words.height_for(area.w),
            good,
        )
        # who has typed a number knows the question: large words may take its place
        is_asked = not self._number.value or sum(heights) + gap * (3 if good else 2) <= area.h
        rest = area
        if is_asked:
            title, rest = area.from_top(heights[0], gap)
            self._title.place(title)
        box, rest = rest.from_top(heights[1], gap)
        self._box.place(box.middle(width, box.h))
        self._number.place(box.middle(width, self._number.height_for(width)))
        line, rest = rest.from_top(words.height_for(area.w), gap)
        words.place(line)
        parts: list[Part] = [*((self._title,) if is_asked else ()), self._box, self._number, words]
        if self._has_found:
            height = self._found.height_for(width)
            spot = beside or rest.from_top(min(rest.h, height))[0]
            self._found.place(spot.middle(min(width, spot.w), min(spot.h, height)))
            parts.append(self._found)
        return parts
