"""What is done first on the floor, and what a device's word asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.floor_work import Work, WorkKind, device_work, in_order, is_for, urgency

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
works = st.builds(
    Work,
    st.sampled_from(WorkKind),
    st.text(max_size=3),
    st.just("lane-1"),
    st.text(max_size=3),
    st.one_of(st.none(), st.integers(0, 99).map(lambda minutes: NOON - timedelta(minutes=minutes))),
    is_urgent=st.booleans(),
)


def work(kind: WorkKind, words: str, *, ago_s: int | None = 0, is_urgent: bool = False) -> Work:
    since = None if ago_s is None else NOON - timedelta(seconds=ago_s)
    return Work(kind, words, "lane-1", words, since, is_urgent=is_urgent)


@given(st.lists(works, max_size=12).map(tuple))
def test_nothing_is_lost_in_sorting_and_nothing_less_urgent_stands_before_more(
    them: tuple[Work, ...],
) -> None:
    ordered = in_order(them)
    assert sorted(map(repr, ordered)) == sorted(map(repr, them))
    assert [urgency(each) for each in ordered] == sorted(urgency(each) for each in them)


def test_a_shopper_who_waits_comes_first_then_the_oldest_of_its_kind() -> None:
    them = (
        work(WorkKind.UNKNOWN_ITEM, "unknown", ago_s=9999),
        work(WorkKind.WRITTEN, "sweep", ago_s=10),
        work(WorkKind.WRITTEN, "spill", ago_s=1, is_urgent=True),
        work(WorkKind.TROUBLE, "printer", ago_s=None),
        work(WorkKind.BRING, "late", ago_s=5),
        work(WorkKind.BRING, "early", ago_s=50),
        work(WorkKind.SHELF_EMPTY, "shelf", ago_s=20),
        work(WorkKind.RUNS_LOW, "paper", ago_s=None),
    )
    assert [each.words for each in in_order(them)] == [
        "early",
        "late",
        "spill",
        "printer",
        "shelf",
        "sweep",
        "unknown",
        "paper",
    ]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("ready", None),
        ("ok", None),
        ("paper low", WorkKind.RUNS_LOW),
        ("paper out", WorkKind.TROUBLE),
        ("lost", WorkKind.TROUBLE),
        ("opening", None),
    ],
)
def test_a_device_that_is_not_well_is_work(word: str, kind: WorkKind | None) -> None:
    assert device_work(word) is kind


def test_work_is_for_whoever_has_it_or_is_meant_and_otherwise_for_all() -> None:
    free = work(WorkKind.WRITTEN, "sweep")
    assert is_for(free, "Marco")
    taken = Work(WorkKind.WRITTEN, "t", "", "sweep", NOON, taken_by="Giulia")
    meant = Work(WorkKind.WRITTEN, "t", "", "sweep", NOON, meant_for="Giulia")
    assert [is_for(taken, name) for name in ("Giulia", "Marco")] == [True, False]
    assert [is_for(meant, name) for name in ("Giulia", "Marco")] == [True, False]
