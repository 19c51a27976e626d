"""Owns the turning ring: the only thing in the window that moves, and only while a payment is under way.

It must not know what is waited for. With reduced motion it stands still and the words say it all.
"""

from __future__ import annotations

from typing import Any

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.theme import Colour
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Picture

from kivy.clock import Clock  # isort: skip
from kivy.graphics import Color, SmoothLine  # isort: skip

TURN_S = 1.8
_FRAME_S = 1 / 30


class Ring(Part):
    """An arc on a track; it turns while it is on the screen."""

    def __init__(self, look: Look, colour: Colour, *, icon: str = "", turns: bool = True) -> None:
        super().__init__(look)
        self._icon = Picture(look, "icons", icon, tint=theme.INK)
        self._angle = 0.0
        self._turns = turns
        self._timer: Any = None
        with self.canvas:
            Color(*look.rgb(theme.SURFACE_2))
            self._track = SmoothLine(width=1)
            Color(*look.rgb(colour))
            self._arc = SmoothLine(width=1, cap="round")
        self.hold((self._icon,))

    @property
    def turning(self) -> bool:
        return self._timer is not None

    def place(self, area: Area) -> None:
        super().place(area)
        side = min(area.w, area.h)
        self._icon.place(area.middle(side, side).inset(side * 0.3))
        spot = self.seen.middle(side, side)
        self._track.width = self._arc.width = max(side * 0.045, 1)
        self._track.circle = (*spot.centre, side * 0.44)
        self._draw()
        if self._turns and self._timer is None and not self.look.manner.still:
            self._timer = Clock.schedule_interval(self._turn, _FRAME_S)

    def _draw(self) -> None:
        side = min(self.area.w, self.area.h)
        self._arc.circle = (*self.seen.centre, side * 0.44, self._angle, self._angle + 80)

    def _turn(self, elapsed_s: float) -> None:
        if self.parent is None or self.get_root_window() is None:
            # taken off the screen, itself or with the screen it stands on
            self._timer.cancel()
            self._timer = None
            return
        self._angle = (self._angle + 360 * elapsed_s / TURN_S) % 360
        self._draw()
