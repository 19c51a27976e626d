"""Owns the question which stores nearby have an item, in a database that holds many stores.

It must not know who asks or how a band is shown. The stores that have an item lie in its index by the squares
of the map (`domain.map_square`): those before and after one's own square say how far is far enough, then the
few squares within that are looked through, one with too many stores by its quarters.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

from inventory.db import hot
from inventory.db.repositories import put
from inventory.db.shelf_table import StorePlaceRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.distance import METRES_A_DEGREE, WHOLE_EARTH_M, Spot, distances_from
from inventory.domain.map_square import Square, square_of, squares_around

_AT_LEAST = 16
"""Stores that are looked at before and after one's own square."""
_MANY = 48
"""Stores in a square that are looked at before its quarters are."""
_ALL = 1 << 31
_ROUNDED_M = 1
"""Distances are whole metres: what seems further by less may be as near."""

_SOME = "SELECT latitude_e6, longitude_e6, store_id FROM stock_near WHERE gtin = ?"
_ONWARDS = f"{_SOME} AND square >= ? ORDER BY square LIMIT ?"
_BACKWARDS = f"{_SOME} AND square < ? ORDER BY square DESC LIMIT ?"
_IN_SQUARES = f"{_SOME} AND square BETWEEN ? AND ? LIMIT ?"
_ON_HAND = "SELECT store_id, on_hand_milli FROM on_hand WHERE gtin = ? AND store_id IN ({})"

_Read = Callable[[str, hot.Values], list[Any]]


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
            square=square_of(spot),
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
    """The same from any point. Stores equally far stand in the order of their ids."""
    read = hot.reader(uow.session)
    best = _Best(here, limit)
    at, least = square_of(here), max(limit, _AT_LEAST)
    onwards = read(_ONWARDS, (gtin, at, least))
    backwards = read(_BACKWARDS, (gtin, at, least))
    best.take(onwards)
    best.take(backwards)
    if len(onwards) == least or len(backwards) == least:
        _look_around(read, here, gtin, best)
    if not best.found:
        return ()
    sql = _ON_HAND.format(", ".join("?" * len(best.found)))
    milli = dict(read(sql, (gtin, *(store_id for _, store_id in best.found))))
    return tuple(StoreNearby(store_id, metres, milli[store_id]) for metres, store_id in best.found)


def _look_around(read: _Read, here: Spot, gtin: str, best: _Best) -> None:
    """Looks through all that may hold a store as near as the furthest of the best, the nearest first."""
    many = max(_MANY, 2 * best.limit)
    open_squares = _by_distance(here, squares_around(here, best.within_m + _ROUNDED_M))
    heapify(open_squares)
    while open_squares:
        least_m, square = heappop(open_squares)
        if least_m > best.within_m + _ROUNDED_M:
            return
        rows = read(_IN_SQUARES, (gtin, square.first, square.last, many if square.size else _ALL))
        best.take(rows)
        if len(rows) >= many:
            for quarter in _by_distance(here, square.quarters()):
                heappush(open_squares, quarter)


def _by_distance(here: Spot, squares: Iterable[Square]) -> list[tuple[float, Square]]:
    return [(each.metres_from(here), each) for each in squares]


class _Best:
    """The nearest stores so far, as metres and id, in order; the same store may come many times."""

    def __init__(self, here: Spot, limit: int) -> None:
        self.limit = limit
        self.within_m = WHOLE_EARTH_M
        """Nothing further than this is wanted."""
        self.found: list[tuple[int, str]] = []
        self._here = here
        self._metres = distances_from(here)
        self._south = self._north = 0
        self._narrow(WHOLE_EARTH_M)

    def take(self, rows: Iterable[tuple[int, int, str]]) -> None:
        """Keeps those of the stores, each with latitude and longitude, that are near enough."""
        found, metres_to = self.found, self._metres
        for latitude, longitude, store_id in rows:
            if not self._south <= latitude <= self._north:  # ten times as quick as the distance
                continue
            metres = metres_to(latitude, longitude)
            entry = (metres, store_id)
            if metres > self.within_m or entry in found:
                continue
            insort(found, entry)
            if len(found) > self.limit:
                found.pop()
            if len(found) == self.limit and found[-1][0] < self.within_m:
                self._narrow(found[-1][0])

    def _narrow(self, within_m: int) -> None:
        self.within_m = within_m
        high = round((within_m + _ROUNDED_M) / METRES_A_DEGREE * 1e6) + 1
        self._south, self._north = self._here.latitude_e6 - high, self._here.latitude_e6 + high
