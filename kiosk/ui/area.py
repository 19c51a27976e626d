"""Owns rectangles on the window and the ways a screen divides them: pixels, origin bottom left, y upwards.

It must not know what is drawn inside them, nor Kivy.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """An axis-parallel rectangle. Splitting never makes a negative side: what does not fit is empty."""

    x: float
    y: float
    w: float
    h: float

    @property
    def top(self) -> float:
        return self.y + self.h

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    def from_top(self, height: float, gap: float = 0) -> tuple[Area, Area]:
        """The upper strip of `height` and what is left under it, `gap` apart."""
        height = min(height, self.h)
        rest = max(self.h - height - gap, 0)
        return Area(self.x, self.top - height, self.w, height), Area(self.x, self.y, self.w, rest)

    def from_bottom(self, height: float, gap: float = 0) -> tuple[Area, Area]:
        """The lower strip of `height` and what is left above it, `gap` apart."""
        height = min(height, self.h)
        rest = max(self.h - height - gap, 0)
        return Area(self.x, self.y, self.w, height), Area(self.x, self.top - rest, self.w, rest)

    def from_start(self, width: float, gap: float = 0) -> tuple[Area, Area]:
        """The leading column of `width` and what is left after it, `gap` apart."""
        width = min(width, self.w)
        rest = max(self.w - width - gap, 0)
        return Area(self.x, self.y, width, self.h), Area(self.right - rest, self.y, rest, self.h)

    def from_end(self, width: float, gap: float = 0) -> tuple[Area, Area]:
        """The trailing column of `width` and what is left before it, `gap` apart."""
        width = min(width, self.w)
        rest = max(self.w - width - gap, 0)
        return Area(self.right - width, self.y, width, self.h), Area(self.x, self.y, rest, self.h)

    def inset(self, sides: float, ends: float | None = None) -> Area:
        """The rectangle with `sides` taken off left and right, `ends` (default the same) off the ends."""
        ends = sides if ends is None else ends
        return Area(self.x + sides, self.y + ends, max(self.w - 2 * sides, 0), max(self.h - 2 * ends, 0))

    def columns(self, count: int, gap: float) -> tuple[Area, ...]:
        """`count` columns of one width side by side."""
        width = (self.w - gap * (count - 1)) / count
        return tuple(
            Area(round(self.x + i * (width + gap)), self.y, round(width), self.h) for i in range(count)
        )

    def middle(self, width: float, height: float) -> Area:
        """A rectangle of that size in the centre of this one, on whole pixels."""
        x = round(self.x + (self.w - width) / 2)
        return Area(x, round(self.y + (self.h - height) / 2), width, height)

    def moved(self, by_x: float, by_y: float) -> Area:
        return Area(self.x + by_x, self.y + by_y, self.w, self.h)

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x <= self.right and self.y <= y <= self.top

    def overlap(self, other: Area) -> Area | None:
        """What both rectangles cover, or None."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        w, h = min(self.right, other.right) - x, min(self.top, other.top) - y
        return Area(x, y, w, h) if w > 0 and h > 0 else None
