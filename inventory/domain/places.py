"""Owns where goods lie: location, lot and expiry, and which lot goes first.

It must not know tables or reasons. The empty location is the item's own shelf, wherever the catalogue says
it stands: moving an item to another aisle moves no stock, and a sale, which always takes from there, says
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

SHELF = ""
BACKROOM = "backroom"

MAX_LOCATION_LENGTH = 40
MAX_LOT_LENGTH = 20
"""What GS1 gives a batch number (General Specifications, AI 10)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A location of the store with a lot there; lot and expiry are "" and None where nobody said."""

    location: str = SHELF
    lot: str = ""
    expires_on: date | None = None

    @property
    def is_plain(self) -> bool:
        """Whether this is the shelf without a known lot: what is left of on-hand after all other places."""
        return self == PLAIN

    @property
    def has_lot(self) -> bool:
        """Whether anything is known of the lot."""
        return bool(self.lot) or self.expires_on is not None

    def at(self, location: str) -> Place:
        """The same lot at another location."""
        return Place(location, self.lot, self.expires_on)


PLAIN = Place()


class PlaceError(ValueError):
    """A location or lot that no label can carry."""


def read_place(location: str, lot: str = "", expires_on: str = "") -> Place:
    """A place from typed text; spaces around are dropped. Raises PlaceError, also for a date that is none."""
    place, batch = " ".join(location.split()), " ".join(lot.split())
    if len(place) > MAX_LOCATION_LENGTH or not place.isprintable():
        raise PlaceError(f"A location has at most {MAX_LOCATION_LENGTH} printable characters.")
    if len(batch) > MAX_LOT_LENGTH or not batch.isprintable():
        raise PlaceError(f"A lot has at most {MAX_LOT_LENGTH} printable characters.")
    try:
        day = date.fromisoformat(expires_on.strip()) if expires_on.strip() else None
    except ValueError as error:
        raise PlaceError("An expiry date is written as 2026-12-31.") from error
    return Place(place, batch, day)


def first_expired_first_out(place: Place) -> tuple[date, str]:
    """Sorts lots in the order in which they should leave: soonest expiry first, unknown last."""
    return place.expires_on or date.max, place.lot


def take(lots: Iterable[tuple[Place, int]], wanted_milli: int) -> Iterator[tuple[Place, int]]:
    """What is taken of which lot when `wanted_milli` (0 or more) leaves; less where the lots hold less."""
    assert wanted_milli >= 0, "what is taken is counted, not signed"
    there = [(place, milli) for place, milli in lots if milli > 0]
    for place, milli in sorted(there, key=lambda lot: first_expired_first_out(lot[0])):
        if wanted_milli == 0:
            return
        taken = min(milli, wanted_milli)
        wanted_milli -= taken
        yield place, taken


def spread(lots: Iterable[tuple[Place, int]], location: str, wanted_milli: int) -> list[tuple[Place, int]]:
    """Where `wanted_milli` (0 or more) leaves a location whose lots are these, nobody having named a lot.

    What the lots do not hold is taken where no lot is known, below nothing if need be: the goods left, and
    the books must say so.
    """
    taken = list(take(lots, wanted_milli))
    missing_milli = wanted_milli - sum(milli for _, milli in taken)
    if missing_milli:
        unnamed = Place(location)
        taken_there = dict(taken)
        taken_there[unnamed] = taken_there.get(unnamed, 0) + missing_milli
        taken = list(taken_there.items())
    return taken
