"""Owns the store's synonyms: which other words of the catalogue somebody means who types a word.

It must not search. A synonym goes one way: who types "soda" also finds "lemonade", not the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from inventory.db import hot
from inventory.db.item_match import Term
from inventory.db.item_search_table import SynonymRow
from inventory.db.repositories import insert_new, write_audit
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.words import words_of

LONGEST = 60
MOST = 2000
_SHORTEST_START = 3
_LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Synonym:
    """Who types `term` also looks for `meaning`; both folded words."""

    term: str
    meaning: str
    added_by: str
    added_at_utc: datetime


class SynonymRefused(Exception):  # noqa: N818 - it names what the manager is told
    """A synonym that would say nothing: without a word on either side, or the same on both."""


def add(uow: UnitOfWork, store_id: str, *, term: str, meaning: str, who: str, now_utc: datetime) -> Synonym:
    """Adds a synonym; the same again changes nothing. Raises SynonymRefused."""
    folded = Synonym(" ".join(words_of(term)), " ".join(words_of(meaning)), who, now_utc)
    sides = (folded.term, folded.meaning)
    if not all(sides) or max(map(len, sides)) > LONGEST or folded.term == folded.meaning:
        raise SynonymRefused
    if len(of_store(uow, store_id)) >= MOST:
        raise SynonymRefused
    row = SynonymRow(
        store_id=store_id, term=folded.term, meaning=folded.meaning, added_by=who, added_at_utc=now_utc
    )
    if insert_new(uow.session, row):
        detail = f"{folded.term} → {folded.meaning}"
        write_audit(uow.session, store_id, who=who, what="synonym.add", detail=detail, at_utc=now_utc)
    return folded


def remove(uow: UnitOfWork, store_id: str, *, term: str, meaning: str, who: str, now_utc: datetime) -> bool:
    """Takes a synonym away; False where there was none."""
    sql = "DELETE FROM synonym WHERE store_id = ? AND term = ? AND meaning = ?"
    if not hot.do(uow.session, sql, (store_id, term, meaning)):
        return False
    detail = f"{term} → {meaning}"
    write_audit(uow.session, store_id, who=who, what="synonym.remove", detail=detail, at_utc=now_utc)
    return True


def of_store(uow: UnitOfWork, store_id: str) -> tuple[Synonym, ...]:
    """All synonyms of a store, by term."""
    rows = uow.session.exec(
        select(SynonymRow)
        .where(SynonymRow.store_id == store_id)
        .order_by(col(SynonymRow.term), col(SynonymRow.meaning))
    )
    return tuple(Synonym(row.term, row.meaning, row.added_by, row.added_at_utc) for row in rows)


def groups_of(uow: UnitOfWork, store_id: str, typed: list[str]) -> list[list[Term]]:
    """What to look for in the place of typed words: groups of terms, one of each to be found; or nothing.

    The last word may be the beginning of a term, from its third letter on.
    """
    text = " ".join(typed)
    after = text + _LAST_LETTER if len(typed[-1]) >= _SHORTEST_START else text + " "
    whole = hot.rows(
        uow.session,
        "SELECT meaning FROM synonym WHERE store_id = ? AND term >= ? AND term < ? ORDER BY term LIMIT 4",
        (store_id, text, after),
    )
    if whole:
        return [[Term(word, is_start=True)] for word in whole[0][0].split()]
    marks = ", ".join("?" * len(typed))
    single = hot.rows(
        uow.session,
        f"SELECT term, meaning FROM synonym WHERE store_id = ? AND term IN ({marks}) ORDER BY term, meaning",  # noqa: S608
        (store_id, *typed),
    )
    if not single:
        return []
    groups = []
    for word in typed:
        meant = [meaning for term, meaning in single if term == word and " " not in meaning]
        groups.append([Term(each, is_start=True) for each in (word, *meant)])
    return groups
