"""Owns pictures: pictograms of goods, tinted icons and the large illustrations.

It must not know why a picture is shown.
"""

from __future__ import annotations

from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.theme import RADIUS_SMALL, SURFACE, Colour
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part

from kivy.graphics import Color, Rectangle  # isort: skip


class Picture(Part):
    """An image kept in proportion in the middle of its rectangle; icons are white and take a tint."""

    def __init__(self, look: Look, folder: str, stem: str = "", *, tint: Colour | None = None) -> None:
        super().__init__(look)
        self.folder = folder
        self.stem = ""
        with self.canvas:
            self._colour = Color(1, 1, 1, 0)
            self._shape = Rectangle()
        if tint is not None:
            self.tint(tint)
        self.choose(stem)

    def choose(self, stem: str) -> Picture:
        """Show assets/`folder`/`stem`.png."""
        self.stem = stem
        texture = self.look.picture(self.folder, stem) if stem else None
        self._colour.a = 1 if texture is not None else 0
        self._shape.texture = texture
        return self

    def tint(self, colour: Colour) -> None:
        self._colour.rgb = colour.rgb

    def place(self, area: Area) -> None:
        super().place(area)
        texture = self._shape.texture
        if texture is None:
            return
        scale = min(area.w / texture.width, area.h / texture.height)
        spot = area.middle(round(texture.width * scale), round(texture.height * scale))
        self._shape.pos, self._shape.size = (spot.x, spot.y), (spot.w, spot.h)


class Pictogram(Part):
    """A pictogram of goods on its own light tile."""

    def __init__(self, look: Look, ground: Colour = SURFACE, *, radius_mm: float = RADIUS_SMALL) -> None:
        super().__init__(look)
        self._card = Card(look, ground, radius_mm=radius_mm)
        self._picture = Picture(look, "pictograms")
        self.hold((self._card, self._picture))

    def choose(self, stem: str) -> Pictogram:
        self._picture.choose(stem or "box")
        return self

    def place(self, area: Area) -> None:
        super().place(area)
        self._card.place(area)
        self._picture.place(area.inset(round(area.w * 0.12), round(area.h * 0.12)))
