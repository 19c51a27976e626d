"""The checkout under any order of events: nothing breaks, money is safe, and the journal rebuilds it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.events import CardAuthorised
from inventory.domain.sales import disagreements
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.state import MONEY_AT_RISK, LaneState, PaymentState, Phase, View
from tests.support.lane_fakes import Walk, durable, fresh_state, journaled
from tests.support.lane_walks import RandomWalk, is_settled_by

STEPS = 8000


class Witness:
    """Watches every step of a walk and remembers what must happen once only."""

    def __init__(self) -> None:
        self.started: set[str] = set()
        self.confirmed: set[str] = set()
        self.sale_ids: set[str] = set()
        self.phases: set[Phase] = set()
        self.money: set[PaymentState] = set()

    def see(self, before: LaneState, event: m.Event, walk: Walk) -> None:
        after = walk.state
        self.phases.add(after.phase)
        self.money.add(after.payment.state)
        if before.payment.state in MONEY_AT_RISK and after.payment.state in MONEY_AT_RISK:
            assert after.basket == before.basket
        if type(event) not in m.JOURNALED:
            assert durable(after) == durable(before), f"{event} changes what only the journal may change"
        self._see_money(before, event, walk)
        self._see_sale(before, event, walk)

    def _see_money(self, before: LaneState, event: m.Event, walk: Walk) -> None:
        for effect in walk.effects:
            match effect:
                case fx.StartPayment(attempt_id, amount_minor):
                    assert isinstance(event, m.PaymentRequested)
                    assert before.payment.state not in MONEY_AT_RISK
                    assert attempt_id not in self.started
                    assert amount_minor == before.basket.total_minor
                    self.started.add(attempt_id)
                case fx.ConfirmPayment(attempt_id):
                    assert isinstance(event, CardAuthorised)
                    assert walk.state.payment.state is PaymentState.AUTHED
                    assert walk.attempt.attempt_id == attempt_id
                    assert attempt_id not in self.confirmed
                    self.confirmed.add(attempt_id)

    def _see_sale(self, before: LaneState, event: m.Event, walk: Walk) -> None:
        after = walk.state
        sales = [effect.sale for effect in walk.effects if isinstance(effect, fx.QueueSale)]
        became_paid = (
            after.payment.state is PaymentState.PAID and before.payment.state is not PaymentState.PAID
        )
        assert len(sales) == int(became_paid)
        for sale in sales:
            assert is_settled_by(event, before), event
            assert disagreements(sale) == ()
            assert sale.total_minor == before.basket.total_minor
            assert sale.receipt_no == before.last_receipt_no + 1
            assert sale.sale_id not in self.sale_ids
            self.sale_ids.add(sale.sale_id)


def wander(seed: int, steps: int) -> tuple[RandomWalk, Witness]:
    walk, witness, chance = RandomWalk(), Witness(), Random(seed)
    for _ in range(steps):
        before = walk.state
        event = walk.wander(chance)
        witness.see(before, event, walk)
    return walk, witness


@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_events_in_any_order_keep_the_money_safe(seed: int) -> None:
    walk, witness = wander(seed, STEPS)
    assert witness.phases == set(Phase)
    assert witness.money == set(PaymentState)
    assert len(witness.sale_ids) > 5, "the walk is of no use when nobody ever pays"
    assert durable(walk.state) == durable(journaled(walk.history))


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 80))
def test_replaying_the_journaled_events_alone_rebuilds_what_lasts(seed: int, steps: int) -> None:
    walk, _ = wander(seed, steps)
    assert durable(walk.state) == durable(journaled(walk.history))


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 60))
def test_a_restart_at_any_moment_leaves_no_payment_without_a_question_or_a_person(
    seed: int, steps: int
) -> None:
    walk, _ = wander(seed, steps)
    open_before = walk.state.payment.state in MONEY_AT_RISK
    walk.take(m.LaneStarted("again"))
    asked = bool(walk.of(fx.QueryLastPayment))
    called = bool(walk.of(fx.RaiseIntervention))
    assert walk.state.view == View()
    if open_before:
        assert walk.state.phase is Phase.CHECKING
        assert asked or called
    else:
        assert walk.state.payment.state not in MONEY_AT_RISK


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 60))
def test_a_scan_is_heard_in_every_phase_but_checking(seed: int, steps: int) -> None:
    walk, _ = wander(seed, steps)
    phase, held = walk.state.phase, len(walk.state.payment.added_while_paying)
    walk.scan(line_id="the-scan")
    if phase is Phase.CHECKING:
        assert walk.effects == ()
    elif phase is Phase.PAYING:
        assert len(walk.state.payment.added_while_paying) == held + 1
    else:
        sounds = [effect for effect in walk.effects if isinstance(effect, fx.PlaySound)]
        assert len(sounds) == 1


def test_the_same_events_lead_to_the_same_lane() -> None:
    one, _ = wander(11, 400)
    other, _ = wander(11, 400)
    assert one.state == other.state
    assert one.state != fresh_state()
