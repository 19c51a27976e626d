"""A terminal tells unasked of a charge: a person hears of it in every phase, and no sale comes of it."""

from __future__ import annotations

import pytest

from hardware.events import (
    CardDeclined,
    CardEvidence,
    CardInDoubt,
    ChargeOverheard,
    DeclineReason,
    QueryVerdict,
)
from inventory.domain.help_desk import Decision, InterventionKind
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.state import PaymentState, Phase
from tests.support.lane_fakes import Walk, durable, journaled

SAYS = "the terminal says that it charged 1.29 EUR"
CONTRADICTED = InterventionKind.CHARGE_CONTRADICTED


def charge(amount_minor: int = 129, currency: str = "EUR") -> ChargeOverheard:
    return ChargeOverheard(TERMINAL, CardEvidence("", "", "", amount_minor, currency, 0))


def doubtful() -> Walk:
    walk = Walk().scan().pay()
    walk.take(CardInDoubt(TERMINAL, "try-1", "the terminal did not answer the order"))
    return walk


def disputed() -> Walk:
    walk = doubtful()
    walk.answer(QueryVerdict.UNUSABLE)
    assert walk.state.payment.state is PaymentState.DISPUTED
    return walk


def decided(decision: Decision) -> Walk:
    walk = disputed()
    walk.take(m.InterventionDecided("pay-try-1", decision, "Marco"))
    return walk


def calls(walk: Walk) -> list[tuple[str, InterventionKind, str]]:
    raised = [effect for effect in walk.effects if isinstance(effect, fx.RaiseIntervention)]
    return [(each.intervention_id, each.kind, each.facts[0]) for each in raised]


@pytest.mark.parametrize("way_in", [doubtful, disputed])
def test_the_charge_of_a_payment_in_doubt_is_told_to_staff_and_decides_nothing(way_in: type[Walk]) -> None:
    walk = way_in()
    before = walk.state.payment.state
    walk.take(charge())
    assert walk.of(fx.RaiseIntervention) == [
        fx.RaiseIntervention("pay-try-1", InterventionKind.PAYMENT_IN_DOUBT, ("129 EUR", "1121120000", SAYS))
    ]
    assert (walk.state.phase, walk.state.payment.state) == (Phase.CHECKING, before)
    assert walk.state.sale is None


def test_the_fact_outlives_an_answer_that_says_nothing_and_a_power_cut() -> None:
    walk = doubtful()
    walk.take(charge())
    walk.answer(QueryVerdict.UNUSABLE)
    assert walk.attempt.reason == SAYS
    walk.state = journaled(walk.history)
    walk.take(m.LaneStarted("again"))
    assert [SAYS in each.facts for each in walk.effects if isinstance(each, fx.RaiseIntervention)] == [True]


def test_not_charged_against_the_terminal_s_word_calls_a_person_once_more() -> None:
    walk = disputed()
    walk.take(charge())
    walk.take(m.InterventionDecided("pay-try-1", Decision.REFUSED, "Marco"))
    assert walk.state.phase is Phase.NOT_PAID
    assert calls(walk) == [("charged-try-1", CONTRADICTED, "129 EUR")]


def test_charged_as_the_terminal_says_is_one_sale_and_no_further_call() -> None:
    walk = disputed()
    walk.take(charge())
    walk.take(m.InterventionDecided("pay-try-1", Decision.APPROVED, "Marco"))
    assert walk.state.phase is Phase.THANKS
    assert calls(walk) == []
    assert walk.state.contradicted is None


@pytest.mark.parametrize("goes_back", [False, True])
def test_a_charge_after_staff_said_not_charged_contradicts_them(
    goes_back: bool,
) -> None:
    walk = decided(Decision.REFUSED)
    if goes_back:
        walk.take(m.BasketResumed())
    phase = walk.state.phase
    walk.take(charge())
    assert calls(walk) == [("charged-try-1", CONTRADICTED, "129 EUR")]
    assert (walk.state.phase, walk.state.sale) == (phase, None)
    walk.state = journaled(walk.history)
    walk.take(m.LaneStarted("again"))
    assert ("charged-try-1", CONTRADICTED, "129 EUR") in calls(walk)


def test_a_second_charge_of_the_same_amount_is_another_call() -> None:
    walk = decided(Decision.REFUSED)
    walk.take(charge())
    walk.take(m.InterventionDecided("charged-try-1", Decision.APPROVED, "Ada"))
    walk.take(charge())
    ((call_id, kind, amount),) = calls(walk)
    assert (kind, amount) == (CONTRADICTED, "129 EUR")
    assert call_id != "charged-try-1"


def test_a_charge_told_before_the_order_was_sent_is_shown_to_the_shopper_who_waits() -> None:
    walk = Walk().scan().pay()
    walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.TERMINAL_NOT_READY, 0), charge())
    assert calls(walk) == [("charged-try-1", CONTRADICTED, "129 EUR")]


def test_the_charge_that_a_person_had_seen_confirms_their_word_once() -> None:
    walk = decided(Decision.APPROVED)
    assert walk.take(charge()) == ()
    walk.take(charge())
    assert [kind for _, kind, _ in calls(walk)] == [CONTRADICTED]


@pytest.mark.parametrize("told", [charge(128), charge(currency="RON"), charge(currency="0999")])
@pytest.mark.parametrize(
    "way_in", [Walk, lambda: Walk().scan(), lambda: Walk().scan().pay(), doubtful, disputed,
               lambda: decided(Decision.REFUSED), lambda: decided(Decision.APPROVED)]
)  # fmt: skip
def test_a_charge_that_fits_nothing_calls_a_person_in_every_phase_until_they_see_to_it(
    way_in: type[Walk], told: ChargeOverheard
) -> None:
    walk = way_in()
    before = walk.state
    walk.take(told)
    ((call_id, kind, amount),) = calls(walk)
    assert (kind, amount) == (CONTRADICTED, f"{told.evidence.amount_minor} {told.evidence.currency}")
    assert (walk.state.phase, walk.state.payment, walk.state.sale) == (
        before.phase,
        before.payment,
        before.sale,
    )
    assert durable(walk.state) == durable(journaled(walk.history))
    walk.take(m.InterventionDecided(call_id, Decision.APPROVED, "Ada"))
    assert walk.state.contradicted is None
