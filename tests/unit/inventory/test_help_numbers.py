"""What waits come to: percentiles of enough calls, shares with bounds, causes by weight, what to repair."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.help_desk import HelpReason
from inventory.domain.help_numbers import (
    LEAST_CALLS,
    MOST_STOPS_OF_ITEM,
    HelpFact,
    Spread,
    figures,
    figures_by,
    items_to_repair,
    lanes_to_repair,
    pareto,
    per_hundred,
    spread,
)


def solved(acknowledged_s: int, **fields: object) -> HelpFact:
    told: dict[str, object] = {"arrived_s": acknowledged_s + 20, "resolved_s": acknowledged_s + 60, **fields}
    return HelpFact("lane-1", 9, acknowledged_s=acknowledged_s, **told)  # type: ignore[arg-type]


def test_half_and_nine_in_ten_are_values_that_somebody_waited() -> None:
    assert spread([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]) == Spread(10, 50, 90)


def test_of_too_few_calls_no_wait_is_told() -> None:
    assert spread([5] * (LEAST_CALLS - 1) + [None, None]) is None
    assert spread([5] * LEAST_CALLS) == Spread(LEAST_CALLS, 5, 5)


def test_calls_that_nobody_answered_count_as_given_up_and_lengthen_no_wait() -> None:
    given_up = HelpFact("lane-1", 9, is_cancelled=True)
    known = figures([*[solved(10)] * 6, given_up, given_up])
    assert known.calls == 8
    assert known.acknowledged == Spread(6, 10, 10)
    assert known.cancelled_unanswered is not None
    assert (known.cancelled_unanswered.count, known.cancelled_unanswered.total) == (2, 8)


def test_a_cancel_after_an_answer_is_not_held_against_the_answer() -> None:
    known = figures([HelpFact("lane-1", 9, acknowledged_s=4, is_cancelled=True)])
    assert known.cancelled_unanswered is not None
    assert known.cancelled_unanswered.count == 0


def test_solved_from_afar_is_a_share_of_those_solved() -> None:
    known = figures([solved(5, arrived_s=None, is_afar=True), solved(5), HelpFact("lane-1", 9)])
    assert known.afar is not None
    assert (known.afar.count, known.afar.total, known.afar.permille) == (1, 2, 500)


def test_nothing_has_neither_waits_nor_shares() -> None:
    nothing = figures([])
    assert (nothing.calls, nothing.acknowledged, nothing.afar, nothing.reopened) == (0, None, None, None)


def test_calls_are_told_apart_by_what_they_were_about() -> None:
    facts = [solved(5, reason=HelpReason.PRICE), solved(5), solved(5)]
    by_reason = figures_by(facts, lambda fact: fact.reason)
    assert {reason: each.calls for reason, each in by_reason.items()} == {
        HelpReason.PRICE: 1,
        HelpReason.UNSAID: 2,
    }


@given(st.dictionaries(st.text(max_size=4), st.integers(0, 10_000), max_size=12))
def test_causes_stand_by_weight_and_end_at_the_whole(counts: dict[str, int]) -> None:
    lines = pareto(counts)
    assert [line.count for line in lines] == sorted((each for each in counts.values() if each), reverse=True)
    assert [line.up_to for line in lines] == sorted(line.up_to for line in lines)
    assert not lines or lines[-1].up_to == lines[-1].total == sum(counts.values())


def test_an_item_that_stops_shoppers_often_is_worth_a_walk() -> None:
    often, seldom = ["4006381333931"] * MOST_STOPS_OF_ITEM, ["8076809513753"] * (MOST_STOPS_OF_ITEM - 1)
    assert [(spot.key, spot.count) for spot in items_to_repair([*often, *seldom, "", ""])] == [
        ("4006381333931", MOST_STOPS_OF_ITEM)
    ]


def test_a_lane_stands_out_by_its_stops_for_its_sales_not_by_being_busy() -> None:
    stops = Counter({"busy": 20, "broken": 20, "idle": 4})
    sales = {"busy": 1000, "broken": 100, "idle": 10}
    assert [(spot.key, spot.per_hundred) for spot in lanes_to_repair(stops, sales)] == [("broken", 20)]


@pytest.mark.parametrize(
    ("count", "baskets", "rate"), [(0, 0, 0), (3, 0, 0), (1, 200, 1), (6, 100, 6), (1, 3, 33)]
)
def test_stops_are_told_for_a_hundred_baskets(count: int, baskets: int, rate: int) -> None:
    assert per_hundred(count, baskets) == rate
