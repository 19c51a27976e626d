"""What may be said of how many there are: bands, doubts, baskets, and when a number is sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.availability import (
    COUNTS_TO_JUDGE,
    Confidence,
    ShelfFacts,
    ShelfRule,
    assess,
    difference_of_count,
    records_are_trusted,
)
from inventory.domain.stock import Band, BandLimits

NOW = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
COUNTED = ShelfFacts(7_000, NOW - timedelta(hours=3), counted_at_utc=NOW - timedelta(hours=2))


def test_a_number_is_named_for_a_day_after_a_count_and_then_a_band_alone() -> None:
    assert assess(COUNTED, NOW).exact_milli == 7_000
    assert assess(COUNTED, NOW).confidence is Confidence.HIGH
    later = assess(COUNTED, NOW + timedelta(hours=22))
    assert (later.exact_milli, later.confidence, later.band) == (None, Confidence.FAIR, Band.A_FEW)


def test_what_was_never_counted_is_a_band_however_fresh_its_last_movement() -> None:
    moved = ShelfFacts(7_000, NOW)
    assert (assess(moved, NOW).exact_milli, assess(moved, NOW).confidence) == (None, Confidence.FAIR)


def test_one_shopper_before_an_empty_shelf_outweighs_a_fresh_count() -> None:
    doubted = assess(replace(COUNTED, on_hand_milli=400_000, doubts=1), NOW)
    assert (doubted.band, doubted.exact_milli) == (Band.LAST_ONES, None)
    assert doubted.confidence is Confidence.LOW
    assert assess(replace(COUNTED, on_hand_milli=0, doubts=1), NOW).band is Band.NOT_HERE


def test_what_lies_in_baskets_is_not_offered_to_others() -> None:
    held = replace(COUNTED, reserved_milli=5_000)
    assert (assess(held, NOW).band, assess(held, NOW).exact_milli) == (Band.LAST_ONES, 2_000)
    assert assess(replace(COUNTED, reserved_milli=7_000), NOW).band is Band.NOT_HERE
    assert assess(replace(COUNTED, reserved_milli=9_000), NOW).exact_milli is None


def test_a_department_speaks_by_its_own_rule() -> None:
    rule = ShelfRule(BandLimits(plenty_milli=5_000, a_few_milli=2_000), certain_for_h=0)
    assert (assess(COUNTED, NOW, rule).band, assess(COUNTED, NOW, rule).exact_milli) == (Band.PLENTY, None)


def test_the_age_is_that_of_the_newest_thing_known() -> None:
    assert assess(COUNTED, NOW).as_of_utc == NOW - timedelta(hours=2)


@pytest.mark.parametrize(
    ("counted", "agreed", "trusted"),
    [(0, 0, True), (COUNTS_TO_JUDGE - 1, 0, True), (20, 19, True), (20, 18, False), (200, 190, True)],
)
def test_a_department_whose_records_are_often_wrong_names_no_number(
    counted: int, agreed: int, *, trusted: bool
) -> None:
    assert records_are_trusted(counted, agreed) is trusted


@given(
    on_hand=st.integers(-(10**9), 10**9),
    held=st.integers(0, 10**9),
    counted=st.integers(0, 10**8),
    doubts=st.integers(0, 3),
    age_h=st.integers(-5, 100),
)
def test_after_a_count_the_shelf_holds_what_was_counted(
    on_hand: int, held: int, counted: int, doubts: int, age_h: int
) -> None:
    facts = ShelfFacts(on_hand, NOW, held, NOW - timedelta(hours=age_h), doubts)
    after = replace(facts, on_hand_milli=on_hand + difference_of_count(counted, facts))
    assert after.available_milli == counted
    known = assess(after, NOW)
    assert known.is_here is (counted > 0)
    assert known.exact_milli in (None, counted)
    assert known.exact_milli is None or (doubts == 0 and age_h < 24)
