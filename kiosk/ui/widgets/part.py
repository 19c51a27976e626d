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
    opens = ""
    """What low buttons open in the place of this part, which is then only read."""
    enabled = True

    def __init__(self, look: Look) -> None:
        super().__init__(size_hint=(None, None))
        self.look = look
        self.area = Area(0, 0, 0, 0)

    def place(self, area: Area) -> None:
        """Take this rectangle, in pixels from where lines start: the right edge, where one writes so."""
        self.area = area

    @property
    def seen(self) -> Area:
        """Where the part is on the glass, and so where a finger finds it."""
        return self.look.seen(self.area)

    def height_for(self, width: float) -> float:  # noqa: ARG002  (most parts have their own height)
        """The height wanted at that width, in pixels."""
        return self.area.h

    def shrink(self, *, small: bool) -> None:
        """Take smaller letters, or its own again; only a text has any."""

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


_LEAST_GAP = 0.25
"""The share of its gaps a column keeps at least."""


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a column: the gap above it, its width (0 = all) and, for a picture, how it may stretch."""

    part: Part
    gap: float = 0
    width: float = 0
    least: float = 0
    most: float = 0
    spare: int = 0
    """Left out sooner than that two texts would stand on one another, the highest first; 0 stays."""

    def within(self, width: float) -> float:
        """How wide the part is in a column of that width."""
        return min(self.width or width, width)


def column(area: Area, items: Sequence[Item], *, centred: bool = True) -> list[Part]:
    """Place the items one under the other; a stretching one takes what is left, or goes if it is too little.

    Returns the parts placed.
    """
    items = _fitting(area, items)
    if _least_height(items, area.w) > area.h:
        for item in items:
            item.part.shrink(small=True)
    fixed = _fixed_height(items, area.w)
    gaps = sum(i.gap for i in items)
    spare = area.h - fixed - gaps
    kept: list[tuple[Item, float]] = []
    for item in items:
        if not item.most:
            kept.append((item, item.part.height_for(item.within(area.w))))
        elif spare >= item.least:
            kept.append((item, min(spare, item.most)))
            spare -= min(spare, item.most)
        else:
            spare += item.gap
    squeeze = max(1 + spare / gaps, _LEAST_GAP) if spare < 0 and gaps else 1.0
    rest = area
    if centred and spare > 0:
        _, rest = area.from_top(spare / 2)
    for place, (item, height) in enumerate(kept):
        gap = item.gap * squeeze if place else 0
        _, rest = rest.from_top(round(gap))
        top, rest = Area(rest.x, round(rest.y), rest.w, rest.h).from_top(round(height))
        width = item.within(area.w)
        item.part.place(Area(round(top.x + (top.w - width) / 2), round(top.y), round(width), top.h))
    return [item.part for item, _ in kept]


def _fixed_height(items: Sequence[Item], width: float) -> float:
    return sum(i.part.height_for(i.within(width)) for i in items if not i.most)


def _least_height(items: Sequence[Item], width: float) -> float:
    """With the gaps as small as they may become."""
    return _fixed_height(items, width) + sum(item.gap for item in items) * _LEAST_GAP


def _fitting(area: Area, items: Sequence[Item]) -> list[Item]:
    """The items without those that can be spared where height is too little for all."""
    kept = list(items)
    for item in kept:
        item.part.shrink(small=False)
    for item in sorted((item for item in items if item.spare), key=lambda item: -item.spare):
        if _least_height(kept, area.w) <= area.h:
            break
        kept.remove(item)
    return kept


def column_height(items: Sequence[Item], width: float) -> float:
    """The height a column needs when nothing stretches."""
    return _fixed_height(items, width) + sum(i.gap for i in items[1:] if not i.most)
