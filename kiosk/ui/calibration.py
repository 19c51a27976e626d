"""Owns the measuring of a glass: a box is made to fit a bank card, and its pixels then give the inches.

It must not know Kivy, a file or a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import hypot
from typing import Final

from kiosk.ui.theme import LARGEST_IN, MM_PER_INCH, REFERENCE_SHORT_SIDE_MM, SMALLEST_IN, Panel

CARD_LONG_MM: Final = 85.60
"""A bank card (ISO/IEC 7810, ID-1)."""
CARD_SHORT_MM: Final = 53.98
MOST_SKEW_PERCENT: Final = 2.0
"""By how much the two directions may differ before the eye, or the screen's resolution, is doubted."""
LEAST_PX: Final = 12
_ROOM_UPRIGHT: Final = 0.38
_ROOM_WIDE: Final = 0.55
"""The highest box, as a share of the glass's height; upright it may be as wide as the glass."""
_COLUMN: Final = 0.6
"""What the steps take at the side of a wide glass, as a share of its height."""


class Side(Enum):
    """What of the box is made longer or shorter."""

    WIDTH = "width"
    HEIGHT = "height"


class Doubt(Enum):
    """Why a measure may be wrong; with the last two no lane would start."""

    SKEW = "skew"
    TOO_SMALL = "too-small"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class CardBox:
    """The box on the glass. It never leaves the room that the screen has for it."""

    glass_px: tuple[int, int]
    width_px: int
    height_px: int
    standing: bool = False

    def grown(self, side: Side, by_px: int) -> CardBox:
        """Longer on that side, or shorter where `by_px` is below 0."""
        width, height = self.width_px, self.height_px
        match side:
            case Side.WIDTH:
                width += by_px
            case Side.HEIGHT:
                height += by_px
        return self._sized(width, height, standing=self.standing)

    def turned(self) -> CardBox:
        """The card the other way round, as large as what was measured so far makes it."""
        across, up = _card_mm(standing=not self.standing)
        width = round(self.across_px_per_mm * across)
        height = round(self.up_px_per_mm * up)
        return self._sized(width, height, standing=not self.standing)

    def _sized(self, width_px: int, height_px: int, *, standing: bool) -> CardBox:
        most_width, most_height = room_px(self.glass_px)
        return CardBox(
            self.glass_px,
            min(max(width_px, LEAST_PX), most_width),
            min(max(height_px, LEAST_PX), most_height),
            standing,
        )

    @property
    def across_px_per_mm(self) -> float:
        return self.width_px / _card_mm(standing=self.standing)[0]

    @property
    def up_px_per_mm(self) -> float:
        return self.height_px / _card_mm(standing=self.standing)[1]

    @property
    def coarse_px(self) -> int:
        """A step that is seen: about a fiftieth of the short side."""
        return max(min(self.glass_px) // 54, 2)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a box that fits says of the glass."""

    across_px_per_mm: float
    up_px_per_mm: float
    diagonal_in: float
    """To a hundredth of an inch: less than a card can tell."""
    skew_percent: float

    @property
    def doubt(self) -> Doubt | None:
        if self.diagonal_in < SMALLEST_IN:
            return Doubt.TOO_SMALL
        if self.diagonal_in > LARGEST_IN:
            return Doubt.TOO_LARGE
        return Doubt.SKEW if self.skew_percent > MOST_SKEW_PERCENT else None

    @property
    def usable(self) -> bool:
        """Whether a lane would start with it."""
        return self.doubt in (None, Doubt.SKEW)


def first_box(panel: Panel) -> CardBox:
    """A box as large as a card is if the settings are right."""
    glass = panel.width_px, panel.height_px
    density = panel.px_per_mm
    lying = round(density * CARD_LONG_MM), round(density * CARD_SHORT_MM)
    room = room_px(glass)
    if lying[0] <= room[0] and lying[1] <= room[1]:
        return CardBox(glass, *lying)
    # so small a glass has room for the card in one direction only; else begin with what there is
    standing = lying[1], lying[0]
    if standing[0] <= room[0] and standing[1] <= room[1]:
        return CardBox(glass, *standing, standing=True)
    return CardBox(glass, *lying).grown(Side.WIDTH, 0)


def measure_of(box: CardBox) -> Measure:
    """What the glass is, if the card fits the box."""
    across, up = box.across_px_per_mm, box.up_px_per_mm
    width_px, height_px = box.glass_px
    diagonal_mm = hypot(width_px / across, height_px / up)
    skew = (max(across, up) / min(across, up) - 1) * 100
    return Measure(across, up, round(diagonal_mm / MM_PER_INCH, 2), skew)


def room_px(glass_px: tuple[int, int]) -> tuple[int, int]:
    """The widest and the highest box the screen can draw."""
    width_px, height_px = glass_px
    if width_px > height_px:
        return int(width_px - height_px * _COLUMN), int(height_px * _ROOM_WIDE)
    return width_px, int(height_px * _ROOM_UPRIGHT)


def drawing_panel(panel: Panel) -> Panel:
    """The glass as the measuring draws itself: it does not trust the inches that it is about to find out.

    Whatever the settings say, buttons and words are then the same share of the glass, and all of them on it.
    """
    short_px = min(panel.width_px, panel.height_px)
    diagonal_mm = hypot(panel.width_px, panel.height_px) * REFERENCE_SHORT_SIDE_MM / short_px
    return Panel(panel.width_px, panel.height_px, diagonal_mm / MM_PER_INCH)


def _card_mm(*, standing: bool) -> tuple[float, float]:
    return (CARD_SHORT_MM, CARD_LONG_MM) if standing else (CARD_LONG_MM, CARD_SHORT_MM)
