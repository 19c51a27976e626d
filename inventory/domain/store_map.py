"""Owns the map of a store: its plan turned as the shopper stands, in parts of a square of one.

It must not know words of a language, pixels or Kivy. Up on the map is ahead of the shopper.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.domain.store_plan import Facing, Point, StorePlan, Walkway
from inventory.domain.way import Way

PARTS = 10_000
"""Places on a map are whole ten-thousandths of its longer side."""

_SLANT = 7_071
"""The sine and cosine of 45°, in ten-thousandths."""


@dataclass(frozen=True, slots=True)
class MapAisle:
    """An aisle's two ends on the map, and what its sign says."""

    sign: str
    start: Point
    end: Point
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class StoreMap:
    """`size` is width and height in parts; y grows upwards. `way` begins where the shopper stands.

    `spot` is the shelf itself, beside the end of the way where its side is known; `spoken` says all of it.
    """

    size: Point
    aisles: tuple[MapAisle, ...]
    walkways: tuple[tuple[Point, Point], ...]
    way: tuple[Point, ...]
    you: str
    spoken: str = ""


def store_map(
    plan: StorePlan, way: Way, facing: Facing, sign: str, *, you: str, spoken: str = ""
) -> StoreMap:
    """The map with the way on it."""
    ways: tuple[Walkway, ...] = (*plan.aisles, *plan.walkways)
    points = [*way.corners, *(point for each in ways for point in (each.start, each.end))]
    turned = [_turned(point, facing) for point in points]
    left, low = min(x for x, _ in turned), min(y for _, y in turned)
    spans = max(x for x, _ in turned) - left, max(y for _, y in turned) - low
    longer = max(*spans, 1)

    def on_map(point: Point) -> Point:
        x, y = _turned(point, facing)
        return (x - left) * PARTS // longer, (y - low) * PARTS // longer

    return StoreMap(
        size=(spans[0] * PARTS // longer, spans[1] * PARTS // longer),
        aisles=tuple(
            MapAisle(aisle.sign, on_map(aisle.start), on_map(aisle.end), chosen=aisle.sign == sign)
            for aisle in plan.aisles
        ),
        walkways=tuple((on_map(walk.start), on_map(walk.end)) for walk in plan.walkways),
        way=tuple(on_map(corner) for corner in way.corners),
        you=you,
        spoken=spoken,
    )


def _turned(point: Point, facing: Facing) -> Point:
    """The point with the plan turned against the clock, until what the shopper faces lies up."""
    quarters, is_slanting = divmod(facing.degrees, 90)
    x, y = point
    for _ in range(quarters):
        x, y = -y, x
    if is_slanting:
        x, y = (x - y) * _SLANT // PARTS, (x + y) * _SLANT // PARTS
    return x, y
