"""Owns a thread-safe record of device events, with waiting, for tests that run real lines.

It must not know any device.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from hardware.events import DeviceEvent

E = TypeVar("E")
WAIT_S = 5.0


class EventLog:
    """An Emit. `wait_for` takes what came, in order, so that each event is looked at once."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: list[DeviceEvent] = []
        self._looked_at = 0

    def __call__(self, event: DeviceEvent) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    @property
    def events(self) -> list[DeviceEvent]:
        with self._changed:
            return list(self._events)

    def wait_for(self, kind: type[E], *, timeout_s: float = WAIT_S) -> E:
        """The next event of `kind` after those already waited for; AssertionError when none comes."""
        with self._changed:
            found = self._changed.wait_for(lambda: self._next(kind), timeout_s)
            assert found is not None, f"no {kind.__name__} within {timeout_s} s, only {self._events}"
            return found

    def count(self, kind: type[E]) -> int:
        return sum(isinstance(event, kind) for event in self.events)

    def _next(self, kind: type[E]) -> E | None:
        while self._looked_at < len(self._events):
            event = self._events[self._looked_at]
            self._looked_at += 1
            if isinstance(event, kind):
                return event
        return None


def wait_until(is_so: Callable[[], bool], *, timeout_s: float = WAIT_S) -> None:
    """Returns once `is_so`; AssertionError when it does not become so in time."""
    waiting = threading.Event()
    for _ in range(int(timeout_s / 0.01)):
        if is_so():
            return
        waiting.wait(0.01)
    raise AssertionError(f"did not happen within {timeout_s} s")
