"""Owns orders to a lane's terminal on the store's side: placed once, told until their end is known, recorded.

It must not know screens or PINs, and never orders anything by itself. What a lane reports is a fact; an end
that nobody knows becomes a task for a person (PAYMENT P9).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlmodel import col, select

from inventory.db.repositories import insert_new, ordered_id, write_audit
from inventory.db.tables import LaneRow, TerminalOrderRow
from inventory.db.unit_of_work import STAFF, UnitOfWork, lane_audience
from inventory.domain.money import format_money
from inventory.domain.orders import (
    UNFINISHED,
    Order,
    OrderKind,
    OrderOutcome,
    OrderState,
    may_become,
)
from inventory.services import day_close, reversals, tasks
from inventory.services.help_desk import ForeignRequestError
from inventory.services.reversals import CardSale
from inventory.services.sale_checks import MAX_ID_LENGTH, MAX_STORED
from inventory.services.tasks import ORDER_UNCLEAR, Task
from inventory.wire import OrderMessage

_UNFINISHED = [state.value for state in UNFINISHED]
_MAX_REASON = 300
_SLIP_LINES = 60
_SLIP_COLUMNS = 48
"""A lane sends no more; whatever sends more, or what no page can show, loses it here."""


class Refusal(Enum):
    """Why an order is not placed."""

    UNKNOWN = "unknown"
    ORDERED = "ordered"
    UNCLEAR = "unclear"
    NOT_BY_CARD = "not by card"
    TAKEN_BACK = "taken back"
    DAY_CLOSED = "day closed"
    DAY_UNCLEAR = "day unclear"
    RECEIPT_TWICE = "receipt twice"


class OrderRefused(Exception):  # noqa: N818 - an answer, not a failure
    """The order was not placed and nothing was sent; `by` is who ordered the same first."""

    def __init__(self, reason: Refusal, by: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.by = by


class OutcomeUnreadableError(ValueError):
    """The report holds numbers or ids that no table can hold."""


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order with how far it came."""

    order_id: str
    kind: OrderKind
    lane_id: str
    state: OrderState
    sale_id: str
    reason: str
    ordered_by: str
    ordered_at_utc: datetime
    slip: str = ""
    """What the terminal had printed about it, where its lane prints for it."""


def close_day(uow: UnitOfWork, store_id: str, lane_id: str, *, who: str, now_utc: datetime) -> Order:
    """Orders the end of day of a lane's terminal. Raises OrderRefused."""
    if uow.session.get(LaneRow, (store_id, lane_id), with_for_update=True) is None:
        raise OrderRefused(Refusal.UNKNOWN)
    refused = _second(uow, store_id, lane_id, OrderKind.CLOSE_DAY)
    if refused is not None:
        raise refused
    order = Order(ordered_id(now_utc), OrderKind.CLOSE_DAY, lane_id, who)
    return _place(uow, store_id, order, lane_id, now_utc)


def take_back(uow: UnitOfWork, store_id: str, sale_id: str, *, who: str, now_utc: datetime) -> Order:
    """Orders a sale's card payment to be taken back: once, and while the terminal's day is open.

    Raises OrderRefused.
    """
    found = reversals.find(uow, store_id, sale_id, is_locked=True)
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN)
    refused = refusal_of(uow, store_id, found)
    if refused is not None:
        raise refused
    sale, tender = found.sale, found.tender
    assert tender is not None, "a payment not known by the terminal is refused above"
    order = Order(
        ordered_id(now_utc),
        OrderKind.TAKE_BACK,
        sale.lane_id,
        who,
        sale_id,
        tender.terminal_id,
        tender.terminal_receipt_no,
        tender.amount_minor,
        sale.currency,
        tender.card_last4,
        sale.receipt_no,
    )
    amount = format_money(order.amount_minor, order.currency, "en")
    return _place(uow, store_id, order, f"{sale.lane_id}, receipt {sale.receipt_no}, {amount}", now_utc)


def refusal_of(uow: UnitOfWork, store_id: str, found: CardSale) -> OrderRefused | None:
    """Why a sale's payment cannot be ordered back now; None when it can."""
    sale = found.sale
    if found.taken_back_at_utc is not None:
        return OrderRefused(Refusal.TAKEN_BACK, found.taken_back_by)
    if found.tender is None:
        return OrderRefused(Refusal.NOT_BY_CARD)
    for row in _orders(uow, store_id, TerminalOrderRow.sale_id == sale.sale_id):
        if row.state in _UNFINISHED:
            return OrderRefused(Refusal.ORDERED, row.ordered_by)
        if row.state == OrderState.UNCLEAR.value:
            return OrderRefused(Refusal.UNCLEAR, row.ordered_by)
    return _day_over(uow, store_id, found)


def _day_over(uow: UnitOfWork, store_id: str, found: CardSale) -> OrderRefused | None:
    """Why the payment's receipt number may mean another payment by now, or soon."""
    sale = found.sale
    closings = day_close.last_closings(uow, store_id)
    closing = closings.get(sale.lane_id)
    if closing is not None and closing.is_over(sale.receipt_no):
        return OrderRefused(Refusal.DAY_CLOSED)
    unclear = (
        TerminalOrderRow.lane_id == sale.lane_id,
        TerminalOrderRow.kind == OrderKind.CLOSE_DAY.value,
        TerminalOrderRow.state == OrderState.UNCLEAR.value,
    )
    if _orders(uow, store_id, *unclear):
        return OrderRefused(Refusal.DAY_UNCLEAR)
    closed_up_to = {lane_id: each.last_receipt_no for lane_id, each in closings.items()}
    if reversals.shares_receipt(uow, store_id, found, closed_up_to):
        return OrderRefused(Refusal.RECEIPT_TWICE)
    return _second(uow, store_id, sale.lane_id, OrderKind.CLOSE_DAY)


def of_lane(uow: UnitOfWork, store_id: str, lane_id: str) -> list[OrderMessage]:
    """What a lane is told at every connection: orders whose end is not known, the oldest first."""
    wanted = col(TerminalOrderRow.state).in_(_UNFINISHED)
    rows = _orders(uow, store_id, TerminalOrderRow.lane_id == lane_id, wanted)
    return [_message(uow, row) for row in rows]


def newest_of_lanes(uow: UnitOfWork, store_id: str, kind: OrderKind) -> dict[str, PlacedOrder]:
    """Each lane's newest order of a kind."""
    return {row.lane_id: _placed(row) for row in _orders(uow, store_id, TerminalOrderRow.kind == kind.value)}


def of_sales(uow: UnitOfWork, store_id: str, sale_ids: Collection[str]) -> dict[str, PlacedOrder]:
    """Each sale's newest order, of those sales that have one."""
    rows = _orders(uow, store_id, col(TerminalOrderRow.sale_id).in_(sale_ids))
    return {row.sale_id: _placed(row) for row in rows}


def receive(uow: UnitOfWork, store_id: str, outcome: OrderOutcome, now_utc: datetime) -> None:
    """Takes a lane's word on an order; the same again, or an older one, changes nothing.

    An order this store has lost is recorded all the same. Raises ForeignRequestError, OutcomeUnreadableError.
    """
    _refuse_unreadable(outcome)
    order_id = outcome.order_id
    insert_new(uow.session, _new_row(store_id, _order_of(outcome), now_utc))
    row = uow.session.get(TerminalOrderRow, (store_id, order_id), with_for_update=True)
    assert row is not None, "it was there or was made just now"
    same = row.lane_id == outcome.lane_id and row.kind == outcome.kind.value
    if not same or (outcome.kind is OrderKind.TAKE_BACK and not _is_about(uow, row, outcome)):
        raise ForeignRequestError(f"Order {order_id} was for another lane or another thing.")
    current = OrderState(row.state)
    if current is OrderState.UNCLEAR or not may_become(current, outcome.state):
        return  # what nobody knew, a person settles
    row.slip = _slip_text(outcome.slip)
    _move(uow, row, outcome.state, outcome.reason, now_utc)
    match outcome.state:
        case OrderState.DONE:
            _record(uow, row, outcome, now_utc)
        case OrderState.UNCLEAR:
            tasks.make(uow, store_id, _unclear_task(uow, row), now_utc)


def _is_about(uow: UnitOfWork, row: TerminalOrderRow, outcome: OrderOutcome) -> bool:
    """Whether a report names the sale and the sum that were ordered, and a sale of its own lane at all."""
    told = (outcome.sale_id, outcome.amount_minor, outcome.currency)
    found = reversals.find(uow, row.store_id, row.sale_id)
    if told != (row.sale_id, row.amount_minor, row.currency):
        return False
    if found is None or found.tender is None:
        return found is None  # a sale may reach the store later than what was ordered about it
    return found.sale.lane_id == outcome.lane_id and found.tender.amount_minor == outcome.amount_minor


def settle(
    uow: UnitOfWork, store_id: str, order_id: str, *, was_done: bool, who: str, now_utc: datetime
) -> None:
    """A person has read the terminal's own slip about an unclear order. Raises OrderRefused, TaskGone.

    A day's end that is settled so closes the day without figures: the next one is compared with two days'
    sales, and no older payment is taken back any more.
    """
    row = uow.session.get(TerminalOrderRow, (store_id, order_id), with_for_update=True)
    if row is None or row.state != OrderState.UNCLEAR.value:
        raise OrderRefused(Refusal.UNKNOWN)
    row.settled_by, unclear_since_utc = who, row.changed_at_utc
    note = "the terminal’s slip shows it" if was_done else "the terminal’s slip does not show it"
    _move(uow, row, OrderState.DONE if was_done else OrderState.FAILED, note, now_utc)
    tasks.finish(uow, store_id, f"{order_id}:{ORDER_UNCLEAR}", who=who, note=note, now_utc=now_utc)
    if was_done and row.kind == OrderKind.CLOSE_DAY.value:
        day_close.record_settled(uow, store_id, order_id, row.lane_id, closed_at_utc=unclear_since_utc)
    if was_done and row.kind == OrderKind.TAKE_BACK.value:
        outcome = OrderOutcome(
            order_id,
            OrderKind.TAKE_BACK,
            row.lane_id,
            OrderState.DONE,
            row.currency,
            sale_id=row.sale_id,
            amount_minor=row.amount_minor,
        )
        reversals.record(uow, store_id, outcome, who=who, now_utc=now_utc)


def _place(uow: UnitOfWork, store_id: str, order: Order, about: str, now_utc: datetime) -> Order:
    is_new = insert_new(uow.session, _new_row(store_id, order, now_utc))
    assert is_new, "an order's id is made for it"
    what = f"order.{order.kind.value}"
    write_audit(uow.session, store_id, who=order.ordered_by, what=what, detail=about, at_utc=now_utc)
    audience = lane_audience(order.lane_id)
    uow.announce(store_id, "order", message=OrderMessage(order=order), audience=audience)
    return order


def _record(uow: UnitOfWork, row: TerminalOrderRow, outcome: OrderOutcome, now_utc: datetime) -> None:
    match outcome.kind:
        case OrderKind.CLOSE_DAY:
            day_close.record(uow, row.store_id, outcome, now_utc)
        case OrderKind.TAKE_BACK:
            who = row.ordered_by or outcome.lane_id
            reversals.record(uow, row.store_id, outcome, who=who, now_utc=now_utc)


def _move(uow: UnitOfWork, row: TerminalOrderRow, state: OrderState, reason: str, now_utc: datetime) -> None:
    row.state, row.reason, row.changed_at_utc = state.value, reason[:_MAX_REASON], now_utc
    uow.session.add(row)
    uow.session.flush()
    # For staff pages alone: a lane is never told of an order that has ended.
    uow.announce(row.store_id, "order", message=_message(uow, row), audience=STAFF)


def _second(uow: UnitOfWork, store_id: str, lane_id: str, kind: OrderKind) -> OrderRefused | None:
    """An order of this kind that is still on its way on the lane."""
    wanted = col(TerminalOrderRow.state).in_(_UNFINISHED)
    same = (TerminalOrderRow.lane_id == lane_id, TerminalOrderRow.kind == kind.value, wanted)
    first = next(iter(_orders(uow, store_id, *same)), None)
    return OrderRefused(Refusal.ORDERED, first.ordered_by) if first is not None else None


def _orders(uow: UnitOfWork, store_id: str, *wanted: object) -> list[TerminalOrderRow]:
    """In the order they were made."""
    conditions: tuple[object, ...] = (TerminalOrderRow.store_id == store_id, *wanted)
    found = select(TerminalOrderRow).where(*conditions)  # type: ignore[arg-type] # columns and bools alike
    ordered = found.order_by(col(TerminalOrderRow.ordered_at_utc), col(TerminalOrderRow.order_id))
    return list(uow.session.exec(ordered).all())


def _unclear_task(uow: UnitOfWork, row: TerminalOrderRow) -> Task:
    name = day_close.lane_name(uow, row.store_id, row.lane_id)
    if row.kind == OrderKind.CLOSE_DAY.value:
        what = f"the day of {name} was closed"
    else:
        found = reversals.find(uow, row.store_id, row.sale_id)
        which = f"receipt {found.sale.receipt_no}" if found else f"sale {row.sale_id}"
        what = f"{format_money(row.amount_minor, row.currency, 'en')} of {which} on {name} was paid back"
    words = f"Nobody knows whether {what}: {row.reason}. Look at the terminal’s own slip."
    return Task(
        f"{row.order_id}:{ORDER_UNCLEAR}",
        ORDER_UNCLEAR,
        row.lane_id,
        words,
        row.currency,
        row.amount_minor,
        row.order_id,
        row.sale_id,
    )


def _refuse_unreadable(outcome: OrderOutcome) -> None:
    if outcome.state is OrderState.OPEN:
        raise OutcomeUnreadableError("A lane cannot make an order open.")
    numbers = [outcome.amount_minor, outcome.result_code]
    books, terminal = outcome.books, outcome.terminal
    if books is not None:
        numbers += [books.first_receipt_no, books.last_receipt_no, books.card_count, books.card_minor]
        numbers += [books.reversed_count, books.reversed_minor, books.sale_minor]
        numbers += [sale.receipt_no for sale in books.confirmed]
    if terminal is not None:
        numbers += [terminal.total_minor, terminal.count or 0]
    if any(abs(number) > MAX_STORED for number in numbers):
        raise OutcomeUnreadableError("A number in the report is larger than any amount or count can be.")
    ids = [outcome.order_id, *([outcome.sale_id] if outcome.sale_id else [])]
    ids += [sale.sale_id for sale in books.confirmed] if books is not None else []
    if not all(0 < len(each) <= MAX_ID_LENGTH and each.isprintable() for each in ids):
        raise OutcomeUnreadableError("An id in the report is empty, too long or not printable.")
    if not (len(outcome.currency) == 3 and outcome.currency.isascii() and outcome.currency.isalpha()):
        raise OutcomeUnreadableError("The currency of the report is none.")


def _order_of(outcome: OrderOutcome) -> Order:
    """What an order must have been, from its report."""
    return Order(
        outcome.order_id,
        outcome.kind,
        outcome.lane_id,
        sale_id=outcome.sale_id,
        amount_minor=outcome.amount_minor,
        currency=outcome.currency,
    )


def _new_row(store_id: str, order: Order, now_utc: datetime) -> TerminalOrderRow:
    return TerminalOrderRow(
        store_id=store_id,
        order_id=order.order_id,
        lane_id=order.lane_id,
        kind=order.kind.value,
        state=OrderState.OPEN.value,
        sale_id=order.sale_id,
        terminal_id=order.terminal_id,
        receipt_no=order.receipt_no,
        amount_minor=order.amount_minor,
        currency=order.currency,
        ordered_by=order.ordered_by,
        ordered_at_utc=now_utc,
        changed_at_utc=now_utc,
    )


def _order(uow: UnitOfWork, row: TerminalOrderRow) -> Order:
    """As it was placed: what the lane compares stands in the sale, whose row never changes."""
    found = reversals.find(uow, row.store_id, row.sale_id) if row.sale_id else None
    return Order(
        row.order_id,
        OrderKind(row.kind),
        row.lane_id,
        row.ordered_by,
        row.sale_id,
        row.terminal_id,
        row.receipt_no,
        row.amount_minor,
        row.currency,
        found.tender.card_last4 if found and found.tender else "",
        found.sale.receipt_no if found else 0,
    )


def _message(uow: UnitOfWork, row: TerminalOrderRow) -> OrderMessage:
    return OrderMessage(order=_order(uow, row), state=OrderState(row.state))


def _placed(row: TerminalOrderRow) -> PlacedOrder:
    return PlacedOrder(
        row.order_id,
        OrderKind(row.kind),
        row.lane_id,
        OrderState(row.state),
        row.sale_id,
        row.reason,
        row.ordered_by,
        row.ordered_at_utc,
        row.slip,
    )


def _slip_text(lines: tuple[str, ...]) -> str:
    shown = ("".join(filter(str.isprintable, line)) for line in lines[:_SLIP_LINES])
    return "\n".join(line[:_SLIP_COLUMNS] for line in shown)
