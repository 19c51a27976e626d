"""Waiting for help: the ladder, whose turn it is, and a band that is never a lie by much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.help_waiting import (
    LEAST_WALKS,
    USUAL_WALK_S,
    Band,
    InLine,
    Ladder,
    Level,
    band_of,
    expected_s,
    in_order,
    median,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("waited_s", "level"),
    [
        (0, Level.EVERYONE),
        (14.9, Level.EVERYONE),
        (15, Level.AGAIN),
        (30, Level.SUPERVISOR),
        (60, Level.MANAGER),
        (9999, Level.MANAGER),
    ],
)
def test_a_call_climbs_by_its_wait(waited_s: float, level: Level) -> None:
    assert Ladder().level_after(waited_s) is level


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500), st.floats(0, 2000))
def test_the_next_rung_is_always_above(again_s: int, more_s: int, most_s: int, waited_s: float) -> None:
    ladder = Ladder(again_s, again_s + more_s, again_s + more_s + most_s)
    level = ladder.level_after(waited_s)
    after_s = ladder.next_after(level)
    assert (after_s is None) == (level is Level.MANAGER)
    assert after_s is None or ladder.level_after(after_s) > level


def test_danger_goes_first_then_whom_we_failed_then_the_longest_wait_and_shelves_last() -> None:
    calls = [
        InLine("shelf", NOON - timedelta(hours=2), can_wait=True),
        InLine("late", NOON + timedelta(seconds=5)),
        InLine("early", NOON),
        InLine("again", NOON + timedelta(seconds=9), is_reopened=True),
        InLine("child", NOON + timedelta(seconds=20), is_safety=True),
    ]
    assert [each.help_id for each in in_order(calls)] == ["child", "again", "early", "late", "shelf"]


@given(st.lists(st.builds(InLine, st.uuids().map(str), st.datetimes(timezones=st.just(UTC))), max_size=12))
def test_the_order_does_not_depend_on_how_calls_came(calls: list[InLine]) -> None:
    assert in_order(calls) == in_order(reversed(calls))


def test_the_promise_is_the_usual_walk_for_each_round_of_calls() -> None:
    walks = [40] * LEAST_WALKS
    assert expected_s(walks, [], ahead=0, staff=2) == 40
    assert expected_s(walks, [], ahead=1, staff=2) == 40
    assert expected_s(walks, [], ahead=2, staff=2) == 80
    assert expected_s(walks, [], ahead=2, staff=0) == 120


def test_few_walks_at_this_hour_give_way_to_all_hours_and_none_at_all_to_the_usual() -> None:
    all_hours = [90] * LEAST_WALKS
    assert expected_s([10] * (LEAST_WALKS - 1), all_hours, ahead=0, staff=1) == 90
    assert expected_s([10], [10], ahead=0, staff=1) == USUAL_WALK_S


def test_of_two_middle_values_the_longer_is_promised() -> None:
    assert median([20, 40]) == 40
    assert median([50, 10, 30]) == 30


@pytest.mark.parametrize(
    ("seconds", "band"),
    [(0, Band.UNDER_A_MINUTE), (60, Band.UNDER_A_MINUTE), (61, Band.ONE_TO_TWO), (121, Band.A_FEW)],
)
def test_a_wait_is_said_as_a_band(seconds: int, band: Band) -> None:
    assert band_of(seconds) is band
