"""Owns what every part of one window shares: panel, the way taps leave, pictures, rendered lines of text.

It must not know a screen or what any tap means.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from kiosk.ui import engine
from kiosk.ui.taps import TapFilter
from kiosk.ui.theme import Face, Panel, Weight

from kivy.core.image import Image as CoreImage  # isort: skip  (after engine: it sets Kivy's environment)
from kivy.core.text import Label as CoreLabel  # isort: skip
from kivy.graphics.texture import Texture  # isort: skip

_LINES_KEPT = 600  # about ten screens of text, some 40 MB at the very most
_FALLBACK = "box"


class Look:
    """One window's shared things. Textures belong to the window's graphics context, so they live here."""

    def __init__(self, panel: Panel, post: Callable[[str], None], *, reduced_motion: bool = False) -> None:
        self.panel = panel
        self.reduced_motion = reduced_motion
        self._post = post
        self._filter = TapFilter()
        self._lines: OrderedDict[tuple[str, Face], Texture] = OrderedDict()
        self._pictures: dict[tuple[str, str], Texture | None] = {}
        self.measure_for = lru_cache(maxsize=None)(self._measure_for)

    def px(self, size_mm: float) -> int:
        return self.panel.px(size_mm)

    def tapped(self, tap_id: str, *, repeats: bool) -> None:
        """A target was let go inside itself: pass it on unless it is the tremor of the last one."""
        if self._filter.takes(tap_id, time.monotonic(), repeats=repeats):
            self._post(tap_id)

    def line(self, text: str, face: Face) -> Texture:
        """One line rendered white, to be tinted; kept, because most lines come back on the next screen."""
        key = (text, face)
        texture = self._lines.get(key)
        if texture is not None:
            self._lines.move_to_end(key)
            return texture
        label = self._label(face)
        label.text = text
        label.refresh()
        self._lines[key] = texture = label.texture
        if len(self._lines) > _LINES_KEPT:
            self._lines.popitem(last=False)
        return texture

    def _measure_for(self, face: Face) -> Callable[[str], float]:
        label = self._label(face)
        label.resolve_font_name()

        @lru_cache(maxsize=4096)
        def measure(text: str) -> float:
            return float(label.get_extents(text)[0])

        return measure

    def _label(self, face: Face) -> CoreLabel:
        return CoreLabel(
            font_size=self.px(face.size_mm),
            font_name=engine.FAMILY,
            bold=face.weight is Weight.BOLD,
            italic=face.weight is Weight.SEMIBOLD,
            color=(1, 1, 1, 1),
        )

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
