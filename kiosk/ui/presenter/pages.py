"""Owns the turning of pages of tiles: how many stand on one, and the buttons that lead on and back.

It must not know what the tiles are, nor Kivy.
"""

from __future__ import annotations

from assets.texts import Texts
from kiosk.checkout.preferences import Preference
from kiosk.ui.screen_model import ButtonModel

TILES_A_SIMPLE_PAGE = 3
"""With the way on they are the four things that a simple screen shows."""
TILES_ON_THE_FULLEST_PAGE = 4
FULLEST = frozenset({Preference.LARGE_TEXT, Preference.REACH})
"""The looks that together leave the least room for tiles."""


def page_before(page: int, texts: Texts) -> ButtonModel | None:
    """The way back to the page before, where there is one."""
    return ButtonModel(f"page:{page - 1}", texts("Before"), "arrow-left") if page else None


def page_after(page: int, count: int, texts: Texts, *, round_again: bool) -> ButtonModel | None:
    """The way on; `round_again`: the first page follows the last, where no button leads back."""
    if count < 2 or (page == count - 1 and not round_again):
        return None
    return ButtonModel(f"page:{(page + 1) % count}", texts("More"), "arrow-right")
