"""The visit while goods are gathered: rows, sheets, the scale, notices, and the change of shoppers."""

from __future__ import annotations

import pytest

from hardware.events import BarcodeRefused, CardPhase, CardProgress, ScanRefusal, WeightRefusal, WeightRefused
from inventory.domain.help_desk import Decision, InterventionKind
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.basket import MAX_UNITS
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.state import BASKET_KEPT_S, AgeCheck, Phase, View
from tests.support.lane_fakes import APPLES, BEER, MILK, WATER, WHISKY, Walk, line


def weighing() -> Walk:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.WEIGH, item=APPLES))
    return walk


def weighed(line_id: str = "w", weight_g: int = 435) -> m.ItemScanned:
    return m.ItemScanned(line(APPLES, line_id, weight_g=weight_g))


def test_the_first_scan_begins_a_basket() -> None:
    walk = Walk().scan()
    assert walk.state.phase is Phase.SCANNING
    assert walk.effects == (fx.PlaySound(fx.Sound.SCAN_OK), fx.StartTimer(m.Timer.IDLE))
    assert walk.state.view.added_line_id == "a"


def test_a_scan_closes_whatever_was_open_and_shows_the_row_it_joined() -> None:
    walk = Walk().scan(MILK, "a").scan(WATER, "b")
    walk.take(m.SheetOpened(m.Sheet.FIND), m.QueryTyped("mi"))
    walk.scan(MILK, "c")
    assert walk.state.view == View(added_line_id="a")


def test_a_scan_on_the_thanks_screen_begins_the_next_basket_at_once() -> None:
    walk = Walk().know_terminal().scan()
    walk.take(m.LanguageChosen("it"))
    walk.pay().authorise().complete()
    walk.take(m.FeedbackGiven("good"))
    walk.scan(WATER, "b")
    assert walk.state.phase is Phase.SCANNING
    assert [each.line_id for each in walk.state.basket.lines] == ["b"]
    assert walk.state.basket.sale_id == "b"
    assert (walk.state.sale, walk.state.language, walk.state.face) == (None, "en", "")
    assert fx.StopTimer(m.Timer.THANKS) in walk.effects


def test_more_than_a_row_holds_is_said_and_changes_nothing() -> None:
    walk = Walk().scan(units=MAX_UNITS)
    basket = walk.state.basket
    walk.scan(line_id="b")
    assert walk.state.basket == basket
    assert walk.state.view.problem is m.ScanProblem.LIMIT
    assert walk.effects == (fx.PlaySound(fx.Sound.SCAN_FAIL), fx.StartTimer(m.Timer.NOTICE))


# --- rows ----------------------------------------------------------------------------------------


def test_one_more_and_one_less_keep_the_row_s_sheet_open() -> None:
    walk = Walk().scan()
    walk.take(m.SheetOpened(m.Sheet.ROW, "a"), m.UnitsChanged("a", 1))
    assert walk.state.basket.piece_count == 2
    walk.take(m.UnitsChanged("a", -1))
    assert walk.state.basket.piece_count == 1
    assert walk.state.view.sheet is m.Sheet.ROW


def test_the_last_piece_takes_its_row_and_its_sheet_with_it() -> None:
    walk = Walk().scan().scan(WATER, "b")
    walk.take(m.SheetOpened(m.Sheet.ROW, "a"), m.UnitsChanged("a", -1))
    assert walk.state.view == View()
    assert [each.line_id for each in walk.state.basket.lines] == ["b"]


@pytest.mark.parametrize("line_id", ["gone", ""])
def test_a_late_tap_on_a_row_that_has_gone_is_nothing(line_id: str) -> None:
    walk = Walk().scan()
    before = walk.state
    assert walk.take(m.UnitsChanged(line_id, 1)) == ()
    assert walk.state == before


def test_weighed_goods_cannot_be_counted_up() -> None:
    walk = Walk()
    walk.take(weighed())
    before = walk.state
    assert walk.take(m.UnitsChanged("w", 1)) == ()
    assert walk.state == before


def test_an_emptied_basket_goes_back_to_welcome_after_a_while() -> None:
    walk = Walk().scan()
    assert fx.StartTimer(m.Timer.IDLE) in walk.take(m.LineRemoved("a"))
    walk.take(m.TimerExpired(m.Timer.IDLE))
    assert walk.state.phase is Phase.ATTRACT


def test_a_basket_with_goods_in_it_is_never_idle() -> None:
    walk = Walk().scan()
    walk.take(m.TimerExpired(m.Timer.IDLE))
    assert walk.state.basket.lines


# --- the scale -----------------------------------------------------------------------------------


def test_opening_the_scale_s_screen_asks_for_one_weight() -> None:
    assert weighing().effects == (fx.Weigh(),)


def test_an_empty_plate_is_asked_again_and_is_no_problem() -> None:
    walk = weighing()
    assert walk.take(m.PlateSeen(0)) == (fx.Weigh(),)
    assert walk.state.view.weigh_problem is None


def test_what_was_weighed_must_leave_the_plate_before_the_next() -> None:
    walk = weighing()
    walk.take(weighed())
    assert walk.state.devices.plate_g == 435
    walk.take(m.SheetOpened(m.Sheet.WEIGH, item=APPLES), m.PlateSeen(435))
    assert walk.state.view.weigh_problem is WeightRefusal.NOT_ZEROED
    assert walk.effects == (fx.Weigh(),)
    walk.take(m.PlateSeen(0))
    assert walk.state.devices.plate_g == 0
    assert walk.state.view.weigh_problem is None


def test_goods_weighed_on_the_thanks_screen_are_remembered_on_the_plate_too() -> None:
    walk = Walk().know_terminal().scan().pay().authorise().complete()
    walk.take(m.SheetOpened(m.Sheet.WEIGH, item=APPLES), weighed())
    assert walk.state.phase is Phase.SCANNING
    assert walk.state.devices.plate_g == 435


def test_the_end_of_the_thanks_screen_does_not_take_the_scale_from_the_next_shopper() -> None:
    walk = Walk().know_terminal().scan().pay().authorise().complete()
    walk.take(m.SheetOpened(m.Sheet.WEIGH, item=APPLES), m.TimerExpired(m.Timer.THANKS))
    assert walk.state.phase is Phase.ATTRACT
    assert (walk.state.view.sheet, walk.state.view.weighing) == (m.Sheet.WEIGH, APPLES)


def test_a_weight_that_cannot_be_used_is_said_on_the_scale_s_screen_only() -> None:
    walk = weighing()
    walk.take(WeightRefused("scale", WeightRefusal.MOVING))
    assert walk.state.view.weigh_problem is WeightRefusal.MOVING
    elsewhere = Walk().scan()
    assert elsewhere.take(WeightRefused("scale", WeightRefusal.MOVING)) == ()
    assert elsewhere.take(m.PlateSeen(0)) == ()


# --- notices and sheets --------------------------------------------------------------------------


def test_what_could_not_be_read_is_said_for_a_while() -> None:
    walk = Walk().scan()
    walk.take(BarcodeRefused("scanner", ScanRefusal.TOO_LONG, 900))
    assert walk.state.view.problem is m.ScanProblem.UNREADABLE
    walk.take(m.TimerExpired(m.Timer.NOTICE))
    assert walk.state.view.problem is None


def test_a_refused_scan_leaves_the_open_sheet_where_it_is() -> None:
    walk = weighing()
    walk.take(m.ScanRejected(m.ScanProblem.UNKNOWN_ITEM, "123"))
    assert walk.state.view.sheet is m.Sheet.WEIGH
    assert walk.state.view.problem_code == "123"


def test_the_language_sheet_over_the_reader_does_not_lose_where_the_payment_stands() -> None:
    walk = Walk().know_terminal().scan().pay()
    walk.take(CardProgress(TERMINAL, "try-1", CardPhase.ENTER_PIN))
    walk.take(m.SheetOpened(m.Sheet.LANGUAGE), m.LanguageChosen("ro"))
    assert walk.state.view == View(card_phase=CardPhase.ENTER_PIN)
    walk.take(m.SheetOpened(m.Sheet.LANGUAGE), m.SheetClosed())
    assert walk.state.view == View(card_phase=CardPhase.ENTER_PIN)
    assert walk.state.language == "ro"


def test_a_language_chosen_before_the_first_scan_does_not_stay_for_ever() -> None:
    walk = Walk()
    assert walk.take(m.LanguageChosen("it")) == (fx.StartTimer(m.Timer.IDLE),)
    walk.take(m.TimerExpired(m.Timer.IDLE))
    assert walk.state.language == "en"


def test_typing_forgets_the_result_chosen_before() -> None:
    walk = Walk().scan()
    walk.take(m.SheetOpened(m.Sheet.FIND), CardOpened("1", scanned=True), m.QueryTyped("mi"))
    assert (walk.state.view.query, walk.state.view.chosen, walk.state.view.page) == ("mi", "", 0)


# --- age -----------------------------------------------------------------------------------------


def test_an_age_limited_item_raises_one_check_and_scanning_goes_on() -> None:
    walk = Walk().scan(BEER, "b")
    assert walk.of(fx.RaiseIntervention) == [
        fx.RaiseIntervention("age-b", InterventionKind.AGE_CHECK, ("Beer", "16+"))
    ]
    walk.scan(BEER, "c").scan(MILK, "d")
    assert not walk.of(fx.RaiseIntervention)
    assert walk.state.basket.piece_count == 3


def test_who_passed_for_beer_is_looked_at_again_for_whisky() -> None:
    walk = Walk().scan(BEER, "b")
    walk.take(m.InterventionDecided("age-b", Decision.APPROVED, "Marco"))
    walk.scan(WHISKY, "w")
    assert walk.state.age is AgeCheck.WAITING
    assert walk.state.age_staff_name == ""
    assert walk.of(fx.RaiseIntervention) == [
        fx.RaiseIntervention("age-w", InterventionKind.AGE_CHECK, ("Beer", "Whisky", "18+"))
    ]
    assert not walk.of(fx.WithdrawIntervention)


def test_a_stricter_item_takes_the_place_of_a_check_that_still_waits() -> None:
    walk = Walk().scan(BEER, "b").scan(WHISKY, "w")
    assert walk.of(fx.WithdrawIntervention) == [fx.WithdrawIntervention("age-b", InterventionKind.AGE_CHECK)]
    walk.take(m.InterventionDecided("age-b", Decision.APPROVED, "Marco"))
    assert walk.state.age is AgeCheck.WAITING


def test_who_passed_for_whisky_needs_no_other_look_for_beer() -> None:
    walk = Walk().scan(WHISKY, "w")
    walk.take(m.InterventionDecided("age-w", Decision.APPROVED, "Marco"))
    walk.scan(BEER, "b")
    assert walk.state.age is AgeCheck.APPROVED


def test_the_check_is_withdrawn_when_the_last_such_item_goes() -> None:
    walk = Walk().scan(MILK, "a").scan(BEER, "b")
    walk.take(m.LineRemoved("a"))
    assert walk.of(fx.WithdrawIntervention) == []
    assert walk.state.age is AgeCheck.WAITING
    walk.scan(MILK, "c").take(m.LineRemoved("b"))
    withdrawn = fx.WithdrawIntervention("age-b", InterventionKind.AGE_CHECK)
    assert walk.of(fx.WithdrawIntervention) == [withdrawn]
    assert (walk.state.age, walk.state.age_intervention_id) == (AgeCheck.NOT_NEEDED, "")


# --- restarts ------------------------------------------------------------------------------------


def test_c02_a_young_basket_survives_a_restart() -> None:
    walk = Walk().scan().later(BASKET_KEPT_S)
    walk.take(m.LaneStarted("boot-2"))
    assert walk.state.phase is Phase.SCANNING
    assert walk.state.basket.total_minor == 129


def test_an_old_basket_is_put_away_for_staff() -> None:
    walk = Walk().scan().later(BASKET_KEPT_S + 1)
    walk.take(m.LaneStarted("boot-2"))
    assert walk.state.phase is Phase.ATTRACT
    assert not walk.state.basket.lines
    assert [kept.basket.total_minor for kept in walk.state.parked] == [129]


def test_a_basket_put_away_at_a_restart_leaves_no_age_check_on_the_tablet() -> None:
    walk = Walk().scan(BEER, "b").later(BASKET_KEPT_S + 1)
    walk.take(m.LaneStarted("boot-2"))
    about_age = [
        effect
        for effect in walk.effects
        if isinstance(effect, fx.RaiseIntervention | fx.WithdrawIntervention)
    ]
    assert about_age[-1] == fx.WithdrawIntervention("age-b", InterventionKind.AGE_CHECK)


def test_c03_an_age_check_that_waits_is_announced_again_under_its_id() -> None:
    walk = Walk().scan(BEER, "b")
    raised = walk.of(fx.RaiseIntervention)
    walk.take(m.LaneStarted("boot-2"))
    assert walk.of(fx.RaiseIntervention) == raised


@pytest.mark.parametrize("emptied", [False, True])
def test_a_lane_that_was_left_empty_still_goes_idle_after_a_restart(emptied: bool) -> None:
    walk = Walk()
    walk.take(m.LanguageChosen("it"))
    if emptied:
        walk.scan().take(m.LineRemoved("a"))
    walk.take(m.LaneStarted("boot-2"))
    assert fx.StartTimer(m.Timer.IDLE) in walk.effects
