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
SMALLEST_IN: Final = 7
LARGEST_IN: Final = 65
"""Diagonals of the glasses a lane can have."""
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


class Theme(Enum):
    """The two sets of colours. Every colour has a value in each, so that no widget asks which is shown."""

    LIGHT = "light"
    HIGH_CONTRAST = "high-contrast"


@dataclass(frozen=True, slots=True)
class Colour:
    """What one colour is for, as an opaque sRGB `#RRGGBB` in each theme; without a second code they agree."""

    light: str
    high_contrast: str = ""

    def code(self, theme: Theme = Theme.LIGHT) -> str:
        """`#RRGGBB` as it is drawn in that theme."""
        match theme:
            case Theme.LIGHT:
                return self.light
            case Theme.HIGH_CONTRAST:
                return self.high_contrast or self.light

    def rgb(self, theme: Theme = Theme.LIGHT) -> tuple[float, float, float]:
        """Red, green, blue, each 0..1."""
        code = self.code(theme)
        red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return red, green, blue

    def luminance(self, theme: Theme = Theme.LIGHT) -> float:
        """Relative luminance 0..1 (WCAG 2.2, definition of relative luminance)."""
        linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in self.rgb(theme))
        red, green, blue = linear
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour, theme: Theme = Theme.LIGHT) -> float:
    """Contrast ratio 1..21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((one.luminance(theme), other.luminance(theme)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# High contrast is black and white; yellow is what to do now, cyan is help. Soft grounds turn black there and
# their cards take a rim, so that no surface is told by its shade.
_BLACK: Final = "#000000"
_WHITE: Final = "#FFFFFF"
_YELLOW: Final = "#FFE600"
_CYAN: Final = "#00E5FF"

PAPER: Final = Colour("#FFFFFF", _BLACK)
"""The ground of the day screens, and the ink on anything filled."""
BRIGHT: Final = Colour("#FFFFFF")
"""White in every theme: ink at night, and the ground under a code or an illustration."""
SURFACE: Final = Colour("#F4F6F8", _BLACK)
SURFACE_2: Final = Colour("#E9EDF2", "#262626")
RIM: Final = Colour("#F4F6F8", _WHITE)
"""The edge of a panel of SURFACE: seen only where the panel is not."""
PICTURE: Final = Colour("#F4F6F8", _WHITE)
"""The tile under a pictogram, whose inks are dark in every theme."""
HAIRLINE: Final = Colour("#D5DCE4", "#8C8C8C")  # separators only: nothing depends on seeing them
EDGE: Final = Colour("#6B7686", _WHITE)
INK: Final = Colour("#14181F", _WHITE)
INK_2: Final = Colour("#3D4654", _WHITE)
NIGHT: Final = Colour("#0E1B2E", _BLACK)
NIGHT_2: Final = Colour("#16283F", "#262626")
NIGHT_EDGE: Final = Colour("#7C93B4", _WHITE)
NIGHT_INK_2: Final = Colour("#C9D6E6", _WHITE)
AMBER: Final = Colour("#FFB84D", _YELLOW)
AMBER_SOFT: Final = Colour("#FFE3B3", _YELLOW)
AMBER_DEEP: Final = Colour("#A86200", _YELLOW)
AMBER_INK: Final = Colour("#14181F", _BLACK)
PRIMARY: Final = Colour("#0B5FCC", _YELLOW)
PRIMARY_DEEP: Final = Colour("#084A9F", _YELLOW)
PRIMARY_SOFT: Final = Colour("#E6F0FC", _BLACK)
PAY: Final = Colour("#0A6B3D", _YELLOW)
PAY_DEEP: Final = Colour("#07532F", "#FFF3A0")
GOOD_SOFT: Final = Colour("#E3F3EA", _BLACK)
HELP: Final = Colour("#5B2A9D", _CYAN)
HELP_DEEP: Final = Colour("#451F7A", "#A6F6FF")
HELP_SOFT: Final = Colour("#F0E9FA", _BLACK)
HELP_EDGE: Final = Colour("#D9C7F2", _CYAN)
DANGER: Final = Colour("#B3171B", _WHITE)
DANGER_SOFT: Final = Colour("#FBE9E9", _BLACK)
INFO: Final = Colour("#0E6A80", _WHITE)
BROWN: Final = Colour("#8A5A00", _WHITE)
GREEN: Final = Colour("#1B8F58", _WHITE)
SHADE: Final = Colour("#0A1422", _BLACK)  # laid over a screen behind a sheet, half transparent


class Level(Enum):
    """The least contrast for what a pair is used for (UX R1; WCAG 1.4.3, 1.4.6, 1.4.11)."""

    BODY = 7.0
    LARGE = 4.5
    PART = 3.0

    def least(self, theme: Theme) -> float:
        """What the pair must reach in that theme: any text in high contrast 13:1."""
        match theme:
            case Theme.LIGHT:
                return self.value
            case Theme.HIGH_CONTRAST:
                return self.value if self is Level.PART else 13.0


class Tone(Enum):
    """Every pair of text on ground in use: text has no other way to get its colour."""

    PLAIN = (INK, PAPER, Level.BODY)
    SOFT = (INK_2, PAPER, Level.BODY)
    INK_SURFACE = (INK, SURFACE, Level.BODY)
    SOFT_SURFACE = (INK_2, SURFACE, Level.BODY)
    INK_PRIMARY_SOFT = (INK, PRIMARY_SOFT, Level.BODY)
    SAVING = (PAY_DEEP, PAPER, Level.BODY)
    SAVING_SURFACE = (PAY_DEEP, SURFACE, Level.BODY)
    ON_NIGHT = (BRIGHT, NIGHT, Level.BODY)
    NIGHT_SOFT = (NIGHT_INK_2, NIGHT, Level.BODY)
    NIGHT_CHOSEN = (AMBER_INK, AMBER, Level.BODY)
    ON_PAY = (PAPER, PAY, Level.LARGE)
    ON_PRIMARY = (PAPER, PRIMARY, Level.LARGE)
    ON_PRIMARY_DEEP = (PAPER, PRIMARY_DEEP, Level.BODY)
    ON_HELP = (PAPER, HELP, Level.BODY)
    HELP_LINE = (HELP, PAPER, Level.BODY)
    PRIMARY_SURFACE = (PRIMARY_DEEP, SURFACE, Level.BODY)
    REMOVE = (DANGER, PAPER, Level.LARGE)
    ON_AMBER = (AMBER_INK, AMBER_SOFT, Level.BODY)
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
    (EDGE, PAPER),
    (EDGE, SURFACE),
    (EDGE, SURFACE_2),
    (EDGE, HELP_SOFT),
    (NIGHT_EDGE, NIGHT),
    (GREEN, PAPER),
    (GREEN, NIGHT),
    (AMBER, NIGHT),
    (AMBER, AMBER_INK),
    (AMBER_DEEP, PAPER),
    (PRIMARY, PAPER),
    (PRIMARY, SURFACE),
    (PRIMARY, SURFACE_2),
    (PAY, PAPER),
    (PAY, GOOD_SOFT),
    (PAY, SURFACE),
    (HELP, PAPER),
    (DANGER, PAPER),
    (DANGER, DANGER_SOFT),
    (INFO, PAPER),
    (BROWN, PAPER),
    (AMBER_INK, AMBER_SOFT),
)
"""Every pair of a drawn part (edge, lamp, bar, icon) on its ground."""


LARGER: Final = 1.6
"""By how much text grows in large letters: to capitals of 7.8 mm, 0.74° at 600 mm (UX R5)."""
_TEXT_MM: Final = 8.64


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

    def __init__(self, size_mm: float, weight: Weight, leading: float) -> None:
        self.size_mm = size_mm
        self.weight = weight
        self.leading = leading

    def letter_mm(self, *, large: bool) -> float:
        """The em in mm. In large letters text grows by 1.6, and display sizes, which are large, by less."""
        if not large:
            return self.size_mm
        text = min(self.size_mm, _TEXT_MM) * LARGER
        return max(text + max(self.size_mm - _TEXT_MM, 0) * 0.75, self.size_mm)

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
HELP_LARGE_UPRIGHT: Final = (56.0, 36.0)
HELP_LARGE_WIDE: Final = (72.0, 26.0)
HELP_LARGE_LOW: Final = (48.0, 24.0)
"""With large letters: two lines where the glass is high, one long one where it is wide."""
ACCESS_WIDTH: Final = 24.0
PRIMARY_HEIGHT: Final = 24.0
MARGIN: Final = 7.2
GAP: Final = 3.6
GAP_SMALL: Final = 2.2
GAP_LARGE: Final = 5.8
GAP_DANGER: Final = 8.0
"""Between paying and anything that takes away (UX R3)."""
BAR: Final = 22.0
LINE: Final = 160.0
"""Some 60 letters of body text: no line is longer (UX R6)."""
RADIUS: Final = 5.0
RADIUS_LARGE: Final = 6.5
RADIUS_SMALL: Final = 3.2
EDGE_WIDTH: Final = 0.5
EDGE_WIDE: Final = 0.8
EDGE_CHOSEN: Final = 2.0
ROW: Final = 23.0
ROW_PICTURE: Final = 15.8
LAST_PICTURE: Final = 36.0
ICON: Final = 8.6
ICON_LARGE: Final = 16.5
SIDE: Final = 115.0
"""The money column of a landscape basket."""
