"""Owns the words for what became of an import.

It must not know files or tables.
"""

from __future__ import annotations

from enum import Enum


class BatchState(Enum):
    """READING → READY → TAKEN → UNDONE; or REFUSED after reading, or DROPPED while it waits."""

    READING = "reading"
    READY = "ready"
    REFUSED = "refused"
    TAKEN = "taken"
    UNDONE = "undone"
    DROPPED = "dropped"


WAITING = frozenset({BatchState.READING, BatchState.READY})
"""The states in which the file itself is still wanted."""
