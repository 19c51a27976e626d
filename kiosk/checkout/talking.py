"""Owns the conversation of one call at the lane: said once, kept in order, over with the call or the visit.

It must not know words, tablets or networks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inventory.domain.help_desk import OPEN_STATES, HelpReason
from inventory.domain.phrases import MOST_ENTRIES, MOST_OF_ONE_SIDE, Phrase, ShopperPhrase, Side
from kiosk.checkout import assisting
from kiosk.checkout.effects import Effect, PlaySound, SendPhrase, Sound
from kiosk.checkout.messages import HelpRequested, Sheet
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import LaneState
from kiosk.checkout.talk import Passing, PhraseHeard, PhrasePassed, PhraseSaid, Spoken, Talk

SHEETS = frozenset({Sheet.TALK, Sheet.WRITE})

_P = ShopperPhrase
_ABOUT = {
    HelpReason.WONT_SCAN: (_P.ITEM_WONT_SCAN,),
    HelpReason.PRICE: (_P.PRICE_WRONG, _P.COUPON_FAILS, _P.LOYALTY_FAILS),
    HelpReason.PAYMENT: (
        *(_P.CARD_DECLINED, _P.PAID_NO_RECEIPT, _P.CHARGED_TWICE),
        *(_P.WANT_INVOICE, _P.WANT_REFUND),
    ),
    HelpReason.FIND: (_P.WHERE_IS,),
    HelpReason.AGE: (_P.NEED_AGE_CHECK,),
}
"""What a call is about that begins with such a phrase."""


def said(state: LaneState, event: PhraseSaid, at: datetime) -> Outcome:
    """Keeps it and sends it. Where nobody was called yet, this calls somebody: one tap is enough."""
    effects: tuple[Effect, ...] = ()
    if not _is_open(state):
        state, effects = assisting.help_requested(
            state, HelpRequested(event.help_id, _reason(event.phrase)), at
        )
    talk = _talk(state)
    said_here = sum(1 for each in talk.entries if each.side is Side.SHOPPER)
    is_full = len(talk.entries) >= MOST_ENTRIES or said_here >= MOST_OF_ONE_SIDE
    if is_full or _knows(talk, event.entry_id):
        return state, effects
    spoken = Spoken(event.entry_id, Side.SHOPPER, event.phrase, state.language, at)
    state = replace(state, talk=replace(talk, entries=(*talk.entries, spoken)))
    if state.view.sheet is Sheet.WRITE:  # what was written is read where all of it stands
        state = replace(
            state, view=replace(state.view, sheet=Sheet.TALK, query="", subject="", accents=False)
        )
    return state, (*effects, _send(talk.help_id, spoken))


def heard(state: LaneState, event: PhraseHeard, at: datetime) -> Outcome:
    """Of any other call, or known already, it is old news."""
    if state.help is None or not _is_open(state) or state.help.help_id != event.help_id:
        return state, ()
    talk = _talk(state)
    if _knows(talk, event.entry_id) or len(talk.entries) >= MOST_ENTRIES:
        return state, ()
    spoken = Spoken(
        event.entry_id, Side.STAFF, event.phrase, event.language, at, event.staff_name, Passing.TAKEN
    )
    state = replace(state, talk=replace(talk, entries=(*talk.entries, spoken)))
    return state, (PlaySound(Sound.ATTENTION),)


def passed(state: LaneState, event: PhrasePassed, _at: datetime) -> Outcome:
    if not _knows(state.talk, event.entry_id):
        return state, ()
    passing = Passing.TAKEN if event.taken else Passing.REFUSED
    entries = tuple(
        replace(each, passing=passing) if each.entry_id == event.entry_id else each
        for each in state.talk.entries
    )
    return replace(state, talk=replace(state.talk, entries=entries)), ()


def settled(state: LaneState) -> LaneState:
    """A conversation ends with its call; what is on the screen of another call is not read."""
    if not state.talk.entries or (
        _is_open(state) and state.help and state.help.help_id == state.talk.help_id
    ):
        return state
    return replace(state, talk=Talk())


def waits(state: LaneState) -> bool:
    """Whether somebody stands here and reads until staff answer."""
    return _is_open(state) and state.view.base in SHEETS


def say_again(state: LaneState) -> tuple[Effect, ...]:
    """After a restart the store hears once more what it may not have taken, under the same ids (C03)."""
    if not _is_open(state):
        return ()
    waiting = (each for each in state.talk.entries if each.passing is Passing.UNDER_WAY)
    return tuple(_send(state.talk.help_id, each) for each in waiting)


def _is_open(state: LaneState) -> bool:
    return state.help is not None and state.help.state in OPEN_STATES


def _talk(state: LaneState) -> Talk:
    """The conversation of the open call, begun anew with a new call."""
    help_id = state.help.help_id if state.help is not None else ""
    return state.talk if state.talk.help_id == help_id else Talk(help_id)


def _knows(talk: Talk, entry_id: str) -> bool:
    return any(each.entry_id == entry_id for each in talk.entries)


def _reason(phrase: Phrase | None) -> HelpReason:
    about = phrase.phrase_id if phrase is not None else None
    return next((reason for reason, phrases in _ABOUT.items() if about in phrases), HelpReason.UNSAID)


def _send(help_id: str, spoken: Spoken) -> SendPhrase:
    return SendPhrase(spoken.entry_id, help_id, spoken.phrase, spoken.language, spoken.at)
