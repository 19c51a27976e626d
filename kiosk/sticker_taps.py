"""Owns the taps on the pad for the number on a sticker: digit by digit, and the good that carries it.

It must not decide what is done with the good.
"""

from __future__ import annotations

from inventory.domain.catalogue import Item
from inventory.domain.plu import LONGEST
from kiosk.checkout import messages as m
from kiosk.checkout.state import LaneState
from kiosk.shelf import Shelf


def digit_tap(digit: str, state: LaneState) -> m.QueryTyped | None:
    """The number with one digit more, while the pad is open and the number has room."""
    grown = state.view.query + digit
    if state.view.sheet is not m.Sheet.STICKER or len(grown) > LONGEST:
        return None
    return m.QueryTyped(grown) if len(digit) == 1 and digit in "0123456789" else None


def numbered(state: LaneState, shelf: Shelf) -> Item | None:
    """The good whose number stands on the pad."""
    return shelf.by_plu.get(state.view.query) if state.view.sheet is m.Sheet.STICKER else None
