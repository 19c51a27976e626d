"""Owns a lane's end of day on the store's side: the three books side by side, and a task for each difference.

It must not correct anything. The sales compared are those between the lane's first and last receipt since
its former closing, by number, whatever any clock says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.repositories import insert_new
from inventory.db.tables import ClosingRow, LaneRow, SaleEventRow, SaleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.orders import OrderKind, OrderOutcome, OrderState
from inventory.domain.reconciliation import (
    Difference,
    DifferenceKind,
    LaneBooks,
    StoreBooks,
    compare,
    difference_words,
)
from inventory.services import tasks
from inventory.services.stores import business_time, find_store
from inventory.services.tasks import Task
from inventory.wire import OrderReport

MAX_RECEIPTS = 1_000_000
"""More than this between two closings is no day's work: gaps are not looked for one by one."""

_MISSING_KEPT = 100
_FIRST_CLOSING = " This is the first closing the store knows of this lane: earlier days may be in it."
_TERMINAL_KINDS = frozenset(
    {DifferenceKind.TERMINAL_MORE, DifferenceKind.TERMINAL_LESS, DifferenceKind.TERMINAL_COUNT}
)


@dataclass(frozen=True, slots=True)
class Closing:
    """One end of day. `terminal_*` are None where the terminal did not tell; amounts in minor units.

    `has_figures` is False for one that a person read off the terminal's slip: no lane told its books then.
    `last_receipt_no` is the lane's highest receipt that this closing or any other lies over.
    """

    lane_id: str
    closed_at_utc: datetime
    currency: str
    lane_count: int
    lane_minor: int
    terminal_count: int | None
    terminal_minor: int | None
    store_count: int
    store_minor: int
    reversed_minor: int
    task_count: int
    last_receipt_no: int
    has_figures: bool

    def is_over(self, receipt_no: int) -> bool:
        """Whether the day was closed over a sale of its lane: by receipt number, whatever any clock says.

        Of a lane that began its numbers anew, the low ones count as closed: a no too many moves no money.
        """
        return self.last_receipt_no >= receipt_no


def record(uow: UnitOfWork, store_id: str, outcome: OrderOutcome, now_utc: datetime) -> None:
    """Compares the books of a finished end of day and keeps both; the same report again changes nothing."""
    lane = outcome.books or LaneBooks()
    store = store_books(uow, store_id, outcome.lane_id, lane)
    differences = compare(lane, outcome.terminal, store, currency=outcome.currency)
    is_first = not last_closings(uow, store_id).get(outcome.lane_id)
    if not insert_new(uow.session, _row(uow, store_id, outcome, lane, store, len(differences), now_utc)):
        return
    name = lane_name(uow, store_id, outcome.lane_id)
    for difference in differences:
        words = difference_words(difference, lane_name=name, currency=outcome.currency)
        if is_first and difference.kind in _TERMINAL_KINDS:
            words += _FIRST_CLOSING
        tasks.make(uow, store_id, _task(outcome, difference, words), now_utc)


def record_settled(
    uow: UnitOfWork, store_id: str, order_id: str, lane_id: str, *, closed_at_utc: datetime
) -> None:
    """Keeps an end of day that a person read off the terminal's slip: without figures, for nobody told any.

    It lies over every sale the store holds of the lane: which came after it, nobody knows.
    """
    currency = find_store(uow, store_id).currency
    outcome = OrderOutcome(order_id, OrderKind.CLOSE_DAY, lane_id, OrderState.DONE, currency)
    row = _row(uow, store_id, outcome, LaneBooks(), StoreBooks(), 0, closed_at_utc)
    row.body = ""
    insert_new(uow.session, row)


def _closed_up_to(uow: UnitOfWork, store_id: str, outcome: OrderOutcome) -> int:
    """The highest receipt of the lane that is closed over now; never lower than before.

    Books that do not begin behind the former closing - empty ones, those of a lane that lost its journal -
    say nothing of older sales that no closing names: then all that the store holds is closed over.
    """
    former = last_closings(uow, store_id).get(outcome.lane_id)
    before = former.last_receipt_no if former else 0
    books = outcome.books or LaneBooks()
    if books.first_receipt_no > before:
        return books.last_receipt_no
    newest = select_columns(func.coalesce(func.max(col(SaleRow.receipt_no)), 0)).where(
        col(SaleRow.store_id) == store_id, col(SaleRow.lane_id) == outcome.lane_id
    )
    return max(before, books.last_receipt_no, uow.session.connection().execute(newest).scalar_one())


def store_books(uow: UnitOfWork, store_id: str, lane_id: str, lane: LaneBooks) -> StoreBooks:
    """What the store has recorded of the receipts the lane's books cover."""
    if not lane.first_receipt_no:
        return StoreBooks()
    covered = (
        col(SaleRow.store_id) == store_id,
        col(SaleRow.lane_id) == lane_id,
        col(SaleRow.receipt_no).between(lane.first_receipt_no, lane.last_receipt_no),
    )
    found = uow.session.connection().execute(
        select_columns(col(SaleRow.receipt_no), col(SaleRow.total_minor)).where(*covered)
    )
    rows = found.all()
    seen = {row.receipt_no for row in rows}
    wanted = range(lane.first_receipt_no, lane.last_receipt_no + 1)
    missing = [number for number in wanted if number not in seen] if len(wanted) <= MAX_RECEIPTS else []
    taken_back = uow.session.connection().execute(
        select_columns(func.coalesce(func.sum(col(SaleEventRow.amount_minor)), 0))
        .join(
            SaleRow,
            (col(SaleRow.store_id) == col(SaleEventRow.store_id))
            & (col(SaleRow.sale_id) == col(SaleEventRow.sale_id)),
        )
        .where(col(SaleEventRow.kind) == "reversed", *covered)
    )
    return StoreBooks(
        len(rows),
        sum(row.total_minor for row in rows),
        tuple(missing[:_MISSING_KEPT]),
        int(taken_back.scalar_one()),
    )


def last_closings(uow: UnitOfWork, store_id: str) -> dict[str, Closing]:
    """Each lane's newest closing, with the highest receipt of all of them: clocks step back, books do not."""
    newest = (
        select_columns(
            col(ClosingRow.lane_id).label("lane_id"),
            func.max(col(ClosingRow.closed_at_utc)).label("at"),
            func.max(col(ClosingRow.last_receipt_no)).label("last_receipt_no"),
        )
        .where(col(ClosingRow.store_id) == store_id)
        .group_by(col(ClosingRow.lane_id))
        .subquery()
    )
    rows = uow.session.exec(
        select(ClosingRow, newest.c.last_receipt_no)
        .join(
            newest,
            (col(ClosingRow.lane_id) == newest.c.lane_id) & (col(ClosingRow.closed_at_utc) == newest.c.at),
        )
        .where(ClosingRow.store_id == store_id)
        .order_by(col(ClosingRow.order_id))
    )
    return {row.lane_id: _closing(row, last_receipt_no) for row, last_receipt_no in rows}


def lane_name(uow: UnitOfWork, store_id: str, lane_id: str) -> str:
    """The lane's name, or its id where it is not enrolled any more."""
    row = uow.session.get(LaneRow, (store_id, lane_id))
    return row.name if row else lane_id


def _task(outcome: OrderOutcome, difference: Difference, words: str) -> Task:
    sale_id = difference.sale.sale_id if difference.sale else ""
    return Task(
        ":".join(filter(None, (outcome.order_id, difference.kind.value, sale_id))),
        difference.kind.value,
        outcome.lane_id,
        words,
        outcome.currency,
        difference.amount_minor,
        outcome.order_id,
        sale_id,
    )


def _row(
    uow: UnitOfWork,
    store_id: str,
    outcome: OrderOutcome,
    lane: LaneBooks,
    store: StoreBooks,
    task_count: int,
    now_utc: datetime,
) -> ClosingRow:
    day, _ = business_time(find_store(uow, store_id), now_utc)
    terminal = (
        outcome.terminal if outcome.terminal and outcome.terminal.currency == outcome.currency else None
    )
    return ClosingRow(
        store_id=store_id,
        order_id=outcome.order_id,
        lane_id=outcome.lane_id,
        business_day=day.isoformat(),
        currency=outcome.currency,
        closed_at_utc=now_utc,
        body=OrderReport(outcome=outcome).model_dump_json(),
        last_receipt_no=_closed_up_to(uow, store_id, outcome),
        lane_count=lane.sale_count,
        lane_minor=lane.sale_minor,
        terminal_count=terminal.count if terminal else None,
        terminal_minor=terminal.total_minor if terminal else None,
        store_count=store.count,
        store_minor=store.total_minor,
        reversed_minor=lane.reversed_minor,
        task_count=task_count,
    )


def _closing(row: ClosingRow, last_receipt_no: int) -> Closing:
    return Closing(
        row.lane_id,
        row.closed_at_utc,
        row.currency,
        row.lane_count,
        row.lane_minor,
        row.terminal_count,
        row.terminal_minor,
        row.store_count,
        row.store_minor,
        row.reversed_minor,
        row.task_count,
        last_receipt_no,
        has_figures=bool(row.body),
    )
