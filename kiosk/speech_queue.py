"""Owns the one voice of a lane: a queue of sentences, said one after another, stopped by any input.

It must not know what is said or how sound is made: a `Mouth` makes it. What was begun is kept in a short log,
for journeys; it is in memory only, because it may hold what a shopper bought.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.assist.reading import Say

log = logging.getLogger(__name__)

LOG_LENGTH = 300
QUEUE_LIMIT = 20
"""Sentences waiting at most: whoever is that far behind is told the newest."""


class Mouth(Protocol):
    """Makes a sentence heard. `speak` blocks until it is over or `stop` was called from another thread."""

    def speak(self, say: Say, began: Callable[[], None]) -> None: ...
    def stop(self) -> None: ...


@dataclass(slots=True)
class Spoken:
    """One sentence that was begun. `began_s` is when its first bytes of sound were there, 0 if never."""

    number: int
    text: str
    output: str
    language: str
    asked_s: float
    began_s: float = 0.0


class Voice:
    """`say` and `hush` may be called from any thread and return at once."""

    def __init__(self, mouth: Mouth, monotonic: Callable[[], float]) -> None:
        self._mouth = mouth
        self._monotonic = monotonic
        self._waiting: deque[tuple[Say, float]] = deque(maxlen=QUEUE_LIMIT)
        self._spoken: deque[Spoken] = deque(maxlen=LOG_LENGTH)
        self._count = 0
        self._changed = threading.Condition()
        self._ending = False
        self._paused = False
        self._now: tuple[Say, float] | None = None
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        with self._changed:
            self._ending = True
            self._waiting.clear()
            self._mouth.stop()
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def say(self, say: Say) -> None:
        with self._changed:
            if say.interrupt:
                self._paused = False  # somebody went on to something else
                self._waiting.clear()
                self._mouth.stop()
            self._waiting.append((say, self._monotonic()))
            self._changed.notify()

    def hush(self) -> None:
        """Silence now; nothing that was waiting is said."""
        with self._changed:
            self._paused = False
            self._waiting.clear()
            self._mouth.stop()

    def pause(self) -> None:
        """Silence now; the next time, the broken sentence is said from its beginning, and then the rest.

        In silence there is nothing to pause: whoever is told something later shall hear it.
        """
        with self._changed:
            if not self._paused and self._now is None and not self._waiting:
                return
            self._paused = not self._paused
            if self._paused and self._now is not None:
                self._waiting.appendleft(self._now)
                self._mouth.stop()
            self._changed.notify()

    def spoken(self) -> list[Spoken]:
        with self._changed:
            return list(self._spoken)

    def _run(self) -> None:
        while (item := self._next()) is not None:
            say, entry = item

            def began(entry: Spoken = entry) -> None:
                entry.began_s = self._monotonic()

            self._mouth.speak(say, began)
            with self._changed:
                self._now = None

    def _next(self) -> tuple[Say, Spoken] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._ending or (bool(self._waiting) and not self._paused))
            if self._ending:
                return None
            self._now = say, asked_s = self._waiting.popleft()
            self._count += 1
            entry = Spoken(self._count, say.text, say.output.value, say.language, asked_s)
            self._spoken.append(entry)
            return say, entry
