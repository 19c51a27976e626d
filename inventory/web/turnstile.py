"""Owns how many of a crowd are served in one turn of the event loop, so that others get a word in.

It must not know who waits. Without it a question would stand behind a hundred lanes' sales that came at once.
"""

from __future__ import annotations

import asyncio
from collections import deque

AT_ONCE = 4
"""Sales that are read or answered between two looks at all other connections."""


class Turnstile:
    """Lets `at_once` through in each turn of the running loop, in the order in which they came."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._left = at_once
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def passed(self) -> None:
        """Returns at once while there is room in this turn, else in a later one."""
        loop = asyncio.get_running_loop()
        if self._left == self._at_once:
            loop.call_soon(self._turn)
        if self._left > 0 and not self._waiting:
            self._left -= 1
            return
        waiting = loop.create_future()
        self._waiting.append(waiting)
        self._left = min(self._left, self._at_once - 1)  # a turn is coming
        await waiting

    def _turn(self) -> None:
        self._left = self._at_once
        while self._waiting and self._left > 0:
            waiting = self._waiting.popleft()
            if not waiting.done():  # its request was given up
                waiting.set_result(None)
                self._left -= 1
        if self._left < self._at_once:
            asyncio.get_running_loop().call_soon(self._turn)
