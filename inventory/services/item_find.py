"""Owns the narrowing of long lists of items to what was typed, by the index of the store's search.

It must not rank or forgive: a list is sorted by its columns, and shows what fits, not what nearly does.
"""

from __future__ import annotations

from sqlalchemy import func, literal, select

from inventory.db.item_match import Term, by_code, matching, vocabulary_of
from inventory.db.repositories import ITEM
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.words import words_of_query

LARGE = 20_000
"""Items from which on nobody looks through every name for a part of it."""
MOST_FOUND = 2_000


def numbers_found(
    uow: UnitOfWork, store_id: str, typed: str, *, large: int = LARGE
) -> tuple[str, ...] | None:
    """The GTINs that `typed` finds, at most MOST_FOUND; None where the store is small enough to look at each.

    In a large store words are found from their beginnings, and numbers too.
    """
    if not typed.strip() or not _is_large(uow, store_id, large):
        return None
    session, code = uow.session, "".join(typed.split()).upper()
    found: list[str] = []
    if any(sign.isdecimal() for sign in code):
        for column in ("gtin", "sku", "plu"):
            found += by_code(session, store_id, column, code, limit=MOST_FOUND)
        for zeros in (1, 2, 6):
            found += by_code(session, store_id, "gtin", "0" * zeros + code, limit=MOST_FOUND)
    words = [[Term(word, is_start=True)] for word in words_of_query(typed)]
    if words:
        vocabulary = vocabulary_of(session, store_id)
        found += matching(session, store_id, words, vocabulary, limit=MOST_FOUND)
    return tuple(dict.fromkeys(found))[:MOST_FOUND]


def _is_large(uow: UnitOfWork, store_id: str, large: int) -> bool:
    some = select(literal(1)).select_from(ITEM).where(ITEM.c.store_id == store_id).limit(large + 1)
    counted = select(func.count()).select_from(some.subquery())
    return int(uow.session.connection().execute(counted).scalar_one()) > large
