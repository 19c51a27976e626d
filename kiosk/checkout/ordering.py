"""Owns what staff order of the terminal on this lane: the day's end, one payment taken back, and the books.

It must not know how an order comes or how a terminal is reached. An order is written down when it comes,
again before the terminal hears of it, and never begun twice: not after silence, not after a restart (P1, P9).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hardware.events import CardEvidence, DayTotals, OrderDone, OrderFailed, OrderInDoubt
from hardware.ports import OrderKind as TerminalOrderKind
from hardware.ports import TerminalOrder
from inventory.domain.orders import Order, OrderKind, OrderOutcome, OrderState
from inventory.domain.reconciliation import LaneBooks, TerminalTotals
from kiosk.checkout.effects import CarryOutOrder, Effect, QueryLastPayment, QueueSale, ReportOrder
from kiosk.checkout.messages import OrderBegun, OrderReceived
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import LaneState, Phase, TerminalMemory

OUTCOMES_KEPT = 50
"""How many ends of orders can be told to the store again."""

BEGUN_KEPT = 1000
"""How many order ids are remembered so as never to be begun again: years of days, months of takings back."""


def order_received(state: LaneState, event: OrderReceived, _at: datetime) -> Outcome:
    """Keeps a new order; one that has ended is reported once more, for the store did not hear it.

    An order the lane had kept and no longer knows may have been begun before the journal was lost (C31).
    """
    order, orders = event.order, state.orders
    if order.lane_id != state.lane_id or order in (orders.running, *orders.waiting):
        return state, ()
    known = next((each for each in orders.outcomes if each.order_id == order.order_id), None)
    if known is not None:
        return state, (ReportOrder(known),)
    if order.order_id in (*orders.begun, *(each.order_id for each in orders.waiting)):
        return state, ()
    if event.was_sent:
        begun = (*orders.begun, order.order_id)[-BEGUN_KEPT:]
        state = replace(state, orders=replace(orders, begun=begun))
        return _reported(
            state, _outcome(state, order, OrderState.UNCLEAR, "the lane no longer knows this order")
        )
    state = replace(state, orders=replace(orders, waiting=(*orders.waiting, order)))
    return state, (_sent(state, order),)


def next_order(state: LaneState, *, is_asking: bool) -> Order | None:
    """The order that may begin now: no shopper, no money at risk, and nothing else under way.

    `is_asking`: the terminal still owes the lane an answer, which an order would cross.
    """
    is_free = state.phase is Phase.ATTRACT and state.orders.running is None
    if not is_free or is_asking or state.devices.storage_failed:
        return None
    return next(iter(state.orders.waiting), None)


def order_begun(state: LaneState, event: OrderBegun, _at: datetime) -> Outcome:
    """From here on the terminal may have it. What its last transaction was is no base any more (P5)."""
    orders = state.orders
    order = next((each for each in orders.waiting if each.order_id == event.order_id), None)
    if order is None or orders.running is not None:
        return state, ()
    waiting = tuple(each for each in orders.waiting if each is not order)
    begun = (*orders.begun, order.order_id)[-BEGUN_KEPT:]
    misfit = _misfit(state, order)
    state = replace(state, orders=replace(orders, waiting=waiting, running=order, begun=begun, slip=()))
    if misfit:
        return _ended(state, _outcome(state, order, OrderState.FAILED, misfit))
    state = replace(state, terminal=TerminalMemory())
    return state, (CarryOutOrder(_for_terminal(order)),)


def order_done(state: LaneState, event: OrderDone, _at: datetime) -> Outcome:
    """Done is what the terminal says, as far as it says what was asked of it."""
    order = _running(state, event.order_id)
    if order is None:
        return state, ()
    match order.kind:
        case OrderKind.CLOSE_DAY:
            done = _outcome(state, order, OrderState.DONE)
            done = replace(done, terminal=_totals(event.totals), books=state.books)
            return _ask_base(*_ended(replace(state, books=LaneBooks()), done))
        case OrderKind.TAKE_BACK:
            return _ask_base(*_taken_back(state, order, event.evidence))


def order_failed(state: LaneState, event: OrderFailed, _at: datetime) -> Outcome:
    order = _running(state, event.order_id)
    if order is None:
        return state, ()
    failed = replace(_outcome(state, order, OrderState.FAILED, event.reason), result_code=event.result_code)
    return _ask_base(*_ended(state, failed))


def order_in_doubt(state: LaneState, event: OrderInDoubt, _at: datetime) -> Outcome:
    """Nobody knows: a person looks, and nothing is sent again (P9)."""
    order = _running(state, event.order_id)
    if order is None:
        return state, ()
    return _ask_base(*_ended(state, _outcome(state, order, OrderState.UNCLEAR, event.reason)))


def resume_after_restart(state: LaneState) -> Outcome:
    """An order that was begun and has no end is unclear; one that waits is told of again."""
    effects: tuple[Effect, ...] = tuple(_sent(state, order) for order in state.orders.waiting)
    if state.orders.running is None:
        return state, effects
    unclear = _outcome(
        state,
        state.orders.running,
        OrderState.UNCLEAR,
        "the lane restarted while the terminal carried it out",
    )
    state, ended = _ended(state, unclear)
    return state, (*ended, *effects)


def booked(state: LaneState, effects: tuple[Effect, ...]) -> LaneState:
    """Counts a paid sale in the lane's books, and notes that the terminal was asked for its base."""
    for effect in effects:
        match effect:
            case QueueSale(sale):
                state = replace(state, books=state.books.with_sale(sale))
            case QueryLastPayment(query_id) if query_id == BASE_QUERY:
                state = replace(state, devices=replace(state.devices, asks_base=True))
    return state


# --- the ends of an order ------------------------------------------------------------------------


def _taken_back(state: LaneState, order: Order, evidence: CardEvidence | None) -> Outcome:
    """Another amount than the sale's, or a result that is none, is for a person (PAYMENT section 8)."""
    misfit = _evidence_misfit(order, evidence)
    if misfit:
        return _ended(state, _outcome(state, order, OrderState.UNCLEAR, misfit))
    done = _outcome(state, order, OrderState.DONE)
    if evidence is not None:
        done = replace(done, receipt_no=evidence.receipt_no)
    return _ended(replace(state, books=state.books.with_reversal(order.amount_minor)), done)


def _evidence_misfit(order: Order, evidence: CardEvidence | None) -> str:
    """Empty for none: the terminal's own "done" stands, and it may tell nothing more."""
    if evidence is None:
        return ""
    if evidence.result_code != 0:
        return f"the terminal tells result {evidence.result_code:02X}"
    if (evidence.amount_minor, evidence.currency) != (order.amount_minor, order.currency):
        told, asked = f"{evidence.amount_minor} {evidence.currency}", f"{order.amount_minor} {order.currency}"
        return f"the terminal took back {told}, {asked} asked for"
    if evidence.terminal_id != order.terminal_id:
        return f"terminal {evidence.terminal_id} answered for {order.terminal_id}"
    if evidence.card_last4 and order.card_last4 and evidence.card_last4 != order.card_last4:
        return f"the terminal paid back card {evidence.card_last4}, the sale was paid by {order.card_last4}"
    return ""


def _misfit(state: LaneState, order: Order) -> str:
    """Why a payment may not be taken back here.

    Receipt numbers mean something on one terminal only, and until its day is closed: then they come again.
    """
    if order.kind is OrderKind.CLOSE_DAY:
        return ""
    if not order.receipt_no or not order.terminal_id or order.amount_minor < 1:
        return "the order does not name the payment"
    if not state.terminal.terminal_id:
        return "which terminal is connected is not known"
    if state.terminal.terminal_id != order.terminal_id:
        return f"terminal {state.terminal.terminal_id} is connected, the sale was paid on {order.terminal_id}"
    if order.sale_receipt_no and not state.books.covers(order.sale_receipt_no):
        return f"receipt {order.sale_receipt_no} is not in the lane's books since the last end of day"
    return ""


def _ended(state: LaneState, outcome: OrderOutcome) -> Outcome:
    outcome = replace(outcome, slip=state.orders.slip)
    return _reported(replace(state, orders=replace(state.orders, running=None, slip=())), outcome)


def _reported(state: LaneState, outcome: OrderOutcome) -> Outcome:
    outcomes = (*state.orders.outcomes, outcome)[-OUTCOMES_KEPT:]
    return replace(state, orders=replace(state.orders, outcomes=outcomes)), (ReportOrder(outcome),)


def _ask_base(state: LaneState, effects: tuple[Effect, ...]) -> Outcome:
    """An order moves the terminal's receipt numbers on, or begins them anew."""
    return state, (*effects, QueryLastPayment(BASE_QUERY))


def _sent(state: LaneState, order: Order) -> ReportOrder:
    return ReportOrder(_outcome(state, order, OrderState.SENT))


def _outcome(state: LaneState, order: Order, reached: OrderState, reason: str = "") -> OrderOutcome:
    return OrderOutcome(
        order_id=order.order_id,
        kind=order.kind,
        lane_id=order.lane_id,
        state=reached,
        currency=state.currency,
        reason=reason,
        sale_id=order.sale_id,
        amount_minor=order.amount_minor,
    )


def _running(state: LaneState, order_id: str) -> Order | None:
    running = state.orders.running
    return running if running is not None and running.order_id == order_id else None


def _totals(told: DayTotals | None) -> TerminalTotals | None:
    if told is None:
        return None
    return TerminalTotals(
        told.total_minor, told.currency, told.count, told.first_receipt_no, told.last_receipt_no
    )


def _for_terminal(order: Order) -> TerminalOrder:
    match order.kind:
        case OrderKind.CLOSE_DAY:
            return TerminalOrder(order.order_id, TerminalOrderKind.END_OF_DAY)
        case OrderKind.TAKE_BACK:
            return TerminalOrder(
                order.order_id,
                TerminalOrderKind.REVERSAL,
                order.receipt_no,
                order.amount_minor,
                order.currency,
            )
