"""Owns the lane's sense of time: one value that knows the wall clock and the monotonic one together.

It must not know what time is used for. A journey may move it forward, a trial may let it run faster; nothing
moves it back.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Wall time (UTC and local) and monotonic seconds. `advance` shifts both by the same amount.

    `speed` (1 in a shop) says how many of its monotonic seconds pass in one of the machine's: every delay of
    the lane and of its devices' lines shrinks by it. The wall clock always keeps the machine's pace.
    """

    def __init__(self, speed: float = 1.0) -> None:
        assert speed >= 1, "a lane waits too little, never too long"
        self.speed = speed
        self._ahead_s = 0.0

    def utc(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead_s)

    def local_stamp(self) -> str:
        """The wall clock of the place as MMDDHHMMSS, as payment terminals write it."""
        return self.utc().astimezone().strftime("%m%d%H%M%S")

    def monotonic(self) -> float:
        return time.monotonic() * self.speed + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Moves this clock `seconds` (0 or more) ahead of the machine's."""
        assert seconds >= 0, "time runs forwards"
        self._ahead_s += seconds
