"""Owns what every part of one window shares: panel, the way taps leave, pictures, rendered lines of text.

It must not know a screen or what any tap means.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from assets.typesetting.bidi import reads_right_to_left
from assets.typesetting.setter import measure
from kiosk.ui import engine, text, theme
from kiosk.ui.area import Area
from kiosk.ui.manner import PLAIN, Manner
from kiosk.ui.shapes import Corners, coverage
from kiosk.ui.taps import TapFilter
from kiosk.ui.text import TextLine
from kiosk.ui.theme import Colour, Face, Panel

from kivy.core.image import Image as CoreImage  # isort: skip  (after engine: it sets Kivy's environment)
from kivy.graphics.texture import Texture  # isort: skip

_LINES_KEPT = 600  # about ten screens of text, some 40 MB at the very most
_SHAPES_KEPT = 256
_FALLBACK = "box"


def _draw_shape(corners: Corners) -> Texture:
    return text.white(coverage(corners))


class Look:
    """One window's shared things. Textures belong to the window's graphics context, so they live here."""

    def __init__(
        self,
        panel: Panel,
        post: Callable[[str], None],
        manner: Manner = PLAIN,
        *,
        brand: Colour = theme.NIGHT,
    ) -> None:
        self.panel = panel
        self.brand = brand
        """The ground of the night bar, where the store's name stands; checked when the settings are read."""
        self.manner = manner
        self._post = post
        self._filter = TapFilter()
        self.language = "en"
        """Of the model now drawn: it gives lines their direction and Han characters their shape."""
        self._lines: OrderedDict[tuple[str, Face, str], TextLine] = OrderedDict()
        self._pictures: dict[tuple[str, str], Texture | None] = {}
        self.shape = lru_cache(maxsize=_SHAPES_KEPT)(_draw_shape)
        """The texture a panel with those corners is stretched from."""
        self._measure_in = lru_cache(maxsize=256)(self._make_measure)

    def rgb(self, colour: Colour) -> tuple[float, float, float]:
        """A colour as it is drawn in this window's theme."""
        return colour.rgb(self.manner.theme)

    def letter_px(self, face: Face) -> int:
        """The em of a face, as large as this window's letters are."""
        return self.px(face.letter_mm(large=self.manner.large))

    def leading_px(self, face: Face) -> int:
        """From one line of that face to the next."""
        return round(self.letter_px(face) * face.leading)

    @property
    def help_px(self) -> tuple[int, int]:
        """Width and height of the help button: one size on every screen of one manner."""
        upright = theme.HELP_LARGE_LOW if self.manner.reach else theme.HELP_LARGE_UPRIGHT
        large = theme.HELP_LARGE_WIDE if self.panel.landscape else upright
        width, height = large if self.manner.large else (theme.HELP_WIDTH, theme.HELP_HEIGHT)
        return self.px(width), self.px(height)

    @property
    def line_px(self) -> int:
        """The longest line of running text."""
        return self.px(theme.LINE * (theme.LARGER if self.manner.large else 1))

    def seen(self, area: Area) -> Area:
        """Where a rectangle is on the glass: layouts count from the start of a line, wherever that is."""
        if not self.manner.mirrored:
            return area
        return Area(self.panel.width_px - area.right, area.y, area.w, area.h)

    def px(self, size_mm: float) -> int:
        return self.panel.px(size_mm)

    def tapped(self, tap_id: str, *, repeats: bool) -> None:
        """A target was let go inside itself: pass it on unless it is the tremor of the last one."""
        if self.counts(tap_id, repeats=repeats):
            self._post(tap_id)

    def counts(self, tap_id: str, *, repeats: bool = False) -> bool:
        """False for the tremor of the last tap; what stays inside the window is asked after too."""
        return self._filter.takes(tap_id, time.monotonic(), repeats=repeats)

    @property
    def rtl(self) -> bool:
        """Whether the language now drawn is read from right to left."""
        return reads_right_to_left(self.language)

    def line(self, words: str, face: Face) -> TextLine:
        """One line rendered white, to be tinted; kept, because most lines come back on the next screen."""
        key = (words, face, self.language)
        line = self._lines.get(key)
        if line is not None:
            self._lines.move_to_end(key)
            return line
        style = text.style_of(face, self.letter_px(face), self.language)
        self._lines[key] = line = text.render(words, style)
        if len(self._lines) > _LINES_KEPT:
            self._lines.popitem(last=False)
        return line

    def measure_for(self, face: Face) -> Callable[[str], float]:
        """What tells the width in px of a line in this face and the language now drawn."""
        return self._measure_in(face, self.language)

    def _make_measure(self, face: Face, language: str) -> Callable[[str], float]:
        style = text.style_of(face, self.letter_px(face), language)
        return lru_cache(maxsize=4096)(lambda words: float(measure(words, style)))

    def picture(self, folder: str, stem: str) -> Texture | None:
        """A picture of assets/`folder`; a missing pictogram shows the plain box, a missing icon nothing."""
        key = (folder, stem)
        if key not in self._pictures:
            self._pictures[key] = self._load(folder, stem)
        return self._pictures[key]

    def _load(self, folder: str, stem: str) -> Texture | None:
        path = engine.ASSETS / folder / f"{stem}.png"
        if stem and path.is_file():
            texture = CoreImage(str(path), mipmap=True).texture
            texture.min_filter = "linear_mipmap_linear"
            return texture
        if folder == "pictograms" and stem != _FALLBACK:
            return self.picture(folder, _FALLBACK)
        return None
