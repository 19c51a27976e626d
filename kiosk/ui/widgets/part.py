"""Owns the base of everything drawn: a widget that is told its rectangle, and a column of such widgets.

It must not know text, colours or screens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kiosk.ui.area import Area
from kiosk.ui.look import Look

from kivy.uix.widget import Widget  # isort: skip


class Part(Widget):
    """A widget placed by its owner at once, with no layout pass: what is measured is what is drawn."""

    tap_id = ""
    enabled = True

    def __init__(self, look: Look) -> None:
        super().__init__(size_hint=(None, None))
        self.look = look
        self.area = Area(0, 0, 0, 0)

    def place(self, area: Area) -> None:
        """Take this rectangle (window pixels)."""
        self.area = area
        self.pos = (area.x, area.y)
        self.size = (area.w, area.h)

    def height_for(self, width: float) -> float:  # noqa: ARG002  (most parts have their own height)
        """The height wanted at that width, in pixels."""
        return self.area.h

    def hold(self, parts: Iterable[Widget]) -> None:
        """Show exactly these children, the first at the back; nothing happens when they are there already."""
        wanted = list(parts)
        if list(reversed(self.children)) != wanted:
            self.clear_widgets()
            for part in wanted:
                self.add_widget(part)

    def touchable(self) -> bool:
        """Whether a touch inside the rectangle is taken by this part, and not by what lies behind it."""
        return bool(self.tap_id)


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a column: the gap above it, its width (0 = all) and, for a picture, how it may stretch."""

    part: Part
    gap: float = 0
    width: float = 0
    least: float = 0
    most: float = 0


def column(area: Area, items: Sequence[Item], *, centred: bool = True) -> list[Part]:
    """Place the items one under the other; a stretching one takes what is left, or goes if it is too little.

    Returns the parts placed.
    """
    fixed = sum(i.part.height_for(i.width or area.w) for i in items if not i.most)
    gaps = sum(i.gap for i in items)
    spare = area.h - fixed - gaps
    kept: list[tuple[Item, float]] = []
    for item in items:
        if not item.most:
            kept.append((item, item.part.height_for(item.width or area.w)))
        elif spare >= item.least:
            kept.append((item, min(spare, item.most)))
            spare -= min(spare, item.most)
        else:
            spare += item.gap
    squeeze = max(1 + spare / gaps, 0.25) if spare < 0 and gaps else 1.0
    rest = area
    if centred and spare > 0:
        _, rest = area.from_top(spare / 2)
    for place, (item, height) in enumerate(kept):
        gap = item.gap * squeeze if place else 0
        _, rest = rest.from_top(round(gap))
        top, rest = Area(rest.x, round(rest.y), rest.w, rest.h).from_top(round(height))
        width = min(item.width or area.w, area.w)
        item.part.place(Area(round(top.x + (top.w - width) / 2), round(top.y), round(width), top.h))
    return [item.part for item, _ in kept]


def column_height(items: Sequence[Item], width: float) -> float:
    """The height a column needs when nothing stretches."""
    heights = (i.part.height_for(i.width or width) for i in items if not i.most)
    return sum(heights) + sum(i.gap for i in items[1:] if not i.most)
