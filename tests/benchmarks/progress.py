"""Owns what a long benchmark says while it runs: a line that counts up, on the error stream.

It must not measure.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_EVERY_S = 2.0


class Told:
    """One step of a benchmark, with how far it is and what it took, by the clock and of the processor."""

    def __init__(self, what: str, of: int) -> None:
        self._what = what
        self._of = of
        self._began_s = self._told_s = time.monotonic()
        self._worked_s = time.process_time()
        self._done = 0

    def __call__(self, done: int) -> None:
        """So many are done; written every few seconds."""
        self._done = done
        now_s = time.monotonic()
        if now_s - self._told_s >= _EVERY_S:
            self._told_s = now_s
            self._write("\r")

    def add(self, count: int) -> None:
        """So many more are done."""
        self(self._done + count)

    def end(self) -> None:
        """The step is over."""
        self._write("\r", "\n")

    def _write(self, before: str, after: str = "") -> None:
        count = f" {self._done:,} of {self._of:,}" if self._of else ""
        seconds = time.monotonic() - self._began_s
        worked = time.process_time() - self._worked_s
        sys.stderr.write(f"{before}  {self._what}:{count}, {seconds:.0f} s, {worked:.0f} s at work {after}")
        sys.stderr.flush()


@contextmanager
def telling(what: str, of: int = 0) -> Iterator[Told]:
    """Says that a step begins, how far it is where somebody calls the answer, and what it took."""
    sys.stderr.write(f"  {what} …")
    sys.stderr.flush()
    told = Told(what, of)
    yield told
    told.end()
