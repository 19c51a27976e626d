"""Owns points on the earth: how far two are apart, and the box that holds all within some distance.

It must not know stores. Degrees are whole millionths, distances metres on a round earth (0.5 % off at most).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_000
METRES_A_DEGREE = 111_194
WHOLE_EARTH_M = 20_100_000
"""Further than any two points are apart."""
_MOST_LATITUDE, _MOST_LONGITUDE = 90_000_000, 180_000_000


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in millionths of a degree: latitude −90 to 90 million, longitude −180 to 180 million."""

    latitude_e6: int
    longitude_e6: int

    def __post_init__(self) -> None:
        if abs(self.latitude_e6) > _MOST_LATITUDE or abs(self.longitude_e6) > _MOST_LONGITUDE:
            raise ValueError("Latitudes end at 90 degrees, longitudes at 180.")

    def metres_to(self, other: Spot) -> int:
        """The distance in metres."""
        return distances_from(self)(other.latitude_e6, other.longitude_e6)


def distances_from(spot: Spot) -> Callable[[int, int], int]:
    """The metres to any latitude and longitude in millionths, for many points at once."""
    north, east = radians(spot.latitude_e6 / 1e6), radians(spot.longitude_e6 / 1e6)
    narrowed = cos(north)

    def metres(latitude_e6: int, longitude_e6: int) -> int:
        other = radians(latitude_e6 / 1e6)
        across = sin((radians(longitude_e6 / 1e6) - east) / 2)
        upwards = sin((other - north) / 2)
        chord = upwards * upwards + narrowed * cos(other) * across * across
        return round(2 * EARTH_M * asin(min(1.0, sqrt(chord))))

    return metres


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds in millionths of a degree, all of them within the box."""

    south: int
    north: int
    west: int
    east: int


def box_around(spot: Spot, metres: int) -> Box:
    """A box that holds every point within `metres`; all longitudes where it would cross the date line."""
    high = round(metres / METRES_A_DEGREE * 1e6) + 1
    south, north = spot.latitude_e6 - high, spot.latitude_e6 + high
    furthest = max(abs(south), abs(north))
    if furthest >= _MOST_LATITUDE:
        return Box(max(south, -_MOST_LATITUDE), min(north, _MOST_LATITUDE), -_MOST_LONGITUDE, _MOST_LONGITUDE)
    wide = round(high / cos(radians(furthest / 1e6))) + 1
    west, east = spot.longitude_e6 - wide, spot.longitude_e6 + wide
    if west < -_MOST_LONGITUDE or east > _MOST_LONGITUDE:
        west, east = -_MOST_LONGITUDE, _MOST_LONGITUDE
    return Box(south, north, west, east)
