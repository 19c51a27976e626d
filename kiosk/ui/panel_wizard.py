"""Owns the installer's way: fit the box to a card, save, say how high the glass stands, see who reaches what.

It must not know Kivy, a file or a clock: what has to be done outside comes back as an order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from kiosk.ui.calibration import CardBox, Side, first_box, measure_of
from kiosk.ui.reach import Control
from kiosk.ui.theme import Panel

HIGHEST_EDGE_MM: Final = 2000
"""No glass stands higher; the settings take no more."""

_STEP = re.compile(r"box:(width|height):(-?\d{1,4})", re.ASCII)
_DIGIT = re.compile(r"digit:([0-9])", re.ASCII)


class Page(Enum):
    CARD = "card"
    EDGE = "edge"
    REACH = "reach"


class Order(Enum):
    """What the window or the file has to do for a tap."""

    SAVE = "save"
    MEASURE = "measure"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Wizard:
    """Where the installer is. `fault` is why the settings could not be written."""

    box: CardBox
    typed: str = ""
    page: Page = Page.CARD
    fault: str = ""
    controls: tuple[Control, ...] = ()

    @property
    def edge_mm(self) -> int:
        return int(self.typed or "0")

    @property
    def edge_is_known(self) -> bool:
        return bool(self.typed) and self.edge_mm <= HIGHEST_EDGE_MM


def begin(panel: Panel, bottom_edge_mm: int | None) -> Wizard:
    """The first page, with what the settings say today."""
    return Wizard(first_box(panel), "" if bottom_edge_mm is None else str(bottom_edge_mm))


def tapped(wizard: Wizard, tap_id: str) -> tuple[Wizard, Order | None]:
    """What a tap changes, and what it wants done. A tap of another page changes nothing."""
    if tap_id in ("close", "staff-end"):
        return wizard, Order.LEAVE
    match wizard.page:
        case Page.CARD:
            return _on_card(wizard, tap_id)
        case Page.EDGE:
            return _on_edge(wizard, tap_id)
        case Page.REACH:
            return (replace(wizard, page=Page.EDGE), None) if tap_id == "again" else (wizard, None)


def saved(wizard: Wizard) -> Wizard:
    """The file has the glass's measure."""
    return replace(wizard, page=Page.EDGE, fault="")


def refused(wizard: Wizard, reason: str) -> Wizard:
    """The file could not be written: the page stays, and says why."""
    return replace(wizard, fault=reason)


def measured(wizard: Wizard, controls: tuple[Control, ...]) -> Wizard:
    """Every control's height is known."""
    return replace(wizard, page=Page.REACH, controls=controls, fault="")


def _on_card(wizard: Wizard, tap_id: str) -> tuple[Wizard, Order | None]:
    if tap_id == "box-save" and measure_of(wizard.box).usable:
        return wizard, Order.SAVE
    if tap_id == "box-turn":
        return replace(wizard, box=wizard.box.turned(), fault=""), None
    if step := _STEP.fullmatch(tap_id):
        grown = wizard.box.grown(Side(step[1]), int(step[2]))
        return replace(wizard, box=grown, fault=""), None
    return wizard, None


def _on_edge(wizard: Wizard, tap_id: str) -> tuple[Wizard, Order | None]:
    if tap_id == "pad-ok" and wizard.edge_is_known:
        return wizard, Order.MEASURE
    if tap_id == "erase-digit":
        return replace(wizard, typed=wizard.typed[:-1], fault=""), None
    if (digit := _DIGIT.fullmatch(tap_id)) and len(wizard.typed) < len(str(HIGHEST_EDGE_MM)):
        return replace(wizard, typed=(wizard.typed + digit[1]).lstrip("0") or "0", fault=""), None
    return wizard, None
