"""Owns what a word of the search is: folded, cut at blanks and signs, in any script; and the slips it bears.

It must not know items in a database, screens or who searches. The lane's finder and the store's search both
fold as it is done here, so that both understand the same typing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from inventory.domain.catalogue import Item

LONGEST_WORD = 40
MOST_WORDS_OF_ITEM = 80
MOST_WORDS_OF_QUERY = 6
LONGEST_QUERY = 80
SHORTEST_QUERY = 2
"""Letters from which a query is looked up; one sign is enough in scripts that write words without blanks."""

_ONE_SLIP_FROM, _TWO_SLIPS_FROM = 4, 8
_SAME_LETTER = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "’": "'", "ة": "ه", "ى": "ي", "ـ": ""})
ARTICLE = "ال"
UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Thai, kana, Han and Hangul: words stand there without a blank between them."""
_HYPHENED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")


class _Blanks(dict[int, str]):
    """Each sign that is no part of a word as a blank; learnt sign by sign, for there are 150,000."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        is_part = sign.isalnum() or unicodedata.category(sign) in {"Mn", "Mc"}
        self[code] = found = sign if is_part else " "
        return found


_BLANKS = _Blanks()


def fold(text: str) -> str:
    """Lower case without accents: what two spellings of one word have in common."""
    if text.isascii():  # most names of most catalogues, and ten times faster
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_SAME_LETTER)).casefold()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words_of(text: str) -> list[str]:
    """The folded words of a text in their order; "coca-cola" is two."""
    return fold(text).translate(_BLANKS).split()


def words_of_query(text: str) -> list[str]:
    """What is looked up for a typed text; empty while it is too short."""
    words = [word[:LONGEST_WORD] for word in words_of(text[:LONGEST_QUERY])][:MOST_WORDS_OF_QUERY]
    is_enough = sum(map(len, words)) >= SHORTEST_QUERY or bool(UNSPACED.search("".join(words)))
    return words if is_enough else []


def words_of_item(item: Item) -> list[str]:
    """All the words an item is found by, each once: names, aliases, department; codes are left out."""
    everything = "\n".join((*item.names.values(), *item.aliases, item.department))
    if everything.isascii() and "-" not in everything:
        found = {word[:LONGEST_WORD] for word in words_of(everything)}
        return sorted(found)[:MOST_WORDS_OF_ITEM]
    found = set()
    for text in (*item.names.values(), *item.aliases, item.department):
        if text:
            found.update(_indexed(text))
    return sorted(found)[:MOST_WORDS_OF_ITEM]


def slips_allowed(word: str) -> int:
    """How many letters of a typed word may be wrong, missing, too many or swapped: 0 to 2 by its length."""
    if not word.isalpha() or len(word) < _ONE_SLIP_FROM:
        return 0
    return 1 if len(word) < _TWO_SLIPS_FROM else 2


def _indexed(text: str) -> Iterator[str]:
    words = words_of(text)
    yield from (word[:LONGEST_WORD] for word in words)
    if "-" in text:
        yield from (_joined(found) for found in _HYPHENED.findall(text))
    if not text.isascii():
        yield from _beginnings(words)


def _joined(hyphened: str) -> str:
    return "".join(words_of(hyphened))[:LONGEST_WORD]


def _beginnings(words: Iterable[str]) -> Iterator[str]:
    """What in a word people also begin with: each later sign of Han, what follows an article."""
    for word in words:
        if UNSPACED.search(word):
            yield from (word[start : start + LONGEST_WORD] for start in range(1, len(word)))
        elif word.startswith(ARTICLE) and len(word) > len(ARTICLE) + 1:
            yield word.removeprefix(ARTICLE)[:LONGEST_WORD]
