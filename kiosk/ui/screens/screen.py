"""Owns what every screen of the window has in common: a ground, a place among bar, help and foot, an update.

It must not know any one screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.screen_model import Body, ScreenModel
from kiosk.ui.theme import Colour
from kiosk.ui.widgets.part import Part


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangles a screen draws in.

    `main` is what banner and strip leave free; `base` the height the screen asked for under the strip; `foot`
    stands right of the help button; `side` is the money column of a landscape basket.
    """

    main: Area
    base: Area
    foot: Area
    side: Area
    banner_height: float = 0
    """What a banner takes of the column over the keyboard, in landscape only."""


BodyT = TypeVar("BodyT", bound=Body)


class Screen(Part, Generic[BodyT]):
    """One noun of the checkout. `update` takes the values, `arrange` places them; both before one frame."""

    ground: Colour = theme.WHITE
    night = False
    has_side = False
    uses_foot = False
    """Whether the screen has something of its own right of the help button."""

    def update(self, body: BodyT, model: ScreenModel) -> None:
        raise NotImplementedError

    def arrange(self, frame: Frame) -> None:
        raise NotImplementedError

    def fits_foot(self, buttons: Part, width: float) -> bool:
        """Whether the buttons, as wide as the foot leaves them, are content with the least height."""
        room = width - self.look.px(theme.HELP_WIDTH) - self.look.px(theme.GAP)
        return buttons.height_for(room) <= self.look.px(theme.TARGET)

    def least_height(self, width: float) -> float:  # noqa: ARG002
        """Height in px the screen cannot do without; a banner would sooner leave its reasons out."""
        return self.look.px(40)

    def base_height(self, width: float) -> float:  # noqa: ARG002  (most screens have no fixed base)
        """Height in px of what stays between the strip and the foot."""
        return 0
