"""Owns the names of what may lie over the screen, and of what the lane may wait for.

It must not know what is drawn, nor how long a wait is.
"""

from __future__ import annotations

from enum import Enum


class Timer(Enum):
    """What the lane may wait for. Durations are in `kiosk.checkout.state.DELAYS_S`."""

    THANKS = "thanks"
    IDLE = "idle"
    NOTICE = "notice"
    HELP_DONE = "help-done"
    HELP_LATE = "help-late"
    CHECKING = "checking"
    QUERY = "query"
    STORAGE = "storage"
    STILL_THERE = "still-there"
    LEFT = "left"
    CODE = "code"
    DWELL = "dwell"
    UNDO = "undo"
    STAFF = "staff"


class Sheet(Enum):
    """What lies over the screen."""

    NONE = "none"
    ROW = "row"
    COUNT = "count"
    LANGUAGE = "language"
    ACCESSIBILITY = "accessibility"
    FIND = "find"
    NO_BARCODE = "no-barcode"
    STICKER = "sticker"
    QUESTIONS = "questions"
    CARD = "card"
    WEIGH = "weigh"
    STAFF_PIN = "staff-pin"
    STAFF_PRICE = "staff-price"
    STAFF_CONFIRM = "staff-confirm"
    STAFF_REASON = "staff-reason"
    STAFF_TEST = "staff-test"
    TALK = "talk"
    WRITE = "write"
