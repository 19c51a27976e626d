"""Owns the taps on the card of a good in the search: errands, more of it, the phone's code, the way back.

It must not decide what an event does, nor ask anything but the shelf.
"""

from __future__ import annotations

from inventory.domain.help_desk import HelpReason
from kiosk.checkout import messages as m
from kiosk.checkout.errand import SHELF, ErrandDismissed, ErrandRequested
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.state import LaneState
from kiosk.ids import NewId
from kiosk.shelf import Shelf


def tap_card(verb: str, subject: str, state: LaneState, shelf: Shelf, new_id: NewId) -> m.Event | None:
    """The event behind a tap, or None for one that is not on a card."""
    view = state.view
    match verb:
        case "bring" | "shelf-empty":
            item = shelf.by_gtin.get(subject)
            before = SHELF if verb == HelpReason.SHELF_EMPTY.value else ""
            return ErrandRequested(before + new_id(), HelpReason(verb), item) if item else None
        case "tell-more":
            item = shelf.by_gtin.get(subject)
            return m.HelpRequested(new_id(), HelpReason.SALES, item) if item else None
        case "errand":
            return ErrandDismissed(subject)
        case "results":
            return CardOpened("")
        case "phone" | "no-phone":
            return CardOpened(view.chosen, scanned=view.scanned, phone=verb == "phone")
        case _:
            return None
