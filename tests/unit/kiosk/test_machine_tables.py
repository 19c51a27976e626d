"""The tables of the checkout: nothing is left out, everything can be reached, and what is illegal stops."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import get_args

import pytest

from hardware.events import CardDeclined, CardInDoubt, DeclineReason
from inventory.domain.help_desk import Decision
from kiosk.checkout import machine
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.journaled import JOURNALED
from kiosk.checkout.machine import TERMINAL, step
from kiosk.checkout.state import DELAYS_S, MONEY_AT_RISK, Attempt, Payment, PaymentState, Phase
from kiosk.checkout.tables import IGNORED, MONEY_OF_PHASE, PAYMENTS, PHASES
from tests.support.lane_fakes import NOON, Walk, fresh_state, requested
from tests.support.lane_walks import RandomWalk

EVENTS: tuple[type, ...] = get_args(m.Event)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_event_is_handled_or_ignored_on_purpose_in_every_phase(event: type) -> None:
    handled, ignored = set(PHASES[event]), IGNORED.get(event, frozenset())
    assert handled | ignored == set(Phase)
    assert not handled & ignored
    assert all(PHASES[event].values()), "a handled event leads somewhere"


def test_every_event_that_is_handled_has_a_handler_and_every_timer_a_length() -> None:
    assert set(machine._HANDLERS) == {event for event in EVENTS if PHASES[event]}
    assert set(DELAYS_S) == set(m.Timer)
    assert set(EVENTS) >= JOURNALED


def test_every_phase_and_every_money_state_are_coupled() -> None:
    assert set(MONEY_OF_PHASE) == set(Phase)
    assert set().union(*MONEY_OF_PHASE.values()) == set(PaymentState)
    assert set(PAYMENTS) == set(PaymentState)


def test_money_is_at_risk_exactly_while_paying_or_checking() -> None:
    at_risk = MONEY_OF_PHASE[Phase.PAYING] | MONEY_OF_PHASE[Phase.CHECKING]
    assert at_risk == MONEY_AT_RISK


def doubtful() -> Walk:
    walk = Walk().know_terminal().scan().pay()
    walk.take(CardInDoubt(TERMINAL, "try-1", "line lost"))
    return walk


def paid() -> Walk:
    return Walk().know_terminal().scan().pay().authorise().complete()


def declined() -> Walk:
    walk = Walk().know_terminal().scan().pay()
    walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.REFUSED_BY_BANK, 0x6C))
    return walk


def parked() -> Walk:
    walk = Walk().scan()
    walk.take(v.PayElsewhereRequested())
    return walk


WAYS_IN = {
    Phase.ATTRACT: Walk,
    Phase.SCANNING: lambda: Walk().scan(),
    Phase.PAYING: lambda: Walk().know_terminal().scan().pay(),
    Phase.CHECKING: doubtful,
    Phase.NOT_PAID: declined,
    Phase.THANKS: paid,
    Phase.PARKED: parked,
}


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_can_be_reached_and_left_for_the_welcome_screen(phase: Phase) -> None:
    walk = WAYS_IN[phase]()
    assert walk.state.phase is phase
    if phase is Phase.PAYING:
        walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.CANCELLED, 0x6C))
    if phase is Phase.CHECKING:
        walk.take(m.InterventionDecided("pay-try-1", Decision.REFUSED, "Marco"))
    if walk.state.phase is Phase.NOT_PAID:
        walk.take(m.BasketResumed())
    if walk.state.phase is Phase.SCANNING:
        walk.take(m.LineRemoved("a"), m.TimerExpired(m.Timer.IDLE))
    if walk.state.phase is Phase.PARKED:
        walk.take(m.TimerExpired(m.Timer.CODE))
    if walk.state.phase is Phase.THANKS:
        walk.take(m.TimerExpired(m.Timer.THANKS))
    assert walk.state.phase is Phase.ATTRACT
    assert walk.state.payment.state is PaymentState.NONE
    assert not walk.state.basket.lines


def test_every_listed_way_between_phases_is_really_taken_by_somebody() -> None:
    """A way that no walk ever takes is either dead or a hole in the tests."""
    taken: set[tuple[Phase, Phase]] = set()
    for seed in range(8):
        walk, chance = RandomWalk(), Random(seed)
        for _ in range(3000):
            before = walk.state.phase
            walk.wander(chance)
            taken.add((before, walk.state.phase))
    listed = {(before, after) for row in PHASES.values() for before, ways in row.items() for after in ways}
    # A full basket can only be met with a first line that is too dear, which no walk scans.
    assert listed - taken <= {(Phase.THANKS, Phase.ATTRACT)}
    assert taken <= listed


def test_an_event_out_of_place_changes_nothing_and_does_nothing() -> None:
    for event_type, phases in IGNORED.items():
        for phase in phases:
            state = WAYS_IN[phase]().state
            event = sample(event_type)
            assert step(state, event, NOON) == (state, ()), (event_type, phase)


def sample(kind: type) -> m.Event:
    chance, walk = Random(1), RandomWalk()
    walk.scan()
    for _ in range(20_000):
        event = walk.next_event(chance)
        if type(event) is kind:
            return event
    raise AssertionError(f"no walk ever makes a {kind.__name__}")


def test_an_intent_over_another_amount_than_the_basket_s_stops_the_lane() -> None:
    walk = Walk().know_terminal().scan()
    wrong = replace(requested(walk.state), amount_minor=walk.state.basket.total_minor + 1)
    with pytest.raises(AssertionError, match="basket's total"):
        walk.take(wrong)


def test_a_phase_that_the_table_does_not_list_stops_the_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PHASES[m.ItemScanned], Phase.ATTRACT, frozenset({Phase.ATTRACT}))
    with pytest.raises(AssertionError, match="may not become"):
        Walk().scan()


def test_a_money_state_that_the_table_does_not_list_stops_the_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PAYMENTS, PaymentState.AUTHED, frozenset())
    walk = Walk().know_terminal().scan().pay().authorise()
    with pytest.raises(AssertionError, match="may not become"):
        walk.complete()


def test_a_handler_that_touches_the_basket_of_an_open_payment_stops_the_lane(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(
        machine._HANDLERS,
        m.FeedbackGiven,
        lambda state, _event, _at: (replace(state, basket=state.basket.remove("a")), ()),
    )
    monkeypatch.setitem(PHASES[m.FeedbackGiven], Phase.PAYING, frozenset({Phase.PAYING}))
    walk = Walk().know_terminal().scan().pay()
    with pytest.raises(AssertionError, match="basket of an open payment"):
        walk.take(m.FeedbackGiven("good"))


def test_a_phase_cannot_hold_money_that_is_not_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = Attempt("try-9", 129, "EUR", "", "", "", "")
    forged = Payment(PaymentState.INTENT, attempt)
    monkeypatch.setitem(
        machine._HANDLERS, m.HelpCancelled, lambda state, _event, _at: (replace(state, payment=forged), ())
    )
    with pytest.raises(AssertionError, match="INTENT"):
        Walk(fresh_state()).take(m.HelpCancelled())
