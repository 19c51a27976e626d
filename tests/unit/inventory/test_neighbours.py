"""The open lane next to a closed one: the nearest on the plan, on the right hand; else the next number."""

from __future__ import annotations

import pytest

from inventory.domain.neighbours import Hand, Neighbour, OpenLane, lane_label, nearest
from inventory.domain.store_plan import Aisle, Facing, LaneSpot, StorePlan

PLACES = {"lane-1": (100, 100), "lane-2": (300, 100), "lane-3": (500, 100), "lane-5": (500, 900)}


def plan(faces: Facing = Facing.NORTH) -> StorePlan:
    return StorePlan(
        size=(1000, 1000),
        aisles=(Aisle(start=(0, 500), end=(900, 500), sign="1"),),
        lanes={lane_id: LaneSpot(at=at, shopper_faces=faces) for lane_id, at in PLACES.items()},
    )


def lanes(*numbers: int) -> list[OpenLane]:
    return [OpenLane(f"lane-{number}", str(number)) for number in numbers]


@pytest.mark.parametrize(
    ("faces", "right_of_2"),
    [
        (Facing.NORTH, Hand.RIGHT),
        (Facing.SOUTH, Hand.LEFT),
        (Facing.EAST, Hand.AHEAD),
        (Facing.WEST, Hand.BEHIND),
        (Facing.NORTH_WEST, Hand.RIGHT),
        (Facing.SOUTH_EAST, Hand.LEFT),
    ],
)
def test_the_hand_is_that_of_somebody_who_faces_the_screen(faces: Facing, right_of_2: Hand) -> None:
    assert nearest(plan(faces), "lane-2", lanes(3)) == Neighbour("3", right_of_2)


def test_the_nearest_by_the_plan_is_named_not_the_next_number() -> None:
    assert nearest(plan(), "lane-3", lanes(1, 2, 5)) == Neighbour("2", Hand.LEFT)
    assert nearest(plan(), "lane-3", lanes(1, 5)) == Neighbour("1", Hand.LEFT)


@pytest.mark.parametrize("known", [None, plan()])
def test_without_both_places_the_next_number_is_named_and_no_hand(known: StorePlan | None) -> None:
    assert nearest(known, "lane-8", lanes(1, 9)) == Neighbour("9")
    assert nearest(known, "lane-1", lanes(12, 14)) == Neighbour("12")


def test_a_lane_never_names_itself_and_nothing_open_is_nothing() -> None:
    assert nearest(plan(), "lane-3", lanes(3)) is None
    assert nearest(None, "lane-3", ()) is None


def test_two_lanes_in_one_spot_have_no_hand() -> None:
    twins = plan().model_copy(
        update={"lanes": {k: LaneSpot(at=(1, 1), shopper_faces=Facing.EAST) for k in PLACES}}
    )
    assert nearest(twins, "lane-1", lanes(2)) == Neighbour("2")


def test_a_lane_with_a_name_of_its_own_keeps_it() -> None:
    assert [lane_label(name) for name in ("lane-3", "Lane 07", "lane07", "Bakery")] == [
        "3",
        "Lane 07",
        "7",
        "Bakery",
    ]
    assert nearest(None, "lane-3", [OpenLane("b", "Bakery"), OpenLane("lane-9", "9")]) == Neighbour("9")
