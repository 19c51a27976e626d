"""Owns how much of the store strangers' phones may take: open streams, in all and behind one address.

It must not know pages. Phones in a shop share the address of its Wi-Fi, so one address may have many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MOST_LISTENING: Final = 500
"""Phones that are told of news as it comes; further ones see it when they load the page again."""
MOST_BEHIND_ONE_ADDRESS: Final = 200


class Seats:
    """Counts open streams. It lives on one event loop and needs no lock."""

    def __init__(self, *, most: int = MOST_LISTENING, most_of_one: int = MOST_BEHIND_ONE_ADDRESS) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._taken: Counter[str] = Counter()

    def is_free(self, address: str) -> bool:
        """Whether one more stream may be opened from this address."""
        return self._taken.total() < self._most and self._taken[address] < self._most_of_one

    @contextmanager
    def take(self, address: str) -> Iterator[None]:
        """Holds one seat for as long as a stream is open."""
        self._taken[address] += 1
        try:
            yield
        finally:
            self._taken[address] -= 1
            if not self._taken[address]:
                del self._taken[address]
