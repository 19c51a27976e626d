"""Shares of faces: Wilson's interval against published values, and bounds that always make sense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.feedback import LEAST_FACES, Face, FeedbackSummary, share


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # Newcombe 1998, table I, method 3: the score interval without correction.
        (81, 263, 255, 366),
        (15, 148, 62, 160),
        (0, 20, 0, 161),
        (1, 29, 6, 172),
        (5, 10, 237, 763),
        (10, 10, 722, 1000),
    ],
)
def test_the_bounds_are_those_of_the_published_tables(count: int, total: int, low: int, high: int) -> None:
    found = share(count, total)
    assert (found.low_permille, found.high_permille) == (low, high)


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_within_its_bounds_and_they_within_nothing_and_all(pair: tuple[int, int]) -> None:
    count, total = pair
    found = share(count, total)
    assert 0 <= found.low_permille <= found.permille <= found.high_permille <= 1000
    other = share(total - count, total)
    assert abs(other.low_permille - (1000 - found.high_permille)) <= 1
    assert abs(other.high_permille - (1000 - found.low_permille)) <= 1


@given(st.integers(1, 500), st.integers(2, 20))
def test_more_of_the_same_narrows_the_bounds(count: int, times: int) -> None:
    few, many = share(count, 2 * count), share(count * times, 2 * count * times)
    assert many.high_permille - many.low_permille <= few.high_permille - few.low_permille


def test_nine_faces_are_too_few_and_ten_are_enough() -> None:
    assert not FeedbackSummary("lane-1", {Face.GREAT: LEAST_FACES - 1}).is_enough
    assert FeedbackSummary("lane-1", {Face.GREAT: 6, Face.BAD: 4}).is_enough
