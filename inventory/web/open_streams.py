"""Owns how many streams one caller has open: a further one ends the oldest.

It must not know what is streamed. The newest stays, for it is the one that a lane came back with; what it
left behind on a broken line looks alive for a while.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class OpenStreams:
    """Lives on one event loop and needs no lock."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._ends: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)

    @contextmanager
    def one_of(self, caller: str, end: Callable[[], None]) -> Iterator[None]:
        """Holds a place for as long as a stream is open; `end` ends it early."""
        mine = self._ends[caller]
        mine.append(end)
        for oldest in mine[: -self._most]:
            mine.remove(oldest)
            oldest()
        try:
            yield
        finally:
            if end in mine:
                mine.remove(end)
            if not mine and self._ends.get(caller) is mine:
                del self._ends[caller]
