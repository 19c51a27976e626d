"""Owns the way of one set line onto the graphics card, and which style a face of the theme is set in.

It must not know how letters are ordered or shaped (assets.typesetting does), nor any screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PIL import Image

from assets.typesetting.faces import Weight as Cut
from assets.typesetting.setter import Style, set_line
from kiosk.ui.theme import Face, Weight

import kiosk.ui.engine  # noqa: F401  isort: skip  (before Kivy: it sets Kivy's environment)
from kivy.graphics.texture import Texture  # isort: skip

_CUTS: Final = {Weight.REGULAR: Cut.REGULAR, Weight.SEMIBOLD: Cut.SEMIBOLD, Weight.BOLD: Cut.BOLD}


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line as a white texture, to be tinted. It reaches `overhang` px beyond `width` on both sides."""

    texture: Texture
    width: int
    overhang: int


def style_of(face: Face, size_px: int, language: str) -> Style:
    """The style in which `face` is set at that many pixels."""
    return Style(size_px, _CUTS[face.weight], language)


def render(words: str, style: Style) -> TextLine:
    """Set one line and hand it to the graphics card; call it in the window's thread."""
    line = set_line(words, style)
    return TextLine(white(line.picture), line.width, line.overhang)


def white(coverage: Image.Image) -> Texture:
    """A grey picture as a white texture to be tinted; drawn pixel for pixel, so nothing is smoothed twice."""
    grey = coverage.tobytes()
    pixels = bytearray(b"\xff") * (2 * len(grey))  # luminance and alpha: half of what RGBA takes
    pixels[1::2] = grey
    texture = Texture.create(size=coverage.size, colorfmt="luminance_alpha")
    texture.blit_buffer(pixels, colorfmt="luminance_alpha", bufferfmt="ubyte")
    texture.flip_vertical()
    texture.mag_filter = texture.min_filter = "nearest"
    return texture
