"""A call for help on one lane: its states forwards, old news, age decisions, restarts."""

from __future__ import annotations

import pytest

from inventory.domain.help_desk import OPEN_STATES, Decision, HelpReason, HelpState
from inventory.domain.help_waiting import Band, Level
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.state import AgeCheck, HelpCall, Phase
from tests.support.lane_fakes import BEER, NOON, Walk

FORWARDS = (
    HelpState.REQUESTED,
    HelpState.DELIVERED,
    HelpState.ACCEPTED,
    HelpState.EN_ROUTE,
    HelpState.ARRIVED,
    HelpState.RESOLVED,
)


def called(state: HelpState = HelpState.REQUESTED) -> Walk:
    walk = Walk().scan()
    walk.take(m.StoreReached(online=True), m.HelpRequested("help-1"))
    if state is not HelpState.REQUESTED:
        walk.take(m.HelpUpdated("help-1", state, "Marco"))
    return walk


def sent(help_id: str, state: HelpState, reason: HelpReason = HelpReason.UNSAID) -> fx.SendHelp:
    """What the store is told of a call that was made at noon."""
    return fx.SendHelp(help_id, state, reason, requested_at=NOON)


def stands(walk: Walk) -> HelpState | None:
    return walk.state.help.state if walk.state.help else None


def test_a_tap_on_help_tells_the_store_and_stops_nothing() -> None:
    walk = called()
    assert sent("help-1", HelpState.REQUESTED, HelpReason.UNSAID) in walk.effects
    assert walk.state.phase is Phase.SCANNING
    walk.scan(line_id="b")
    assert walk.state.basket.piece_count == 2


def test_a_second_tap_does_not_make_a_second_request() -> None:
    walk = called()
    before = walk.state
    assert walk.take(m.HelpRequested("help-2")) == ()
    assert walk.state == before


def test_the_reason_is_sent_under_the_same_id() -> None:
    walk = called()
    walk.take(m.HelpReasonGiven(HelpReason.PRICE))
    assert walk.effects == (sent("help-1", HelpState.REQUESTED, HelpReason.PRICE),)


@pytest.mark.parametrize("state", [HelpState.DELIVERED, HelpState.ACCEPTED, HelpState.ARRIVED])
def test_a_reason_given_while_somebody_comes_still_speaks_for_the_shopper_only(state: HelpState) -> None:
    """The store refuses a lane that says how far its staff have come."""
    walk = called(state)
    walk.take(m.HelpReasonGiven(HelpReason.FIND))
    assert walk.effects == (sent("help-1", HelpState.REQUESTED, HelpReason.FIND),)
    assert stands(walk) is state


@pytest.mark.parametrize("event", [m.HelpReasonGiven(HelpReason.PRICE), m.HelpCancelled()])
def test_without_a_request_there_is_nothing_to_explain_or_cancel(event: m.Event) -> None:
    walk = Walk()
    assert walk.take(event) == ()
    assert walk.state.help is None


@pytest.mark.parametrize("state", sorted(OPEN_STATES, key=FORWARDS.index))
def test_an_open_request_can_be_cancelled(state: HelpState) -> None:
    walk = called(state)
    walk.take(m.HelpCancelled())
    assert walk.unlit() == (sent("help-1", HelpState.CANCELLED, HelpReason.UNSAID),)
    assert walk.state.help is None


@pytest.mark.parametrize("before", FORWARDS)
@pytest.mark.parametrize("after", FORWARDS)
def test_the_store_s_word_moves_a_request_forwards_only(before: HelpState, after: HelpState) -> None:
    walk = called(before)
    walk.take(m.HelpUpdated("help-1", after, "Marco"))
    assert stands(walk) is max(before, after, key=FORWARDS.index)


@pytest.mark.parametrize("over", [HelpState.RESOLVED, HelpState.CANCELLED])
def test_news_of_another_request_that_is_over_is_old_news(over: HelpState) -> None:
    walk = called()
    assert walk.take(m.HelpUpdated("help-0", over, "Marco")) == ()
    assert stands(walk) is HelpState.REQUESTED


def test_a_request_the_store_still_holds_open_but_nobody_waits_for_is_cancelled() -> None:
    walk = called()
    walk.take(m.HelpUpdated("help-0", HelpState.ARRIVED, "Marco"))
    assert walk.effects == (fx.SendHelp("help-0", HelpState.CANCELLED, HelpReason.UNSAID),)
    assert stands(walk) is HelpState.REQUESTED


def test_the_helper_s_name_is_kept_when_the_next_news_has_none() -> None:
    walk = called(HelpState.ACCEPTED)
    walk.take(m.HelpUpdated("help-1", HelpState.ARRIVED, ""))
    assert walk.state.help == HelpCall(
        "help-1", HelpState.ARRIVED, HelpReason.UNSAID, "Marco", requested_at=NOON
    )


def test_the_shopper_hears_when_somebody_comes() -> None:
    walk = called()
    walk.take(m.HelpUpdated("help-1", HelpState.ACCEPTED, "Marco"))
    assert walk.unlit() == (fx.PlaySound(fx.Sound.ATTENTION),)


def test_the_closing_words_go_by_themselves_or_with_a_tap() -> None:
    walk = called(HelpState.RESOLVED)
    assert walk.unlit() == (fx.StartTimer(m.Timer.HELP_DONE),)
    walk.take(m.TimerExpired(m.Timer.HELP_DONE))
    assert walk.state.help is None
    walk = called(HelpState.RESOLVED)
    assert walk.take(m.HelpCancelled()) == (fx.StopTimer(m.Timer.HELP_DONE),)
    assert walk.state.help is None


def test_help_tapped_on_the_closing_words_is_a_new_request() -> None:
    walk = called(HelpState.RESOLVED)
    walk.take(m.HelpRequested("help-2"))
    assert walk.state.help == HelpCall("help-2", HelpState.REQUESTED, reopens="help-1", requested_at=NOON)
    walk.take(m.TimerExpired(m.Timer.HELP_DONE))
    assert stands(walk) is HelpState.REQUESTED


def test_a_request_cancelled_at_the_store_goes_from_the_screen() -> None:
    walk = called(HelpState.ACCEPTED)
    walk.take(m.HelpUpdated("help-1", HelpState.CANCELLED, ""))
    assert walk.state.help is None


@pytest.mark.parametrize("state", sorted(OPEN_STATES, key=FORWARDS.index))
def test_c03_an_open_request_is_said_again_after_a_restart_as_the_shopper_s(state: HelpState) -> None:
    walk = called(state)
    walk.take(m.LaneStarted("boot-2"))
    assert walk.of(fx.SendHelp) == [sent("help-1", HelpState.REQUESTED, HelpReason.UNSAID)]
    assert stands(walk) is state


def test_a_request_resolved_before_a_restart_still_ends() -> None:
    walk = called(HelpState.RESOLVED)
    walk.take(m.LaneStarted("boot-2"))
    assert fx.StartTimer(m.Timer.HELP_DONE) in walk.effects
    assert not walk.of(fx.SendHelp)


def test_help_goes_on_from_one_shopper_s_thanks_to_the_next() -> None:
    walk = Walk().know_terminal().scan()
    walk.take(m.HelpRequested("help-1"))
    walk.pay().authorise().complete()
    walk.take(m.TimerExpired(m.Timer.THANKS))
    assert stands(walk) is HelpState.REQUESTED


# --- age -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "age"), [(Decision.APPROVED, AgeCheck.APPROVED), (Decision.REFUSED, AgeCheck.REFUSED)]
)
def test_the_attendant_s_look_ends_the_wait(decision: Decision, age: AgeCheck) -> None:
    walk = Walk().scan(BEER, "b")
    walk.take(m.InterventionDecided("age-b", decision, "Marco"))
    assert walk.state.age is age
    assert fx.PlaySound(fx.Sound.ATTENTION) in walk.effects


def test_the_first_decision_counts() -> None:
    walk = Walk().scan(BEER, "b")
    walk.take(m.InterventionDecided("age-b", Decision.REFUSED, "Marco"))
    walk.take(m.InterventionDecided("age-b", Decision.APPROVED, "Sara"))
    assert walk.state.age is AgeCheck.REFUSED


def test_a_decision_about_an_earlier_basket_does_not_count() -> None:
    walk = Walk().scan(BEER, "b")
    walk.take(m.InterventionDecided("age-a", Decision.APPROVED, "Marco"))
    assert walk.state.age is AgeCheck.WAITING


@pytest.mark.parametrize("decision", [None, Decision.REFUSED])
def test_nothing_is_paid_while_an_age_check_waits_or_was_refused(decision: Decision | None) -> None:
    walk = Walk().know_terminal().scan(BEER, "b")
    if decision:
        walk.take(m.InterventionDecided("age-b", decision, "Marco"))
    assert walk.pay().effects == ()
    assert walk.state.phase is Phase.SCANNING


def test_who_looked_stands_on_the_sale() -> None:
    walk = Walk().know_terminal().scan(BEER, "b")
    walk.take(m.InterventionDecided("age-b", Decision.APPROVED, "Marco"))
    walk.pay().authorise().complete()
    assert walk.state.sale is not None
    assert walk.state.sale.age_approved_by == "Marco"


def test_the_next_shopper_is_looked_at_anew() -> None:
    walk = Walk().know_terminal().scan(BEER, "b")
    walk.take(m.InterventionDecided("age-b", Decision.APPROVED, "Marco"))
    walk.pay().authorise().complete().scan(BEER, "c")
    assert walk.state.age is AgeCheck.WAITING
    assert walk.state.age_intervention_id == "age-c"


def test_a_call_that_was_given_on_waits_again_and_older_news_says_nothing() -> None:
    walk = called(HelpState.EN_ROUTE)
    walk.take(m.HelpUpdated("help-1", HelpState.DELIVERED, "", turn=1))
    assert walk.state.help is not None
    assert (walk.state.help.state, walk.state.help.staff_name) == (HelpState.DELIVERED, "")
    walk.take(m.HelpUpdated("help-1", HelpState.ARRIVED, "Marco", turn=0))
    assert stands(walk) is HelpState.DELIVERED
    walk.take(m.HelpUpdated("help-1", HelpState.ACCEPTED, "Ada", turn=1))
    assert walk.state.help.staff_name == "Ada"


def test_a_call_rings_for_more_people_and_never_for_fewer() -> None:
    walk = called(HelpState.DELIVERED)
    for level, stays in ((Level.SUPERVISOR, Level.SUPERVISOR), (Level.AGAIN, Level.SUPERVISOR)):
        walk.take(m.HelpUpdated("help-1", HelpState.DELIVERED, "", level=level))
        assert walk.state.help is not None
        assert walk.state.help.level is stays


def test_the_place_in_line_is_that_of_this_call_alone() -> None:
    walk = called(HelpState.DELIVERED)
    walk.take(m.HelpPlaced("help-9", 4, Band.A_FEW))
    walk.take(m.HelpPlaced("help-1", 2, Band.ONE_TO_TWO))
    assert (walk.state.wait.place, walk.state.wait.band) == (2, Band.ONE_TO_TWO)
