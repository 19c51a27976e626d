"""Owns the departments as a shopper walks through them: their names, where they stand, and what is in them.

It must not know pages. A store may have millions of items: nothing here reads more than a few hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from inventory.db import hot
from inventory.db.repositories import items_by_gtin
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item

MOST_DEPARTMENTS = 24
MOST_AISLES = 3
MOST_LISTED = 240
_LOOKED_AT = 60
_PLAIN = "box"
"""The picture of what has none of its own."""

_NEXT = "SELECT department FROM item WHERE store_id = ? AND department > ? ORDER BY department LIMIT 1"
_NEXT_AISLE = (
    "SELECT aisle FROM item WHERE store_id = ? AND department = ? AND aisle > ? ORDER BY aisle LIMIT 1"
)
_PICTURES = "SELECT pictogram FROM item WHERE store_id = ? AND department = ? LIMIT ?"
_LISTED = (
    "SELECT gtin FROM item WHERE store_id = ? AND department = ? ORDER BY department, aisle, gtin LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Department:
    """A department by its own name, the picture most of its goods have, and its first aisles.

    `aisles` has one more than MOST_AISLES where there are more.
    """

    name: str
    picture: str
    aisles: tuple[str, ...]


def of_store(uow: UnitOfWork, store_id: str) -> tuple[Department, ...]:
    """The first MOST_DEPARTMENTS of the store, by name."""
    return tuple(
        Department(name, _picture(uow, store_id, name), tuple(_aisles(uow, store_id, name)))
        for name in _names(uow, store_id)
    )


def items_of(uow: UnitOfWork, store_id: str, department: str) -> tuple[Item, ...]:
    """What is in a department, at most MOST_LISTED items, aisle by aisle; nothing for one nobody knows."""
    rows = hot.rows(uow.session, _LISTED, (store_id, department, MOST_LISTED))
    gtins = [str(row[0]) for row in rows]
    found = items_by_gtin(uow.session, store_id, gtins)
    return tuple(found[gtin] for gtin in gtins if gtin in found)


def _names(uow: UnitOfWork, store_id: str) -> Iterator[str]:
    """Leaps from one name to the next in the index: as many steps as names, however many items."""
    name = ""
    for _ in range(MOST_DEPARTMENTS):
        row = hot.row(uow.session, _NEXT, (store_id, name))
        if row is None:
            return
        name = str(row[0])
        yield name


def _aisles(uow: UnitOfWork, store_id: str, department: str) -> Iterator[str]:
    aisle = ""
    for _ in range(MOST_AISLES + 1):
        row = hot.row(uow.session, _NEXT_AISLE, (store_id, department, aisle))
        if row is None:
            return
        aisle = str(row[0])
        yield aisle


def _picture(uow: UnitOfWork, store_id: str, department: str) -> str:
    rows = hot.rows(uow.session, _PICTURES, (store_id, department, _LOOKED_AT))
    pictures = Counter(str(row[0]) for row in rows if row[0] != _PLAIN)
    return max(pictures, key=lambda each: (pictures[each], each)) if pictures else _PLAIN
