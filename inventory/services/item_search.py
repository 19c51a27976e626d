"""Owns the store's search for items: what somebody types, letter by letter, and which items that may mean.

It must not know pages or who asks. It begins at the second letter, forgives a slip or two, follows the
store's own synonyms, and puts first what sells best; a code finds its item whatever else it might mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from inventory.db.item_match import Term, by_code, matching, names_in, vocabulary_of
from inventory.db.repositories import items_by_gtin
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.vocabulary import Vocabulary
from inventory.domain.words import fold, words_of, words_of_query
from inventory.services import synonyms

MOST_HITS = 50
_LOOKED_AT = 3
"""So many times the hits that are asked for are ranked by name; behind them what sells best comes first."""
_MEANT = 6
_SHORTEST_CODE = 3
_LEADING_ZEROS = (0, 1, 2, 6)
"""What a GTIN-14, GTIN-13, GTIN-12 and GTIN-8 lack of fourteen digits."""


class Matched(Enum):
    """How an item was found; a page may say so."""

    CODE = "code"
    WORDS = "words"
    SYNONYM = "synonym"
    NEARLY = "nearly"


@dataclass(frozen=True, slots=True)
class Hit:
    item: Item
    matched: Matched


def search(uow: UnitOfWork, store_id: str, words: str, language: str, limit: int = 20) -> tuple[Hit, ...]:
    """The items that `words` may mean, best first, at most `limit` (1 to 50).

    Every word must be found, as the beginning of a word of a name in any language, of an alias or of the
    department; only where nothing is found a slip is forgiven. Empty below two letters.
    """
    wanted = words_of_query(words)
    if not wanted:
        return ()
    limit = max(1, min(limit, MOST_HITS))
    found = dict.fromkeys(_by_codes(uow, store_id, words, limit), Matched.CODE)
    if len(found) < limit:
        for gtin, matched in _by_words(uow, store_id, wanted, language, limit):
            found.setdefault(gtin, matched)
    chosen = list(found)[:limit]
    items = items_by_gtin(uow.session, store_id, chosen)
    return tuple(Hit(items[gtin], found[gtin]) for gtin in chosen if gtin in items)


def _by_words(
    uow: UnitOfWork, store_id: str, wanted: list[str], language: str, limit: int
) -> list[tuple[str, Matched]]:
    session = uow.session
    vocabulary = vocabulary_of(session, store_id)
    typed = wanted
    # One letter begins a tenth of all words: it ranks what the other words find, and finds nothing itself.
    wanted = [word for word in typed if len(word) > 1 or not word.isascii()] or typed
    plain = [[Term(word, is_start=True)] for word in wanted]
    meant = synonyms.groups_of(uow, store_id, wanted)
    found = matching(session, store_id, plain, vocabulary, limit=limit * _LOOKED_AT)
    hits = [(gtin, Matched.WORDS) for gtin in _ranked(uow, store_id, found, typed, language)]
    if meant and len(hits) < limit:
        found = matching(session, store_id, meant, vocabulary, limit=limit)
        hits += [(gtin, Matched.SYNONYM) for gtin in found]
    if not hits:
        for groups in _slips(wanted, vocabulary):
            found = matching(session, store_id, groups, vocabulary, limit=limit)
            if found:
                return [(gtin, Matched.NEARLY) for gtin in found]
    return hits


def _slips(wanted: list[str], vocabulary: Vocabulary) -> list[list[list[Term]]]:
    """What to look for instead: words that nobody knows as words they may be; then every word so."""
    meant = [vocabulary.near(word, limit=_MEANT) for word in wanted]
    plain = [[Term(word, is_start=True)] for word in wanted]
    unknown = [
        [Term(each, is_start=True) for each in near] if near and not vocabulary.begins(word) else terms
        for word, near, terms in zip(wanted, meant, plain, strict=True)
    ]
    every = [
        [*terms, *(Term(each, is_start=True) for each in near)]
        for near, terms in zip(meant, plain, strict=True)
    ]
    return [unknown, every] if any(meant) else []


def _ranked(
    uow: UnitOfWork, store_id: str, gtins: Sequence[str], wanted: list[str], language: str
) -> list[str]:
    """Names in the reader's language before other ways, whole words before beginnings, then as they came."""
    names = names_in(uow.session, store_id, gtins, language)

    def rank(gtin: str) -> tuple[bool, bool, bool]:
        name = words_of(names.get(gtin, ""))
        begins = bool(name) and name[0].startswith(wanted[0])
        in_name = all(any(each.startswith(word) for each in name) for word in wanted)
        return not in_name, not all(word in name for word in wanted), not begins

    return sorted(gtins, key=rank)


def _by_codes(uow: UnitOfWork, store_id: str, typed: str, limit: int) -> list[str]:
    """Items by PLU, by the beginning of a GTIN in any of its lengths, or of an SKU."""
    code = "".join(typed.split())
    if len(code) < _SHORTEST_CODE or not any(sign.isdecimal() for sign in code) or len(code) > 40:
        return []
    session = uow.session
    found: list[str] = []
    if code.isascii() and code.isdecimal():
        found += by_code(session, store_id, "plu", code, limit=limit)
        for zeros in _LEADING_ZEROS:
            if len(code) >= _SHORTEST_CODE + 1 and len(code) + zeros <= 14:
                found += by_code(session, store_id, "gtin", "0" * zeros + code, limit=limit)
    for spelling in dict.fromkeys((typed.strip(), typed.strip().upper(), fold(typed.strip()))):
        found += by_code(session, store_id, "sku", spelling, limit=limit)
    return list(dict.fromkeys(found))
