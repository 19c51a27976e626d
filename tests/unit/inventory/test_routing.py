"""Where a call goes that its own store cannot answer: home first, hands stay, the same answer every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.help_reasons import HelpReason
from inventory.domain.help_waiting import Level
from inventory.domain.opening_hours import ALWAYS, DAYS, OpeningHours, read_hours
from inventory.domain.routing import (
    NEEDS_HANDS,
    Desk,
    Home,
    RoutedCall,
    Target,
    WhyElsewhere,
    able,
    due,
    targets,
)

MONDAY_NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - what a wall clock shows
CALL = RoutedCall(HelpReason.PRICE, "it", level=Level.SUPERVISOR)
DESK = Desk("milano", "Help desk Milano", people=2, open_calls=1, local=MONDAY_NOON)
LANGUAGES = st.sampled_from(["it", "en", "fil", "pt", "pt-BR", "zh-Hans"])
CALLS = st.builds(
    RoutedCall,
    st.sampled_from(HelpReason),
    LANGUAGES,
    st.sampled_from(Level),
    st.booleans(),
    st.frozensets(st.sampled_from(["a", "b", "c"])),
)
HOMES = st.builds(Home, st.integers(0, 5), st.frozensets(LANGUAGES), st.none() | st.sampled_from(Level))
DESKS = st.lists(
    st.builds(
        Desk,
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.sampled_from(["Ost", "West"]),
        people=st.integers(0, 3),
        open_calls=st.integers(0, 9),
        local=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001
        hours=st.sampled_from([ALWAYS, read_hours("Mo-Fr 08:00-18:00")]),
        skills=st.frozensets(st.sampled_from(HelpReason)),
        languages=st.frozensets(LANGUAGES),
    ),
    unique_by=lambda desk: desk.desk_id,
    max_size=5,
)


def why(home: Home, call: RoutedCall = CALL, desk: Desk = DESK) -> WhyElsewhere | None:
    found = targets(call, home, [desk])
    return found[0].why if found else None


def test_home_staff_come_first_and_elsewhere_hears_of_it_at_the_chosen_level() -> None:
    early = replace(CALL, level=Level.AGAIN)
    assert why(Home(people=1), early) is None
    assert why(Home(people=1)) is WhyElsewhere.LATE
    assert why(Home(people=1, from_level=Level.AGAIN), early) is WhyElsewhere.LATE
    assert why(Home(people=1, from_level=Level.MANAGER)) is None
    assert why(Home(people=0, from_level=None)) is None, "only by hand"


def test_an_empty_store_sends_its_calls_away_at_once() -> None:
    assert why(Home(people=0), replace(CALL, level=Level.EVERYONE)) is WhyElsewhere.NOBODY_HERE


def test_a_language_nobody_has_at_home_goes_to_a_desk_that_has_it() -> None:
    early = replace(CALL, level=Level.EVERYONE, language="fil")
    home = Home(people=3, languages=frozenset({"it", "en"}))
    assert why(home, early) is None
    assert why(home, early, replace(DESK, languages=frozenset({"fil"}))) is WhyElsewhere.LANGUAGE
    assert why(replace(home, languages=frozenset()), early) is None, "nobody said what is spoken at home"
    portuguese = replace(DESK, languages=frozenset({"pt-BR"}))
    assert why(home, replace(early, language="pt"), portuguese) is WhyElsewhere.LANGUAGE


@pytest.mark.parametrize("reason", [reason for reason in HelpReason if reason in NEEDS_HANDS])
def test_what_needs_hands_stays_at_home_however_long_it_waits(reason: HelpReason) -> None:
    assert why(Home(people=0), replace(CALL, reason=reason, level=Level.MANAGER)) is None


def test_danger_stays_at_home_too() -> None:
    assert why(Home(people=0), replace(CALL, is_safety=True)) is None


@pytest.mark.parametrize(
    "desk",
    [
        replace(DESK, people=0),
        replace(DESK, hours=read_hours("Sa 09:00-13:00")),
        replace(DESK, skills=frozenset({HelpReason.SALES})),
        replace(DESK, desk_id="given-back"),
    ],
    ids=["nobody there", "closed", "other skills", "gave it back"],
)
def test_a_desk_that_cannot_answer_is_not_asked(desk: Desk) -> None:
    assert why(Home(people=0), replace(CALL, given_back_by=frozenset({"given-back"})), desk) is None


def test_the_language_goes_before_the_load_and_the_load_before_the_name() -> None:
    desks = [
        replace(DESK, desk_id="c", name="C", open_calls=0),
        replace(DESK, desk_id="b", name="B", open_calls=4, people=4),
        replace(DESK, desk_id="a", name="A", open_calls=1, people=1),
        replace(DESK, desk_id="z", name="Z", open_calls=9, languages=frozenset({"it"})),
    ]
    assert [desk.desk_id for desk in able(CALL, desks)] == ["z", "c", "a", "b"]


def test_desks_ring_one_after_the_other_while_nobody_answers() -> None:
    wanted = [Target(desk_id, WhyElsewhere.LATE) for desk_id in "abc"]

    def ids(since_s: float, *rung: str) -> str:
        return "".join(target.desk_id for target in due(wanted, rung, since_s, each_s=15))

    assert [ids(since_s) for since_s in (-1, 0, 14)] == ["a", "a", "a"]
    assert [ids(since_s, "a") for since_s in (0, 14, 15, 30)] == ["", "", "b", "bc"]
    assert ids(500, "a", "b", "c") == ""
    assert ids(15, "z") == "a", "one that was asked by hand counts as well"


@given(CALLS, HOMES, DESKS, st.randoms())
def test_a_route_never_depends_on_the_order_of_the_desks(
    call: RoutedCall, home: Home, desks: list[Desk], chance: Random
) -> None:
    found = targets(call, home, desks)
    chance.shuffle(desks)
    assert targets(call, home, desks) == found


@given(CALLS, HOMES, DESKS)
def test_nothing_goes_where_it_cannot_be_answered(call: RoutedCall, home: Home, desks: list[Desk]) -> None:
    by_id = {desk.desk_id: desk for desk in desks}
    found = targets(call, home, desks)
    assert len({target.desk_id for target in found}) == len(found)
    for target in found:
        desk = by_id[target.desk_id]
        assert desk.people > 0
        assert desk.hours.is_open(desk.local)
        assert desk.desk_id not in call.given_back_by
        assert not desk.skills or call.reason in desk.skills
    if call.needs_hands or home.from_level is None:
        assert found == ()
    if home.people and home.from_level is not None and call.level < home.from_level:
        assert {target.why for target in found} <= {WhyElsewhere.LANGUAGE}


@given(CALLS, HOMES, DESKS)
def test_waiting_longer_takes_no_desk_away(call: RoutedCall, home: Home, desks: list[Desk]) -> None:
    def ids(level: Level) -> set[str]:
        return {target.desk_id for target in targets(replace(call, level=level), home, desks)}

    rung = [ids(level) for level in Level]
    assert all(before <= later for before, later in pairwise(rung))


# --- opening hours ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "day", "clock", "is_open"),
    [
        ("", 0, "03:00", True),
        ("Mo-Fr 08:00-20:00", 0, "08:00", True),
        ("Mo-Fr 08:00-20:00", 4, "19:59", True),
        ("Mo-Fr 08:00-20:00", 4, "20:00", False),
        ("Mo-Fr 08:00-20:00", 5, "12:00", False),
        ("Mo-Fr 08:00-20:00; Sa 09:00-13:00", 5, "12:00", True),
        ("Fr-Mo 08:00-20:00", 6, "12:00", True),
        ("Fr-Mo 08:00-20:00", 2, "12:00", False),
        ("Su 22:00-02:00", 6, "23:00", True),
        ("Su 22:00-02:00", 0, "01:59", True),
        ("Su 22:00-02:00", 0, "02:00", False),
        ("Mo-Su 00:00-24:00", 3, "23:59", True),
    ],
)
def test_hours_are_kept_by_the_wall_clock(hours: str, day: int, clock: str, *, is_open: bool) -> None:
    hour, minute = map(int, clock.split(":"))
    local = (MONDAY_NOON + timedelta(days=day)).replace(hour=hour, minute=minute)
    assert read_hours(hours).is_open(local) is is_open


@pytest.mark.parametrize(
    "text",
    ["always", "Mo", "Mo 8:00-20:00", "Mo 08:00-25:00", "Mo 08:60-09:00", "Mo 08:00-08:00", "Xx 08:00-09:00",
     "Mo-Fr 08:00-20:00;", "Mo 24:00-08:00", "Mo ٠٨:00-09:00", ";".join(["Mo 08:00-09:00"] * 51)],
)  # fmt: skip
def test_what_no_clock_shows_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read_hours(text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        hours = read_hours(text)
    except ValueError:
        return
    assert all(0 <= begin < end <= begin + 24 * 60 for begin, end in hours.spans)


@given(st.sampled_from(DAYS), st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 7 * 1440 - 1))
def test_a_span_is_open_for_as_long_as_it_says(day: str, begin: int, end: int, at: int) -> None:
    if begin == end:
        return
    text = f"{day} {begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"
    hours: OpeningHours = read_hours(text)
    since = (at - DAYS.index(day) * 1440 - begin) % (7 * 1440)
    monday = datetime(2026, 3, 2)  # noqa: DTZ001
    assert hours.is_open(monday + timedelta(minutes=at)) is (since < ((end - begin) % 1440))
