"""Owns what a screen needs beside the lane's state: the shelf, the words, the names of languages, the time.

It must not know Kivy or devices.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assets.texts import Texts
from kiosk.shelf import Shelf

LANGUAGE_NAMES = {
    "en": "English",
    "it": "Italiano",
    "id": "Indonesia",
    "ro": "Română",
    "fil": "Filipino",
}
"""Each in its own words; no flags: a language is not a country."""


@dataclass(frozen=True, slots=True)
class Scene:
    """`receipt_qr` belongs to the sale on the thanks screen; `has_bag` shows the button that sells one."""

    store_name: str
    lane_label: str
    shelf: Shelf
    now_utc: datetime
    receipt_qr: str = ""
    has_bag: bool = False

    def texts(self, language: str) -> Texts:
        return Texts(language)
