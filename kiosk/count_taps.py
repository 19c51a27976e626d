"""Owns the taps that say how many of a row: the number pad behind the six numbers of its sheet.

It must not decide what a number does to the basket, nor ask the catalogue.
"""

from __future__ import annotations

import re

from kiosk.checkout import messages as m
from kiosk.checkout.state import LaneState

LONGEST = 3
"""One digit more than any row may hold, so that too many can be told instead of swallowed."""

_DIGIT = re.compile(r"[0-9]", re.ASCII)


def count_tap(verb: str, subject: str, state: LaneState) -> m.Event | None:
    """The event behind a tap on the pad, or None for one that has lost its meaning meanwhile."""
    line = state.basket.line(state.view.subject)
    if line is None or not line.countable:
        return None
    if verb == "count":
        return m.SheetOpened(m.Sheet.COUNT, line.line_id)
    if state.view.sheet is not m.Sheet.COUNT:
        return None
    typed = state.view.query
    match verb:
        case "count-back":
            return m.SheetOpened(m.Sheet.ROW, line.line_id)
        case "digit" if _DIGIT.fullmatch(subject):
            grown = (typed + subject).lstrip("0")
            return m.QueryTyped(grown) if len(grown) <= LONGEST else None
        case "erase-digit":
            return m.QueryTyped(typed[:-1])
        case "pad-ok":
            return _counted(line.line_id, line.units, state)
        case _:
            return None


def _counted(line_id: str, units: int, state: LaneState) -> m.Event | None:
    """As many as were typed; nothing at all is taken away by Remove, which can be undone."""
    wanted = int(state.view.query or "0")
    if wanted == units:
        return m.SheetClosed()
    if not wanted or state.basket.change_units(line_id, wanted - units) is None:
        return None
    return m.UnitsChanged(line_id, wanted - units)
