"""Owns which other items a shopper may want in place of one: other sizes, and its kind where it is here.

It must not compare them itself: `inventory.domain.alternatives` does, here and on the lane.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from inventory.db.repositories import ITEM, items_by_gtin
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.alternatives import Alternatives
from inventory.domain.catalogue import Item
from inventory.services import availability

MOST_COMPARED = 300
"""Of one department with one picture; those of the same bay first."""

_ALIKE = (
    select(ITEM.c.gtin)
    .where(
        ITEM.c.store_id == bindparam("store"),
        ITEM.c.department == bindparam("department"),
        ITEM.c.pictogram == bindparam("pictogram"),
    )
    .order_by(ITEM.c.aisle != bindparam("aisle"), ITEM.c.bay != bindparam("bay"), ITEM.c.gtin)
    .limit(MOST_COMPARED)
)


@dataclass(frozen=True, slots=True)
class Like:
    """What else there is: the same in other packs, and others of its kind."""

    sizes: tuple[Item, ...]
    instead: tuple[Item, ...]


def of(uow: UnitOfWork, store_id: str, item: Item, now_utc: datetime) -> Like:
    """What else there is; nothing for an item that is in no department."""
    if not item.department:
        return Like((), ())
    near = {
        "store": store_id,
        "department": item.department,
        "pictogram": item.pictogram,
        "aisle": item.aisle,
        "bay": item.bay,
    }
    gtins = uow.session.connection().execute(_ALIKE, near).scalars().all()
    alike = tuple(items_by_gtin(uow.session, store_id, gtins).values())
    known = availability.of_items(uow, store_id, alike, now_utc)
    here = {gtin for gtin, each in known.items() if each.is_here}
    found = Alternatives(alike)
    return Like(found.other_sizes(item), found.instead_of(item, lambda other: other.gtin in here))
