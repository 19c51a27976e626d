"""Owns the words a store's items are found by, and which beginnings of words a misspelt one may stand for.

It must not know where words are kept. The words lie sorted, so that all with one beginning lie side by side;
a slip is looked for letter by letter, and only as long as any word begins like the letters before it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import OSA

from inventory.domain.words import slips_allowed

_LAST_LETTER = "\U0010ffff"
_SURE = 2
"""So many letters must be right where two slips are forgiven."""
_MOST_COMPARED = 1500


class Vocabulary:
    """Words with the number of items that have them. Words may be added; one that is gone does no harm."""

    def __init__(self, counted: Iterable[tuple[str, int]] = ()) -> None:
        self._counts: dict[str, int] = {}
        self._sorted: list[str] = []
        self._until: list[int] = [0]
        self._most_used: dict[str, list[str]] = {}
        self.add(counted)

    def __len__(self) -> int:
        return len(self._sorted)

    def add(self, counted: Iterable[tuple[str, int]]) -> None:
        """Takes in words that are new."""
        self._counts.update(counted)
        self._sorted = sorted(self._counts)
        self._until = list(accumulate((self._counts[word] for word in self._sorted), initial=0))
        self._most_used = {}

    def begins(self, start: str) -> bool:
        """Whether any word begins so."""
        first, after = self._range(start, 0, len(self._sorted))
        return first < after

    def beginning(self, start: str, *, most: int) -> list[str]:
        """The words that begin so, or none where there are more than `most`."""
        first, after = self._range(start, 0, len(self._sorted))
        return self._sorted[first:after] if after - first <= most else []

    def near(self, typed: str, *, limit: int) -> list[str]:
        """Beginnings of words that may have been meant: fewest slips first, then those of most items.

        One slip is found wherever it is; two are found after the second letter, among the most used words.
        Empty for what is too short or too much of a number for a slip to be told from another word.
        """
        most = slips_allowed(typed)
        if not most:
            return []
        found = dict(self._one_slip(typed))
        chosen = sorted(found, key=lambda start: (-found[start], start))[:limit]
        if most > 1 and len(chosen) < limit:
            chosen += self._two_slips(typed)
        return list(dict.fromkeys(chosen))[:limit]

    def _range(self, start: str, low: int, high: int) -> tuple[int, int]:
        first = bisect_left(self._sorted, start, low, high)
        return first, bisect_left(self._sorted, start + _LAST_LETTER, first, high)

    def _one_slip(self, typed: str) -> Iterator[tuple[str, int]]:
        """Beginnings that one slip away, with the number of items that have such words."""
        low, high = 0, len(self._sorted)
        for at in range(len(typed)):
            before, after = typed[:at], typed[at + 1 :]
            starts = {before + after, before + after[:1] + typed[at] + after[1:]}
            for letter in self._letters(at, low, high):
                starts |= {before + letter + after, before + letter + typed[at:]}
            for start in starts - {typed, before}:
                first, last = self._range(start, low, high)
                if first < last:
                    yield start, self._until[last] - self._until[first]
            low, high = self._range(typed[: at + 1], low, high)
            if low == high:
                return

    def _letters(self, at: int, low: int, high: int) -> Iterator[str]:
        """The letters at one place of words that lie side by side and begin alike up to there."""
        while low < high:
            letter = self._sorted[low][at : at + 1]
            if not letter:
                low += 1
                continue
            yield letter
            low = bisect_left(self._sorted, self._sorted[low][: at + 1] + _LAST_LETTER, low, high)

    def _two_slips(self, typed: str) -> list[str]:
        words = self._most_used_with(typed[:_SURE])
        found: dict[str, float] = {}
        for length in (len(typed), len(typed) - 1, len(typed) + 1):
            starts = [word[:length] for word in words]
            near = process.extract(typed, starts, scorer=OSA.distance, score_cutoff=2, limit=None)
            for start, slips, _ in near:
                found[start] = min(slips, found.get(start, slips))
        return sorted(found, key=lambda start: (found[start], start))

    def _most_used_with(self, start: str) -> list[str]:
        if start not in self._most_used:
            first, after = self._range(start, 0, len(self._sorted))
            words = sorted(self._sorted[first:after], key=lambda word: -self._counts[word])
            self._most_used[start] = words[:_MOST_COMPARED]
        return self._most_used[start]
