"""A disk that refuses entries: what was missed is taken up again, and nothing else is disturbed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardware.events import CardInDoubt, LastPaymentReported, QueryVerdict
from inventory.domain.help_desk import Decision, HelpState
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.assisting import UNWRITTEN
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import PaymentState, Phase
from tests.support.lane_fakes import Walk, evidence


def paying() -> Walk:
    return Walk().know_terminal().scan().pay()


def unknown() -> Walk:
    walk = paying()
    walk.take(CardInDoubt(TERMINAL, "try-1", "line lost"))
    return walk


def disputed() -> Walk:
    walk = unknown()
    walk.answer(QueryVerdict.FOUND, evidence("0099"))
    assert walk.state.payment.state is PaymentState.DISPUTED
    return walk


def recovered(walk: Walk, *missed: str) -> Walk:
    walk.take(m.StorageFailed("", "disk full"), m.StorageRecovered(missed))
    assert walk.state.devices.storage_failed == ""
    return walk


def raised(walk: Walk) -> list[str]:
    return [each.intervention_id for each in walk.effects if isinstance(each, fx.RaiseIntervention)]


@pytest.mark.parametrize(
    "missed", ["TimerExpired", "LastPaymentReported", "InterventionDecided", "LaneStarted"]
)
def test_a_doubt_that_missed_something_asks_again_and_calls_again(missed: str) -> None:
    walk = recovered(unknown(), missed)
    assert walk.state.payment.state is PaymentState.UNKNOWN
    assert fx.QueryLastPayment("try-1/2") in walk.effects
    assert fx.StartTimer(m.Timer.CHECKING) in walk.effects
    walk.take(m.TimerExpired(m.Timer.CHECKING))
    assert walk.of(fx.RaiseIntervention)


@pytest.mark.parametrize("missed", ["InterventionDecided", "LaneStarted"])
def test_a_disputed_payment_is_put_before_a_person_again_under_the_same_id(missed: str) -> None:
    walk = recovered(disputed(), missed)
    assert raised(walk) == ["pay-try-1"]


@pytest.mark.parametrize("missed", ["LanguageChosen", "ItemScanned", "HelpRequested", "FeedbackGiven"])
def test_what_has_nothing_to_do_with_money_leaves_a_running_payment_alone(missed: str) -> None:
    walk = recovered(paying(), missed)
    assert walk.state.payment.state is PaymentState.INTENT
    assert walk.state.phase is Phase.PAYING
    assert not walk.of(fx.QueryLastPayment)


def test_a_call_made_without_writing_is_not_withdrawn_when_somebody_accepts_it() -> None:
    walk = paying()
    walk.take(m.StorageFailed("", "disk full"))
    (call,) = (effect for effect in walk.effects if isinstance(effect, fx.SendHelp))
    assert call.help_id.startswith(UNWRITTEN)
    assert walk.take(m.HelpUpdated(call.help_id, HelpState.ACCEPTED, "Marco")) == ()


def test_a_late_answer_that_contradicts_a_person_stops_the_payment_begun_since_then() -> None:
    walk = unknown()
    walk.take(m.InterventionDecided("pay-try-1", Decision.REFUSED, "Marco"))
    walk.pay("try-2")
    assert walk.state.payment.state is PaymentState.INTENT
    effects = walk.take(LastPaymentReported(TERMINAL, "try-1/1", QueryVerdict.FOUND, evidence("0008")))
    assert fx.AbortPayment("try-2") in effects
    assert raised(walk) == ["charged-try-1"]


def test_a_late_answer_that_agrees_with_a_person_disturbs_nobody() -> None:
    walk = unknown()
    walk.take(m.InterventionDecided("pay-try-1", Decision.REFUSED, "Marco"))
    walk.pay("try-2")
    late = LastPaymentReported(TERMINAL, "try-1/1", QueryVerdict.FOUND, evidence("0007"))
    assert walk.take(late) == ()
    assert walk.state.payment.state is PaymentState.INTENT


def test_a_base_that_was_asked_for_and_missed_is_asked_for_again() -> None:
    walk = Walk().know_terminal().scan()
    walk.state = replace(walk.state, devices=replace(walk.state.devices, asks_base=True))
    assert fx.QueryLastPayment(BASE_QUERY) in recovered(walk, "LastPaymentReported").effects
