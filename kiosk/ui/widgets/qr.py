"""Owns a QR code as a picture: one texel a module, enlarged without smoothing, on white with its quiet zone.

It must not know what the code says.
"""

from __future__ import annotations

import segno

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part

from kivy.graphics import Color, Rectangle  # isort: skip
from kivy.graphics.texture import Texture  # isort: skip

QUIET_MODULES = 4  # ISO/IEC 18004: the quiet zone is four modules wide on every side


class Qr(Part):
    """Modules are a whole number of pixels wide, so that every phone reads them."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._text = ""
        self._modules = 1
        self._card = Card(look, theme.BRIGHT, theme.HAIRLINE)
        self._code = Part(look)
        with self._code.canvas:
            Color(1, 1, 1)
            self._shape = Rectangle()
        self.hold((self._card, self._code))

    def update(self, text: str) -> None:
        if text == self._text or not text:
            return
        self._text = text
        rows = [bytes(0 if module else 255 for module in row) for row in segno.make(text, micro=False).matrix]
        self._modules = len(rows)
        texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
        texture.mag_filter = texture.min_filter = "nearest"
        texture.blit_buffer(b"".join(reversed(rows)), colorfmt="luminance", bufferfmt="ubyte")
        self._shape.texture = texture

    def place(self, area: Area) -> None:
        super().place(area)
        self._card.place(area)
        unit = max(int(min(area.w, area.h) / (self._modules + 2 * QUIET_MODULES)), 1)
        spot = self.seen.middle(unit * self._modules, unit * self._modules)
        self._shape.pos, self._shape.size = (spot.x, spot.y), (spot.w, spot.h)
