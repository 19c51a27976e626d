"""Owns when a search counts as one that found nothing: at its end, not at every letter.

It must not know the catalogue: each `QueryTyped` says whether its word found anything.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.checkout.effects import CountSearch, Effect
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.messages import Event, QueryTyped, Sheet
from kiosk.checkout.state import LaneState

Outcome = tuple[LaneState, tuple[Effect, ...]]


def noted(before: LaneState, event: Event, after: LaneState) -> Outcome:
    """Counts the word when the shopper starts over or leaves; not when a good was found and looked at."""
    missed = before.view.missed
    if before.view.base is not Sheet.FIND:
        return after, ()
    match event:
        case CardOpened():
            return _with(after, ""), ()
        case QueryTyped(text=text, missed=new):
            return _typed(before, text, new, after)
        case _:
            left = after.view.base is not Sheet.FIND or not after.view.missed
            return after, _counted(missed, before) if left else ()


def _typed(before: LaneState, text: str, new: str, after: LaneState) -> Outcome:
    """A longer word takes the place of its beginning; taking letters away keeps the longest."""
    missed = before.view.missed
    if not text.strip():
        return _with(after, ""), _counted(missed, before)
    if not new or missed.startswith(new):
        return _with(after, missed), ()
    return _with(after, new), () if new.startswith(missed) else _counted(missed, before)


def _with(state: LaneState, missed: str) -> LaneState:
    if state.view.missed == missed:
        return state
    return replace(state, view=replace(state.view, missed=missed))


def _counted(missed: str, state: LaneState) -> tuple[Effect, ...]:
    return (CountSearch(missed, state.language),) if missed else ()
