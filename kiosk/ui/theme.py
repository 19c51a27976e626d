"""Owns the look as numbers: colours and the pairs they may meet in, type, and sizes in millimetres.

It must not know a screen, a text or Kivy. Pixels exist only after a `Panel` has converted them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from math import ceil, hypot
from typing import Final

MM_PER_INCH = 25.4
REFERENCE_SHORT_SIDE_MM = 194.3  # a 15.6-inch 16:9 panel, the one the sizes below were chosen on


@dataclass(frozen=True)
class Panel:
    """The glass: its pixels and its diagonal in inches. A larger panel enlarges everything, up to half again.

    A smaller one shrinks nothing: targets and letters are floors in millimetres, not shares of the glass.
    """

    width_px: int = 1080
    height_px: int = 1920
    diagonal_in: float = 15.6

    @property
    def landscape(self) -> bool:
        return self.width_px > self.height_px

    @cached_property
    def px_per_mm(self) -> float:
        return hypot(self.width_px, self.height_px) / (self.diagonal_in * MM_PER_INCH)

    @cached_property
    def scale(self) -> float:
        short_mm = min(self.width_px, self.height_px) / self.px_per_mm
        return min(max(short_mm / REFERENCE_SHORT_SIDE_MM, 1.0), 1.5)

    def px(self, size_mm: float) -> int:
        """Whole pixels for a size in mm, rounded up."""
        # upwards, so that no floor is undercut; a tenth of a pixel is what rounding a size to 0.02 mm leaves
        return ceil(size_mm * self.px_per_mm * self.scale - 0.1) if size_mm > 0 else 0


PORTRAIT: Final = Panel(1080, 1920)
LANDSCAPE: Final = Panel(1920, 1080)


@dataclass(frozen=True, slots=True)
class Colour:
    """An opaque sRGB colour as `#RRGGBB`."""

    code: str

    @property
    def rgb(self) -> tuple[float, float, float]:
        """Red, green, blue, each 0..1."""
        red, green, blue = (int(self.code[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return red, green, blue

    @property
    def luminance(self) -> float:
        """Relative luminance 0..1 (WCAG 2.2, definition of relative luminance)."""
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in self.rgb)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio 1..21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((one.luminance, other.luminance), reverse=True)
    return (light + 0.05) / (dark + 0.05)


WHITE: Final = Colour("#FFFFFF")
SURFACE: Final = Colour("#F4F6F8")
SURFACE_2: Final = Colour("#E9EDF2")
HAIRLINE: Final = Colour("#D5DCE4")  # separators only: nothing depends on seeing them
EDGE: Final = Colour("#6B7686")
INK: Final = Colour("#14181F")
INK_2: Final = Colour("#3D4654")
NIGHT: Final = Colour("#0E1B2E")
NIGHT_2: Final = Colour("#16283F")
NIGHT_EDGE: Final = Colour("#7C93B4")
NIGHT_INK_2: Final = Colour("#C9D6E6")
AMBER: Final = Colour("#FFB84D")
AMBER_SOFT: Final = Colour("#FFE3B3")
AMBER_DEEP: Final = Colour("#A86200")
PRIMARY: Final = Colour("#0B5FCC")
PRIMARY_DEEP: Final = Colour("#084A9F")
PRIMARY_SOFT: Final = Colour("#E6F0FC")
PAY: Final = Colour("#0A6B3D")
PAY_DEEP: Final = Colour("#07532F")
GOOD_SOFT: Final = Colour("#E3F3EA")
HELP: Final = Colour("#5B2A9D")
HELP_DEEP: Final = Colour("#451F7A")
HELP_SOFT: Final = Colour("#F0E9FA")
HELP_EDGE: Final = Colour("#D9C7F2")
DANGER: Final = Colour("#B3171B")
DANGER_SOFT: Final = Colour("#FBE9E9")
INFO: Final = Colour("#0E6A80")
BROWN: Final = Colour("#8A5A00")
GREEN: Final = Colour("#1B8F58")
SHADE: Final = Colour("#0A1422")  # laid over a screen behind a sheet, half transparent


class Level(Enum):
    """The least contrast for what a pair is used for (UX R1; WCAG 1.4.3, 1.4.6, 1.4.11)."""

    BODY = 7.0
    LARGE = 4.5
    PART = 3.0


class Tone(Enum):
    """Every pair of text on ground in use: text has no other way to get its colour."""

    PLAIN = (INK, WHITE, Level.BODY)
    SOFT = (INK_2, WHITE, Level.BODY)
    INK_SURFACE = (INK, SURFACE, Level.BODY)
    SOFT_SURFACE = (INK_2, SURFACE, Level.BODY)
    INK_PRIMARY_SOFT = (INK, PRIMARY_SOFT, Level.BODY)
    SAVING = (PAY_DEEP, WHITE, Level.BODY)
    SAVING_SURFACE = (PAY_DEEP, SURFACE, Level.BODY)
    ON_NIGHT = (WHITE, NIGHT, Level.BODY)
    NIGHT_SOFT = (NIGHT_INK_2, NIGHT, Level.BODY)
    NIGHT_CHOSEN = (INK, AMBER, Level.BODY)
    ON_PAY = (WHITE, PAY, Level.LARGE)
    ON_PRIMARY = (WHITE, PRIMARY, Level.LARGE)
    ON_PRIMARY_DEEP = (WHITE, PRIMARY_DEEP, Level.BODY)
    ON_HELP = (WHITE, HELP, Level.BODY)
    HELP_LINE = (HELP, WHITE, Level.BODY)
    PRIMARY_SURFACE = (PRIMARY_DEEP, SURFACE, Level.BODY)
    REMOVE = (DANGER, WHITE, Level.LARGE)
    ON_AMBER = (INK, AMBER_SOFT, Level.BODY)
    BANNER = (INK, HELP_SOFT, Level.BODY)
    BANNER_SOFT = (INK_2, HELP_SOFT, Level.BODY)
    OFF = (INK_2, SURFACE_2, Level.BODY)

    @property
    def fore(self) -> Colour:
        return self.value[0]

    @property
    def back(self) -> Colour:
        return self.value[1]

    @property
    def level(self) -> Level:
        return self.value[2]


PARTS: Final[tuple[tuple[Colour, Colour], ...]] = (
    (EDGE, WHITE),
    (EDGE, SURFACE),
    (EDGE, SURFACE_2),
    (EDGE, HELP_SOFT),
    (NIGHT_EDGE, NIGHT),
    (GREEN, WHITE),
    (GREEN, NIGHT),
    (AMBER, NIGHT),
    (AMBER, INK),
    (AMBER_DEEP, WHITE),
    (PRIMARY, WHITE),
    (PRIMARY, SURFACE),
    (PRIMARY, SURFACE_2),
    (PAY, WHITE),
    (PAY, GOOD_SOFT),
    (PAY, SURFACE),
    (HELP, WHITE),
    (DANGER, WHITE),
    (DANGER, DANGER_SOFT),
    (INFO, WHITE),
    (BROWN, WHITE),
    (INK, AMBER_SOFT),
)
"""Every pair of a drawn part (edge, lamp, bar, icon) on its ground."""


class Weight(Enum):
    """The three cuts of the one family."""

    REGULAR = "regular"
    SEMIBOLD = "semibold"
    BOLD = "bold"


class Face(Enum):
    """The type scale: em in mm, weight, leading in em. 5.56 px are 1 mm on the reference panel."""

    CAPTION = (6.84, Weight.REGULAR, 1.3)
    CAPTION_STRONG = (6.84, Weight.SEMIBOLD, 1.3)
    BODY = (7.2, Weight.REGULAR, 1.4)
    BODY_STRONG = (7.2, Weight.BOLD, 1.3)
    BUTTON = (7.2, Weight.SEMIBOLD, 1.18)
    BUTTON_SMALL = (6.84, Weight.SEMIBOLD, 1.18)
    LABEL = (7.92, Weight.REGULAR, 1.3)
    ROW = (7.92, Weight.SEMIBOLD, 1.2)
    AMOUNT = (7.92, Weight.BOLD, 1.2)
    KEY = (8.28, Weight.SEMIBOLD, 1.1)
    SUBTITLE = (8.64, Weight.SEMIBOLD, 1.25)
    INPUT = (8.64, Weight.REGULAR, 1.25)
    TITLE = (10.08, Weight.BOLD, 1.2)
    LAST = (10.8, Weight.BOLD, 1.15)
    PRICE = (11.52, Weight.BOLD, 1.15)
    HEADLINE = (12.6, Weight.BOLD, 1.16)
    TOTAL = (17.28, Weight.BOLD, 1.1)
    HERO = (18.7, Weight.BOLD, 1.1)
    TOTAL_WIDE = (21.6, Weight.BOLD, 1.1)
    DUE = (28.8, Weight.BOLD, 1.08)

    @property
    def size_mm(self) -> float:
        return self.value[0]

    @property
    def weight(self) -> Weight:
        return self.value[1]

    @property
    def leading(self) -> float:
        return self.value[2]

    @property
    def large(self) -> bool:
        """Large text in the sense of UX §9: 44 px and at least semibold on the reference panel."""
        return self.size_mm >= 7.9 and self.weight is not Weight.REGULAR


# Sizes in mm.
TARGET: Final = 20.0
"""The least side of anything to touch (UX R2)."""
KEY: Final = 15.0
"""The least side of an on-screen key (UX R2)."""
HELP_WIDTH: Final = 44.0
HELP_HEIGHT: Final = 24.0
PRIMARY_HEIGHT: Final = 24.0
MARGIN: Final = 7.2
GAP: Final = 3.6
GAP_SMALL: Final = 2.2
GAP_LARGE: Final = 5.8
GAP_DANGER: Final = 8.0
"""Between paying and anything that takes away (UX R3)."""
BAR: Final = 22.0
RADIUS: Final = 5.0
RADIUS_LARGE: Final = 6.5
RADIUS_SMALL: Final = 3.2
EDGE_WIDTH: Final = 0.5
EDGE_WIDE: Final = 0.8
ROW: Final = 23.0
ROW_PICTURE: Final = 15.8
LAST_PICTURE: Final = 36.0
ICON: Final = 8.6
ICON_LARGE: Final = 16.5
SIDE: Final = 115.0
"""The money column of a landscape basket."""
