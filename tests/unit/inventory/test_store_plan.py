"""The store's plan: what a file may say, and the sentence that names what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets import ROOT as ASSETS
from inventory.config import StoreConfig
from inventory.domain.store_plan import (
    MAX_PLAN_BYTES,
    Facing,
    Level,
    PlanError,
    Side,
    bay_point,
    level_of,
    read_plan,
)
from inventory.opening import plan_of
from inventory.wire import PlanMessage

GOOD = """
size = [1200, 900]
shelf_heights_cm = [20, 60, 100, 140, 180]

[[walkways]]
start = [100, 200]
end = [1100, 200]

[[aisles]]
sign = "1"
start = [300, 200]
end = [300, 800]
left = ["1", "2"]
right = ["3"]

[[aisles]]
sign = "2"
start = [600, 200]
end = [600, 800]

[lanes]
lane-3 = { at = [600, 100], shopper_faces = "north" }
"""


def refused(text: str) -> str:
    with pytest.raises(PlanError) as caught:
        read_plan(text, source="plan.toml")
    return str(caught.value)


def test_a_plan_tells_where_bays_are_and_how_high_boards_are() -> None:
    plan = read_plan(GOOD, source="plan.toml")
    aisle = plan.aisle("1")
    assert aisle is not None
    assert aisle.bay("2") == (Side.LEFT, 1, 2)
    assert [bay_point(aisle, bay) for bay in ("1", "2", "3", "9")] == [
        (300, 350),
        (300, 650),
        (300, 500),
        None,
    ]
    assert [plan.level(shelf) for shelf in range(7)] == [None, *Level, None]
    assert plan.lanes["lane-3"].shopper_faces is Facing.NORTH


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("size =", "sise =", "plan.toml:2: sise: unknown key; did you mean “size”?"),
        (
            'sign = "2"',
            'sing = "2"',
            "plan.toml:17: aisles.2.sing: unknown key; did you mean “sign”?",
        ),
        (
            "end = [600, 800]",
            "end = [650, 800]",
            "plan.toml:19: aisles.2.end: a way runs straight along x or along y",
        ),
        (
            "end = [600, 800]",
            "end = [600, 950]",
            "plan.toml:19: aisles.2.end: [600, 950] lies outside the store, whose size is [1200, 900].",
        ),
        ("end = [600, 800]", "end = [600, 200]", "plan.toml:19: aisles.2.end: a way needs two"),
        ('sign = "2"', 'sign = "1"', "plan.toml:17: aisles.2.sign: aisle “1” stands twice on this plan."),
        ('right = ["3"]', 'right = ["2"]', "plan.toml:14: aisles.1.right: bay “2” of"),
        ('["1", "2"]', '["1", "1"]', "plan.toml:13: aisles.1.left: bay “1” stands twice on this side."),
        (
            "at = [600, 100]",
            "at = [600, 1000]",
            "plan.toml:22: lanes.lane-3.at: [600, 1000] lies outside the store, whose size is [1200, 900].",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_and_key(was: str, becomes: str, sentence: str) -> None:
    assert refused(GOOD.replace(was, becomes, 1)).startswith(sentence)


def test_what_is_no_plan_at_all_is_told_in_one_sentence() -> None:
    assert refused("size = [").startswith("plan.toml: this is not TOML: ")
    assert refused("x" * (MAX_PLAN_BYTES + 1)) == "plan.toml: a plan has 64 KiB at most."
    assert refused('aisles = "many"\nsize = [1000, 1000]').startswith("plan.toml:1: aisles: ")


@given(st.text(max_size=300))
def test_no_text_does_more_than_be_read_or_refused(text: str) -> None:
    try:
        plan = read_plan(text, source="plan.toml")
    except PlanError as error:
        said = str(error)
    else:
        said = f"plan.toml {plan.version}"
    assert said.startswith("plan.toml")


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_higher_board_never_has_a_lower_name(one_cm: int, other_cm: int) -> None:
    order = list(Level)
    low, high = sorted((one_cm, other_cm))
    assert order.index(level_of(low)) <= order.index(level_of(high))


def test_two_texts_have_two_versions_and_the_wire_keeps_all_of_a_plan() -> None:
    plan = read_plan(GOOD, source="plan.toml")
    other = read_plan(GOOD.replace("1200", "1300"), source="plan.toml")
    assert plan.version
    assert plan.version != other.version
    sent = PlanMessage(plan=plan).model_dump_json()
    assert PlanMessage.model_validate_json(sent).plan == plan


def test_a_store_without_a_plan_has_none_and_a_lost_file_stops_its_start(tmp_path: Path) -> None:
    config = StoreConfig(store_id="aurora-1", name="Mercato Aurora")
    assert plan_of(config) is None
    assert plan_of(config.model_copy(update={"plan": ASSETS / "demo" / "plan.toml"})) is not None
    with pytest.raises(PlanError, match="cannot be read"):
        plan_of(config.model_copy(update={"plan": tmp_path / "none.toml"}))
