"""Owns how the window is divided where everything to touch stands low: what is read is above it (UX R8).

It must not know any one screen. A message keeps its buttons where there is room under the bar; where there is
none its words stand over the bar, and what they ask stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.ui import reach, theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel, HelpBanner, ScreenModel, Strip
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.widgets.button import Kind
from kiosk.ui.widgets.help import HelpBannerView
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.strip import StripView
from kiosk.ui.widgets.top_bar import TopBarView

Asked = tuple[tuple[ButtonModel, Kind], ...]
"""What a message asks, and how it is to look where it stands apart from its words."""


@dataclass(slots=True)
class LowFrame:
    """One pass over one model; `fixed` is the rectangle of the two buttons that never move."""

    look: Look
    window: Area
    fixed: Area
    bar: TopBarView
    banner: HelpBannerView
    strip: StripView

    def divide(self, screen: Screen[Any], model: ScreenModel, over: list[Part]) -> Frame:
        """The screen's rectangles; bar and messages are placed on the way, what is shown goes to `over`."""
        margin, gap, small = (self.look.px(mm) for mm in (theme.MARGIN, theme.GAP, theme.GAP_SMALL))
        width = self.window.w - 2 * margin
        if screen.has_side and self.look.panel.landscape:
            width -= self.look.px(theme.SIDE)
        base = screen.base_height(width)
        bottom = self.fixed.top + self.look.px(reach.OVER_FOOT_MM)
        taken = bottom + base + small
        room = reach.highest_bar(self.look.panel) - taken - small
        placed, asked = self._messages(model, width, room)
        needed = taken + sum(height + small for part, height in placed if self._is_low(part))
        parts = reach.bands(self.look.panel, self.window, side=screen.has_side, needed=needed)
        self.bar.ask(asked)
        self.bar.place(parts.bar)
        low = Area(margin, bottom, width, parts.below.top - bottom - small)
        foot = Area(self.fixed.right + gap, margin, margin + width - self.fixed.right - gap, self.fixed.h)
        base_area, spare = low.from_bottom(base, small if base else 0)
        above = Area(margin, parts.above.y + gap, width, parts.above.h - margin - gap)
        if self.banner.bare and model.banner is not None and not screen.end_width(width):
            self._spare_room_for(screen, model.banner, above)
        column = above.from_end(screen.end_width(above.w) or above.w)[0]
        taken = 0.0
        for part, height in placed:
            if self._is_low(part):
                spot, spare = spare.from_top(height, small)
            else:
                high = part.height_for(column.w)  # not so wide perhaps, or of fewer words by now
                spot, column = column.from_bottom(high, gap)
                taken += high + gap
            part.place(spot)
            over.append(part)
        if not screen.end_width(above.w):
            above, taken = column, 0
        return Frame(main=above, base=base_area, foot=foot, side=parts.side, banner_height=taken)

    def _spare_room_for(self, screen: Screen[Any], banner: HelpBanner, above: Area) -> None:
        """Only who comes, where more words would take what the screen cannot do without."""
        if above.h - self.banner.height_for(above.w) < screen.least_height(above.w):
            self.banner.terse = True
            self.banner.update(banner)

    def _is_low(self, part: Part) -> bool:
        """Whether a message stands where its own buttons are within reach."""
        return not (self.strip.bare if part is self.strip else self.banner.bare)

    def _messages(
        self, model: ScreenModel, width: float, room: float
    ) -> tuple[list[tuple[Part, float]], Asked]:
        """Strip and banner with their heights, and what of them is asked in the bar."""
        placed: list[tuple[Part, float]] = []
        asked: Asked = ()
        small = self.look.px(theme.GAP_SMALL)
        if model.strip is not None:
            height, buttons = self._fit_strip(model.strip, width, room)
            placed.append((self.strip, height))
            asked += buttons
            room -= 0 if self.strip.bare else height + small
        if model.banner is not None:
            height, buttons = self._fit_banner(model.banner, width, room)
            placed.append((self.banner, height))
            asked += buttons
        return placed, asked

    def _fit_strip(self, strip: Strip, width: float, room: float) -> tuple[float, Asked]:
        actions = tuple((each, Kind.PLAIN) for each in (strip.action, strip.second) if each is not None)
        self.strip.bare = not actions
        self.strip.update(strip)
        if actions and self.strip.height_for(width) > room:
            self.strip.bare = True
            self.strip.update(strip)
        return self.strip.height_for(width), actions if self.strip.bare else ()

    def _fit_banner(self, banner: HelpBanner, width: float, room: float) -> tuple[float, Asked]:
        """As much of it as has room low down; else all its words high up, without what may be touched."""
        for _ in self._shorter_and_shorter(banner):
            if self.banner.height_for(width) <= room:
                return self.banner.height_for(width), ()
        self.banner.brief, self.banner.terse, self.banner.bare = True, False, True
        self.banner.update(banner)
        answers = tuple((each, Kind.HELP_CALLED) for each in banner.last_answer)
        return self.banner.height_for(width), answers

    def _shorter_and_shorter(self, banner: HelpBanner) -> Iterator[None]:
        self.banner.bare = False
        for brief, terse in ((False, False), (True, False), (True, True)):
            self.banner.brief, self.banner.terse = brief, terse
            self.banner.update(banner)
            yield
