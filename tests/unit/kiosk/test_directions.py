"""The way in words: every sentence short, and what it says is what the way does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets import ROOT as ASSETS
from assets.texts import Texts
from inventory.domain.store_map import PARTS, store_map
from inventory.domain.store_plan import Facing, Level, Side, read_plan
from inventory.domain.way import Leg, Turn, Way, way_to
from kiosk.assist.directions import directions

DEMO = read_plan((ASSETS / "demo" / "plan.toml").read_text("utf-8"), source="plan.toml")
ENGLISH = Texts("en")
LANE = DEMO.lanes["lane-3"].at


def way(facing: Facing = Facing.NORTH, aisle: str = "7", bay: str = "3") -> Way:
    found = way_to(DEMO, LANE, facing, aisle, bay)
    assert found is not None
    return found


def test_the_way_is_told_in_the_order_it_is_walked() -> None:
    assert directions(way(), "3", Level.EYE, ENGLISH) == (
        "Walk straight ahead.",
        "Turn right.",
        "Turn left into aisle 7. It is the third one.",
        "Bay 3 is on your left, at eye level.",
    )


def test_who_stands_with_the_back_to_the_shop_turns_around_first() -> None:
    assert directions(way(Facing.SOUTH), "3", None, ENGLISH)[0] == "Turn around and walk."
    assert directions(way(Facing.SOUTH), "3", None, ENGLISH)[-1] == "Bay 3 is on your left."


def test_each_of_the_eight_facings_begins_differently() -> None:
    assert len({directions(way(facing), "3", Level.EYE, ENGLISH)[0] for facing in Facing}) == 8


def test_what_is_not_known_is_not_said() -> None:
    lost = Way(((0, 0), (0, 5)), (Leg(Turn.HALF_LEFT, 5, "12", 9),), None)
    assert directions(lost, "", Level.EYE, ENGLISH) == (
        "Turn a little to the left and walk. Walk along aisle 12. It is number 9 on that side.",
    )
    assert directions(lost, "4", None, ENGLISH)[-1] == "Look for bay 4."


@given(
    st.sampled_from(Facing),
    st.sampled_from([(aisle.sign, bay) for aisle in DEMO.aisles for bay in (*aisle.left, *aisle.right)]),
    st.sampled_from(Level),
)
def test_no_sentence_is_longer_than_twelve_words(
    facing: Facing, place: tuple[str, str], level: Level
) -> None:
    for line in directions(way(facing, *place), place[1], level, ENGLISH):
        assert all(len(sentence.split()) <= 12 for sentence in line.split(". "))


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_left_and_right_are_told_apart(side: Side) -> None:
    sentence = directions(Way(((0, 0),), (), side), "3", None, ENGLISH)
    assert sentence == (f"Bay 3 is on your {side.value}.",)


@pytest.mark.parametrize("facing", list(Facing))
def test_up_on_the_map_is_ahead_of_the_shopper(facing: Facing) -> None:
    """Whoever walks straight ahead from the lane walks upwards on the map, however the lane looks."""
    drawn = store_map(DEMO, way(facing), facing, "7", you="You")
    (x, y), (next_x, next_y) = drawn.way[:2]
    turn = way(facing).legs[0].turn.value
    right, up = next_x - x, next_y - y
    seen = {
        0: (0, 1),
        45: (1, 1),
        90: (1, 0),
        135: (1, -1),
        180: (0, -1),
        225: (-1, -1),
        270: (-1, 0),
        315: (-1, 1),
    }
    assert (_sign(right), _sign(up)) == seen[turn]
    assert all(0 <= side <= PARTS for point in drawn.way for side in point)
    assert [aisle.sign for aisle in drawn.aisles if aisle.chosen] == ["7"]


def _sign(number: int) -> int:
    return 0 if abs(number) < 20 else (1 if number > 0 else -1)
