"""Owns what lies where: on-hand by location and lot, lots that sales have emptied, and the audit of places.

It must not post anything but transfers between places of one item: on-hand is none of its business. The plain
shelf (no lot known) is what is left of on-hand after every other place; it falls below nothing when goods of
known lots are sold, until `settle` says which lots those were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select

from inventory.db.repositories import MOVEMENT, ON_HAND, STOCK_AT, ordered_id, place_of
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.places import PLAIN, SHELF, Place, take
from inventory.domain.stock import Movement, Reason
from inventory.services import stock

_BATCH = 1000
_PLACES = (
    select(
        STOCK_AT.c.gtin,
        STOCK_AT.c.location,
        STOCK_AT.c.lot,
        STOCK_AT.c.expires_on,
        STOCK_AT.c.quantity_milli,
    )
    .where(STOCK_AT.c.store_id == bindparam("store"))
    .order_by(STOCK_AT.c.gtin, STOCK_AT.c.location, STOCK_AT.c.expires_on, STOCK_AT.c.lot)
)
_PLACES_OF = _PLACES.where(STOCK_AT.c.gtin.in_(bindparam("gtins", expanding=True)))
_HELD = (
    select(ON_HAND.c.gtin, ON_HAND.c.on_hand_milli)
    .where(ON_HAND.c.store_id == bindparam("store"))
    .order_by(ON_HAND.c.gtin)
)
_HELD_OF = _HELD.where(ON_HAND.c.gtin.in_(bindparam("gtins", expanding=True)))
_LOCKED = _HELD_OF.with_for_update()
_OF_SHELF = case(((STOCK_AT.c.location == SHELF) & (STOCK_AT.c.quantity_milli > 0), 1), else_=0)
_EMPTIED = (
    select(STOCK_AT.c.gtin)
    .join(ON_HAND, (ON_HAND.c.store_id == STOCK_AT.c.store_id) & (ON_HAND.c.gtin == STOCK_AT.c.gtin))
    .where(STOCK_AT.c.store_id == bindparam("store"))
    .group_by(STOCK_AT.c.gtin, ON_HAND.c.on_hand_milli)
    .having(func.sum(STOCK_AT.c.quantity_milli) > ON_HAND.c.on_hand_milli, func.max(_OF_SHELF) == 1)
)
_SUSPECTS = (
    select(STOCK_AT.c.gtin)
    .outerjoin(ON_HAND, (ON_HAND.c.store_id == STOCK_AT.c.store_id) & (ON_HAND.c.gtin == STOCK_AT.c.gtin))
    .where(STOCK_AT.c.store_id == bindparam("store"))
    .group_by(STOCK_AT.c.gtin, ON_HAND.c.on_hand_milli)
    .having(
        (func.min(STOCK_AT.c.quantity_milli) < 0)
        | (func.sum(STOCK_AT.c.quantity_milli) > func.coalesce(ON_HAND.c.on_hand_milli, 0))
    )
)


@dataclass(frozen=True, slots=True)
class Lying:
    """So much of an item lies at one place, in thousandths of a piece or grams; never nothing."""

    gtin: str
    place: Place
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class PlaceDifference:
    """A place whose running sum is not the sum of its movements."""

    gtin: str
    place: Place
    ledger_milli: int
    kept_milli: int


def lying(uow: UnitOfWork, store_id: str, gtins: Iterable[str]) -> tuple[Lying, ...]:
    """What lies where of these items, by GTIN and place.

    Goods sold from the shelf are taken off its lots, the soonest to expire first, whether that was booked
    or not. What is missing beyond all lots stands as a shelf below nothing.
    """
    found: list[Lying] = []
    for gtin, places in _by_item(uow, store_id, gtins).items():
        taken = dict(_emptied(places))
        for place, milli in places.items():
            left = milli + sum(taken.values()) if place.is_plain else milli - taken.get(place, 0)
            if left:
                found.append(Lying(gtin, place, left))
    return tuple(found)


def at(uow: UnitOfWork, store_id: str, gtin: str, place: Place) -> int:
    """How much lies at a place, in thousandths; of a location without a lot: all its lots together."""
    there = [each for each in lying(uow, store_id, [gtin]) if each.place.location == place.location]
    return sum(each.quantity_milli for each in there if not place.has_lot or each.place == place)


def expiring(uow: UnitOfWork, store_id: str, *, until: date) -> tuple[Lying, ...]:
    """Lots that expire on that day or before, those already expired first."""
    with_date = select(STOCK_AT.c.gtin).where(
        STOCK_AT.c.store_id == store_id,
        STOCK_AT.c.expires_on != "",
        STOCK_AT.c.expires_on <= until.isoformat(),
        STOCK_AT.c.quantity_milli > 0,
    )
    gtins = sorted(set(uow.session.connection().execute(with_date).scalars()))
    found = [
        each
        for each in lying(uow, store_id, gtins)
        if each.quantity_milli > 0 and each.place.expires_on and each.place.expires_on <= until
    ]
    return tuple(sorted(found, key=lambda each: (each.place.expires_on, each.gtin, each.place.location)))


def locations(uow: UnitOfWork, store_id: str) -> tuple[str, ...]:
    """Every location that anything was ever put to, without the shelf."""
    named = select(STOCK_AT.c.location).where(STOCK_AT.c.store_id == store_id, STOCK_AT.c.location != SHELF)
    return tuple(uow.session.connection().execute(named.distinct().order_by(STOCK_AT.c.location)).scalars())


def to_settle(uow: UnitOfWork, store_id: str) -> list[str]:
    """The items of which goods of known lots were sold that stand on the shelf still, by the books."""
    return sorted(uow.session.connection().execute(_EMPTIED, {"store": store_id}).scalars())


def below_nothing(uow: UnitOfWork, store_id: str) -> tuple[Lying, ...]:
    """Places that hold less than nothing while the item is on hand: goods were brought without a word.

    Lots that sales have emptied are no such places: they are settled first.
    """
    connection = uow.session.connection()
    suspects = sorted(set(connection.execute(_SUSPECTS, {"store": store_id}).scalars()))
    found = [each for each in lying(uow, store_id, suspects) if each.quantity_milli < 0]
    held = {gtin: sum(places.values()) for gtin, places in _by_item(uow, store_id, suspects).items()}
    return tuple(each for each in found if held[each.gtin] >= 0)


def settle(
    uow: UnitOfWork, store_id: str, *, gtins: Iterable[str] | None = None, who: str, now_utc: datetime
) -> int:
    """Books the shelf's sold goods off their lots, soonest expiry first; answers how many items it touched.

    Of the items named, or of all that have lots on the shelf. Nothing is on hand more or less afterwards;
    asked twice, the second time nothing is left to do.
    """
    connection = uow.session.connection()
    wanted = sorted(set(to_settle(uow, store_id) if gtins is None else gtins))
    # Nobody else may settle these until this transaction ends; SQLite has one writer anyway.
    for batch in _batches(wanted):
        connection.execute(_LOCKED, {"store": store_id, "gtins": batch}).all()
    moves: list[Movement] = []
    touched = 0
    for gtin, places in _by_item(uow, store_id, wanted).items():
        taken = list(_emptied(places))
        if taken:
            touched += 1
            moves += _lot_moves(gtin, taken, who=who, now_utc=now_utc)
    if moves:
        stock.post_all(uow, store_id, moves, as_of_utc=now_utc)
    return touched


def audit(uow: UnitOfWork, store_id: str) -> list[PlaceDifference]:
    """Places whose sum is not that of their movements; empty while the ledger is sound.

    The plain shelf is what on-hand leaves over, and is held against its movements as well.
    """
    ledger = _ledger(uow, store_id)
    kept = {
        (gtin, place): milli
        for gtin, places in _by_item(uow, store_id, None).items()
        for place, milli in places.items()
    }
    keys = sorted(ledger.keys() | kept.keys(), key=_order)
    return [
        PlaceDifference(*key, ledger.get(key, 0), kept.get(key, 0))
        for key in keys
        if ledger.get(key, 0) != kept.get(key, 0)
    ]


def _ledger(uow: UnitOfWork, store_id: str) -> dict[tuple[str, Place], int]:
    columns = (MOVEMENT.c.gtin, MOVEMENT.c.location, MOVEMENT.c.lot, MOVEMENT.c.expires_on)
    summed = (
        select(*columns, func.sum(MOVEMENT.c.quantity_milli).label("milli"))
        .where(MOVEMENT.c.store_id == store_id)
        .group_by(*columns)
    )
    return {(row.gtin, place_of(row)): int(row.milli) for row in uow.session.connection().execute(summed)}


def _by_item(
    uow: UnitOfWork, store_id: str, gtins: Iterable[str] | None
) -> Mapping[str, Mapping[Place, int]]:
    """Every place of the items (None: of all) with what is booked there, by GTIN, the plain shelf too."""
    connection = uow.session.connection()
    places: defaultdict[str, dict[Place, int]] = defaultdict(dict)
    for held, placed, bind in _questions(store_id, gtins):
        for gtin, milli in connection.execute(held, bind):
            places[gtin][PLAIN] = int(milli)
        for row in connection.execute(placed, bind):
            there = places[row.gtin]
            there[place_of(row)] = int(row.quantity_milli)
            there[PLAIN] = there.get(PLAIN, 0) - int(row.quantity_milli)
    return dict(sorted(places.items()))


def _questions(store_id: str, gtins: Iterable[str] | None) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    if gtins is None:
        yield _HELD, _PLACES, {"store": store_id}
        return
    for batch in _batches(sorted(set(gtins))):
        yield _HELD_OF, _PLACES_OF, {"store": store_id, "gtins": batch}


def _batches(gtins: Sequence[str]) -> Iterator[Sequence[str]]:
    """Few enough at a time for the engine's limit of values in one statement."""
    for start in range(0, len(gtins), _BATCH):
        yield gtins[start : start + _BATCH]


def _emptied(places: Mapping[Place, int]) -> Iterator[tuple[Place, int]]:
    """The shelf's lots that the sold goods must have come from."""
    missing_milli = max(0, -places.get(PLAIN, 0))
    lots = [(place, milli) for place, milli in places.items() if place.location == SHELF and place.has_lot]
    return take(lots, missing_milli)


def _lot_moves(
    gtin: str, taken: Sequence[tuple[Place, int]], *, who: str, now_utc: datetime
) -> Iterator[Movement]:
    run = ordered_id(now_utc)
    total = sum(milli for _, milli in taken)
    yield Movement(gtin, Reason.TRANSFER, total, f"lots:{run}:0", who, now_utc)
    for number, (place, milli) in enumerate(taken, start=1):
        yield Movement(gtin, Reason.TRANSFER, -milli, f"lots:{run}:{number}", who, now_utc, place)


def _order(key: tuple[str, Place]) -> tuple[str, str, str, str]:
    gtin, place = key
    return gtin, place.location, place.lot, place.expires_on.isoformat() if place.expires_on else ""
