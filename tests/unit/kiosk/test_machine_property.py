"""The checkout under any order of events: nothing breaks, money is safe, and the journal rebuilds it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.events import CardAuthorised, OrderDone
from inventory.domain.orders import OrderState
from inventory.domain.sales import disagreements
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.journaled import JOURNALED
from kiosk.checkout.state import MONEY_AT_RISK, LaneState, PaymentState, Phase, View
from tests.support.lane_fakes import Walk, durable, fresh_state, journaled
from tests.support.lane_walks import RandomWalk, is_settled_by

STEPS = 12_000


class Witness:
    """Watches every step of a walk and remembers what must happen once only."""

    def __init__(self) -> None:
        self.started: set[str] = set()
        self.confirmed: set[str] = set()
        self.sale_ids: set[str] = set()
        self.ordered: set[str] = set()
        self.ended: dict[str, OrderState] = {}
        self.phases: set[Phase] = set()
        self.money: set[PaymentState] = set()
        self.priced: set[str] = set()
        self.deeds: set[str] = set()

    def see(self, before: LaneState, event: m.Event, walk: Walk) -> None:
        after = walk.state
        self.phases.add(after.phase)
        self.money.add(after.payment.state)
        if before.payment.state in MONEY_AT_RISK and after.payment.state in MONEY_AT_RISK:
            assert after.basket == before.basket
        self._see_pending(before, event, walk)
        self._see_staff(before, event, walk)
        if type(event) not in JOURNALED:
            assert durable(after) == durable(before), f"{event} changes what only the journal may change"
        self._see_money(before, event, walk)
        self._see_sale(before, event, walk)
        self._see_orders(before, event, walk)

    def _see_staff(self, before: LaneState, event: m.Event, walk: Walk) -> None:
        """Staff never meet a card that is awaited, and leave a report with their name for every deed."""
        after = walk.state
        assert after.staff is None or after.phase is not Phase.PAYING
        reports = walk.of(fx.ReportStaff)
        if isinstance(event, m.StaffActed):
            assert len(reports) == int(durable(after) != durable(before) or bool(walk.of(fx.PrintReceipt)))
            assert after.payment == before.payment
            self.deeds |= {effect.report.what for effect in reports}
        for effect in reports:
            assert effect.report in after.staff_reports
            assert effect.report.staff_name

    def _see_pending(self, before: LaneState, event: m.Event, walk: Walk) -> None:
        """A row without a price is worth nothing, is never paid for, and is asked about until it goes."""
        basket = walk.state.basket
        assert basket.total_minor == sum(line.amount_minor for line in basket.lines if not line.pending)
        assert not (basket.pending and walk.state.payment.state in MONEY_AT_RISK)
        asked = {effect.intervention_id for effect in walk.of(fx.RaiseIntervention)}
        dropped = {effect.intervention_id for effect in walk.of(fx.WithdrawIntervention)}
        was = {f"price-{line.line_id}" for line in before.basket.pending}
        now = {f"price-{line.line_id}" for line in basket.pending}
        assert now - was <= asked
        kept = {f"price-{line.line_id}" for each in walk.state.parked for line in each.basket.pending}
        decided = {event.intervention_id} if isinstance(event, m.InterventionDecided) else set()
        assert was - now <= dropped | decided | kept
        self.priced |= {line.line_id for line in basket.lines if line.priced_by}

    def _see_orders(self, before: LaneState, event: m.Event, walk: Walk) -> None:
        for effect in walk.effects:
            match effect:
                case fx.CarryOutOrder(order):
                    assert isinstance(event, m.OrderBegun)
                    assert before.phase is Phase.ATTRACT
                    assert before.payment.state not in MONEY_AT_RISK
                    assert order.order_id not in self.ordered, "an order is begun once (P9)"
                    self.ordered.add(order.order_id)
                case fx.StartPayment():
                    assert before.orders.running is None
                case fx.ReportOrder(outcome) if outcome.state is not OrderState.SENT:
                    assert self.ended.setdefault(outcome.order_id, outcome.state) is outcome.state
        running = walk.state.orders.running
        assert running is None or running.order_id not in self.ended

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
            assert not before.basket.pending
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
    assert {"lane.void", "lane.void-all", "lane.reprint", "lane.close", "lane.open"} <= witness.deeds
    assert len(witness.priced) > 2, "the walk is of no use when staff price nothing"
    assert set(witness.ended.values()) == {OrderState.DONE, OrderState.FAILED, OrderState.UNCLEAR}
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
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 200))
def test_a_restart_ends_a_running_order_as_unclear_and_begins_none(seed: int, steps: int) -> None:
    walk, _ = wander(seed, steps)
    running = walk.state.orders.running
    walk.take(m.LaneStarted("again"))
    assert walk.state.orders.running is None
    assert walk.of(fx.CarryOutOrder) == []
    unclear = {
        effect.outcome.order_id
        for effect in walk.effects
        if isinstance(effect, fx.ReportOrder) and effect.outcome.state is OrderState.UNCLEAR
    }
    assert unclear == ({running.order_id} if running else set())


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 200))
def test_the_books_hold_every_sale_since_the_last_end_of_day(seed: int, steps: int) -> None:
    walk, chance = RandomWalk(), Random(seed)
    count = total_minor = 0
    for _ in range(steps):
        walk.wander(chance)
        for effect in walk.effects:
            match effect:
                case fx.QueueSale(sale):
                    count, total_minor = count + 1, total_minor + sale.total_minor
                case fx.ReportOrder(outcome) if isinstance(walk.history[-1][0], OrderDone) and outcome.books:
                    assert (outcome.books.sale_count, outcome.books.sale_minor) == (count, total_minor)
                    count = total_minor = 0
    assert (walk.state.books.sale_count, walk.state.books.sale_minor) == (count, total_minor)


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
