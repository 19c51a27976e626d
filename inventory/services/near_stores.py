"""Owns what a shopper is told of other stores that have an item: name, address, distance, and how many.

It must not name another store's price, nor look for the stores itself: `inventory.services.nearby` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from inventory.db.repositories import ON_HAND
from inventory.db.shelf_table import StorePlaceRow
from inventory.db.tables import StoreRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.stock import Band, band
from inventory.services import nearby

_TOLD = (
    select(col(StoreRow.store_id), col(StoreRow.name), col(StorePlaceRow.address), ON_HAND.c.as_of_utc)
    .join(StorePlaceRow, col(StorePlaceRow.store_id) == col(StoreRow.store_id))
    .join(ON_HAND, ON_HAND.c.store_id == col(StoreRow.store_id))
    .where(
        col(StoreRow.store_id).in_(bindparam("stores", expanding=True)),
        ON_HAND.c.gtin == bindparam("gtin"),
    )
)


@dataclass(frozen=True, slots=True)
class NearStore:
    """Another store that has the item, and since when that is known."""

    name: str
    address: str
    distance_m: int
    band: Band
    as_of_utc: datetime


def having(uow: UnitOfWork, store_id: str, gtin: str, limit: int) -> tuple[NearStore, ...]:
    """At most `limit` other stores that hold a GTIN-14, the nearest first; none where places are unknown."""
    found = nearby.nearest(uow, store_id, gtin, limit=limit)
    if not found:
        return ()
    asked = {"stores": [each.store_id for each in found], "gtin": gtin}
    rows = {row.store_id: row for row in uow.session.connection().execute(_TOLD, asked)}
    return tuple(
        NearStore(row.name, row.address, each.distance_m, band(each.on_hand_milli), row.as_of_utc)
        for each in found
        if (row := rows.get(each.store_id)) is not None
    )
