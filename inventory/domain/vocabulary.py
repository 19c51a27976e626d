"""Owns the words a store's items are found by, and which of them a misspelt beginning may stand for.

It must not know where words are kept. A slip leaves one piece of the typed word as it is: words that have
that piece where it belongs are few, and only they are measured.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from inventory.domain.words import slips_allowed, slips_between

_LAST_LETTER = "\U0010ffff"
_PAIRS_KEPT = 12
"""Pairs of letters are noted from so many places of a word; a longer one is told by its beginning."""
_MOST_MEASURED = 1500


class Vocabulary:
    """Words with the number of items that have them. Words may be added; one that is gone does no harm."""

    def __init__(self, counted: Iterable[tuple[str, int]] = ()) -> None:
        self._words: list[str] = []
        self._counts: list[int] = []
        self._sorted: list[str] = []
        self._pairs: defaultdict[tuple[int, str], array[int]] = defaultdict(lambda: array("I"))
        self.add(counted)

    def __len__(self) -> int:
        return len(self._words)

    def add(self, counted: Iterable[tuple[str, int]]) -> None:
        """Takes in words that are new."""
        pairs = self._pairs
        for word, count in counted:
            number = len(self._words)
            self._words.append(word)
            self._counts.append(count)
            for at in range(min(len(word) - 1, _PAIRS_KEPT)):
                pairs[at, word[at : at + 2]].append(number)
        self._sorted = sorted(self._words)

    def begins(self, start: str) -> bool:
        """Whether any word begins so."""
        at = bisect_left(self._sorted, start)
        return at < len(self._sorted) and self._sorted[at].startswith(start)

    def beginning(self, start: str, *, most: int) -> list[str]:
        """The words that begin so, or none where there are more than `most`."""
        first = bisect_left(self._sorted, start)
        after = bisect_left(self._sorted, start + _LAST_LETTER, first)
        return self._sorted[first:after] if after - first <= most else []

    def near(self, typed: str, *, limit: int) -> list[str]:
        """Words that may have been meant: fewest slips first, then the most used.

        Empty for what is too short or too much of a number for a slip to be told from another word.
        """
        most = slips_allowed(typed)
        if not most:
            return []
        found = []
        for number in self._with_a_piece_of(typed, most):
            slips = slips_between(typed, self._words[number], most=most)
            if slips <= most:
                found.append((slips, -self._counts[number], self._words[number]))
        return [word for _, _, word in sorted(found)[:limit]]

    def _with_a_piece_of(self, typed: str, most: int) -> list[int]:
        """The words that have one of `most` + 1 pieces of the typed one in place; of many, the most used."""
        found = self._pieces_of(typed, most)
        if len(found) <= _MOST_MEASURED:
            return list(found)
        return sorted(found, key=lambda number: -self._counts[number])[:_MOST_MEASURED]

    def _pieces_of(self, typed: str, most: int) -> set[int]:
        found: set[int] = set()
        words = self._words
        bounds = [len(typed) * piece // (most + 1) for piece in range(most + 2)]
        for start, end in pairwise(bounds):
            piece = typed[start:end]
            shifts = range(-most, most + 1) if start else (0,)
            for at in (start + shift for shift in shifts if start + shift >= 0):
                numbers = self._pairs.get((at, piece[:2]), ())
                found.update(number for number in numbers if words[number].startswith(piece, at))
        if most:
            for cut in bounds[1:-1]:  # two letters swapped across a cut leave neither piece as it is
                swapped = typed[: cut - 1] + typed[cut] + typed[cut - 1] + typed[cut + 1 :]
                found |= self._pieces_of(swapped, most - 1)
        return found
