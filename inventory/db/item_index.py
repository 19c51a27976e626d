"""Owns the upkeep of the search's tables in the catalogue's transaction: words come and go with their item.

It must not rank or search. On SQLite the row of the full-text table is made of the store's number, the item's
tier (the lowest sells best) and its GTIN, so that hits come in the order in which they are wanted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlmodel import Session

from inventory.db import hot
from inventory.domain.catalogue import Item
from inventory.domain.words import words_of_item

GTIN_BITS, TIER_BITS = 47, 5
STORE_SHIFT = GTIN_BITS + TIER_BITS
LAST_TIER = (1 << TIER_BITS) - 1
Entry = tuple[int, str]
"""An item's tier and its words, parted by blanks."""
_STORES = 1 << (63 - STORE_SHIFT)

_ENTRY = "SELECT tier, words FROM search_entry WHERE store_id = ? AND gtin = ?"
_PUT_ENTRY = (
    "INSERT INTO search_entry (store_id, gtin, tier, words) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (store_id, gtin) DO UPDATE SET tier = excluded.tier, words = excluded.words"
)
_IN_TIERS = "SELECT gtin, tier, words FROM search_entry WHERE store_id = ? AND tier < ?"
_MOVE_ENTRY = "UPDATE search_entry SET tier = ? WHERE store_id = ? AND gtin = ?"
_ADD_ENTRY = "INSERT INTO search_entry (store_id, gtin, tier, words) VALUES (?, ?, ?, ?)"
_DROP_ENTRY = "DELETE FROM search_entry WHERE store_id = ? AND gtin = ?"
_ROW = f"(? << {STORE_SHIFT} | tier << {GTIN_BITS} | CAST(gtin AS INTEGER))"
"""`row_of` in SQLite's words; its parameter is the store's number."""
_DROP_CHANGED = (
    "INSERT INTO item_words (item_words, rowid, words)"  # noqa: S608 - our own expression
    f" SELECT 'delete', {_ROW}, old FROM changed_words ORDER BY 2"
)
_ADD_CHANGED = (
    "INSERT INTO item_words (rowid, words)"  # noqa: S608 - our own expression
    f" SELECT {_ROW}, new FROM changed_words WHERE new IS NOT NULL ORDER BY 1"
)
_ADD_WORDS = "INSERT INTO item_words (rowid, words) VALUES (?, ?)"
_DROP_WORDS = "INSERT INTO item_words (item_words, rowid, words) VALUES ('delete', ?, ?)"
_COUNT_WORD = (
    "INSERT INTO search_word (store_id, word, item_count, since) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (store_id, word) DO UPDATE SET item_count = search_word.item_count + excluded.item_count"
)
_DROP_WORD = "DELETE FROM search_word WHERE store_id = ? AND word = ? AND item_count <= 0"
_NEXT_VOCABULARY = (
    "UPDATE search_store SET vocabulary = vocabulary + 1 WHERE store_id = ? RETURNING vocabulary"
)


def row_of(number: int, tier: int, gtin: str) -> int:
    """The row of the full-text table that holds an item's words: store, tier and GTIN-14 in one number."""
    return number << STORE_SHIFT | tier << GTIN_BITS | int(gtin)


def gtin_of(row: int) -> str:
    """The GTIN-14 in a row's number."""
    return f"{row & (1 << GTIN_BITS) - 1:014}"


def store_no(session: Session, store_id: str) -> int:
    """The store's number in this database, given at the first call in a write."""
    found = hot.row(session, "SELECT store_no FROM search_store WHERE store_id = ?", (store_id,))
    if found is not None:
        return int(found[0])
    (number,) = hot.row(session, "SELECT coalesce(max(store_no), -1) + 1 FROM search_store")
    if number >= _STORES:
        raise ValueError(f"One database searches {_STORES} stores; PostgreSQL shards hold more.")
    hot.do(session, "INSERT INTO search_store VALUES (?, ?, 0) ON CONFLICT DO NOTHING", (store_id, number))
    return int(number)


def is_begun(session: Session, store_id: str) -> bool:
    """Whether the store's items were ever put into the index; older databases know nothing of it."""
    return hot.row(session, "SELECT 1 FROM search_store WHERE store_id = ?", (store_id,)) is not None


def put_entries(session: Session, store_id: str, items: Iterable[Item]) -> None:
    """Puts the words of items into the index, in place of those it had; each stays as popular as it was."""
    number = store_no(session, store_id)
    counts: Counter[str] = Counter()
    for item in items:
        new = words_of_item(item)
        text = " ".join(new)
        old = hot.row(session, _ENTRY, (store_id, item.gtin))
        if old is not None and old[1] == text:
            continue
        tier = LAST_TIER if old is None else old[0]
        counts.update(new)
        if old is not None:
            counts.subtract(old[1].split())
        hot.do(session, _PUT_ENTRY, (store_id, item.gtin, tier, text))
        if hot.is_sqlite(session):
            if old is not None:
                hot.do(session, _DROP_WORDS, (row_of(number, tier, item.gtin), old[1]))
            hot.do(session, _ADD_WORDS, (row_of(number, tier, item.gtin), text))
    _count(session, store_id, counts)


def drop_entries(session: Session, store_id: str, gtins: Iterable[str]) -> None:
    """Takes the words of these items out of the index; those that are not in it are passed over."""
    number = store_no(session, store_id)
    counts: Counter[str] = Counter()
    for gtin in sorted(set(gtins)):
        old = hot.row(session, _ENTRY, (store_id, gtin))
        if old is None:
            continue
        counts.subtract(old[1].split())
        hot.do(session, _DROP_ENTRY, (store_id, gtin))
        if hot.is_sqlite(session):
            hot.do(session, _DROP_WORDS, (row_of(number, old[0], gtin), old[1]))
    _count(session, store_id, counts)


def move_entries(session: Session, store_id: str, tiers: Mapping[str, int]) -> int:
    """Puts items into tiers, all that are not named into the last; answers how many moved."""
    number = store_no(session, store_id)
    moved = [
        (gtin, tier, tiers.get(gtin, LAST_TIER), words)
        for gtin, tier, words in hot.rows(session, _IN_TIERS, (store_id, LAST_TIER))
        if tiers.get(gtin, LAST_TIER) != tier
    ]
    for gtin, wanted in sorted(tiers.items()):
        found = hot.row(session, _ENTRY, (store_id, gtin))
        if found is not None and found[0] == LAST_TIER != wanted:
            moved.append((gtin, found[0], wanted, found[1]))
    if hot.is_sqlite(session):
        old = sorted((row_of(number, tier, gtin), words) for gtin, tier, _, words in moved)
        new = sorted((row_of(number, tier, gtin), words) for gtin, _, tier, words in moved)
        hot.do_each(session, _DROP_WORDS, old)
        hot.do_each(session, _ADD_WORDS, new)
    hot.do_each(session, _MOVE_ENTRY, [(tier, store_id, gtin) for gtin, _, tier, _ in moved])
    return len(moved)


class IndexChange:
    """The index's part in a swap of the catalogue: items come in the order of their GTINs, some at a time."""

    def __init__(self, session: Session, store_id: str) -> None:
        self._session = session
        self._store_id = store_id
        self._number = store_no(session, store_id)
        self._is_sqlite = hot.is_sqlite(session)
        self._counts: Counter[str] = Counter()
        self._new: list[tuple[str, str, int, str]] = []
        self._changed: list[tuple[str, int, str, str | None]] = []
        if self._is_sqlite:
            hot.do(session, "CREATE TEMP TABLE changed_words (gtin TEXT, tier INTEGER, old TEXT, new TEXT)")

    def entries(self, after: str, last: str) -> dict[str, Entry]:
        """The entries there are between two GTINs, the first left out, the last not."""
        sql = "SELECT gtin, tier, words FROM search_entry WHERE store_id = ? AND gtin > ? AND gtin <= ?"
        found = hot.rows(self._session, sql, (self._store_id, after, last))
        return {gtin: (tier, words) for gtin, tier, words in found}

    def put(self, gtin: str, old: Entry | None, words: list[str]) -> None:
        """The words of an item that stays or comes; `old` is the entry it had."""
        text = " ".join(words)
        if old is None:
            self._counts.update(words)
            self._new.append((self._store_id, gtin, LAST_TIER, text))
        elif old[1] != text:
            self._counts.update(words)
            self._counts.subtract(old[1].split())
            self._changed.append((gtin, *old, text))

    def drop(self, gtin: str, old: Entry) -> None:
        """An item that goes."""
        self._counts.subtract(old[1].split())
        self._changed.append((gtin, *old, None))

    def flush(self) -> None:
        """Writes what came since the last time."""
        session, store_id = self._session, self._store_id
        hot.do_each(session, _ADD_ENTRY, self._new)
        put = [(store_id, gtin, tier, new) for gtin, tier, _, new in self._changed if new is not None]
        hot.do_each(session, _PUT_ENTRY, put)
        gone = [(store_id, gtin) for gtin, _, _, new in self._changed if new is None]
        hot.do_each(session, _DROP_ENTRY, gone)
        if self._is_sqlite:
            new_rows = [(row_of(self._number, tier, gtin), words) for _, gtin, tier, words in self._new]
            hot.do_each(session, _ADD_WORDS, new_rows)
            hot.do_each(session, "INSERT INTO changed_words VALUES (?, ?, ?, ?)", self._changed)
        self._new.clear()
        self._changed.clear()

    def finish(self) -> None:
        """The last of it. Full-text rows that change do so in their order; out of it each costs a flush."""
        self.flush()
        if self._is_sqlite:
            hot.do(self._session, _DROP_CHANGED, (self._number,))
            hot.do(self._session, _ADD_CHANGED, (self._number,))
            hot.do(self._session, "DROP TABLE changed_words")
        _count(self._session, self._store_id, self._counts)


def _count(session: Session, store_id: str, counts: Counter[str]) -> None:
    changes = sorted((word, by) for word, by in counts.items() if by)
    if not changes:
        return
    (since,) = hot.row(session, _NEXT_VOCABULARY, (store_id,))
    hot.do_each(session, _COUNT_WORD, ((store_id, word, by, since) for word, by in changes))
    hot.do_each(session, _DROP_WORD, ((store_id, word) for word, by in changes if by < 0))
