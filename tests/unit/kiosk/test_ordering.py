"""Orders on the lane: kept, begun once on an empty lane, told of, and never sent a second time (P1, P9)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardware.events import (
    DayTotals,
    DeviceLost,
    DeviceReady,
    LastPaymentReported,
    OrderDone,
    OrderFailed,
    OrderInDoubt,
    QueryVerdict,
)
from hardware.ports import OrderKind as TerminalOrderKind
from hardware.ports import TerminalOrder
from inventory.domain.help_desk import Decision
from inventory.domain.orders import Order, OrderKind, OrderOutcome, OrderState
from inventory.domain.reconciliation import LaneBooks, TerminalTotals
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import ordering
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.ordering import next_order
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import LaneState, PaymentState, Phase, TerminalMemory
from tests.support.lane_fakes import MILK, TID, Walk, evidence, fresh_state

LANE = fresh_state().lane_id
CLOSE = Order("order-1", OrderKind.CLOSE_DAY, LANE, "Ada")
BACK = Order("order-2", OrderKind.TAKE_BACK, LANE, "Ada", "a", TID, "0008", 129, "EUR")


def reported(walk: Walk) -> list[OrderOutcome]:
    return [effect.outcome for effect in walk.effects if isinstance(effect, fx.ReportOrder)]


def sold() -> Walk:
    """One sale, and the next shopper's welcome screen."""
    walk = Walk().know_terminal().scan().pay().authorise().complete()
    walk.take(m.TimerExpired(m.Timer.THANKS))
    return walk


def confirmed() -> Walk:
    walk = Walk().know_terminal().scan().pay()
    walk.take(m.LaneStarted("again"), m.TimerExpired(m.Timer.CHECKING))
    walk.take(m.InterventionDecided("pay-try-1", Decision.APPROVED, "Marco"), m.TimerExpired(m.Timer.THANKS))
    return walk


def owes_answer(walk: Walk) -> bool:
    return walk.state.devices.asks_base


def begun(walk: Walk, order: Order) -> Walk:
    walk.take(m.OrderReceived(order), m.OrderBegun(order.order_id))
    return walk


def test_an_order_is_kept_and_the_store_learns_that_it_is() -> None:
    walk = sold()
    walk.take(m.OrderReceived(CLOSE))
    assert walk.state.orders.waiting == (CLOSE,)
    (told,) = reported(walk)
    assert (told.order_id, told.state) == ("order-1", OrderState.SENT)
    assert walk.of(fx.CarryOutOrder) == []


def test_an_order_told_again_while_it_waits_or_runs_changes_nothing() -> None:
    walk = sold()
    walk.take(m.OrderReceived(CLOSE))
    before = walk.state
    assert walk.take(m.OrderReceived(CLOSE, was_sent=True)) == ()
    assert walk.state == before
    walk.take(m.OrderBegun("order-1"))
    before = walk.state
    assert walk.take(m.OrderReceived(CLOSE, was_sent=True)) == ()
    assert walk.state == before


def test_an_order_for_another_lane_is_nobody_s_here() -> None:
    walk = sold()
    assert walk.take(m.OrderReceived(replace(CLOSE, lane_id="lane-9"))) == ()
    assert walk.state.orders.waiting == ()


def test_the_end_of_day_is_sent_once_and_reported_with_the_lane_s_books() -> None:
    walk = begun(sold(), CLOSE)
    assert walk.of(fx.CarryOutOrder) == [
        fx.CarryOutOrder(TerminalOrder("order-1", TerminalOrderKind.END_OF_DAY))
    ]
    walk.take(OrderDone(TERMINAL, "order-1", DayTotals(129, "EUR", 1, "0001", "0008")))
    (told,) = reported(walk)
    assert told.state is OrderState.DONE
    assert told.books == LaneBooks(1, 1, 1, 129)
    assert told.terminal == TerminalTotals(129, "EUR", 1, "0001", "0008")
    assert walk.state.books == LaneBooks()
    assert walk.take(m.OrderBegun("order-1")) == ()


def test_sales_after_an_end_of_day_belong_to_the_next_one() -> None:
    walk = begun(sold(), CLOSE)
    walk.take(OrderDone(TERMINAL, "order-1"))
    walk.know_terminal("0001").scan(line_id="b").pay("try-2").authorise(receipt_no="0002").complete()
    assert walk.state.books == LaneBooks(2, 2, 1, 129)


@pytest.mark.parametrize(
    "end",
    [OrderFailed(TERMINAL, "order-1", 0x77, "not now"), OrderInDoubt(TERMINAL, "order-1", "line lost")],
)
def test_a_day_that_was_not_surely_closed_keeps_its_books(end: OrderFailed | OrderInDoubt) -> None:
    walk = begun(sold(), CLOSE)
    walk.take(end)
    (told,) = reported(walk)
    assert told.state is (OrderState.FAILED if isinstance(end, OrderFailed) else OrderState.UNCLEAR)
    assert told.reason == end.reason
    assert walk.state.books == LaneBooks(1, 1, 1, 129)


def test_after_an_order_the_old_receipt_number_is_no_base_and_the_terminal_is_asked() -> None:
    walk = begun(sold(), CLOSE)
    assert walk.state.terminal == TerminalMemory()
    walk.take(OrderDone(TERMINAL, "order-1"))
    assert walk.of(fx.QueryLastPayment) == [fx.QueryLastPayment(BASE_QUERY)]


def test_a_payment_is_taken_back_by_its_receipt_number_and_leaves_the_books() -> None:
    walk = begun(sold(), BACK)
    (sent,) = walk.of(fx.CarryOutOrder)
    assert sent == fx.CarryOutOrder(TerminalOrder("order-2", TerminalOrderKind.REVERSAL, "0008", 129, "EUR"))
    walk.take(OrderDone(TERMINAL, "order-2", evidence=evidence("0009")))
    (told,) = reported(walk)
    assert (told.state, told.sale_id, told.amount_minor, told.receipt_no) == (
        OrderState.DONE,
        "a",
        129,
        "0009",
    )
    assert walk.state.books.expected_minor == 0
    assert (walk.state.books.sale_minor, walk.state.books.reversed_minor) == (129, 129)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (evidence("0009", 500), "took back 500 EUR, 129 EUR asked for"),
        (evidence("0009", currency="RON"), "took back 129 RON"),
        (evidence("0009", result_code=0x6C), "result 6C"),
        (evidence("0009", terminal_id="52000009"), "terminal 52000009 answered"),
        (evidence("0009", card_last4="0123"), "paid back card 0123, the sale was paid by 4242"),
    ],
)
def test_another_payment_than_the_one_asked_for_is_for_a_person(told: object, why: str) -> None:
    walk = begun(sold(), replace(BACK, card_last4="4242"))
    walk.take(OrderDone(TERMINAL, "order-2", evidence=told))  # type: ignore[arg-type] # evidence by the table
    (outcome,) = reported(walk)
    assert outcome.state is OrderState.UNCLEAR
    assert why in outcome.reason
    assert walk.state.books.reversed_minor == 0


@pytest.mark.parametrize(
    ("memory", "order", "why"),
    [
        (TerminalMemory("52000009", "0008", "0008"), BACK, "terminal 52000009 is connected"),
        (TerminalMemory(), BACK, "not known"),
        (TerminalMemory(TID, "0008", "0008"), replace(BACK, receipt_no=""), "does not name the payment"),
        (TerminalMemory(TID, "0008", "0008"), replace(BACK, amount_minor=0), "does not name the payment"),
    ],
)
def test_a_payment_is_taken_back_on_its_own_terminal_only_and_nothing_is_sent_elsewhere(
    memory: TerminalMemory, order: Order, why: str
) -> None:
    walk = sold()
    walk.state = replace(walk.state, terminal=memory)
    begun(walk, order)
    assert walk.of(fx.CarryOutOrder) == []
    (outcome,) = reported(walk)
    assert outcome.state is OrderState.FAILED
    assert why in outcome.reason
    assert walk.state.orders.running is None


@pytest.mark.parametrize(("asked", "told"), [("4242", "4242"), ("4242", ""), ("", "0123")])
def test_the_card_is_compared_only_where_both_tell_it(asked: str, told: str) -> None:
    walk = begun(sold(), replace(BACK, card_last4=asked))
    walk.take(OrderDone(TERMINAL, "order-2", evidence=evidence("0009", card_last4=told)))
    (outcome,) = reported(walk)
    assert outcome.state is OrderState.DONE


@pytest.mark.parametrize("number", [2, 99])
def test_a_sale_outside_the_lane_s_books_is_not_taken_back(number: int) -> None:
    walk = begun(sold(), replace(BACK, sale_receipt_no=number))
    assert walk.of(fx.CarryOutOrder) == []
    (outcome,) = reported(walk)
    assert outcome.state is OrderState.FAILED
    assert f"receipt {number} is not in the lane's books" in outcome.reason


def test_once_the_day_is_closed_no_sale_before_it_is_taken_back() -> None:
    named = replace(BACK, sale_receipt_no=1)
    assert begun(sold(), named).of(fx.CarryOutOrder) != []
    walk = begun(sold(), CLOSE)
    walk.take(OrderDone(TERMINAL, "order-1"))
    walk.know_terminal("0001")
    begun(walk, named)
    assert walk.of(fx.CarryOutOrder) == []
    assert [told.state for told in reported(walk)] == [OrderState.FAILED]


def test_after_a_restart_a_begun_order_is_unclear_and_is_not_sent_again() -> None:
    walk = begun(sold(), BACK)
    walk.take(m.LaneStarted("again"))
    (told,) = reported(walk)
    assert (told.order_id, told.state) == ("order-2", OrderState.UNCLEAR)
    assert walk.of(fx.CarryOutOrder) == []
    walk.take(m.OrderReceived(BACK))
    (again,) = reported(walk)
    assert again == told
    assert walk.take(m.OrderBegun("order-2")) == ()
    assert walk.take(OrderDone(TERMINAL, "order-2")) == (), "late news about it proves nothing any more"


def test_after_a_restart_a_waiting_order_still_waits_and_is_told_of() -> None:
    walk = sold()
    walk.take(m.OrderReceived(CLOSE))
    walk.take(m.LaneStarted("again"))
    assert [(told.order_id, told.state) for told in reported(walk)] == [("order-1", OrderState.SENT)]
    assert walk.state.orders.waiting == (CLOSE,)


def test_c31_an_order_that_a_lost_journal_may_have_begun_is_unclear_and_not_begun() -> None:
    walk = Walk()
    walk.take(m.OrderReceived(BACK, was_sent=True))
    (told,) = reported(walk)
    assert told.state is OrderState.UNCLEAR
    assert walk.state.orders.waiting == ()
    assert walk.take(m.OrderBegun("order-2")) == ()


def test_an_order_waits_for_an_empty_lane_a_free_terminal_and_a_working_journal() -> None:
    walk = sold()
    walk.take(m.OrderReceived(CLOSE))
    assert next_order(walk.state, is_asking=False) == CLOSE
    assert next_order(walk.state, is_asking=True) is None
    walk.scan(line_id="b")
    assert next_order(walk.state, is_asking=False) is None
    assert walk.take(m.OrderBegun("order-1")) == ()
    full = Walk(sold().state)
    full.take(m.OrderReceived(CLOSE), m.StorageFailed("", "disk full"))
    assert next_order(full.state, is_asking=False) is None


@pytest.mark.parametrize(
    "phase", [Phase.SCANNING, Phase.PAYING, Phase.CHECKING, Phase.NOT_PAID, Phase.THANKS]
)
def test_no_order_begins_while_somebody_shops_or_money_is_at_risk(phase: Phase) -> None:
    state: LaneState = replace(fresh_state(), phase=phase)
    state = replace(state, orders=replace(state.orders, waiting=(CLOSE,)))
    assert next_order(state, is_asking=False) is None


def test_while_an_order_runs_nobody_can_pay_and_scanning_goes_on() -> None:
    walk = begun(sold(), CLOSE)
    walk.scan(line_id="b")
    assert walk.state.phase is Phase.SCANNING
    walk.pay("try-2")
    assert walk.of(fx.StartPayment) == []
    assert walk.state.payment.state is PaymentState.NONE


def test_the_lane_asks_for_its_base_before_an_order_may_cross_the_answer() -> None:
    walk = Walk()
    walk.take(DeviceReady(TERMINAL))
    assert owes_answer(walk)
    walk.take(LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.NO_ANSWER))
    assert not owes_answer(walk)
    walk.take(DeviceReady(TERMINAL), DeviceLost(TERMINAL, "unplugged"))
    assert not owes_answer(walk), "a lost terminal owes nothing"


def test_a_terminal_that_returns_in_mid_order_is_not_asked_for_its_base() -> None:
    walk = begun(sold(), CLOSE)
    assert walk.take(DeviceReady(TERMINAL)) == ()


def test_a_sale_that_a_person_confirmed_is_counted_apart() -> None:
    books = confirmed().state.books
    assert books.card_count == 0
    (sale,) = books.confirmed
    assert (sale.receipt_no, sale.amount_minor, sale.staff_name) == (1, MILK.price_minor, "Marco")
    assert books.expected_minor == MILK.price_minor


def test_ends_are_kept_for_the_store_up_to_a_number_and_ids_far_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ordering, "OUTCOMES_KEPT", 3)
    walk = Walk()
    for number in range(5):
        begun(walk, replace(CLOSE, order_id=f"order-{number}"))
        walk.take(OrderFailed(TERMINAL, f"order-{number}", 0, "no"))
    assert [each.order_id for each in walk.state.orders.outcomes] == ["order-2", "order-3", "order-4"]
    assert walk.take(m.OrderReceived(replace(CLOSE, order_id="order-0"))) == ()
    assert walk.state.orders.waiting == ()
