"""Owns the badge: a large icon on a soft disc, the picture of a screen that has only words.

It must not know what it stands for.
"""

from __future__ import annotations

from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.theme import Colour
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Picture


class Badge(Part):
    """A large icon on a soft disc."""

    def __init__(self, look: Look, icon: str, ink: Colour, ground: Colour) -> None:
        super().__init__(look)
        self._disc = Card(look, ground, radius_mm=200)
        self._icon = Picture(look, "icons", icon, tint=ink)
        self.hold((self._disc, self._icon))

    def place(self, area: Area) -> None:
        super().place(area)
        side = round(min(area.w, area.h))
        spot = area.middle(side, side)
        self._disc.place(spot)
        self._icon.place(spot.inset(round(side * 0.22)))
