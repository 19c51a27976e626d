"""Owns what becomes of goods that lie in the store under an item that is from now on booked as others.

It must not decide which items those are: a bundle's page, a file, an item's form do. A pack or bundle has no
stock of its own, so what lay there would never be sold, counted or ordered again: it is booked over by
corrections, place by place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import bindparam, select, union

from inventory.db.repositories import ON_HAND, STOCK_AT, ordered_id
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.bundles import Parts, explode, parts_of
from inventory.domain.catalogue import Item
from inventory.domain.places import Place
from inventory.domain.stock import Movement, Reason
from inventory.services import shelves, stock

_CHUNK = 500
_LYING = union(
    *(
        select(table.c.gtin)
        .where(table.c.store_id == bindparam("store"), milli != 0)
        .where(table.c.gtin.in_(bindparam("gtins", expanding=True)))
        for table, milli in ((ON_HAND, ON_HAND.c.on_hand_milli), (STOCK_AT, STOCK_AT.c.quantity_milli))
    )
)


def book_over_packs(
    uow: UnitOfWork, store_id: str, items: Iterable[Item], *, who: str, now_utc: datetime
) -> list[Movement]:
    """Books what lies of those of the items that are packs as their singles; answers what was posted."""
    posted: list[Movement] = []
    for packs in _portions(item for item in items if item.is_pack):
        bind = {"store": store_id, "gtins": sorted(packs)}
        for gtin in sorted(uow.session.connection().execute(_LYING, bind).scalars()):
            parts = parts_of(packs[gtin])
            posted += book_over(uow, store_id, gtin, parts, who=who, now_utc=now_utc)
    return posted


def book_over(
    uow: UnitOfWork, store_id: str, gtin: str, parts: Parts, *, who: str, now_utc: datetime
) -> list[Movement]:
    """Books all that lies of an item, wherever it lies, as these parts; answers what was posted."""
    # Settled first: what sales have taken off its lots is then taken off in the books as well.
    shelves.settle(uow, store_id, gtins=[gtin], who=who, now_utc=now_utc)
    run = f"bundle:{ordered_id(now_utc)}"
    moves: list[Movement] = []
    for lying in shelves.lying(uow, store_id, [gtin]):
        milli, place = lying.quantity_milli, lying.place
        goods = [(gtin, -milli, place)]
        goods += [(part, moved, Place(place.location)) for part, moved in explode(parts, milli)]
        for part, moved, where in goods:
            source_id = f"{run}:{len(moves)}"
            moves.append(Movement(part, Reason.CORRECTION, moved, source_id, who, now_utc, where))
    if moves:
        stock.post_all(uow, store_id, moves, as_of_utc=now_utc)
    return moves


def _portions(items: Iterable[Item]) -> Iterator[dict[str, Item]]:
    portion: dict[str, Item] = {}
    for item in items:
        portion[item.gtin] = item
        if len(portion) == _CHUNK:
            yield portion
            portion = {}
    if portion:
        yield portion
