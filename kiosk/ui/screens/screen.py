"""Owns what every screen of the window has in common: a ground, a place among bar, help and foot, an update.

It must not know any one screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from kiosk.ui import reach, theme
from kiosk.ui.area import Area
from kiosk.ui.screen_model import Body, ScreenModel
from kiosk.ui.theme import Colour
from kiosk.ui.widgets.part import Part


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangles a screen draws in.

    `main` is what banner and strip leave free; `base` the height the screen asked for under the strip; `foot`
    stands after help and accessibility; `side` is the money column of a landscape basket.
    """

    main: Area
    base: Area
    foot: Area
    side: Area
    banner_height: float = 0
    """What messages take of the column over the keyboard, in landscape only."""

    @property
    def corner(self) -> Area:
        """Base and foot as one, after help and accessibility: where what is high can stand low."""
        return Area(self.foot.x, self.foot.y, self.foot.w, max(self.base.top, self.foot.top) - self.foot.y)


BodyT = TypeVar("BodyT", bound=Body)


class Screen(Part, Generic[BodyT]):
    """One noun of the checkout. `update` takes the values, `arrange` places them; both before one frame."""

    ground: Colour = theme.PAPER
    night = False
    has_side = False
    keys_at_end = False
    """Whether a landscape keyboard stands in the column at the end."""
    uses_foot = False
    """Whether the screen has something of its own after the two fixed buttons."""

    def update(self, body: BodyT, model: ScreenModel) -> None:
        raise NotImplementedError

    def arrange(self, frame: Frame) -> None:
        raise NotImplementedError

    def fits_foot(self, buttons: Part, width: float) -> bool:
        """Whether the buttons, as wide as the foot leaves them, are content with the least height."""
        fixed = self.look.help_px[0] + self.look.px(theme.ACCESS_WIDTH)
        room = width - fixed - 2 * self.look.px(theme.GAP)
        return buttons.height_for(room) <= max(self.look.px(theme.TARGET), self.look.help_px[1])

    def corner_base(self, height: float) -> float:
        """The base that lets so much stand in the corner."""
        return max(height - self.look.help_px[1] - self.look.px(reach.OVER_FOOT_MM), 0)

    def end_width(self, width: float) -> float:  # noqa: ARG002
        """The width of the column at the end that gives way to messages where all is low; 0 has none."""
        return 0

    def least_height(self, width: float) -> float:  # noqa: ARG002
        """Height in px the screen cannot do without; a banner would sooner leave its reasons out."""
        return self.look.px(40)

    def base_height(self, width: float) -> float:  # noqa: ARG002  (most screens have no fixed base)
        """Height in px of what stays between the strip and the foot."""
        return 0
