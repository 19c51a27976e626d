"""Owns the soft first step of help: after some failed scans or refused cards a hand is offered, never sent.

It must not call anybody. What went wrong lately is forgotten with the visit and at a restart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hardware.events import BarcodeRefused, CardDeclined
from kiosk.checkout.messages import (
    Event,
    HelpRequested,
    ItemScanned,
    ScanProblem,
    ScanRejected,
    Timer,
    TimerExpired,
)
from kiosk.checkout.scanning import PICTURES, Outcome
from kiosk.checkout.state import LaneState, Phase
from kiosk.checkout.visit_events import OfferDeclined

FAILED_SCANS = 3
WITHIN_S = 20
DECLINES = 2

_SHOPPERS_TO_SOLVE = frozenset({ScanProblem.UNREADABLE, ScanProblem.NOT_A_PRODUCT, ScanProblem.UNKNOWN_ITEM})


def noted(before: LaneState, event: Event, after: LaneState, at: datetime) -> LaneState:
    """The lane with what `event` adds to the shopper's troubles, or takes from them."""
    match event:
        case BarcodeRefused():
            return _failed(after, at)
        case ScanRejected(problem=problem) if problem in _SHOPPERS_TO_SOLVE:
            return _failed(after, at)
        case CardDeclined() if before.phase is Phase.PAYING and after.phase is Phase.NOT_PAID:
            ladder = replace(after.ladder, declines=after.ladder.declines + 1)
            return (
                _offered(replace(after, ladder=ladder))
                if ladder.declines >= DECLINES
                else replace(after, ladder=ladder)
            )
        case TimerExpired(timer=Timer.DWELL) if after.view.sheet in PICTURES:
            return _offered(after)
        case ItemScanned() if after.basket != before.basket:
            return replace(after, ladder=replace(after.ladder, failed_at=(), offered=False))
        case HelpRequested():
            return replace(after, ladder=replace(after.ladder, failed_at=(), offered=False))
        case _:
            return after


def declined(state: LaneState, _event: OfferDeclined, _at: datetime) -> Outcome:
    """Not now: this shopper is not offered again."""
    return replace(state, ladder=replace(state.ladder, offered=False, muted=True)), ()


def _failed(state: LaneState, at: datetime) -> LaneState:
    recent = [then for then in state.ladder.failed_at if (at - then).total_seconds() <= WITHIN_S]
    state = replace(state, ladder=replace(state.ladder, failed_at=(*recent, at)))
    return _offered(state) if len(state.ladder.failed_at) >= FAILED_SCANS else state


def _offered(state: LaneState) -> LaneState:
    """Nobody is offered what they have called already, or have waved away."""
    wanted = state.help is None and not state.ladder.muted
    return replace(state, ladder=replace(state.ladder, offered=wanted))
