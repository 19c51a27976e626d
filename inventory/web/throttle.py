"""Owns how often one device may ask: a bucket of requests that fills at a steady rate.

It must not know tokens or routes, nor what a refusal looks like.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

_KEYS_KEPT: Final = 4096


class Buckets:
    """One bucket a key. Bounded: the key that was quiet longest is forgotten, and begins anew."""

    def __init__(
        self, *, per_second: float, burst: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    @property
    def words(self) -> str:
        """What is too many, in a sentence."""
        return f"More than {self._burst} requests at once or {self._per_second:g} a second are too many."

    def wait_s(self, key: str) -> float:
        """Takes one request out of the key's bucket: 0, or in how many seconds there will be one again."""
        with self._lock:
            now = self._monotonic()
            left, at = self._buckets.pop(key, (float(self._burst), now))
            left = min(self._burst, left + (now - at) * self._per_second)
            is_there = left >= 1
            self._buckets[key] = (left - 1 if is_there else left, now)
            while len(self._buckets) > _KEYS_KEPT:
                self._buckets.popitem(last=False)
        return 0.0 if is_there else (1 - left) / self._per_second
