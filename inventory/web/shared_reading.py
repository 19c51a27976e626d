"""Owns a reading that many share who ask at once: nobody gets one that was begun before they asked.

It must not know what is read. Thirty tablets that are told of a call at once ask for the same wall.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Read = TypeVar("Read")


class SharedReading(Generic[Read]):
    """The newest reading, and when it was begun. Any thread may ask; one reads, the others wait for it."""

    def __init__(self, read: Callable[[], Read]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._begun_s = float("-inf")
        self._newest: Read | None = None

    def since(self, asked_s: float) -> Read:
        """What was true at `asked_s` of the monotonic clock, or later."""
        with self._lock:
            if self._newest is None or self._begun_s <= asked_s:
                begun_s = time.monotonic()
                self._newest = self._read()
                self._begun_s = begun_s
            return self._newest
