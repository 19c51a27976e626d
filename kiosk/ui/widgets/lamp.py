"""Owns the lane lamp on the screen: every state has its own shape as well as its own colour.

It must not know the lamp above the lane, nor move: the words beside it say the rest.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import Lamp
from kiosk.ui.theme import Colour
from kiosk.ui.widgets.part import Part

from kivy.graphics import (  # isort: skip
    Color,
    InstructionGroup,
    SmoothEllipse,
    SmoothLine,
    SmoothRoundedRectangle,
    SmoothTriangle,
)


class LampView(Part):
    """A shape for each state.

    Free: green disc. Calling: amber triangle, two while the store does not hear it.
    Coming: amber target. Here: blue square.
    Closed: barred ring.
    """

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.state = Lamp.FREE
        self._shapes = InstructionGroup()
        self.canvas.add(self._shapes)

    def update(self, state: Lamp) -> None:
        self.state = state

    def place(self, area: Area) -> None:
        super().place(area)
        self._shapes.clear()
        side = min(area.w, area.h)
        spot = self.seen.middle(side, side)
        match self.state:
            case Lamp.FREE:
                self._disc(spot, theme.GOOD_SOFT)
                self._disc(spot.inset(side * 0.16), theme.GREEN)
            case Lamp.CALLING:
                self._triangle(spot, theme.INK)
                self._triangle(spot.inset(side * 0.13, side * 0.1), theme.AMBER)
            case Lamp.CALLING_FAST:
                for half in spot.columns(2, 0):
                    self._triangle(half, theme.INK)
                    self._triangle(half.inset(side * 0.08, side * 0.12), theme.AMBER)
            case Lamp.COMING:
                self._disc(spot, theme.INK)
                self._disc(spot.inset(side * 0.08), theme.AMBER)
                self._disc(spot.inset(side * 0.34), theme.AMBER_INK)
            case Lamp.HERE:
                self._square(spot.inset(side * 0.06), theme.PRIMARY)
            case Lamp.CLOSED:
                self._disc(spot, theme.EDGE)
                self._disc(spot.inset(side * 0.14), theme.PAPER)
                self._bar(spot, theme.EDGE)

    def _disc(self, area: Area, colour: Colour) -> None:
        self._shapes.add(Color(*self.look.rgb(colour)))
        self._shapes.add(SmoothEllipse(pos=(area.x, area.y), size=(area.w, area.h)))

    def _square(self, area: Area, colour: Colour) -> None:
        self._shapes.add(Color(*self.look.rgb(colour)))
        self._shapes.add(
            SmoothRoundedRectangle(pos=(area.x, area.y), size=(area.w, area.h), radius=[area.w * 0.18])
        )

    def _triangle(self, area: Area, colour: Colour) -> None:
        self._shapes.add(Color(*self.look.rgb(colour)))
        middle = area.x + area.w / 2
        self._shapes.add(SmoothTriangle(points=[area.x, area.y, area.right, area.y, middle, area.top]))

    def _bar(self, area: Area, colour: Colour) -> None:
        self._shapes.add(Color(*self.look.rgb(colour)))
        x, y = area.centre
        reach = area.w * 0.24
        self._shapes.add(SmoothLine(points=[x - reach, y, x + reach, y], width=max(area.w * 0.06, 1)))
