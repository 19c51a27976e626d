"""Owns the proof of the half-second filter.

It must not wait: the times are given.
"""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.taps import REPEAT_S, TapFilter


def test_the_same_target_within_half_a_second_counts_once() -> None:
    taps = TapFilter()
    assert taps.takes("pay", 10.0)
    assert not taps.takes("pay", 10.4)
    assert taps.takes("pay", 10.6)


def test_another_target_counts_at_once() -> None:
    taps = TapFilter()
    assert taps.takes("find", 10.0)
    assert taps.takes("bag", 10.1)


def test_keys_and_steppers_count_every_time() -> None:
    taps = TapFilter()
    assert taps.takes("key:a", 10.0, repeats=True)
    assert taps.takes("key:a", 10.1, repeats=True)


@given(st.lists(st.floats(min_value=0, max_value=2, allow_nan=False), max_size=30))
def test_two_counted_taps_on_one_target_are_half_a_second_apart(pauses: list[float]) -> None:
    taps = TapFilter()
    now, counted = 0.0, []
    for pause in pauses:
        now += pause
        if taps.takes("pay", now):
            counted.append(now)
    assert all(later - earlier >= REPEAT_S for earlier, later in pairwise(counted))
