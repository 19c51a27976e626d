"""A person said "not charged", the terminal holds the charge: somebody is called, nothing else happens."""

from __future__ import annotations

from typing import Any

import pytest

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardEvidence,
    CardInDoubt,
    LastPaymentReported,
    QueryVerdict,
)
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.orders import Order, OrderKind
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import PaymentState, Phase
from tests.support.lane_fakes import Walk, evidence, fresh_state, journaled

CALL = fx.RaiseIntervention("charged-try-1", InterventionKind.CHARGE_CONTRADICTED, ("129 EUR", "1121120000"))


def refused(*, known: bool = True) -> Walk:
    """A payment in doubt that a person called not charged; the terminal's last receipt was 0007."""
    walk = Walk().know_terminal("0007") if known else Walk()
    walk.scan().pay()
    walk.take(CardInDoubt(TERMINAL, "try-1", "the line was lost"))
    walk.answer(QueryVerdict.UNUSABLE)
    walk.take(m.InterventionDecided("pay-try-1", Decision.REFUSED, "Marco"))
    assert walk.state.phase is Phase.NOT_PAID
    return walk


def tell(walk: Walk, found: CardEvidence | None, query_id: str = BASE_QUERY) -> list[fx.Effect]:
    """The terminal's word on its last transaction; who is called over it."""
    verdict = QueryVerdict.NO_ANSWER if found is None else QueryVerdict.FOUND
    walk.take(LastPaymentReported(TERMINAL, query_id, verdict, found))
    return walk.of(fx.RaiseIntervention)


def test_the_charge_that_the_terminal_shows_after_all_calls_a_person_and_sells_nothing() -> None:
    walk = refused()
    assert tell(walk, evidence("0008")) == [CALL]
    assert (walk.state.phase, walk.state.payment.state) == (Phase.NOT_PAID, PaymentState.DECLINED)
    assert walk.state.sale is None
    assert walk.state.terminal.receipt_no == "0008", "the base is learnt all the same"


def test_the_late_answer_about_the_doubt_itself_is_as_good() -> None:
    walk = refused()
    assert tell(walk, evidence("0008"), "try-1/1") == [CALL]


def test_it_is_noticed_after_the_shopper_went_back_and_after_answers_that_say_nothing() -> None:
    walk = refused()
    walk.take(m.BasketResumed())
    assert tell(walk, None) == []
    walk.take(LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.UNUSABLE))
    assert tell(walk, evidence("0008")) == [CALL]


@pytest.mark.parametrize(
    "other",
    [
        {"receipt_no": "0007"},
        {"receipt_no": "0009"},
        {"amount_minor": 128},
        {"currency": "RON"},
        {"terminal_id": "52000009"},
        {"result_code": 0x6C},
        {"terminal_time": "130000"},
    ],
    ids=str,
)
def test_any_other_transaction_contradicts_nobody(other: dict[str, Any]) -> None:
    walk = refused()
    assert tell(walk, evidence(**{"receipt_no": "0008", **other})) == []
    assert walk.state.contradicted is None


def test_without_a_base_nothing_can_be_compared() -> None:
    assert tell(refused(known=False), evidence("0008")) == []


def test_the_terminal_s_first_word_settles_it_and_a_second_one_calls_nobody() -> None:
    walk = refused()
    tell(walk, evidence("0007"))
    assert tell(walk, evidence("0008")) == []


def test_the_shopper_s_next_payment_is_not_taken_for_the_one_that_was_refused() -> None:
    """Rightly refused, paid again: the new charge has the number and amount the old one would have had."""
    walk = refused().pay("try-2")
    walk.take(
        CardAuthorised(TERMINAL, "try-2", evidence("0008")),
        CardCompleted(TERMINAL, "try-2"),
    )
    assert walk.state.phase is Phase.THANKS
    assert tell(walk, evidence("0008")) == []


def test_an_order_in_between_makes_the_numbers_mean_nothing() -> None:
    walk = refused()
    walk.take(m.BasketResumed(), m.LineRemoved("a"), m.TimerExpired(m.Timer.IDLE))
    close = Order("order-1", OrderKind.CLOSE_DAY, fresh_state().lane_id, "Ada")
    walk.take(m.OrderReceived(close), m.OrderBegun("order-1"))
    assert tell(walk, evidence("0008")) == []


def test_somebody_is_called_again_after_a_power_cut_until_they_see_to_it() -> None:
    walk = refused()
    tell(walk, evidence("0008"))
    walk.state = journaled(walk.history)
    walk.take(m.LaneStarted("again"))
    assert CALL in walk.effects
    walk.take(m.InterventionDecided("charged-try-1", Decision.APPROVED, "Ada"))
    assert walk.effects == ()
    assert walk.state.sale is None
    walk.take(m.LaneStarted("once more"))
    assert CALL not in walk.effects


def test_a_payment_that_was_refused_rightly_and_paid_later_leaves_nothing_behind() -> None:
    walk = refused().pay("try-2")
    walk.authorise().complete()
    assert walk.state.terminal.refused is None
    assert walk.state.contradicted is None
