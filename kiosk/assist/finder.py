"""Owns the search for goods by name, in any of the languages, with one or two slips of the finger.

It must not know screens or stock. The index is built once for each catalogue; a search is a pure function.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict

from rapidfuzz import fuzz, process

from inventory.domain.catalogue import Item

MAX_RESULTS = 6
MAX_QUERY = 40
MIN_QUERY = 2
_TYPO_SCORE = 72
"""Of 100: one slip in a word of four letters still scores above this."""

_SAME_LETTER = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "’": "'"})


def fold(text: str) -> str:
    """Lower case without accents: what two spellings of one word have in common."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_SAME_LETTER))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


class Finder:
    """All items by the words of their names, SKU, PLU and GTIN."""

    def __init__(self, items: tuple[Item, ...]) -> None:
        self._items = items
        self._words: dict[str, set[int]] = defaultdict(set)
        for index, item in enumerate(items):
            for name in item.names.values():
                for word in fold(name).split():
                    self._words[word].add(index)
            for code in filter(None, (item.sku, item.plu, item.gtin.lstrip("0"))):
                self._words[fold(code)].add(index)
        self._sorted = sorted(self._words)

    @property
    def items(self) -> tuple[Item, ...]:
        return self._items

    def search(self, query: str, language: str, limit: int = MAX_RESULTS) -> tuple[Item, ...]:
        """Best matches first; empty below two letters. Every word must match, as a prefix or nearly."""
        words = fold(query[:MAX_QUERY]).split()
        if sum(map(len, words)) < MIN_QUERY:
            return ()
        hits = self._all_words(words)
        ranked = sorted(hits, key=lambda index: self._rank(index, words, language))
        return tuple(self._items[index] for index in ranked[:limit])

    def loose_goods(self, language: str) -> tuple[Item, ...]:
        """Goods without a barcode of their own, by name."""
        return tuple(
            sorted((item for item in self._items if item.plu), key=lambda item: fold(item.name(language)))
        )

    def _all_words(self, words: list[str]) -> set[int]:
        found: set[int] | None = None
        for word in words:
            hits = self._prefix(word) or self._nearly(word)
            found = hits if found is None else found & hits
        return found or set()

    def _prefix(self, word: str) -> set[int]:
        hits: set[int] = set()
        for known in self._sorted[bisect_left(self._sorted, word) :]:
            if not known.startswith(word):
                break
            hits |= self._words[known]
        return hits

    def _nearly(self, word: str) -> set[int]:
        if len(word) < 3:
            return set()
        near = process.extract(word, self._sorted, scorer=fuzz.ratio, score_cutoff=_TYPO_SCORE, limit=8)
        return set().union(*(self._words[known] for known, _, _ in near)) if near else set()

    def _rank(self, index: int, words: list[str], language: str) -> tuple[int, int, str]:
        """Names in the shopper's language first, then names that begin with the query, then short ones."""
        name = fold(self._items[index].name(language))
        in_language = all(any(part.startswith(word) for part in name.split()) for word in words)
        return (0 if in_language else 1, 0 if name.startswith(words[0]) else 1, name)
