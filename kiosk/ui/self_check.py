"""Owns the installer's question: how high above the floor is everything a shopper has to touch.

It must not guess: every screen is drawn and measured where the hand finds its targets.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.checkout.preferences import Preference, Preferences
from kiosk.ui import reach
from kiosk.ui.reach import Control
from kiosk.ui.theme import Panel

if TYPE_CHECKING:
    from kiosk.ui.app import LaneWindow
    from kiosk.ui.hand import Hand


def highest_of(controls: Iterable[Control], *, lowered: bool) -> Control:
    """The highest control of one manner."""
    return max((each for each in controls if each.lowered is lowered), key=lambda each: each.height_mm)


def all_controls(panel: Panel, bottom_edge_mm: int) -> tuple[Control, ...]:
    """Every control as a shopper first meets the lane, and with everything lower; drawn off screen."""
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    os.environ["SDL_AUDIODRIVER"] = "dummy"
    from kiosk.ui.app import LaneWindow  # noqa: PLC0415  (imports Kivy, which reads the two settings above)
    from kiosk.ui.hand import Hand  # noqa: PLC0415

    window = LaneWindow(panel, reduced_motion=True)
    found: list[Control] = []

    def measure() -> None:
        try:
            if window.wait_until_running(20):
                found.extend(measured_in(window, Hand(window), bottom_edge_mm))
        finally:
            window.stop()

    hands = threading.Thread(target=measure, name="self-check")
    hands.start()
    window.run()
    hands.join()
    return tuple(found)


def measured_in(window: LaneWindow, hand: Hand, bottom_edge_mm: int) -> tuple[Control, ...]:
    """The same in a window that is open; not on its thread."""
    from kiosk.ui import gallery  # noqa: PLC0415  (its samples are wanted for measuring alone)
    from kiosk.ui.gallery_pages import as_shown  # noqa: PLC0415

    highest: dict[tuple[bool, str], Control] = {}
    for lowered in (False, True):
        chosen = Preferences(frozenset({Preference.REACH}) if lowered else frozenset())
        for name, model in gallery.english().items():
            if name.startswith("staff"):  # not a shopper's
                continue
            window.show(as_shown(replace(model, preferences=chosen)))
            for tap_id, height in reach.heights_mm(window.panel, hand.rectangles(), bottom_edge_mm).items():
                control = Control(lowered, name, tap_id, height)
                known = highest.get((lowered, tap_id))
                if known is None or known.height_mm < height:
                    highest[lowered, tap_id] = control
    return tuple(highest.values())
