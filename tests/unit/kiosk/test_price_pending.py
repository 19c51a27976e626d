"""Goods the catalogue does not know: a row that waits for staff, costs nothing, and holds up only Pay."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.events import CardDeclined, DeclineReason
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.domain.pricing import GivenPrice
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.pricing import unknown_item
from kiosk.checkout.state import AgeCheck, PaymentState, Phase, Presence
from kiosk.checkout.visit_events import PayElsewhereRequested, RemovalUndone
from tests.support.lane_fakes import MILK, Walk, durable, gtin, journaled, line, requested
from tests.support.lane_walks import RandomWalk

CODE = gtin(977)
BREAD = GivenPrice("Rye bread", 340, "EUR", "reduced", 1000)


def unknown(line_id: str = "u", code: str = CODE) -> m.ItemScanned:
    return m.ItemScanned(BasketLine(line_id, unknown_item(code, "EUR"), 0, units=1, pending=True))


def decided(price: GivenPrice | None = BREAD, line_id: str = "u") -> m.InterventionDecided:
    decision = Decision.APPROVED if price else Decision.REFUSED
    return m.InterventionDecided(f"price-{line_id}", decision, "Marco", price)


def waiting() -> Walk:
    walk = Walk().know_terminal().scan()
    walk.take(unknown())
    return walk


def test_an_unknown_scan_asks_staff_and_leaves_the_sum_as_it_was() -> None:
    walk = waiting()
    asked = fx.RaiseIntervention("price-u", InterventionKind.PRICE, (CODE, "1"))
    assert asked in walk.effects
    assert fx.PlaySound(fx.Sound.ATTENTION) in walk.effects
    assert walk.state.basket.total_minor == MILK.price_minor
    walk.scan(line_id="b")
    assert walk.state.basket.total_minor == 2 * MILK.price_minor


def test_a_second_scan_of_the_same_number_is_one_row_and_one_question() -> None:
    walk = waiting()
    walk.take(unknown("v"))
    assert [row.units for row in walk.state.basket.pending] == [2]
    assert fx.RaiseIntervention("price-u", InterventionKind.PRICE, (CODE, "2")) in walk.effects
    walk.take(decided())
    assert walk.state.basket.total_minor == MILK.price_minor + 2 * BREAD.price_minor


def test_pay_waits_for_the_price_and_nothing_is_sent_meanwhile() -> None:
    walk = waiting()
    assert walk.take(requested(walk.state)) == ()
    assert walk.state.phase is Phase.SCANNING
    walk.take(decided())
    walk.pay()
    assert walk.of(fx.StartPayment)[0].amount_minor == MILK.price_minor + BREAD.price_minor


def test_the_sale_carries_the_number_the_name_and_who_priced_it() -> None:
    walk = waiting()
    walk.take(decided())
    walk.pay().authorise().complete()
    (sale,) = [effect.sale for effect in walk.effects if isinstance(effect, fx.QueueSale)]
    row = sale.lines[-1]
    assert (row.gtin, row.name, row.amount_minor, row.priced_by) == (CODE, "Rye bread", 340, "Marco")
    assert (row.tax_class, row.tax_rate_bp) == ("reduced", 1000)


def test_goods_that_are_not_for_sale_leave_the_basket_and_the_shopper_is_told() -> None:
    walk = waiting()
    walk.take(decided(None))
    assert [row.line_id for row in walk.state.basket.lines] == ["a"]
    assert walk.state.view.problem is m.ScanProblem.NOT_FOR_SALE


@pytest.mark.parametrize(
    "price",
    [
        replace(BREAD, price_minor=0),
        replace(BREAD, price_minor=-340),
        replace(BREAD, price_minor=100_001),
        replace(BREAD, currency="RON"),
        replace(BREAD, name=""),
        replace(BREAD, name="Bread\x07"),
        replace(BREAD, name="B" * 61),
        replace(BREAD, age_limit=17),
    ],
)
def test_a_price_that_breaks_a_limit_is_never_sold_at(price: GivenPrice) -> None:
    walk = waiting()
    walk.take(decided(price))
    assert walk.state.basket.total_minor == MILK.price_minor
    assert not walk.state.basket.pending
    assert walk.state.view.problem is m.ScanProblem.LIMIT


def test_a_price_that_no_basket_can_hold_takes_the_row_out() -> None:
    walk = Walk().scan(replace(MILK, price_minor=MAX_AMOUNT_MINOR))
    walk.take(unknown())
    walk.take(decided())
    assert walk.state.basket.total_minor == MAX_AMOUNT_MINOR
    assert walk.state.view.problem is m.ScanProblem.LIMIT


def test_skipping_the_row_tells_staff_not_to_look() -> None:
    walk = waiting()
    walk.take(m.LineRemoved("u"))
    assert fx.WithdrawIntervention("price-u", InterventionKind.PRICE) in walk.effects
    walk.take(decided())
    assert walk.state.basket.total_minor == MILK.price_minor


def test_what_is_found_by_name_comes_in_the_place_of_the_row() -> None:
    walk = waiting()
    walk.take(m.ItemScanned(line(MILK, "m"), replaces="u"))
    assert walk.state.basket.pending == ()
    assert walk.state.basket.lines[-1].units == 2
    assert fx.WithdrawIntervention("price-u", InterventionKind.PRICE) in walk.effects


def test_a_row_with_a_price_is_never_replaced() -> None:
    walk = waiting()
    walk.take(m.ItemScanned(line(MILK, "m"), replaces="a"))
    assert walk.state.basket.total_minor == 2 * MILK.price_minor
    assert walk.state.basket.pending


def test_priced_goods_with_an_age_limit_wait_for_a_look_at_the_shopper() -> None:
    walk = waiting()
    walk.take(decided(replace(BREAD, name="Plum brandy", age_limit=18)))
    assert walk.state.age is AgeCheck.WAITING
    assert walk.state.age_intervention_id == "age-u"
    assert walk.of(fx.RaiseIntervention)[0].kind is InterventionKind.AGE_CHECK


def test_after_a_power_cut_staff_are_asked_again_under_the_same_id() -> None:
    walk = waiting()
    walk.take(m.LaneStarted("again"))
    assert fx.RaiseIntervention("price-u", InterventionKind.PRICE, (CODE, "1")) in walk.effects


def test_an_unknown_scan_while_paying_waits_until_the_reader_lets_go_and_then_holds_pay() -> None:
    walk = Walk().know_terminal().scan().pay()
    walk.take(unknown())
    assert walk.of(fx.RaiseIntervention) == []
    walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.CANCELLED, 0x6C))
    assert [row.line_id for row in walk.state.basket.pending] == ["u"]
    assert walk.take(requested(walk.state, "try-2")) == ()
    assert walk.state.payment.state is PaymentState.NONE


def test_a_basket_that_is_put_away_keeps_its_question_and_one_brought_back_asks_it_again() -> None:
    walk = Walk()
    walk.take(unknown())
    walk.take(PayElsewhereRequested())
    assert walk.state.phase is Phase.PARKED
    assert walk.of(fx.WithdrawIntervention) == []
    walk.take(m.BasketResumed())
    assert fx.RaiseIntervention("price-u", InterventionKind.PRICE, (CODE, "1")) in walk.effects
    walk.take(decided())
    assert walk.state.basket.total_minor == BREAD.price_minor


def test_a_row_without_a_price_does_not_come_back_by_undo() -> None:
    walk = waiting()
    walk.take(m.LineRemoved("u"), RemovalUndone())
    assert walk.state.basket.pending == ()


@settings(max_examples=1000, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 25))
def test_no_order_of_events_lets_a_row_without_a_price_change_the_sum_be_paid_or_stop_the_scanner(
    seed: int, steps: int
) -> None:
    walk, chance = RandomWalk(), Random(seed)
    for _ in range(steps):
        walk.wander(chance)
    before = walk.state
    walk.take(unknown("the-unknown"))
    if before.phase in (Phase.PAYING, Phase.CHECKING):
        assert walk.state.basket == before.basket
        return
    if walk.state.view.problem is None:
        is_next = before.phase in (Phase.THANKS, Phase.PARKED) or before.presence is Presence.AWAY
        kept = 0 if is_next else before.basket.total_minor
        assert walk.state.basket.total_minor == kept
        assert walk.state.basket.pending
        assert walk.take(requested(walk.state, "too-early")) == ()
    walk.scan(line_id="the-scan")
    assert walk.of(fx.PlaySound), "a scan is always answered"
    assert durable(walk.state) == durable(journaled(walk.history))
