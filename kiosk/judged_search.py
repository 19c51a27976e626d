"""Owns the verdict on a word that was typed into the search: whether the shelf holds anything by it.

It must not count anything: `kiosk.checkout.searching` decides when a search is over.
"""

from __future__ import annotations

from dataclasses import replace

from inventory.domain.searches import term_of
from kiosk.checkout import messages as m
from kiosk.checkout.state import LaneState
from kiosk.shelf import Shelf


def judged(event: m.Event | None, state: LaneState, shelf: Shelf) -> m.Event | None:
    """The event as it came, or with the word that may be counted where nothing was found by it."""
    if not isinstance(event, m.QueryTyped) or state.view.sheet is not m.Sheet.FIND or not shelf.version:
        return event
    if shelf.finder.search(event.text, state.language, limit=1):
        return event
    return replace(event, missed=term_of(event.text))
