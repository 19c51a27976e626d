"""Owns plain coloured shapes: a ground, and a panel with round corners and an edge.

It must not know what stands on them.
"""

from __future__ import annotations

from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.theme import EDGE_WIDTH, RADIUS, Colour
from kiosk.ui.widgets.part import Part

from kivy.graphics import Color, Rectangle, SmoothRoundedRectangle  # isort: skip


class Ground(Part):
    """A flat rectangle."""

    def __init__(self, look: Look, colour: Colour, *, opacity: float = 1.0) -> None:
        super().__init__(look)
        with self.canvas:
            self._colour = Color(*colour.rgb, opacity)
            self._shape = Rectangle()

    def paint(self, colour: Colour) -> None:
        self._colour.rgb = colour.rgb

    def place(self, area: Area) -> None:
        super().place(area)
        self._shape.pos = (area.x, area.y)
        self._shape.size = (area.w, area.h)


class Card(Part):
    """A panel with round corners: the edge is a larger shape behind the fill, so both are smooth."""

    def __init__(
        self,
        look: Look,
        fill: Colour,
        edge: Colour | None = None,
        *,
        edge_mm: float = EDGE_WIDTH,
        radius_mm: float = RADIUS,
    ) -> None:
        super().__init__(look)
        self.edge_px = look.px(edge_mm)
        self._edged = edge is not None
        self._radius = look.px(radius_mm)
        with self.canvas:
            self._outer_colour = Color()
            self._outer = SmoothRoundedRectangle()
            self._inner_colour = Color()
            self._inner = SmoothRoundedRectangle()
        self.paint(fill, edge)

    def paint(self, fill: Colour, edge: Colour | None = None) -> None:
        self._inner_colour.rgb = fill.rgb
        self._outer_colour.rgb = (edge or fill).rgb
        # a card without an edge is one shape: filling twice is what costs time where no GPU helps
        self._outer_colour.a = 1 if edge is not None else 0
        edged, self._edged = self._edged, edge is not None
        if edged != self._edged:
            self.place(self.area)

    def thicken(self, edge_mm: float) -> None:
        self.edge_px = self.look.px(edge_mm)

    def place(self, area: Area) -> None:
        super().place(area)
        edge = self.edge_px if self._edged else 0
        outer = area if self._edged else Area(area.x, area.y, 0, 0)
        for shape, part, wanted in (
            (self._outer, outer, self._radius),
            (self._inner, area.inset(edge), self._radius - edge),
        ):
            radius = max(min(wanted, part.w / 2, part.h / 2), 1)
            shape.size = (part.w, part.h)
            shape.pos = (part.x, part.y)
            shape.radius = [radius]
