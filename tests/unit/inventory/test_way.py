"""The way through a store: who walks its legs stands before the bay, whichever way the lane looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets import ROOT as ASSETS
from inventory.domain.store_plan import Aisle, Facing, Point, Side, StorePlan, bay_point, read_plan
from inventory.domain.way import Turn, Way, way_to

DEMO = read_plan((ASSETS / "demo" / "plan.toml").read_text("utf-8"), source="plan.toml")
STEPS = {0: (0, 1), 90: (1, 0), 180: (0, -1), 270: (-1, 0)}
BAYS = [(aisle.sign, bay) for aisle in DEMO.aisles for bay in (*aisle.left, *aisle.right)]


def walked(way: Way, start: Point, facing: Facing) -> tuple[Point, int]:
    """Where one stands, and looks, after doing what the legs say: turn, then walk."""
    (x, y), looks = start, facing.degrees
    for leg in way.legs:
        looks = (looks + leg.turn.value) % 360
        step = STEPS[looks]
        x, y = x + step[0] * leg.length_cm, y + step[1] * leg.length_cm
    return (x, y), looks


@given(
    st.sampled_from(BAYS),
    st.sampled_from(Facing),
    st.tuples(st.integers(0, DEMO.size[0]), st.integers(0, DEMO.size[1])),
)
def test_the_legs_lead_to_the_bay_from_anywhere_and_with_any_facing(
    place: tuple[str, str], facing: Facing, start: Point
) -> None:
    sign, bay = place
    aisle = DEMO.aisle(sign)
    assert aisle is not None
    way = way_to(DEMO, start, facing, sign, bay)
    assert way is not None
    reached, looks = walked(way, start, facing)
    assert reached == bay_point(aisle, bay)
    if not way.legs:
        return
    found = aisle.bay(bay)
    assert found is not None
    if looks in (0, 180):
        same = (looks == 0) == (found[0] is Side.LEFT)  # the demo's aisles run north: left is the west
        assert way.side is (Side.LEFT if same else Side.RIGHT)


@pytest.mark.parametrize(
    ("facing", "first"),
    [
        (Facing.NORTH, Turn.AHEAD),
        (Facing.NORTH_EAST, Turn.HALF_LEFT),
        (Facing.EAST, Turn.LEFT),
        (Facing.SOUTH_EAST, Turn.SHARP_LEFT),
        (Facing.SOUTH, Turn.AROUND),
        (Facing.SOUTH_WEST, Turn.SHARP_RIGHT),
        (Facing.WEST, Turn.RIGHT),
        (Facing.NORTH_WEST, Turn.HALF_RIGHT),
    ],
)
def test_the_first_turn_depends_on_how_the_shopper_stands(facing: Facing, first: Turn) -> None:
    way = way_to(DEMO, (1100, 250), facing, "7", "3")
    assert way is not None
    assert [leg.turn for leg in way.legs] == [first, Turn.RIGHT, Turn.LEFT]


def test_openings_are_counted_on_the_side_one_turns_to() -> None:
    way = way_to(DEMO, DEMO.lanes["lane-3"].at, Facing.NORTH, "7", "3")
    assert way is not None
    assert [(leg.aisle, leg.opening) for leg in way.legs] == [("", 0), ("", 0), ("7", 3)]
    assert way.side is Side.LEFT


def test_of_two_ways_round_a_shelf_the_shorter_is_taken() -> None:
    from_the_back = way_to(DEMO, (1300, 1600), Facing.NORTH, "6", "3")
    assert from_the_back is not None
    assert max(y for _, y in from_the_back.corners) == 1700
    assert from_the_back.side is Side.RIGHT  # walked from its end, left and right change


def test_a_bay_that_is_not_on_the_plan_leads_to_the_middle_of_its_aisle() -> None:
    way = way_to(DEMO, (1100, 250), Facing.NORTH, "7", "99")
    assert way is not None
    assert (way.corners[-1], way.side) == ((1850, 1100), None)


def test_an_aisle_nobody_can_walk_to_has_no_way() -> None:
    island = Aisle(sign="X", start=(2500, 800), end=(2500, 900))
    plan = StorePlan.model_validate({**DEMO.model_dump(), "aisles": (*DEMO.aisles, island)})
    assert way_to(plan, (1100, 250), Facing.NORTH, "X", "1") is None
    assert way_to(plan, (1100, 250), Facing.NORTH, "none", "1") is None


def test_standing_before_the_bay_there_is_nothing_to_walk() -> None:
    aisle = DEMO.aisle("7")
    assert aisle is not None
    start = bay_point(aisle, "3")
    assert start is not None
    way = way_to(DEMO, start, Facing.NORTH, "7", "3")
    assert way is not None
    assert (way.legs, way.corners) == ((), (start,))
