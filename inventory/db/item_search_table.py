"""Owns the tables of the search for items: their words, the store's vocabulary, its synonyms.

It must not know how a search is ranked. On SQLite a full-text table (`item_words`) stands beside them, on
PostgreSQL an inverted index over `search_entry.words` and one by `tier`; the migrations make them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class SearchEntryRow(StoreTable, table=True):
    """The words an item is found by, folded, parted by blanks; the lowest `tier` (0 to 31) sells best."""

    __tablename__ = "search_entry"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - as SQLModel wants it
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    tier: int
    words: str = Field(sa_type=Text)


class SearchWordRow(StoreTable, table=True):
    """One word of the vocabulary, how many items have it, and with which change of the vocabulary it came."""

    __tablename__ = "search_word"
    __table_args__ = (
        Index("ix_search_word_store_id_since", "store_id", "since"),
        {"sqlite_with_rowid": False},
    )
    store_id: str = Field(primary_key=True)
    word: str = Field(primary_key=True)
    item_count: int = Field(sa_type=BigInteger)
    since: int = Field(sa_type=BigInteger)


class SearchStoreRow(StoreTable, table=True):
    """`store_no` keeps stores apart in one full-text table; `vocabulary` counts changes of the vocabulary."""

    __tablename__ = "search_store"
    store_id: str = Field(primary_key=True)
    store_no: int
    vocabulary: int = Field(sa_type=BigInteger)


class SynonymRow(StoreTable, table=True):
    """Who types `term` also looks for `meaning`; both folded."""

    __tablename__ = "synonym"
    store_id: str = Field(primary_key=True)
    term: str = Field(primary_key=True)
    meaning: str = Field(primary_key=True)
    added_by: str
    added_at_utc: datetime = Field(sa_type=UtcInstant)
