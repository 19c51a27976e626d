"""Owns which open lane is nearest to a closed one, and on which hand it lies.

It must not know screens or words. As the crow flies: lanes stand in a row, and no shelf between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from inventory.domain.store_plan import Facing, LaneSpot, Point, StorePlan


@dataclass(frozen=True, slots=True)
class OpenLane:
    """A lane that takes the next shopper. `label` is what stands over it: `3`."""

    lane_id: str
    label: str


class Hand(Enum):
    """Where something lies for somebody who faces the screen."""

    AHEAD = "ahead"
    RIGHT = "right"
    BEHIND = "behind"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """`hand` is None where the plan does not know both places."""

    label: str
    hand: Hand | None = None


_AHEAD = {
    Facing.NORTH: (0, 1),
    Facing.NORTH_EAST: (1, 1),
    Facing.EAST: (1, 0),
    Facing.SOUTH_EAST: (1, -1),
    Facing.SOUTH: (0, -1),
    Facing.SOUTH_WEST: (-1, -1),
    Facing.WEST: (-1, 0),
    Facing.NORTH_WEST: (-1, 1),
}


def lane_label(name: str) -> str:
    """`3` for a lane that is only called `lane-3`; a name somebody chose stays whole."""
    numbered = re.fullmatch(r"lane-?0*(\d+)", name, re.IGNORECASE)
    return numbered[1] if numbered else name


def nearest(plan: StorePlan | None, lane_id: str, lanes: Iterable[OpenLane]) -> Neighbour | None:
    """The nearest of the open lanes: by the plan where it knows both places, else by the next number."""
    others = [each for each in lanes if each.lane_id != lane_id]
    if not others:
        return None
    here = plan.lanes.get(lane_id) if plan is not None else None
    if plan is not None and here is not None:
        placed = [(plan.lanes[each.lane_id].at, each) for each in others if each.lane_id in plan.lanes]
        if placed:
            place, found = min(placed, key=lambda pair: (_apart(here.at, pair[0]), pair[1].lane_id))
            return Neighbour(found.label, _hand(here, place))
    own = lane_label(lane_id)
    return Neighbour(min(others, key=lambda each: (_steps(own, each.label), each.label)).label)


def _apart(one: Point, other: Point) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _steps(own: str, other: str) -> int:
    return abs(int(own) - int(other)) if own.isdecimal() and other.isdecimal() else 10**6


def _hand(here: LaneSpot, there: Point) -> Hand | None:
    x, y = there[0] - here.at[0], there[1] - here.at[1]
    ahead_x, ahead_y = _AHEAD[here.shopper_faces]
    ahead, right = x * ahead_x + y * ahead_y, x * ahead_y - y * ahead_x
    if not ahead and not right:
        return None
    if abs(right) >= abs(ahead):
        return Hand.RIGHT if right > 0 else Hand.LEFT
    return Hand.AHEAD if ahead > 0 else Hand.BEHIND
