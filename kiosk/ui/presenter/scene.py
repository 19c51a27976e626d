"""Owns what a screen needs beside the lane's state: the shelf, the words, the languages, the time.

It must not know Kivy or devices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assets.answers import Answers
from assets.languages import FIRST_TIER, SHIPPED
from assets.texts import Texts
from inventory.domain.neighbours import OpenLane
from kiosk.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Scene:
    """`receipt_qr` belongs to the sale on the thanks screen; `bag_gtin` is the bag it sells, or "" for none.

    `has_terminal`, `has_printer`, `has_scale`: whether the lane was built with one.

    `chips` are the languages on the welcome screen, `offered` all those under the globe. `shopper_url` is
    where a phone finds the store's pages, "" where it finds none. `open_lanes` are as the store last said.
    `typed` are the texts of a conversation, by the id of what was said.

    `help_desk_place`: where staff are found when the store does not answer, "" where that is nowhere.
    """

    store_name: str
    lane_label: str
    shelf: Shelf
    now_utc: datetime
    receipt_qr: str = ""
    bag_gtin: str = ""
    has_terminal: bool = True
    has_printer: bool = True
    has_scale: bool = True
    chips: tuple[str, ...] = FIRST_TIER
    offered: tuple[str, ...] = SHIPPED
    answers: Answers = field(default_factory=Answers)
    shopper_url: str = ""
    help_desk_place: str = ""
    open_lanes: tuple[OpenLane, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)

    def texts(self, language: str) -> Texts:
        return Texts(language)
