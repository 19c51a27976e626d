"""Owns the way back of answers from a writer's thread to those who wait on an event loop.

It must not know what was asked. A loop is woken once for all answers that are there, not once for each: a
wake costs a system call, and a commit answers sixty at a time.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class LoopAnswers:
    """Answers on their way, by the loop that waits for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on_way: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Future[Any]]]] = {}

    def of(self, asked: Future[T]) -> asyncio.Future[T]:
        """The same answer for the running loop; what waits for it may be given up, the work is not."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[T] = loop.create_future()
        asked.add_done_callback(lambda done: self._bring(loop, waiting, done))
        return waiting

    def _bring(
        self, loop: asyncio.AbstractEventLoop, waiting: asyncio.Future[Any], done: Future[Any]
    ) -> None:
        with self._lock:
            on_way = self._on_way.setdefault(loop, [])
            on_way.append((waiting, done))
            if len(on_way) > 1:
                return  # the loop is being woken already
        try:
            loop.call_soon_threadsafe(self._hand_out, loop)
        except RuntimeError:  # the loop has ended, and with it everybody who waited
            with self._lock:
                self._on_way.pop(loop, None)

    def _hand_out(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            on_way = self._on_way.pop(loop, [])
        for waiting, done in on_way:
            if waiting.done():
                continue
            error = done.exception()
            if error is not None:
                waiting.set_exception(error)
            else:
                waiting.set_result(done.result())
