"""Owns the search for goods by name or alias, in any language and script, with a slip of the finger or two.

It must not know screens or stock. The index is built once for each catalogue; a search is a pure function.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from heapq import nsmallest

from rapidfuzz import fuzz, process

from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item
from inventory.domain.words import ARTICLE, UNSPACED, fold

MAX_RESULTS = 6
MAX_QUERY = 40
MIN_QUERY = 2
MAX_CODES = 64
"""Goods a piece of a code may bring in: all GTINs of a country begin alike, and nobody types for those."""

_TYPO_SCORE = 72
"""Of 100: one slip in a word of four letters still scores above this."""

_LAST_LETTER = "\U0010ffff"


class Finder:
    """All items by the words of their names in every language, their aliases, SKU, PLU and GTIN.

    Every name is folded once, here: a keystroke may hit a tenth of a catalogue of 100,000 items.
    """

    def __init__(self, items: tuple[Item, ...]) -> None:
        self._items = items
        self._loose = tuple(item for item in items if item.plu)
        languages = {FALLBACK_LANGUAGE}.union(*(item.names for item in items))
        self._names = {
            language: tuple(_marked(fold(item.name(language)).split()) for item in items)
            for language in languages
        }
        self._words: defaultdict[str, set[int]] = defaultdict(set)
        for names in self._names.values():
            for index, name in enumerate(names):
                for word in name.split():
                    self._index(word, index)
        for index, item in enumerate(items):
            for alias in item.aliases:
                for word in fold(alias).split():
                    self._index(word, index)
        self._sorted = sorted(self._words)
        self._codes = sorted((code, index) for index, item in enumerate(items) for code in _codes(item))

    def _index(self, word: str, index: int) -> None:
        """A word, and what in it people also begin with: each later sign of Han, what follows an article."""
        self._words[word].add(index)
        if word.isascii():
            return
        if UNSPACED.search(word):
            for start in range(1, len(word)):
                self._words[word[start:]].add(index)
        elif word.startswith(ARTICLE) and len(word) > len(ARTICLE) + 1:
            self._words[word.removeprefix(ARTICLE)].add(index)

    @property
    def items(self) -> tuple[Item, ...]:
        return self._items

    def search(self, query: str, language: str, limit: int = MAX_RESULTS) -> tuple[Item, ...]:
        """Best matches first; empty below two letters. Every word must match, as a prefix or nearly.

        Names in the shopper's language come first, then names that begin with the query, then by name.
        """
        words = fold(query[:MAX_QUERY]).split()
        if sum(map(len, words)) < MIN_QUERY:
            return ()
        names = self._names.get(language, self._names[FALLBACK_LANGUAGE])
        marks = [_marked((word,)) for word in words]

        def rank(index: int) -> tuple[bool, bool, str]:
            name = names[index]
            return not all(mark in name for mark in marks), not name.startswith(marks[0]), name

        return tuple(self._items[index] for index in nsmallest(limit, self._all_words(words), key=rank))

    @property
    def loose_goods(self) -> tuple[Item, ...]:
        """Goods without a barcode of their own: those with the number of a sticker."""
        return self._loose

    def _all_words(self, words: list[str]) -> set[int]:
        return set.intersection(*(self._prefix(word) or self._nearly(word) for word in words))

    def _prefix(self, word: str) -> set[int]:
        first, after = bisect_left(self._sorted, word), bisect_left(self._sorted, word + _LAST_LETTER)
        start = bisect_left(self._codes, (word, -1))
        codes = self._codes[start : start + MAX_CODES]
        return {index for code, index in codes if code.startswith(word)}.union(
            *(self._words[known] for known in self._sorted[first:after])
        )

    def _nearly(self, word: str) -> set[int]:
        """A slip in a word. A slip in a code is another code, so codes are left out."""
        if len(word) < 3:
            return set()
        near = process.extract(word, self._sorted, scorer=fuzz.ratio, score_cutoff=_TYPO_SCORE, limit=8)
        return set().union(*(self._words[known] for known, _, _ in near))


def _marked(words: Iterable[str]) -> str:
    """The words, each with a space before it: a word begins with "mil" where its text holds " mil"."""
    return "".join(f" {word}" for word in words)


def _codes(item: Item) -> Iterable[str]:
    return (fold(code) for code in (item.sku, item.plu, item.gtin.lstrip("0")) if code)
