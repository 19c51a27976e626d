"""Owns a thread that does something again and again for as long as a store serves.

It must not know what that is. A tick that fails is logged, and the next one tries again.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

_log = logging.getLogger(__name__)


class Ticker(ABC):
    """Ticks on a thread of its own from `with` to its end; each process on a database may have one."""

    def __init__(self, name: str, *, every_s: float) -> None:
        self._every_s = every_s
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    @abstractmethod
    def tick(self) -> object:
        """Does what is due now."""

    def _run(self) -> None:
        while True:
            try:
                self.tick()
            except Exception:  # noqa: BLE001 - a busy or lost database is tried again at the next tick
                _log.exception("The %s failed; its next tick tries again.", self._thread.name)
            if self._is_over.wait(self._every_s):
                return
