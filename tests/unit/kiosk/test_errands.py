"""Errands: what a shopper asks staff to do about a good, told until somebody has heard, taken back, done."""

from __future__ import annotations

import pytest

from inventory.domain.help_desk import HelpReason, HelpState
from kiosk.checkout import effects as fx
from kiosk.checkout import errands
from kiosk.checkout import messages as m
from kiosk.checkout.errand import SHELF, ErrandDismissed, ErrandRequested
from kiosk.checkout.state import Phase
from tests.support.lane_fakes import MILK, WATER, Walk, item

BRING, EMPTY = HelpReason.BRING, HelpReason.SHELF_EMPTY


def asking(reason: HelpReason = BRING, errand_id: str = "e1") -> Walk:
    walk = Walk()
    walk.take(ErrandRequested(errand_id, reason, MILK))
    return walk


def said(effects: tuple[fx.Effect, ...]) -> list[tuple[str, HelpState]]:
    return [(each.help_id, each.state) for each in effects if isinstance(each, fx.SendHelp)]


def test_staff_are_told_what_and_where() -> None:
    walk = asking()
    assert walk.effects == (
        fx.SendHelp("e1", HelpState.REQUESTED, BRING, "Milk · aisle 7 · bay 2", MILK.gtin),
    )


def test_a_second_tap_for_the_same_good_changes_nothing() -> None:
    walk = asking()
    assert walk.take(ErrandRequested("e2", BRING, MILK)) == ()
    assert said(walk.take(ErrandRequested("e3", BRING, WATER))) == [("e3", HelpState.REQUESTED)]
    assert [each.errand_id for each in walk.state.errands] == ["e1", "e3"]


def test_one_lane_cannot_send_staff_about_without_end() -> None:
    walk = Walk()
    for number in range(20):
        walk.take(ErrandRequested(f"e{number}", BRING, item(100 + number)))
    assert len(walk.state.errands) == errands.MAX_ERRANDS


def test_who_brings_it_is_heard_and_the_steps_go_forwards_only() -> None:
    walk = asking()
    walk.take(m.HelpUpdated("e1", HelpState.DELIVERED, ""))
    assert walk.take(m.HelpUpdated("e1", HelpState.ACCEPTED, "Sara")) == (fx.PlaySound(fx.Sound.ATTENTION),)
    assert walk.take(m.HelpUpdated("e1", HelpState.DELIVERED, "")) == ()
    errand = walk.state.errands[0]
    assert (errand.state, errand.staff_name) == (HelpState.ACCEPTED, "Sara")


def test_what_is_taken_back_is_told_and_what_is_over_is_only_put_aside() -> None:
    walk = asking()
    assert said(walk.take(ErrandDismissed("e1"))) == [("e1", HelpState.CANCELLED)]
    assert walk.take(ErrandDismissed("e1")) == ()
    done = asking()
    done.take(m.HelpUpdated("e1", HelpState.RESOLVED, "Sara"))
    assert done.take(ErrandDismissed("e1")) == ()
    assert done.state.errands == ()


def test_scanning_what_was_brought_ends_the_matter() -> None:
    walk = asking()
    walk.scan(MILK, "before it came")
    assert walk.state.errands, "one more pack may still be on its way"
    walk.take(m.HelpUpdated("e1", HelpState.RESOLVED, "Sara"))
    walk.scan(WATER, "w")
    assert walk.state.errands
    walk.scan(MILK, "m")
    assert walk.state.errands == ()


@pytest.mark.parametrize("state", [HelpState.REQUESTED, HelpState.ACCEPTED])
def test_nothing_is_brought_to_a_shopper_who_has_gone(state: HelpState) -> None:
    walk = asking()
    walk.take(m.HelpUpdated("e1", state, "Sara"))
    walk.know_terminal().scan(WATER).pay().authorise().complete()
    assert walk.state.phase is Phase.THANKS
    effects = walk.take(m.TimerExpired(m.Timer.THANKS))
    assert said(effects) == [("e1", HelpState.CANCELLED)]
    assert walk.state.errands == ()


def test_a_report_about_a_shelf_outlives_its_visit_until_the_store_has_it() -> None:
    walk = asking(EMPTY, f"{SHELF}1")
    walk.know_terminal().scan(WATER).pay().authorise().complete()
    assert said(walk.take(m.TimerExpired(m.Timer.THANKS))) == []
    assert [each.errand_id for each in walk.state.errands] == [f"{SHELF}1"]
    assert said(walk.take(m.LaneStarted("boot"))) == [(f"{SHELF}1", HelpState.REQUESTED)]
    walk.take(m.HelpUpdated(f"{SHELF}1", HelpState.DELIVERED, ""))
    walk.scan(WATER, "b").pay("try-2").authorise().complete()
    walk.take(m.TimerExpired(m.Timer.THANKS))
    assert walk.state.errands == ()


def test_a_restart_tells_open_errands_again_under_the_same_ids() -> None:
    walk = asking()
    assert said(walk.take(m.LaneStarted("boot"))) == [("e1", HelpState.REQUESTED)]
    walk.take(m.HelpUpdated("e1", HelpState.RESOLVED, "Sara"))
    assert said(walk.take(m.LaneStarted("boot"))) == []


def test_news_of_a_forgotten_shelf_is_no_reason_to_take_its_report_back() -> None:
    walk = Walk()
    assert walk.take(m.HelpUpdated(f"{SHELF}gone", HelpState.ACCEPTED, "Sara")) == ()
    forgotten = walk.take(m.HelpUpdated("a call or a bring", HelpState.ACCEPTED, "Sara"))
    assert said(forgotten) == [("a call or a bring", HelpState.CANCELLED)]


def test_a_report_that_was_taken_back_stays_taken_back_though_the_word_of_it_was_lost() -> None:
    walk = asking(EMPTY, f"{SHELF}1")
    walk.take(m.HelpUpdated(f"{SHELF}1", HelpState.DELIVERED, ""))
    gone = [(f"{SHELF}1", HelpState.CANCELLED)]
    assert said(walk.take(ErrandDismissed(f"{SHELF}1"))) == gone
    assert said(walk.take(m.LaneStarted("boot"))) == gone, "the lane may have died before it could say so"
    assert said(walk.take(m.HelpUpdated(f"{SHELF}1", HelpState.ACCEPTED, "Sara"))) == gone
    walk.take(m.HelpUpdated(f"{SHELF}1", HelpState.CANCELLED, "Sara"))
    assert said(walk.take(m.LaneStarted("boot"))) == []


def test_what_was_taken_back_is_not_remembered_without_end() -> None:
    walk = Walk()
    for number in range(50):
        walk.take(ErrandRequested(f"{SHELF}{number}", EMPTY, MILK), ErrandDismissed(f"{SHELF}{number}"))
    assert len(said(walk.take(m.LaneStarted("boot")))) == errands.MAX_TAKEN_BACK


def test_an_empty_lane_waits_as_long_as_something_is_on_its_way() -> None:
    walk = asking()
    assert walk.take(m.TimerExpired(m.Timer.IDLE)) == (fx.StartTimer(m.Timer.IDLE),)
    assert walk.state.errands
    walk.take(m.HelpUpdated("e1", HelpState.RESOLVED, "Sara"))
    walk.take(m.TimerExpired(m.Timer.IDLE))
    assert walk.state.errands == ()


def test_a_call_for_help_and_an_errand_do_not_touch_each_other() -> None:
    walk = asking()
    walk.take(m.HelpRequested("h1"), m.HelpUpdated("e1", HelpState.ACCEPTED, "Sara"))
    assert walk.state.help is not None
    assert walk.state.help.state is HelpState.REQUESTED
    walk.take(m.HelpCancelled())
    assert walk.state.errands[0].state is HelpState.ACCEPTED
