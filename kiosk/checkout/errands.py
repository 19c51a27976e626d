"""Owns the errands of one lane: asked for, told again until the store has them, taken back, done.

It must not know tablets or networks. An errand moves as a call for help does (`inventory.domain.help_desk`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inventory.domain.help_desk import OPEN_STATES, HelpReason, HelpState, may_become
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.effects import Effect, PlaySound, SendHelp, Sound
from kiosk.checkout.errand import SHELF, Errand, ErrandDismissed, ErrandRequested
from kiosk.checkout.messages import HelpUpdated
from kiosk.checkout.state import LaneState

Outcome = tuple[LaneState, tuple[Effect, ...]]

MAX_ERRANDS = 6
"""More at once from one lane is a child at the glass."""

MAX_TAKEN_BACK = 12
"""As many reports the lane remembers to have taken back; what is forgotten stays open until staff looked."""

_TOLD = frozenset({HelpState.ACCEPTED, HelpState.RESOLVED})


def requested(state: LaneState, event: ErrandRequested, _at: datetime) -> Outcome:
    """A second tap for the same good changes nothing while the first is open."""
    if len(state.errands) >= MAX_ERRANDS or of_item(state, event.reason, event.item.gtin) is not None:
        return state, ()
    errand = Errand(event.errand_id, event.reason, event.item)
    return replace(state, errands=(*state.errands, errand)), (_send(errand),)


def dismissed(state: LaneState, event: ErrandDismissed, _at: datetime) -> Outcome:
    errand = next((each for each in state.errands if each.errand_id == event.errand_id), None)
    if errand is None:
        return state, ()
    state = replace(state, errands=tuple(each for each in state.errands if each is not errand))
    if errand.state not in OPEN_STATES:
        return state, ()
    if errand.reason is HelpReason.SHELF_EMPTY:
        taken_back = (*state.reports_taken_back, errand.errand_id)[-MAX_TAKEN_BACK:]
        state = replace(state, reports_taken_back=taken_back)
    return state, (_cancel(errand.errand_id, errand.reason),)


def is_errand(state: LaneState, event: HelpUpdated) -> bool:
    """Whether the store speaks of an errand, known here or not."""
    return event.help_id.startswith(SHELF) or any(each.errand_id == event.help_id for each in state.errands)


def updated(state: LaneState, event: HelpUpdated) -> Outcome:
    """The store's word moves an errand forwards only; a report about a shelf may have outlived its visit.

    One that was taken back is taken back again as long as the store holds it open (I5).
    """
    if event.help_id in state.reports_taken_back:
        return _taken_back(state, event)
    errand = next((each for each in state.errands if each.errand_id == event.help_id), None)
    if errand is None or not may_become(errand.state, event.state):
        return state, ()
    moved = replace(errand, state=event.state, staff_name=event.staff_name or errand.staff_name)
    is_over = moved.state is HelpState.CANCELLED
    errands = tuple(
        moved if each is errand else each for each in state.errands if each is not errand or not is_over
    )
    is_news = moved.reason is HelpReason.BRING and moved.state in _TOLD
    return replace(state, errands=errands), (PlaySound(Sound.ATTENTION),) if is_news else ()


def _taken_back(state: LaneState, event: HelpUpdated) -> Outcome:
    if event.state in OPEN_STATES:
        return state, (_cancel(event.help_id, HelpReason.SHELF_EMPTY),)
    left = tuple(each for each in state.reports_taken_back if each != event.help_id)
    return replace(state, reports_taken_back=left), ()


def arrived(state: LaneState, line: BasketLine) -> LaneState:
    """What was brought is in the basket now: nothing more need be said about it."""
    gtin = line.item.gtin
    left = tuple(
        each for each in state.errands if each.item.gtin != gtin or each.state is not HelpState.RESOLVED
    )
    return replace(state, errands=left) if left != state.errands else state


def leave(state: LaneState) -> Outcome:
    """The shopper has gone: nothing is brought to nobody; a shelf stays empty, so its report stays open.

    A report that the store has not taken yet stays here until it has.
    """
    unsent = tuple(
        each
        for each in state.errands
        if each.reason is HelpReason.SHELF_EMPTY and each.state is HelpState.REQUESTED
    )
    cancelled = tuple(
        _cancel(each.errand_id, each.reason)
        for each in state.errands
        if each.reason is HelpReason.BRING and each.state in OPEN_STATES
    )
    return replace(state, errands=unsent), cancelled


def say_again(state: LaneState) -> tuple[Effect, ...]:
    """After a restart the store hears of every open errand once more, under the same ids (C03)."""
    open_still = tuple(_send(each) for each in state.errands if each.state in OPEN_STATES)
    return open_still + tuple(_cancel(each, HelpReason.SHELF_EMPTY) for each in state.reports_taken_back)


def of_item(state: LaneState, reason: HelpReason, gtin: str) -> Errand | None:
    """The errand about a good that the shopper has not put aside."""
    return next((each for each in state.errands if (each.reason, each.item.gtin) == (reason, gtin)), None)


def waits(state: LaneState) -> bool:
    """Whether somebody stands here until something is brought."""
    return any(each.reason is HelpReason.BRING and each.state in OPEN_STATES for each in state.errands)


def _send(errand: Errand) -> SendHelp:
    return SendHelp(errand.errand_id, HelpState.REQUESTED, errand.reason, errand.note, errand.item.gtin)


def _cancel(errand_id: str, reason: HelpReason) -> SendHelp:
    return SendHelp(errand_id, HelpState.CANCELLED, reason)
