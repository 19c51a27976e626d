"""Owns pictures: pictograms of goods, tinted icons and the large illustrations.

It must not know why a picture is shown.
"""

from __future__ import annotations

from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.theme import BRIGHT, GAP, PICTURE, RADIUS_LARGE, RADIUS_SMALL, Colour
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part

from kivy.graphics import Color, Rectangle  # isort: skip


_ALONG_THE_LINE = frozenset({"arrow-left", "arrow-right", "back", "backspace", "speaker"})
"""Icons that point along a line of text, and turn with it; a tick, a clock and illustrations do not."""


def _turned(corners: tuple[float, ...]) -> tuple[float, ...]:
    """The same picture with its left and right exchanged: four corners, u and v of each."""
    u0, v0, u1, v1, u2, v2, u3, v3 = corners
    return u1, v1, u0, v0, u3, v3, u2, v2


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
        if texture is not None:
            turned = self.look.manner.mirrored and self.folder == "icons" and stem in _ALONG_THE_LINE
            self._shape.tex_coords = _turned(texture.tex_coords) if turned else texture.tex_coords
        return self

    def tint(self, colour: Colour) -> None:
        self._colour.rgb = self.look.rgb(colour)

    def place(self, area: Area) -> None:
        super().place(area)
        texture = self._shape.texture
        if texture is None:
            self._shape.size = (0, 0)
            return
        scale = min(area.w / texture.width, area.h / texture.height)
        spot = self.seen.middle(round(texture.width * scale), round(texture.height * scale))
        self._shape.pos, self._shape.size = (spot.x, spot.y), (spot.w, spot.h)


class Illustration(Part):
    """A large picture on its own white: its inks are dark in every theme."""

    def __init__(self, look: Look, stem: str) -> None:
        super().__init__(look)
        self._card = Card(look, BRIGHT, radius_mm=RADIUS_LARGE)
        self._picture = Picture(look, "illustrations", stem)
        self.hold((self._card, self._picture))

    def place(self, area: Area) -> None:
        super().place(area)
        self._card.place(area.middle(min(area.w, round(area.h * 1.3)), area.h))
        self._picture.place(area.inset(self.look.px(GAP), self.look.px(GAP)))


class Pictogram(Part):
    """A pictogram of goods on its own light tile."""

    def __init__(self, look: Look, ground: Colour = PICTURE, *, radius_mm: float = RADIUS_SMALL) -> None:
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
