"""Owns the question which stores nearby have an item, in a database that holds many stores.

It must not know who asks or how a band is shown. Of an item that few stores have, all of them are looked at;
of one that many have, the nearest stores are, in a box that grows until it holds enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest

from inventory.db import hot
from inventory.db.repositories import put
from inventory.db.shelf_table import StorePlaceRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.distance import WHOLE_EARTH_M, Box, Spot, box_around, distances_from

FEW_STORES = 600
_FIRST_BOX_M = 2_000

_HOW_MANY = "SELECT count(*) FROM (SELECT 1 FROM on_hand WHERE gtin = ? LIMIT ?) AS few"
_AMONG_FEW = (
    "SELECT p.store_id, p.latitude_e6, p.longitude_e6, h.on_hand_milli FROM on_hand h"
    " JOIN store_place p ON p.store_id = h.store_id WHERE h.gtin = ? AND h.on_hand_milli > 0"
)
# CROSS JOIN keeps SQLite from beginning with the stock, of which there is a thousand times more.
_IN_AREA = (
    "SELECT a.store_id, a.south, a.west, h.on_hand_milli FROM store_area a"
    " CROSS JOIN on_hand h ON h.store_id = a.store_id AND h.gtin = ?"
    " WHERE a.south >= ? AND a.north <= ? AND a.west >= ? AND a.east <= ? AND h.on_hand_milli > 0"
)
_IN_BOX = (
    "SELECT p.store_id, p.latitude_e6, p.longitude_e6, h.on_hand_milli FROM store_place p"
    " JOIN on_hand h ON h.store_id = p.store_id AND h.gtin = ?"
    " WHERE p.latitude_e6 BETWEEN ? AND ? AND p.longitude_e6 BETWEEN ? AND ? AND h.on_hand_milli > 0"
)


@dataclass(frozen=True, slots=True)
class StoreNearby:
    """Another store that has the item: how far it is, and how much it has."""

    store_id: str
    distance_m: int
    on_hand_milli: int


def settle(uow: UnitOfWork, store_id: str, spot: Spot, address: str = "") -> None:
    """Says where a store is, and the address a shopper may read; safe to repeat."""
    put(
        uow.session,
        StorePlaceRow(
            store_id=store_id,
            latitude_e6=spot.latitude_e6,
            longitude_e6=spot.longitude_e6,
            address=address,
        ),
    )


def spot_of(uow: UnitOfWork, store_id: str) -> Spot | None:
    """Where a store is, or None where nobody said."""
    sql = "SELECT latitude_e6, longitude_e6 FROM store_place WHERE store_id = ?"
    found = hot.row(uow.session, sql, (store_id,))
    return None if found is None else Spot(*found)


def nearest(uow: UnitOfWork, store_id: str, gtin: str, *, limit: int = 10) -> tuple[StoreNearby, ...]:
    """The nearest other stores that have some of a GTIN-14, nearest first; none where places are unknown."""
    here = spot_of(uow, store_id)
    if here is None:
        return ()
    found = nearest_to(uow, here, gtin, limit=limit + 1)
    return tuple(each for each in found if each.store_id != store_id)[:limit]


def nearest_to(uow: UnitOfWork, here: Spot, gtin: str, *, limit: int = 10) -> tuple[StoreNearby, ...]:
    """The same from any point."""
    (known,) = hot.row(uow.session, _HOW_MANY, (gtin, FEW_STORES))
    if known < FEW_STORES:
        return _nearest(here, hot.rows(uow.session, _AMONG_FEW, (gtin,)), limit)
    within_m = _FIRST_BOX_M
    while True:
        found = _nearest(here, _inside(uow, box_around(here, within_m), gtin), limit)
        is_all = within_m >= WHOLE_EARTH_M
        if is_all or (len(found) == limit and found[-1].distance_m <= within_m):
            return found
        within_m *= 2


def _inside(uow: UnitOfWork, box: Box, gtin: str) -> list[tuple[str, int, int, int]]:
    sql = _IN_AREA if hot.is_sqlite(uow.session) else _IN_BOX
    return hot.rows(uow.session, sql, (gtin, box.south, box.north, box.west, box.east))


def _nearest(here: Spot, rows: list[tuple[str, int, int, int]], limit: int) -> tuple[StoreNearby, ...]:
    distance = distances_from(here)
    found = nsmallest(
        limit,
        ((distance(latitude, longitude), store_id, milli) for store_id, latitude, longitude, milli in rows),
    )
    return tuple(StoreNearby(store_id, metres, milli) for metres, store_id, milli in found)
