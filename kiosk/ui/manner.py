"""Owns the manner in which a window draws: its theme, the size of its letters, its direction, its reach.

It must not know a screen or Kivy. A manner comes from what the shopper chose and from the language alone; it
is the same for every part of one window, and another manner is another set of parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assets.languages import Direction, direction_of
from kiosk.checkout.preferences import Preference
from kiosk.ui.screen_model import ScreenModel
from kiosk.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Manner:
    """How everything in one window is drawn."""

    theme: Theme = Theme.LIGHT
    mirrored: bool = False
    """Right to left: places are counted from the right edge, and arrows along a line point the other way."""
    large: bool = False
    reach: bool = False
    simple: bool = False
    still: bool = False
    """Nothing moves by itself."""


PLAIN: Final = Manner()


def manner_of(model: ScreenModel, *, still: bool = False) -> Manner:
    """The manner in which this model is to be drawn; `still` where the lane never moves anything."""
    chosen = model.preferences
    return Manner(
        theme=Theme.HIGH_CONTRAST if Preference.HIGH_CONTRAST in chosen else Theme.LIGHT,
        mirrored=direction_of(model.language) is Direction.RIGHT_TO_LEFT,
        large=Preference.LARGE_TEXT in chosen,
        reach=Preference.REACH in chosen,
        simple=Preference.SIMPLE in chosen,
        still=still or Preference.REDUCED_MOTION in chosen,
    )
