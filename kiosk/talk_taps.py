"""Owns the taps of a conversation with staff: what is said by a tile, typed, or asked about an item.

It must not decide what comes of it. Only what may be passed on becomes an event; a text is kept before that.
"""

from __future__ import annotations

from collections.abc import Callable

from assets.languages import ENGLISH
from inventory.domain.phrases import (
    LONGEST_TEXT,
    SLOT_OF,
    Phrase,
    ShopperPhrase,
    Slot,
    known_languages,
    read_text,
)
from kiosk.checkout import messages as m
from kiosk.checkout.state import LaneState
from kiosk.checkout.talk import PhraseSaid
from kiosk.checkout.talking import SHEETS
from kiosk.jottings import Jottings
from kiosk.shelf import Shelf

ITEM_QUERY = 30
_PHRASES = {phrase.value: phrase for phrase in ShopperPhrase}


def talk_tap(
    verb: str,
    subject: str,
    state: LaneState,
    shelf: Shelf,
    new_id: Callable[[], str],
    jottings: Jottings,
) -> m.Event | None:
    """The event behind such a tap; None for a tap of another kind, or one that has lost its meaning."""
    if verb == "write":
        return m.SheetOpened(m.Sheet.TALK)
    if state.view.sheet not in SHEETS:
        return None
    match verb:
        case "say" if subject in _PHRASES:
            return _said(_PHRASES[subject], state, new_id)
        case "typing":
            return m.SheetOpened(m.Sheet.WRITE)
        case "ask" if subject in shelf.by_gtin and state.view.sheet is m.Sheet.WRITE:
            return PhraseSaid(new_id(), new_id(), Phrase(ShopperPhrase.WHERE_IS, subject))
        case "send":
            return _sent(state, new_id, jottings)
        case "key" | "space" if state.view.sheet is m.Sheet.WRITE:
            return talk_typed(_cased(subject, state.view.query) if verb == "key" else " ", state)
        case _:
            return None


def talk_typed(text: str, state: LaneState) -> m.Event:
    """More of a text, cut where it may not grow."""
    most = ITEM_QUERY if state.view.subject else LONGEST_TEXT
    printable = "".join(sign for sign in text if sign.isprintable())
    return m.QueryTyped((state.view.query + printable).lstrip()[:most])


def _cased(letter: str, draft: str) -> str:
    """The keys show capitals; a message in nothing else would shout."""
    begins = not draft.strip() or draft.rstrip()[-1] in ".?!…。？؟"
    return letter if begins else letter.lower()


def _said(phrase_id: ShopperPhrase, state: LaneState, new_id: Callable[[], str]) -> m.Event | None:
    match SLOT_OF.get(phrase_id):
        case None:
            return PhraseSaid(new_id(), new_id(), Phrase(phrase_id))
        case Slot.LANGUAGE:
            spoken = state.language if state.language in known_languages() else ENGLISH
            return PhraseSaid(new_id(), new_id(), Phrase(phrase_id, spoken))
        case _:  # which item is looked for by its name
            return m.SheetOpened(m.Sheet.WRITE, phrase_id.value)


def _sent(state: LaneState, new_id: Callable[[], str], jottings: Jottings) -> m.Event | None:
    text = read_text(state.view.query)
    if not isinstance(text, str) or state.view.sheet is not m.Sheet.WRITE or state.view.subject:
        return None
    entry_id = new_id()
    jottings.put(entry_id, text)
    return PhraseSaid(entry_id, new_id())
