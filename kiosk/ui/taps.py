"""Owns the filter against trembling hands: the same target twice within half a second counts once.

It must not read a clock (the caller says when) nor know what a target does.
"""

from __future__ import annotations

REPEAT_S = 0.5
"""EN 301 549 clause 5.8: a key struck again within 0.5 s may be ignored."""


class TapFilter:
    """Remembers the last target taken. Keys and steppers are meant to be struck fast and pass always."""

    def __init__(self) -> None:
        self._last: tuple[str, float] | None = None

    def takes(self, tap_id: str, at_s: float, *, repeats: bool = False) -> bool:
        """True when this tap counts; `at_s` is any monotonic time in seconds."""
        last = self._last
        if not repeats and last is not None and last[0] == tap_id and at_s - last[1] < REPEAT_S:
            return False
        self._last = (tap_id, at_s)
        return True
