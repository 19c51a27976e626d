"""Owns the values that every screen is made of: its name, the lamp, a button, a row of goods.

It must not know any one screen, nor Kivy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ScreenName(Enum):
    """Names a journey may expect; the whole list is kept even where a screen is drawn over another."""

    ATTRACT = "attract"
    BASKET = "basket"
    ROW = "row"
    NO_BARCODE = "no-barcode"
    WEIGH = "weigh"
    PAY = "pay"
    PAYING = "paying"
    NOT_PAID = "not-paid"
    CHECKING = "checking"
    THANKS = "thanks"
    HELP = "help"
    FIND = "find"
    QUESTIONS = "questions"
    LANGUAGE = "language"
    ACCESSIBILITY = "accessibility"
    SETTINGS_CARD = "settings-card"
    DEGRADED = "degraded"
    STILL_THERE = "still-there"
    KEPT = "kept"
    PARKED = "parked"
    STAFF = "staff"
    TALK = "talk"


class Lamp(Enum):
    """The lane lamp, on screen and above the lane: colour and pattern always change together."""

    FREE = "free"  # green, steady
    CALLING = "calling"  # amber, slow pulse
    CALLING_FAST = "calling-fast"  # amber, fast pulse: the store does not hear it
    COMING = "coming"  # amber, steady
    HERE = "here"  # blue, steady
    CLOSED = "closed"  # grey ring with a bar


@dataclass(frozen=True, slots=True)
class ButtonModel:
    """One thing to tap. `icon` is a file stem of assets/icons or ""."""

    tap_id: str
    label: str
    icon: str = ""
    enabled: bool = True
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What staff said last. `open` is what a loudspeaker may say of it, where others hear it too."""

    entry_id: str
    text: str
    open: str


@dataclass(frozen=True, slots=True)
class RowModel:
    """One basket row; tapping anywhere on it opens its sheet. `saving` colours the detail as a saving."""

    tap_id: str
    name: str
    detail: str
    amount: str
    pictogram: str
    saving: bool = False

    def __hash__(self) -> int:
        return hash(self.tap_id)  # a list of hundreds looks each of its rows up at every scan
