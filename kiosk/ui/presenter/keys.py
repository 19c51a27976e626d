"""Owns which keys stand on the screen: the letters of the shopper's language, or the number pad.

It must not know Kivy, nor what is written.
"""

from __future__ import annotations

from assets.layouts import layout_for
from kiosk.checkout.state import LaneState
from kiosk.ui.screen_model import ButtonModel

Rows = tuple[tuple[str, ...], ...]


def rows(state: LaneState) -> Rows:
    """Letters with their accents in a row of their own: no key needs a long press."""
    layout = layout_for(state.language)
    return tuple(tuple(row) for row in (layout.pad if state.view.accents else layout.rows))


def other_page(state: LaneState) -> ButtonModel:
    """The key between letters and figures; it names what it leads to."""
    label = layout_for(state.language).letters if state.view.accents else "123"
    return ButtonModel("accents", label, chosen=state.view.accents)
