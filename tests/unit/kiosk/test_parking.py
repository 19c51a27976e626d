"""Baskets that are paid elsewhere: under a code, out of reach of the terminal, and never in two places."""

from __future__ import annotations

import pytest

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    DeclineReason,
    QueryVerdict,
)
from inventory.domain.help_desk import Decision
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.state import AgeCheck, ParkReason, PaymentState, Phase
from kiosk.checkout.visiting import PARKED_LIMIT
from tests.support.lane_fakes import BEER, MILK, WATER, Walk, durable, evidence, journaled

ELSEWHERE = v.PayElsewhereRequested()


def phase(walk: Walk) -> Phase:
    return walk.state.phase


def at_reader() -> Walk:
    return Walk().know_terminal().scan().pay()


def test_without_a_payment_the_basket_goes_under_a_code_at_once() -> None:
    walk = Walk().scan()
    walk.take(m.LanguageChosen("it"), ELSEWHERE)
    state = walk.state
    assert (state.phase, state.shown_code, state.language) == (Phase.PARKED, "A10", "it")
    assert not state.basket.lines
    assert [(kept.code, kept.why, kept.basket.total_minor) for kept in state.parked] == [
        ("A10", ParkReason.TILL, 129)
    ]
    assert fx.StartTimer(m.Timer.CODE) in walk.effects


def test_at_the_reader_the_terminal_is_disarmed_first() -> None:
    walk = at_reader()
    walk.take(ELSEWHERE)
    assert walk.of(fx.AbortPayment) == [fx.AbortPayment("try-1")]
    assert phase(walk) is Phase.PAYING
    assert walk.state.parked == ()
    walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.CANCELLED, 0x6C))
    assert phase(walk) is Phase.PARKED
    assert walk.state.payment.state is PaymentState.NONE
    assert len(walk.state.parked) == 1


@pytest.mark.parametrize("reason", list(DeclineReason))
def test_whatever_ends_the_attempt_uncharged_leads_to_the_code(reason: DeclineReason) -> None:
    walk = at_reader()
    walk.take(ELSEWHERE, ELSEWHERE, CardDeclined(TERMINAL, "try-1", reason, 0x6C))
    assert phase(walk) is Phase.PARKED
    assert len(walk.state.parked) == 1


def test_a_card_that_was_quicker_has_paid_and_nothing_is_put_away() -> None:
    walk = at_reader()
    walk.take(ELSEWHERE, CardAuthorised(TERMINAL, "try-1", evidence()), CardCompleted(TERMINAL, "try-1"))
    assert phase(walk) is Phase.THANKS
    assert walk.state.parked == ()


def test_a_doubt_keeps_its_basket_until_somebody_knows() -> None:
    walk = at_reader()
    walk.take(ELSEWHERE, CardInDoubt(TERMINAL, "try-1", "line lost"))
    walk.take(ELSEWHERE)
    assert phase(walk) is Phase.CHECKING
    assert walk.state.parked == ()
    walk.answer(QueryVerdict.FOUND, evidence("0007"))
    assert phase(walk) is Phase.NOT_PAID
    walk.take(ELSEWHERE)
    assert phase(walk) is Phase.PARKED


def test_an_item_scanned_meanwhile_goes_along() -> None:
    walk = at_reader()
    walk.take(ELSEWHERE)
    walk.scan(WATER, "w").take(CardDeclined(TERMINAL, "try-1", DeclineReason.CANCELLED, 0x6C))
    assert [line.line_id for line in walk.state.parked[0].basket.lines] == ["a", "w"]
    assert walk.of(fx.RequestPaymentAgain) == []


def test_the_shopper_may_have_the_basket_back() -> None:
    walk = Walk().scan().scan(BEER, "b")
    walk.take(m.InterventionDecided("age-b", Decision.APPROVED, "Marco"), ELSEWHERE, m.BasketResumed())
    assert phase(walk) is Phase.SCANNING
    assert [line.line_id for line in walk.state.basket.lines] == ["a", "b"]
    assert walk.state.parked == ()
    assert walk.state.age is AgeCheck.WAITING, "who stands there now is looked at anew"
    (check,) = walk.of(fx.RaiseIntervention)
    assert isinstance(check, fx.RaiseIntervention)
    assert check.intervention_id != "age-b"


def test_a_scan_on_the_code_is_the_next_shopper_s() -> None:
    walk = Walk().scan()
    walk.take(ELSEWHERE)
    walk.scan(WATER, "w")
    assert [line.line_id for line in walk.state.basket.lines] == ["w"]
    assert (walk.state.shown_code, len(walk.state.parked)) == ("", 1)


def test_the_code_leaves_the_screen_and_staff_find_the_basket_once() -> None:
    walk = Walk().scan()
    walk.take(ELSEWHERE, m.TimerExpired(m.Timer.CODE))
    assert phase(walk) is Phase.ATTRACT
    walk.take(v.BasketRecalled("Z99"))
    assert phase(walk) is Phase.ATTRACT
    walk.take(v.BasketRecalled("A10", "Ada"))
    assert walk.state.basket.total_minor == 129
    walk.take(m.LineRemoved("a"), m.TimerExpired(m.Timer.IDLE), v.BasketRecalled("A10", "Ada"))
    assert phase(walk) is Phase.ATTRACT


def test_a_recall_never_covers_another_shopper_s_basket() -> None:
    walk = Walk().scan()
    walk.take(ELSEWHERE)
    walk.scan(WATER, "w").take(v.BasketRecalled("A10", "Ada"))
    assert [line.line_id for line in walk.state.basket.lines] == ["w"]
    assert len(walk.state.parked) == 1


def test_a_power_cut_with_the_code_on_the_screen_loses_nothing() -> None:
    walk = Walk().scan()
    walk.take(ELSEWHERE, m.LaneStarted("boot-2"))
    assert walk.state.shown_code == "A10"
    assert fx.StartTimer(m.Timer.CODE) in walk.effects
    assert durable(journaled(walk.history)) == durable(walk.state)


def test_codes_do_not_repeat_among_the_baskets_that_are_kept() -> None:
    walk = Walk()
    for number in range(PARKED_LIMIT + 90):
        walk.scan(MILK, f"line-{number}").take(ELSEWHERE)
        codes = [kept.code for kept in walk.state.parked]
        assert len(set(codes)) == len(codes) <= PARKED_LIMIT
    assert walk.state.shown_code == "C59"
