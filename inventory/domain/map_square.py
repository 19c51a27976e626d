"""Owns a grid over the earth whose squares have numbers, in whose order what lies near mostly stands near.

It must not know stores. The bits of a square's row and column stand by turns (a Z-order curve): every larger
square is one run of numbers, and four quarters of it are that run's quarters. Numbers have at most 12 digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin

from inventory.domain.distance import EARTH_M, METRES_A_DEGREE, Spot, box_around

SIDE_BITS = 9
"""The smallest square is 2⁹ millionths of a degree high: 57 metres."""
_SIZES = 20
"""So many times four squares make one; the largest holds the earth."""
_SOUTH, _WEST = 90_000_000, 180_000_000
_ROUND_E6 = 360_000_000
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
_GATHER = (
    (1, 0x3333333333333333),
    (2, 0x0F0F0F0F0F0F0F0F),
    (4, 0x00FF00FF00FF00FF),
    (8, 0x0000FFFF0000FFFF),
    (16, 0x00000000FFFFFFFF),
)


def square_of(spot: Spot) -> int:
    """The number of the smallest square that holds a point, from 0 to below 2³⁹."""
    return _number(spot.latitude_e6 + _SOUTH >> SIDE_BITS, spot.longitude_e6 + _WEST >> SIDE_BITS)


@dataclass(frozen=True, slots=True, order=True)
class Square:
    """The square of 4 to the `size` smallest ones that begins with number `first`."""

    first: int
    size: int

    @property
    def last(self) -> int:
        """The last number in it."""
        return self.first + (1 << 2 * self.size) - 1

    def quarters(self) -> Iterator[Square]:
        """The four squares it is made of; a smallest one is made of none."""
        if self.size:
            size = self.size - 1
            for number in range(4):
                yield Square(self.first + (number << 2 * size), size)

    def metres_from(self, spot: Spot) -> float:
        """At least so far is everything in the square; 0 for a spot that lies in it."""
        south = (_gathered(self.first >> 1) << SIDE_BITS) - _SOUTH
        west = (_gathered(self.first) << SIDE_BITS) - _WEST
        side = (1 << self.size + SIDE_BITS) - 1
        upwards = max(south - spot.latitude_e6, spot.latitude_e6 - south - side, 0)
        wide = min(side, _ROUND_E6 // 2 - west)  # the grid goes on beyond the date line, the earth does not
        from_west, across = spot.longitude_e6 - west, 0.0
        if not 0 <= from_west <= wide:
            # Who goes there crosses the meridian of its nearer side, or the pole that the meridian ends in.
            gap = min(-from_west % _ROUND_E6, (from_west - wide) % _ROUND_E6, _ROUND_E6 // 4)
            across = EARTH_M * asin(cos(radians(spot.latitude_e6 / 1e6)) * sin(radians(gap / 1e6)))
        return max(upwards * METRES_A_DEGREE / 1e6, across)


EARTH = Square(0, _SIZES)


def squares_around(spot: Spot, metres: int) -> list[Square]:
    """Squares, nine at most, that hold all within `metres` of a point."""
    box = box_around(spot, metres)
    south, north = box.south + _SOUTH >> SIDE_BITS, box.north + _SOUTH >> SIDE_BITS
    west, east = box.west + _WEST >> SIDE_BITS, box.east + _WEST >> SIDE_BITS
    size = max(0, max(north - south, east - west).bit_length() - 1)
    return [
        Square(_number(up, right) << 2 * size, size)
        for up in range(south >> size, (north >> size) + 1)
        for right in range(west >> size, (east >> size) + 1)
    ]


def _number(up: int, right: int) -> int:
    return _spread(up) << 1 | _spread(right)


def _spread(number: int) -> int:
    for by, mask in _SPREAD:
        number = (number | number << by) & mask
    return number


def _gathered(number: int) -> int:
    number &= _SPREAD[-1][1]
    for by, mask in _GATHER:
        number = (number | number >> by) & mask
    return number
