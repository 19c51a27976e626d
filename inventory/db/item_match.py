"""Owns the questions of the search to the tables: items by words, by the beginning of a code, the vocabulary.

It must not rank beyond what sells best, nor know what was typed. The same questions on both engines: SQLite's
full-text table answers in the order of its rows, PostgreSQL by its inverted index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session

from inventory.db import hot
from inventory.db.item_index import STORE_SHIFT, gtin_of
from inventory.domain.vocabulary import Vocabulary

_LAST_LETTER = "\U0010ffff"
_LONGEST_INDEXED = 6
"""Beginnings up to so many letters have an index of their own in the full-text table (`prefix` there)."""
_MOST_SPELLED_OUT = 48

_SQLITE = (
    "SELECT rowid FROM item_words WHERE item_words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?"
)
_POSTGRESQL = (
    "SELECT gtin FROM search_entry WHERE store_id = ?"
    " AND array_to_tsvector(string_to_array(words, ' ')) @@ CAST(? AS tsquery) ORDER BY tier, gtin LIMIT ?"
)
_STORE = "SELECT store_no, vocabulary FROM search_store WHERE store_id = ?"
_WORDS_SINCE = "SELECT word, item_count FROM search_word WHERE store_id = ? AND since > ?"


@dataclass(frozen=True, slots=True)
class Term:
    """One word to be found: as it stands, or as the beginning of a word."""

    word: str
    is_start: bool


@dataclass(slots=True)
class _Known:
    vocabulary: Vocabulary
    until: int


_vocabularies: WeakKeyDictionary[Engine, dict[str, _Known]] = WeakKeyDictionary()


def vocabulary_of(session: Session, store_id: str) -> Vocabulary:
    """The store's words, kept in memory; only what came since the last call is read."""
    found = hot.row(session, _STORE, (store_id,))
    if found is None:
        return Vocabulary()
    stores = _vocabularies.setdefault(session.get_bind().engine, {})
    known = stores.setdefault(store_id, _Known(Vocabulary(), -1))
    if known.until != found[1]:
        known.vocabulary.add(hot.rows(session, _WORDS_SINCE, (store_id, known.until)))
        known.until = found[1]
    return known.vocabulary


def matching(
    session: Session, store_id: str, wanted: Sequence[Sequence[Term]], vocabulary: Vocabulary, *, limit: int
) -> list[str]:
    """GTINs of items that have one term of every group, what sells best first."""
    if not wanted or not all(wanted):
        return []
    if not hot.is_sqlite(session):
        query = " & ".join(f"({' | '.join(map(_lexeme, group))})" for group in wanted)
        return [gtin for (gtin,) in hot.rows(session, _POSTGRESQL, (store_id, query, limit))]
    found = hot.row(session, _STORE, (store_id,))
    if found is None:
        return []
    first = found[0] << STORE_SHIFT
    last = first + (1 << STORE_SHIFT) - 1
    query = " AND ".join(f"({' OR '.join(_phrases(group, vocabulary))})" for group in wanted)
    return [gtin_of(row) for (row,) in hot.rows(session, _SQLITE, (query, first, last, limit))]


def by_code(session: Session, store_id: str, column: str, start: str, *, limit: int) -> list[str]:
    """GTINs of items whose `gtin`, `sku` or `plu` begins so, by that code."""
    assert column in {"gtin", "sku", "plu"}, "the columns that have an index"
    is_there = " AND plu <> ''" if column == "plu" else ""
    sql = (
        f"SELECT gtin FROM item WHERE store_id = ? AND {column} >= ? AND {column} < ?{is_there}"  # noqa: S608 - one of three words
        f" ORDER BY {column} LIMIT ?"
    )
    return [gtin for (gtin,) in hot.rows(session, sql, (store_id, start, start + _LAST_LETTER, limit))]


def names_in(session: Session, store_id: str, gtins: Sequence[str], language: str) -> dict[str, str]:
    """The items' names in one language, by GTIN; without those that have none."""
    marks = ", ".join("?" * len(gtins))
    sql = f"SELECT gtin, name FROM item_name WHERE store_id = ? AND language = ? AND gtin IN ({marks})"  # noqa: S608 - marks
    return dict(hot.rows(session, sql, (store_id, language, *gtins))) if gtins else {}


def _phrases(group: Sequence[Term], vocabulary: Vocabulary) -> list[str]:
    """FTS5 terms. A long beginning that few words have is spelled out: no other rows are read then."""
    found: list[str] = []
    for term in group:
        if not term.is_start:
            found.append(f'"{term.word}"')
            continue
        spelled = (
            vocabulary.beginning(term.word, most=_MOST_SPELLED_OUT)
            if len(term.word) > _LONGEST_INDEXED
            else []
        )
        found += [f'"{word}"' for word in spelled] or [f'"{term.word}"*']
    return found


def _lexeme(term: Term) -> str:
    return f"'{term.word}'{':*' if term.is_start else ''}"
