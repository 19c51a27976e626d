"""Owns the arrival of sales: each recorded exactly once, whatever its books look like.

It must not change what a lane made final. A sale is a fact; where it differs from our prices, sums or items,
it is recorded and flagged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.instants import instant_text
from inventory.db.sale_batch import Row, SaleBatch, Written
from inventory.db.sale_rows import first_answers, look, write
from inventory.db.tables import SaleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.sales import Sale
from inventory.services import late_sales, sold_levels, stock, unknown_items
from inventory.services.known_items import Known, KnownItems
from inventory.services.prepared_sales import Arrival, Prepared, answer_of, move_rows, prepare, sale_row
from inventory.services.sale_checks import SaleUnreadableError
from inventory.services.stores import UnknownStoreError, find_store
from inventory.wire import SaleAnswer, SaleMessage


class SaleConflict(Exception):  # noqa: N818 - it names what the lane is told
    """The sale id is taken by a sale with another body: a lane must never make an id twice."""

    def __init__(self, sale_id: str) -> None:
        super().__init__(f"Sale {sale_id} was recorded before with different contents.")


@dataclass(frozen=True, slots=True)
class HourOfSales:
    """Sales paid within one hour (0 to 23) of the store's clock."""

    hour: int
    count: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class SaleSummary:
    """One sale as a list shows it."""

    sale_id: str
    lane_id: str
    receipt_no: int
    paid_at_utc: datetime
    total_minor: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SalesOfDay:
    """A business day so far. `last` holds up to 20 sales, newest first."""

    business_day: date
    currency: str
    count: int
    total_minor: int
    by_hour: tuple[HourOfSales, ...]
    last: tuple[SaleSummary, ...]


Recorded = tuple[int, SaleAnswer]
"""201 created, or 200 exists; with what the lane is told."""

Outcome = Recorded | SaleConflict | SaleUnreadableError


def record(uow: UnitOfWork, store_id: str, message: SaleMessage, body: bytes, now_utc: datetime) -> Recorded:
    """Records a sale once; answers 201 created, or 200 exists with the flags of the first answer.

    `body` is what arrived, byte for byte (UTF-8). Raises SaleConflict, SaleUnreadableError and
    UnknownStoreError.
    """
    (outcome,) = record_all(uow, store_id, [Arrival(message, body)], now_utc)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def record_all(
    uow: UnitOfWork,
    store_id: str,
    arrivals: Sequence[Arrival],
    now_utc: datetime,
    *,
    known: KnownItems | None = None,
) -> list[Outcome]:
    """Records each sale once, as if they had come one after the other; answers them in their order.

    A refusal is an answer too and harms no other sale. Raises UnknownStoreError.
    """
    ready = [prepare(store_id, arrival) for arrival in arrivals]
    return record_prepared(uow, store_id, ready, now_utc, known=known or KnownItems())


def record_prepared(
    uow: UnitOfWork, store_id: str, arrivals: Sequence[Prepared], now_utc: datetime, *, known: KnownItems
) -> list[Outcome]:
    """The same of sales that were made ready before. Raises UnknownStoreError."""
    outcomes: dict[int, Outcome] = {}
    waiting: list[tuple[int, Prepared]] = []
    for place, arrival in enumerate(arrivals):
        if arrival.refusal is not None:
            outcomes[place] = arrival.refusal
        else:
            waiting.append((place, arrival))
    while waiting:
        strangers, waiting = _strangers(waiting)
        recorded = _record_strangers(
            uow, store_id, [arrival for _, arrival in strangers], now_utc, known=known
        )
        outcomes |= {place: recorded[arrival.sale.sale_id] for place, arrival in strangers}
    return [outcomes[place] for place in range(len(arrivals))]


def _strangers(
    waiting: Sequence[tuple[int, Prepared]],
) -> tuple[list[tuple[int, Prepared]], list[tuple[int, Prepared]]]:
    """Those that have neither an id nor a receipt number with one before them in common, and the rest."""
    strangers: list[tuple[int, Prepared]] = []
    rest: list[tuple[int, Prepared]] = []
    seen: set[object] = set()
    for place, arrival in waiting:
        sale = arrival.sale
        marks = (sale.sale_id, (sale.lane_id, sale.receipt_no))
        (strangers if seen.isdisjoint(marks) else rest).append((place, arrival))
        seen.update(marks)
    return strangers, rest


def _record_strangers(
    uow: UnitOfWork, store_id: str, arrivals: Sequence[Prepared], now_utc: datetime, *, known: KnownItems
) -> dict[str, Outcome]:
    answers, there, written, moves = _written(uow, store_id, arrivals, now_utc, known)
    outcomes: dict[str, Outcome] = {each: (HTTPStatus.CREATED, answers[each]) for each in written.new_ids}
    seen_before = [each for each in arrivals if each.sale.sale_id not in written.new_ids]
    outcomes |= _told_again(uow, store_id, seen_before)
    late_sales.note(uow, store_id, (row for row in moves if row[0] in written.new_ids), now_utc)
    told = sold_levels.tell(uow, store_id, written.moved, there)
    stock.tell(uow, store_id, written.freed - told)
    for sale in (each.sale for each in arrivals if each.sale.sale_id in written.new_ids):
        unknown_items.ask_to_add(uow, store_id, sale, there.items, now_utc)
    return outcomes


def _written(
    uow: UnitOfWork, store_id: str, arrivals: Sequence[Prepared], now_utc: datetime, known: KnownItems
) -> tuple[dict[str, SaleAnswer], Known, Written, Sequence[Row]]:
    """Writes what is new, judged by the catalogue as it was; where that is another by now, by what it is."""
    gtins = {line.gtin for arrival in arrivals for line in arrival.sale.lines}
    receipts = {(each.sale.lane_id, each.sale.receipt_no): each.sale.sale_id for each in arrivals}
    now, seen, is_looked = instant_text(now_utc), known.seen, False
    while True:
        if seen is None:
            seen, is_looked = look(uow.session, store_id, receipts), True
        if seen is None:
            raise UnknownStoreError(store_id)
        there = known.of(uow, store_id, gtins, seen)
        answers = {each.sale.sale_id: answer_of(each, there, seen.taken) for each in arrivals}
        batch = SaleBatch(
            store_id,
            now,
            [sale_row(each, answers[each.sale.sale_id], seen.timezone, now) for each in arrivals],
            [row for each in arrivals for row in each.lines],
            [row for each in arrivals for row in move_rows(each, there)],
        )
        written = write(uow.session, batch, seen, is_looked=is_looked)
        if written is not None:
            return answers, there, written, batch.moves
        seen = None


def _told_again(uow: UnitOfWork, store_id: str, arrivals: Sequence[Prepared]) -> dict[str, Outcome]:
    """Sales that were recorded before: each is told what it was told first."""
    if not arrivals:
        return {}
    first = first_answers(uow.session, store_id, [each.sale.sale_id for each in arrivals])
    return {each.sale.sale_id: _told_before(each, *first[each.sale.sale_id]) for each in arrivals}


def _told_before(arrival: Prepared, body_hash: str, answer: str) -> Outcome:
    if body_hash != arrival.body_hash:
        return SaleConflict(arrival.sale.sale_id)
    first = SaleAnswer.model_validate_json(answer)
    return HTTPStatus.OK, first.model_copy(update={"outcome": "exists"})


def today(uow: UnitOfWork, store_id: str, business_day: date) -> SalesOfDay:
    """The sales of one business day: count, sum, hours, and the last 20. Raises UnknownStoreError."""
    of_day = (col(SaleRow.store_id) == store_id, col(SaleRow.business_day) == business_day.isoformat())
    hours = uow.session.connection().execute(
        select_columns(col(SaleRow.business_hour), func.count(), func.sum(col(SaleRow.total_minor)))
        .where(*of_day)
        .group_by(col(SaleRow.business_hour))
        .order_by(col(SaleRow.business_hour))
    )
    by_hour = tuple(HourOfSales(hour, count, int(total)) for hour, count, total in hours)
    last = uow.session.exec(
        select(SaleRow)
        .where(*of_day)
        .order_by(col(SaleRow.paid_at_utc).desc(), col(SaleRow.sale_id).desc())
        .limit(20)
    )
    return SalesOfDay(
        business_day,
        find_store(uow, store_id).currency,
        sum(hour.count for hour in by_hour),
        sum(hour.total_minor for hour in by_hour),
        by_hour,
        tuple(map(_summary, last)),
    )


def flagged(
    uow: UnitOfWork, store_id: str, business_day: date, *, limit: int = 50
) -> tuple[SaleSummary, ...]:
    """Sales of the day that somebody should look at, newest first."""
    rows = uow.session.exec(
        select(SaleRow)
        .where(
            SaleRow.store_id == store_id,
            SaleRow.business_day == business_day.isoformat(),
            SaleRow.flag_count > 0,
        )
        .order_by(col(SaleRow.paid_at_utc).desc(), col(SaleRow.sale_id).desc())
        .limit(limit)
    )
    return tuple(map(_summary, rows))


def find_sale(uow: UnitOfWork, store_id: str, sale_id: str) -> Sale | None:
    """The sale as its lane made it, or None."""
    row = _sale(uow, store_id, sale_id)
    return SaleMessage.model_validate_json(row.body).sale if row else None


def _sale(uow: UnitOfWork, store_id: str, sale_id: str) -> SaleRow | None:
    return uow.session.exec(
        select(SaleRow).where(SaleRow.store_id == store_id, SaleRow.sale_id == sale_id)
    ).first()


def _summary(row: SaleRow) -> SaleSummary:
    flags = SaleAnswer.model_validate_json(row.answer).flags if row.flag_count else ()
    return SaleSummary(row.sale_id, row.lane_id, row.receipt_no, row.paid_at_utc, row.total_minor, flags)
