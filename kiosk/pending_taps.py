"""Owns the taps on goods nobody knows yet: two ways on beside waiting for their price.

It must not know the catalogue.
"""

from __future__ import annotations

from kiosk.checkout import messages as m
from kiosk.checkout.state import LaneState


def pending_tap(verb: str, line_id: str, state: LaneState) -> m.Event | None:
    """Two ways on with goods nobody knows, beside waiting: leave them out, or find them by name."""
    row = state.basket.line(line_id)
    if row is None or not row.pending:
        return None
    return m.LineRemoved(line_id) if verb == "skip" else m.SheetOpened(m.Sheet.FIND, line_id)
