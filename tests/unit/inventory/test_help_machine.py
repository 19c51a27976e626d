"""The life of a call for help: one helper, no step back, one word for it wherever it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.help_desk import (
    TAKEN_STATES,
    Cancel,
    Cause,
    Deed,
    Deliver,
    Escalate,
    HandOver,
    HelpCase,
    HelpPhase,
    HelpState,
    Refusal,
    Resolve,
    Take,
    Write,
    act,
    may_become,
    phase_of,
)
from inventory.domain.help_waiting import Level

CALLED = HelpCase(HelpState.DELIVERED)
NAMES = st.sampled_from(["Marco", "Ada", "Yusuf"])
DESKS = st.sampled_from(["", "", "desk-1", "desk-2"])
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.just(Deliver()),
    st.just(Cancel()),
    st.builds(Take, NAMES, st.sampled_from(sorted(TAKEN_STATES, key=lambda state: state.value)), DESKS),
    st.builds(Resolve, NAMES, st.none() | st.sampled_from(Cause), DESKS),
    st.builds(Escalate, st.sampled_from(Level)),
    st.builds(HandOver, NAMES, st.just("") | NAMES, DESKS),
    st.builds(Write, NAMES, DESKS),
)


def after(*deeds: Deed, case: HelpCase = CALLED) -> HelpCase:
    """The call after deeds that must all be allowed."""
    for deed in deeds:
        moved = act(case, deed)
        assert isinstance(moved, HelpCase), f"{deed} was refused: {moved}"
        case = moved
    return case


def test_the_first_who_takes_a_call_has_it_and_the_second_is_told() -> None:
    taken = after(Take("Marco", HelpState.ACCEPTED))
    assert taken.staff_name == "Marco"
    for step in TAKEN_STATES:
        assert act(taken, Take("Ada", step)) is Refusal.TAKEN
    assert act(taken, Write("Ada")) is Refusal.TAKEN
    assert act(taken, HandOver("Ada")) is Refusal.TAKEN


def test_a_call_that_was_given_on_waits_anew_and_anybody_may_take_it() -> None:
    given_on = after(Escalate(Level.MANAGER), Take("Marco", HelpState.EN_ROUTE), HandOver("Marco", "Ada"))
    assert (given_on.state, given_on.turn, given_on.meant_for) == (HelpState.DELIVERED, 1, "Ada")
    assert (given_on.level, given_on.staff_name) == (Level.EVERYONE, "")
    assert after(Take("Yusuf", HelpState.ACCEPTED), case=given_on).staff_name == "Yusuf"


def test_giving_it_on_twice_by_a_double_tap_is_one_turn() -> None:
    hand_over = HandOver("Marco", "Ada")
    assert after(Take("Marco", HelpState.ACCEPTED), hand_over, hand_over).turn == 1


def test_whoever_answers_in_writing_has_the_call() -> None:
    written = after(Write("Marco"))
    assert (written.state, written.staff_name, written.is_written) == (HelpState.ACCEPTED, "Marco", True)
    assert after(Take("Marco", HelpState.ARRIVED), Write("Marco")).state is HelpState.ARRIVED


def test_anybody_who_stands_there_may_resolve_and_says_what_it_was() -> None:
    solved = after(Take("Marco", HelpState.ACCEPTED), Resolve("Ada", Cause.PRICE))
    assert (solved.state, solved.staff_name, solved.cause) == (HelpState.RESOLVED, "Ada", Cause.PRICE)
    assert act(solved, Resolve("Ada", Cause.PRICE)) == solved
    assert act(solved, Resolve("Marco")) is Refusal.OVER


def test_a_taken_call_climbs_no_further() -> None:
    assert act(after(Take("Marco", HelpState.ACCEPTED)), Escalate(Level.MANAGER)) is Refusal.TAKEN
    assert after(Escalate(Level.SUPERVISOR), Escalate(Level.AGAIN)).level is Level.SUPERVISOR


@pytest.mark.parametrize(
    ("case", "phase"),
    [
        (None, HelpPhase.IDLE),
        (HelpCase(), HelpPhase.REQUESTED),
        (CALLED, HelpPhase.DELIVERED),
        (HelpCase(HelpState.DELIVERED, is_reopened=True), HelpPhase.REOPENED),
        (HelpCase(HelpState.DELIVERED, level=Level.AGAIN), HelpPhase.DELIVERED),
        (HelpCase(HelpState.DELIVERED, level=Level.SUPERVISOR, is_reopened=True), HelpPhase.ESCALATED),
        (HelpCase(HelpState.ACCEPTED, "Marco"), HelpPhase.ACCEPTED),
        (HelpCase(HelpState.ACCEPTED, "Marco", is_written=True), HelpPhase.CHAT),
        (HelpCase(HelpState.EN_ROUTE, "Marco", is_written=True), HelpPhase.EN_ROUTE),
        (HelpCase(HelpState.RESOLVED, "Marco"), HelpPhase.RESOLVED),
        (HelpCase(HelpState.CANCELLED), HelpPhase.CANCELLED),
    ],
)
def test_a_call_has_one_word_wherever_it_is_shown(case: HelpCase | None, phase: HelpPhase) -> None:
    assert phase_of(case) is phase


def test_a_call_nobody_can_hear_of_says_so_and_an_answered_one_does_not() -> None:
    assert phase_of(CALLED, is_reachable=False) is HelpPhase.OFFLINE
    assert phase_of(HelpCase(HelpState.ACCEPTED, "Marco"), is_reachable=False) is HelpPhase.ACCEPTED


def _who(case: HelpCase) -> tuple[str, str]:
    return case.staff_name, case.desk


def test_a_name_at_a_desk_elsewhere_is_another_person_than_the_same_name_at_home() -> None:
    afar = after(Take("Marco", HelpState.ACCEPTED, "desk-1"))
    for deed in (Take("Marco", HelpState.ACCEPTED), Write("Marco"), HandOver("Marco")):
        assert act(afar, deed) is Refusal.TAKEN
    assert act(after(Take("Marco", HelpState.ACCEPTED)), Take("Marco", HelpState.ACCEPTED, "desk-1")) is (
        Refusal.TAKEN
    )


def test_from_afar_nobody_walks_up_and_nobody_ends_what_somebody_else_has() -> None:
    for step in (HelpState.EN_ROUTE, HelpState.ARRIVED):
        assert act(CALLED, Take("Ada", step, "desk-1")) is Refusal.NOT_A_STEP
    mine = after(Take("Ada", HelpState.ACCEPTED, "desk-1"))
    assert act(mine, Resolve("Ada", None, "desk-2")) is Refusal.TAKEN
    assert act(after(Take("Ada", HelpState.ARRIVED)), Resolve("Bo", None, "desk-1")) is Refusal.TAKEN
    assert after(Resolve("Marco"), case=mine).desk == "", "who stands there may end it"
    assert after(Resolve("Ada", Cause.PRICE, "desk-1"), case=mine).desk == "desk-1"
    given_back = after(HandOver("Ada", desk="desk-1"), case=mine)
    assert (given_back.state, given_back.desk) == (HelpState.DELIVERED, "")


@given(st.lists(DEEDS, max_size=25))
def test_no_play_of_deeds_breaks_a_call(deeds: list[Deed]) -> None:
    case = HelpCase()
    for deed in deeds:
        moved = act(case, deed)
        if isinstance(moved, Refusal):
            continue
        assert moved.turn >= case.turn
        assert moved.state is case.state or moved.turn > case.turn or may_become(case.state, moved.state)
        has_helper = moved.state in TAKEN_STATES or moved.state is HelpState.RESOLVED
        assert (moved.staff_name != "") >= has_helper
        assert case.is_open or moved == case, "what is over stays as it is"
        if case.staff_name and moved.staff_name and _who(moved) != _who(case):
            assert isinstance(deed, Resolve), "only its end may carry another name within a turn"
            assert not deed.desk, "from elsewhere nobody ends what somebody else has"
        assert moved.staff_name or not moved.desk, "nobody is nowhere"
        case = moved


@given(st.lists(DEEDS, max_size=12), DEEDS)
def test_the_same_deed_again_changes_nothing(deeds: list[Deed], deed: Deed) -> None:
    case = HelpCase()
    for each in deeds:
        moved = act(case, each)
        case = case if isinstance(moved, Refusal) else moved
    once = act(case, deed)
    if isinstance(once, HelpCase):
        assert act(once, deed) in (once, Refusal.NOT_A_STEP)
