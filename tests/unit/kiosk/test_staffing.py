"""Staff at the lane's own screen: who gets in, what they may do, what stays behind, and when it ends."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from hardware.events import BarcodeRead, CardCompleted, CardInDoubt
from inventory.domain.help_desk import HelpState, InterventionKind
from inventory.wire import LONGEST_DETAIL
from kiosk import inputs
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.journaled import JOURNALED
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.state import AgeCheck, Phase, View
from kiosk.intake import Intake
from tests.support.lane_fakes import (
    BEER,
    MILK,
    HandClock,
    LaneBench,
    Walk,
    counter,
    durable,
    journaled,
    lane_config,
    line,
    requested,
    shelf,
)
from tests.unit.kiosk.test_price_pending import unknown

BADGE = "STAFF-00ff00ff00ff00ff"


class Hands:
    """A walk whose taps and scans go through the intake, as on the lane."""

    def __init__(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        config = lane_config(tmp_path_factory.mktemp("lane"))
        self.intake = Intake(config, HandClock(), counter(), "boot", shelf)
        self.walk = Walk().know_terminal()

    def tap(self, *tap_ids: str) -> tuple[fx.Effect, ...]:
        effects: tuple[fx.Effect, ...] = ()
        for tap_id in tap_ids:
            event = self.intake.tap(tap_id, self.walk.state)
            effects = self.walk.take(event) if event is not None else ()
        return effects

    def badge(self) -> None:
        event = self.intake.barcode(BarcodeRead("scanner", BADGE, None), self.walk.state)
        if event is not None:
            self.walk.take(event)

    def enter(self) -> None:
        self.badge()
        self.walk.take(m.StaffEntered("Marco", "s1"))


@pytest.fixture
def hands(tmp_path_factory: pytest.TempPathFactory) -> Hands:
    return Hands(tmp_path_factory)


def lines(hands: Hands) -> list[str]:
    return [row.line_id for row in hands.walk.state.basket.lines]


def phase(hands: Hands) -> Phase:
    return hands.walk.state.phase


def reports(walk: Walk) -> list[str]:
    return [effect.report.what for effect in walk.of(fx.ReportStaff)]


# --- getting in ----------------------------------------------------------------------------------


def test_a_badge_opens_the_pin_pad_and_nothing_else(hands: Hands) -> None:
    hands.walk.scan()
    hands.badge()
    assert (hands.walk.state.view.sheet, hands.walk.state.view.subject) == (m.Sheet.STAFF_PIN, BADGE)
    assert hands.walk.state.staff is None


def test_the_digits_go_to_the_check_alone_and_are_in_no_event_and_no_state(hands: Hands) -> None:
    hands.badge()
    hands.tap("digit:2", "digit:0", "digit:5", "digit:1", "digit:8", "digit:9")
    assert hands.walk.state.view.pin_count == 6
    assert "205189" not in repr(hands.walk.state) + repr(hands.walk.history) + repr(hands.intake)
    assert hands.tap("pad-ok")[0] == fx.CheckPin(BADGE)
    assert hands.intake.pin.take() == "205189"
    assert hands.intake.pin.take() == ""


def test_an_erased_digit_is_gone_and_no_pin_is_longer_than_twelve(hands: Hands) -> None:
    hands.badge()
    hands.tap(*["digit:1"] * 15, "erase-digit", "digit:x", "digit:12")
    assert hands.walk.state.view.pin_count == 11
    assert hands.intake.pin.take() == "1" * 11


def test_while_a_pin_is_being_checked_no_key_counts_and_a_refusal_says_why(hands: Hands) -> None:
    hands.badge()
    hands.tap("digit:1", "pad-ok", "digit:2")
    assert (hands.walk.state.view.pin, hands.walk.state.view.pin_count) == (m.PinState.CHECKING, 0)
    hands.walk.take(m.PinRefused(m.PinState.OFFLINE))
    assert hands.walk.state.view.pin is m.PinState.OFFLINE
    assert hands.walk.state.staff is None


def test_the_button_on_the_banner_asks_whoever_has_come(hands: Hands) -> None:
    hands.walk.take(m.HelpRequested("h"))
    hands.tap("staff")
    assert hands.walk.state.view.sheet is m.Sheet.NONE, "nobody is here yet"
    hands.walk.take(m.HelpUpdated("h", HelpState.ARRIVED, "Giulia"))
    hands.tap("staff")
    assert (hands.walk.state.view.sheet, hands.walk.state.view.subject) == (m.Sheet.STAFF_PIN, "Giulia")


def test_while_a_card_is_awaited_nobody_gets_in(hands: Hands) -> None:
    hands.walk.scan().pay()
    hands.badge()
    assert hands.walk.state.view.sheet is m.Sheet.NONE
    hands.walk.take(m.StaffEntered("Marco", "s1"))
    assert hands.walk.state.staff is None
    assert phase(hands) is Phase.PAYING


def test_a_pad_nobody_touches_closes_after_a_minute(hands: Hands) -> None:
    hands.badge()
    assert fx.StartTimer(m.Timer.STAFF) in hands.walk.effects
    hands.walk.take(m.TimerExpired(m.Timer.STAFF))
    assert hands.walk.state.view == View()


# --- what staff do -------------------------------------------------------------------------------


def test_a_row_is_voided_with_a_report_of_who_and_what(hands: Hands) -> None:
    hands.walk.scan(MILK, "a").scan(BEER, "b")
    hands.enter()
    hands.tap("row:a", "remove")
    assert lines(hands) == ["b"]
    (effect,) = hands.walk.of(fx.ReportStaff)
    told = effect.report
    assert (told.staff_name, told.what, told.detail) == ("Marco", "lane.void", "Milk 129 EUR")


def test_a_whole_basket_is_voided_only_when_asked_twice(hands: Hands) -> None:
    hands.walk.scan(MILK, "a").scan(BEER, "b")
    hands.enter()
    hands.tap("ask-void-all")
    assert lines(hands) == ["a", "b"]
    hands.tap("void-all")
    assert lines(hands) == []
    assert hands.walk.state.age is AgeCheck.NOT_NEEDED
    assert reports(hands.walk) == ["lane.void-all"]


def test_a_price_is_given_on_the_pad_and_the_tablet_is_told_to_stop_asking(hands: Hands) -> None:
    hands.walk.take(unknown())
    hands.enter()
    hands.tap("price:u", "digit:3", "digit:4", "digit:0", "pad-ok")
    assert hands.walk.state.basket.total_minor == 340
    assert hands.walk.state.basket.lines[0].priced_by == "Marco"
    assert hands.walk.state.basket.lines[0].tax_rate_bp == 2200
    assert fx.WithdrawIntervention("price-u", InterventionKind.PRICE) in hands.walk.effects
    assert reports(hands.walk) == ["lane.price"]


def test_no_price_of_nothing_and_none_beyond_the_limit_can_be_typed(hands: Hands) -> None:
    hands.walk.take(unknown())
    hands.enter()
    hands.tap("price:u", "digit:0", "pad-ok")
    assert hands.walk.state.basket.pending
    hands.tap(*["digit:9"] * 9, "pad-ok")
    assert hands.walk.state.basket.total_minor == 99_999


@pytest.mark.parametrize(("tap", "age"), [("adult", AgeCheck.APPROVED), ("not-adult", AgeCheck.REFUSED)])
def test_an_adult_check_is_decided_at_the_lane(hands: Hands, tap: str, age: AgeCheck) -> None:
    hands.walk.scan(BEER, "b")
    hands.enter()
    hands.tap(tap)
    assert (hands.walk.state.age, hands.walk.state.age_staff_name) == (age, "Marco")
    assert fx.WithdrawIntervention("age-b", InterventionKind.AGE_CHECK) in hands.walk.effects


def test_the_last_receipt_is_printed_again_marked_as_a_copy(hands: Hands) -> None:
    hands.walk.scan().pay().authorise().complete()
    sale = hands.walk.state.sale
    hands.walk.take(m.TimerExpired(m.Timer.THANKS))
    hands.enter()
    hands.tap("reprint")
    assert sale is not None
    assert fx.PrintReceipt(sale, copy=True) in hands.walk.effects
    assert reports(hands.walk) == ["lane.reprint"]


def test_a_deed_without_an_object_does_nothing_and_reports_nothing(hands: Hands) -> None:
    hands.enter()
    for act in m.StaffAct:
        if act is not m.StaffAct.CLOSE:
            hands.walk.take(m.StaffActed(act, "r", "gone"))
            assert reports(hands.walk) == [], act


def test_nobody_signed_in_does_nothing(hands: Hands) -> None:
    hands.walk.scan()
    before = hands.walk.state
    for act in m.StaffAct:
        hands.walk.take(m.StaffActed(act, "r", "a"))
        assert hands.walk.state == before


def test_staff_never_pay_for_a_shopper_nor_does_a_shopper_s_button_work_meanwhile(hands: Hands) -> None:
    hands.walk.scan()
    hands.enter()
    assert hands.tap("pay", "bag", "add:1") == ()
    assert hands.walk.take(requested(hands.walk.state)) == ()
    assert phase(hands) is Phase.SCANNING


def test_a_payment_in_doubt_is_shown_and_not_touched(hands: Hands) -> None:
    hands.walk.scan().pay()
    hands.walk.take(CardInDoubt(TERMINAL, "try-1", "line lost"))
    hands.enter()
    assert hands.walk.state.staff is not None
    before = hands.walk.state.basket, hands.walk.state.payment
    for act in m.StaffAct:
        hands.walk.take(m.StaffActed(act, "r", "a"))
        assert (hands.walk.state.basket, hands.walk.state.payment) == before


# --- the door ------------------------------------------------------------------------------------


def test_a_closed_lane_refuses_a_scan_calmly_until_staff_open_it(hands: Hands) -> None:
    hands.enter()
    hands.tap("close-lane", "staff-end")
    hands.walk.scan()
    assert phase(hands) is Phase.ATTRACT
    assert hands.walk.state.view.problem is m.ScanProblem.LANE_CLOSED
    hands.walk.take(m.LaneStarted("again"))
    assert hands.walk.state.closed_by == "Marco", "a power cut opens no lane"
    hands.enter()
    hands.tap("open-lane", "staff-end")
    hands.walk.scan()
    assert phase(hands) is Phase.SCANNING


def test_whoever_shops_while_the_lane_is_closed_may_finish(hands: Hands) -> None:
    hands.walk.scan()
    hands.enter()
    hands.tap("close-lane", "staff-end")
    hands.walk.scan(line_id="b").pay().authorise().complete()
    assert phase(hands) is Phase.THANKS
    hands.walk.scan(line_id="c")
    assert phase(hands) is Phase.ATTRACT
    assert lines(hands) == []


# --- the end -------------------------------------------------------------------------------------


def test_a_minute_without_a_touch_ends_it_and_every_touch_starts_the_minute_anew(hands: Hands) -> None:
    hands.walk.scan()
    hands.enter()
    hands.tap("self-test")
    assert fx.StartTimer(m.Timer.STAFF) in hands.walk.effects
    hands.walk.take(m.TimerExpired(m.Timer.STAFF))
    assert hands.walk.state.staff is None
    assert reports(hands.walk) == ["lane.staff-left"]
    assert hands.walk.state.basket.lines, "the shopper's basket is where it was"


def test_a_power_cut_ends_it_and_the_store_hears_of_every_deed_again(hands: Hands) -> None:
    hands.walk.scan(MILK, "a").scan(BEER, "b")
    hands.enter()
    hands.tap("row:a", "remove")
    hands.walk.take(m.LaneStarted("again"))
    assert hands.walk.state.staff is None
    assert reports(hands.walk) == ["lane.staff-entered", "lane.void"]
    assert durable(hands.walk.state) == durable(journaled(hands.walk.history))


def test_goods_with_a_name_of_any_length_are_voided_and_told_to_the_store(tmp_path: Path) -> None:
    bench = LaneBench(tmp_path)
    named = replace(MILK, names={"en": "M" * 4096})
    bench.work(m.ItemScanned(line(named, "a")), m.StaffEntered("Marco", "s1"))
    bench.work(m.StaffActed(m.StaffAct.VOID, "r1", "a"))
    bench.restart()
    told = bench.voice.staff[-1]
    assert (told.what, len(told.detail)) == ("lane.void", LONGEST_DETAIL)
    bench.close()


def test_everything_staff_did_is_in_the_journal_and_no_digit_is(hands: Hands) -> None:
    hands.walk.scan()
    hands.badge()
    hands.tap("digit:2", "digit:0", "pad-ok")
    hands.walk.take(m.StaffEntered("Marco", "s1"))
    hands.tap("ask-void-all", "void-all", "staff-end")
    kinds = [inputs.kind_of(event) for event, _ in hands.walk.history if type(event) in JOURNALED]
    assert kinds[-3:] == ["StaffEntered", "StaffActed", "StaffLeft"]
    volatile = [event for event, _ in hands.walk.history if isinstance(event, m.PinTyped)]
    assert [json.dumps(asdict(event)) for event in volatile] == ['{"count": 1}', '{"count": 2}']


def test_the_card_s_late_word_finds_staff_gone_or_there_and_changes_nothing_of_theirs(hands: Hands) -> None:
    hands.walk.scan()
    hands.enter()
    before = hands.walk.state
    hands.walk.take(CardCompleted(TERMINAL, "old"))
    assert hands.walk.state == before
