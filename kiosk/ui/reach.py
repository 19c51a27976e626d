"""Owns where controls stand when all of them are to be low, and how high above the floor that puts them.

It must not know a screen or Kivy. The upper part of the glass is then for reading alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.theme import Panel

UPRIGHT_MM: Final = 115.0
"""The lower third of the reference glass (UX R8)."""
WIDE_MM: Final = 97.0
"""Its lower half, where it lies on its side."""
OVER_FOOT_MM: Final = 2.8
"""Between the foot and what stands on it, where height is what lacks."""
GOAL_MM: Final = 1100
"""Highest centre of a control above the floor that everybody reaches (EN 301 549, drafts of version 4)."""
LIMIT_MM: Final = 1220
"""Highest that may be (36 CFR 1194, 407.8)."""


@dataclass(frozen=True, slots=True)
class Bands:
    """The glass divided: what is read, the bar, what is touched, and a side column to the full height."""

    above: Area
    bar: Area
    below: Area
    side: Area


def bands(panel: Panel, window: Area, *, side: bool, needed: float) -> Bands:
    """Divide the window; `needed` px of controls push the bar up where large letters take more."""
    column = Area(window.right, window.y, 0, window.h)
    rest = window
    if side and panel.landscape:
        column, rest = window.from_end(panel.px(theme.SIDE))
    top = panel.px(WIDE_MM if panel.landscape else UPRIGHT_MM)
    bar = panel.px(theme.BAR)
    below, over = rest.from_bottom(max(top - bar, needed))
    strip, above = over.from_bottom(bar)
    return Bands(above=above, bar=strip, below=below, side=column)


def highest_centre(panel: Panel) -> float:
    """How high the middle of a control may be, in px from the foot of the glass."""
    return panel.px(WIDE_MM if panel.landscape else UPRIGHT_MM)


def highest_bar(panel: Panel) -> float:
    """The highest lower edge of the bar, in px, with which its own buttons are still low."""
    return highest_centre(panel) - panel.px(theme.BAR) / 2


class Verdict(Enum):
    """How one control stands to the two heights."""

    REACHED = "within reach of everybody"
    HIGH = "above 1100 mm"
    TOO_HIGH = "above 1220 mm"


def heights_mm(
    panel: Panel, rectangles: Mapping[str, tuple[float, float, float, float]], bottom_edge_mm: int
) -> dict[str, int]:
    """How high above the floor the centre of every control is; rectangles as the hand tells them."""
    return {
        tap_id: round(bottom_edge_mm + (y + height / 2) / panel.px_per_mm)
        for tap_id, (_, y, _, height) in rectangles.items()
    }


def judge(height_mm: int) -> Verdict:
    """What to say of a control at that height."""
    if height_mm <= GOAL_MM:
        return Verdict.REACHED
    return Verdict.HIGH if height_mm <= LIMIT_MM else Verdict.TOO_HIGH


@dataclass(frozen=True, slots=True)
class Control:
    """One control, and the screen it stands highest on in one manner."""

    lowered: bool
    screen: str
    tap_id: str
    height_mm: int

    @property
    def verdict(self) -> Verdict:
        return judge(self.height_mm)
