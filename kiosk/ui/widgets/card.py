"""Owns plain coloured shapes: a ground, and a panel with round corners and an edge.

It must not know what stands on them.
"""

from __future__ import annotations

from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.shapes import corners_of, stretched
from kiosk.ui.theme import EDGE_WIDTH, RADIUS, Colour
from kiosk.ui.widgets.part import Part

from kivy.graphics import Color, Mesh, Rectangle  # isort: skip


class Ground(Part):
    """A flat rectangle."""

    def __init__(self, look: Look, colour: Colour, *, opacity: float = 1.0) -> None:
        super().__init__(look)
        with self.canvas:
            self._colour = Color(*look.rgb(colour), opacity)
            self._shape = Rectangle()

    def paint(self, colour: Colour) -> None:
        self._colour.rgb = self.look.rgb(colour)

    def place(self, area: Area) -> None:
        super().place(area)
        self._shape.pos = (self.seen.x, self.seen.y)
        self._shape.size = (area.w, area.h)

    @property
    def filled(self) -> tuple[float, float, float] | None:
        """The colour it is drawn in; None while what lies behind shines through."""
        red, green, blue, alpha = self._colour.rgba
        return (red, green, blue) if alpha == 1 else None


class Card(Part):
    """A panel with round corners; its edge lies on the fill, inside the rectangle."""

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
        self._edged = False
        self._drawn: object = None
        self._radius = look.px(radius_mm)
        with self.canvas:
            self._fill_colour = Color()
            self._fill = Mesh(mode="triangles")
            self._edge_colour = Color()
            self._edge = Mesh(mode="triangles")
        self.paint(fill, edge)

    def paint(self, fill: Colour, edge: Colour | None = None) -> None:
        inner, outer = self.look.rgb(fill), self.look.rgb(edge or fill)
        self._fill_colour.rgb, self._edge_colour.rgb = inner, outer
        edged, self._edged = self._edged, inner != outer
        if edged != self._edged:
            self.place(self.area)

    @property
    def filled(self) -> tuple[float, float, float] | None:
        """The colour inside the edge, as it is drawn."""
        red, green, blue = self._fill_colour.rgb
        return red, green, blue

    def thicken(self, edge_mm: float) -> None:
        self.edge_px = self.look.px(edge_mm)

    def round_off(self, radius_px: float) -> None:
        """Give the corners this radius."""
        self._radius = round(radius_px)

    def place(self, area: Area) -> None:
        super().place(area)
        edge = self.edge_px if self._edged else 0
        drawn = (self.seen, self._radius, edge)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        # the fill ends in the middle of the edge: beside it no ground shines through, beyond it no fill
        self._stretch(self._fill, self.seen.inset(edge // 2), self._radius - edge // 2, 0)
        self._stretch(self._edge, self.seen if edge else Area(0, 0, 0, 0), self._radius, edge)

    def _stretch(self, shape: Mesh, area: Area, radius: int, edge: int) -> None:
        x, y = round(area.x), round(area.y)
        width, height = round(area.right) - x, round(area.top) - y
        if width <= 0 or height <= 0:
            shape.indices = []
            return
        corners = corners_of(width, height, max(radius, 0), edge)
        shape.texture = self.look.shape(corners)
        shape.vertices, shape.indices = stretched(x, y, width, height, corners.side, hollow=edge > 0)
