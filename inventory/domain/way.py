"""Owns the way through a store: the shortest one along its walkways, as corners and as turns of a walker.

It must not know words, screens or goods. A way is found on the plan alone: two machines find the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from heapq import heappop, heappush
from itertools import pairwise

from inventory.domain.store_plan import Aisle, Facing, Point, Side, StorePlan, Walkway, bay_point


class Turn(Enum):
    """How far one turns, clockwise in degrees, before one walks on."""

    AHEAD = 0
    HALF_RIGHT = 45
    RIGHT = 90
    SHARP_RIGHT = 135
    AROUND = 180
    SHARP_LEFT = 225
    LEFT = 270
    HALF_LEFT = 315


@dataclass(frozen=True, slots=True)
class Leg:
    """One turn and the straight walk after it.

    `aisle` is the sign of the aisle the leg goes along, or "". `opening` counts the aisles that open on the
    side one turns to, from where the leg before began: 3 is the third; 0 where nothing is to be counted.
    """

    turn: Turn
    length_cm: int
    aisle: str = ""
    opening: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """Corners from the walker to the bay, the legs between them, and the hand the bay is on at the end."""

    corners: tuple[Point, ...]
    legs: tuple[Leg, ...]
    side: Side | None


def way_to(plan: StorePlan, start: Point, facing: Facing, aisle_sign: str, bay: str) -> Way | None:
    """The shortest way to a bay, or to the middle of the aisle where its bay is not on the plan.

    None for an aisle that is not there, or that no walkway leads to.
    """
    aisle = plan.aisle(aisle_sign)
    if aisle is None:
        return None
    target = bay_point(aisle, bay) or _middle(aisle)
    corners = _corners(plan, start, target)
    if corners is None:
        return None
    legs = tuple(_legs(plan, corners, facing))
    return Way(corners, legs, _hand(aisle, bay, corners))


def _middle(aisle: Aisle) -> Point:
    return (aisle.start[0] + aisle.end[0]) // 2, (aisle.start[1] + aisle.end[1]) // 2


# --- the shortest way ----------------------------------------------------------------------------


def _corners(plan: StorePlan, start: Point, target: Point) -> tuple[Point, ...] | None:
    """The way as its corners; the walker first steps straight onto the nearest way."""
    ways: tuple[Walkway, ...] = (*plan.walkways, *plan.aisles)
    door = min((_nearest(way, start) for way in ways), key=lambda point: (_distance(start, point), point))
    links = _links(ways, (door, target))
    route = _shortest(links, door, target)
    if route is None:
        return None
    points = route if start == door else [*_steps_onto(start, door), *route]
    return _straightened(points)


def _steps_onto(start: Point, door: Point) -> list[Point]:
    """From beside a way onto it: at a right angle, or with one corner past the end of a way."""
    if start[0] == door[0] or start[1] == door[1]:
        return [start]
    return [start, (start[0], door[1])]


def _nearest(way: Walkway, point: Point) -> Point:
    (x, y), (end_x, end_y) = way.start, way.end
    near_x = min(max(point[0], min(x, end_x)), max(x, end_x))
    near_y = min(max(point[1], min(y, end_y)), max(y, end_y))
    return near_x, near_y


def _links(ways: tuple[Walkway, ...], more: Iterable[Point]) -> dict[Point, list[Point]]:
    """Which points one can walk between without a corner: crossings, ends, and `more` on each way."""
    points = list(more)
    links: defaultdict[Point, list[Point]] = defaultdict(list)
    for way in ways:
        on_it = {way.start, way.end}
        on_it.update(point for point in points if _lies_on(way, point))
        on_it.update(point for other in ways if (point := _crossing(way, other)) is not None)
        line = sorted(on_it)
        for one, next_one in pairwise(line):
            links[one].append(next_one)
            links[next_one].append(one)
    return links


def _lies_on(way: Walkway, point: Point) -> bool:
    return _nearest(way, point) == point


def _crossing(one: Walkway, other: Walkway) -> Point | None:
    """Where two ways at right angles meet; ways that only touch at an end meet there too."""
    if one is other or _is_level(one) == _is_level(other):
        return None
    level, upright = (one, other) if _is_level(one) else (other, one)
    point = upright.start[0], level.start[1]
    return point if _lies_on(level, point) and _lies_on(upright, point) else None


def _is_level(way: Walkway) -> bool:
    return way.start[1] == way.end[1]


def _shortest(links: dict[Point, list[Point]], start: Point, target: Point) -> list[Point] | None:
    """Shortest first, and of two equally short ways the one with fewer points, then the lower ones."""
    queue: list[tuple[int, list[Point]]] = [(0, [start])]
    seen: set[Point] = set()
    while queue:
        length_cm, route = heappop(queue)
        here = route[-1]
        if here == target:
            return route
        if here in seen:
            continue
        seen.add(here)
        for point in links.get(here, ()):
            if point not in seen:
                heappush(queue, (length_cm + _distance(here, point), [*route, point]))
    return None


def _distance(one: Point, other: Point) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _straightened(points: list[Point]) -> tuple[Point, ...]:
    """Only the corners: what lies between two of them on one line is left out."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and _heading(kept[-2], kept[-1]) == _heading(kept[-1], point):
            kept.pop()
        kept.append(point)
    return tuple(kept)


# --- a walker's turns ----------------------------------------------------------------------------


def _heading(one: Point, other: Point) -> int:
    """Degrees clockwise from north of a straight walk along x or along y."""
    if other[0] != one[0]:
        return 90 if other[0] > one[0] else 270
    return 0 if other[1] > one[1] else 180


def _legs(plan: StorePlan, corners: tuple[Point, ...], facing: Facing) -> Iterable[Leg]:
    looks = facing.degrees
    for number, (here, there) in enumerate(pairwise(corners)):
        heading = _heading(here, there)
        turn = Turn((heading - looks) % 360)
        sign = _aisle_of(plan, here, there)
        opening = 0
        if sign and number and turn in (Turn.LEFT, Turn.RIGHT):
            opening = _openings(plan, corners[number - 1], here, heading)
        yield Leg(turn, _distance(here, there), sign, opening)
        looks = heading


def _aisle_of(plan: StorePlan, here: Point, there: Point) -> str:
    return next((aisle.sign for aisle in plan.aisles if _lies_on(aisle, here) and _lies_on(aisle, there)), "")


def _openings(plan: StorePlan, begun: Point, corner: Point, heading: int) -> int:
    """How many aisles one meets that go off to `heading`, from behind `begun` up to `corner`."""
    walked = Walkway(start=begun, end=corner)
    met = {
        point
        for aisle in plan.aisles
        if (point := _crossing(walked, aisle)) is not None and point != begun and _goes(aisle, point, heading)
    }
    return len(met)


def _goes(aisle: Aisle, point: Point, heading: int) -> bool:
    """Whether the aisle can be walked from the point in that direction."""
    return any(end != point and _heading(point, end) == heading for end in (aisle.start, aisle.end))


def _hand(aisle: Aisle, bay: str, corners: tuple[Point, ...]) -> Side | None:
    """The hand the bay is on for who comes this way; who walks an aisle backwards has its sides changed."""
    found = aisle.bay(bay)
    if found is None or len(corners) < 2:
        return None
    walked = _heading(corners[-2], corners[-1])
    along = _heading(aisle.start, aisle.end)
    if walked not in (along, (along + 180) % 360):
        return None
    side = found[0]
    if walked == along:
        return side
    return Side.RIGHT if side is Side.LEFT else Side.LEFT
