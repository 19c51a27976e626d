"""Owns what staff may want of a lane's door.

It must not know lanes, orders or screens.
"""

from __future__ import annotations

from enum import Enum


class DoorWish(Enum):
    OPEN = "open"
    CLOSED = "closed"
    PAUSED = "paused"
    """Closed for a short while: its screen says that it opens again soon. Older lanes simply close."""

    @property
    def is_shut(self) -> bool:
        """Whether nobody may begin to shop there."""
        return self is not DoorWish.OPEN
