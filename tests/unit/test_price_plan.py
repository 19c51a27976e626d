"""Owns what planned prices must do to a price, whenever and however often the clock looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.price_plan import NoSuchTimeError, PlanState, PricePlan, call_off, instant_of, play

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")


def hour(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def planned(price_minor: int, begin: int, end: int | None, plan_id: str = "p") -> PricePlan:
    return PricePlan(plan_id, "1", price_minor, hour(begin), None if end is None else hour(end))


@st.composite
def rows_of_plans(draw: st.DrawFn) -> list[PricePlan]:
    """Plans one after the other, some touching, the last perhaps without an end."""
    edges = sorted(draw(st.lists(st.integers(0, 40), unique=True, min_size=2, max_size=8)))
    touching = draw(st.booleans())
    pairs = list(pairwise(edges))[:: 1 if touching else 2]
    plans = [planned(draw(st.integers(1, 500)), begin, end, f"p{begin}") for begin, end in pairs]
    if draw(st.booleans()):
        plans.append(planned(draw(st.integers(1, 500)), edges[-1], None, "last"))
    return plans


def test_a_plan_holds_from_its_beginning_up_to_its_end() -> None:
    plan = planned(99, 1, 3)
    assert play([plan], 129, hour(0)).price_minor == 129
    begun = play([plan], 129, hour(1))
    assert begun.price_minor == 99
    assert begun.plans[0].due_utc == hour(3)
    ended = play(begun.plans, 99, hour(3))
    assert ended.price_minor == 129
    assert ended.plans[0].state is PlanState.OVER


def test_a_price_that_was_changed_meanwhile_stays() -> None:
    begun = play([planned(99, 1, 3)], 129, hour(1))
    assert play(begun.plans, 119, hour(3)).price_minor == 119
    assert call_off(begun.plans[0], 119).price_minor == 119
    assert call_off(begun.plans[0], 99).price_minor == 129


def test_a_plan_without_an_end_is_over_when_it_begins_and_its_price_stays() -> None:
    begun = play([planned(99, 1, None)], 129, hour(2))
    assert begun.price_minor == 99
    assert begun.plans[0].state is PlanState.OVER
    assert begun.plans[0].due_utc is None


def test_one_plan_may_begin_in_the_instant_in_which_another_ends() -> None:
    first, second = planned(99, 1, 3, "b"), planned(89, 3, 5, "a")
    assert not first.overlaps(second)
    assert not second.overlaps(first)
    begun = play([first, second], 129, hour(1))
    then = play(begun.plans, begun.price_minor, hour(3))
    assert then.price_minor == 89
    assert play(then.plans, 89, hour(5)).price_minor == 129


@given(rows_of_plans(), st.lists(st.integers(0, 45), max_size=6))
def test_it_makes_no_difference_how_often_the_clock_looks(plans: list[PricePlan], looks: list[int]) -> None:
    price, often = 700, tuple(plans)
    for look in [*sorted(looks), 50]:
        played = play(often, price, hour(look))
        price, often = played.price_minor, played.plans
    once = play(plans, 700, hour(50))
    assert once.price_minor == price
    assert [plan.state for plan in once.plans] == [plan.state for plan in often]
    last = plans[-1]
    assert price == (last.price_minor if last.until_utc is None else 700)


@given(st.integers(0, 9), st.integers(1, 9), st.integers(0, 9), st.integers(1, 9))
def test_two_plans_overlap_when_some_hour_is_in_both(a: int, a_length: int, b: int, b_length: int) -> None:
    shared = set(range(a, a + a_length)) & set(range(b, b + b_length))
    first, second = planned(1, a, a + a_length), planned(1, b, b + b_length)
    assert first.overlaps(second) is second.overlaps(first) is bool(shared)
    assert planned(1, a, None).overlaps(second) is (a < b + b_length)


def test_times_are_those_of_the_stores_wall_in_winter_and_in_summer() -> None:
    assert instant_of(datetime.fromisoformat("2026-01-10T08:00"), ROME) == datetime(
        2026, 1, 10, 7, tzinfo=UTC
    )
    assert instant_of(datetime.fromisoformat("2026-07-10T08:00"), ROME) == datetime(
        2026, 7, 10, 6, tzinfo=UTC
    )


def test_a_time_that_comes_twice_is_the_first_and_one_that_never_comes_is_refused() -> None:
    assert instant_of(datetime.fromisoformat("2026-10-25T02:30"), ROME) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
    with pytest.raises(NoSuchTimeError, match="03:00"):
        instant_of(datetime.fromisoformat("2026-03-29T02:30"), ROME)
