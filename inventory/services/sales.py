"""Owns the arrival of sales: each recorded exactly once, whatever its books look like.

It must not change what a lane made final. A sale is a fact; where it differs from our prices, sums or items,
it is recorded and flagged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.sale_rows import add_lines, add_sales, first_answers, sales_of_receipts
from inventory.db.tables import SaleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.bundles import Part, explode, parts_of
from inventory.domain.sales import Sale, movement_source
from inventory.domain.stock import Movement, Reason
from inventory.services import reservations, stock, unknown_items
from inventory.services.known_items import Known, KnownItems
from inventory.services.sale_checks import SaleUnreadableError, flags, refuse_unreadable
from inventory.services.stores import Store, business_time, find_store
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


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sale as it came in: `body` is what arrived, byte for byte (UTF-8), and `message` what it says."""

    message: SaleMessage
    body: bytes

    @property
    def sale(self) -> Sale:
        return self.message.sale

    @property
    def body_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


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
    outcomes: dict[int, Outcome] = {}
    waiting: list[tuple[int, Arrival]] = []
    for place, arrival in enumerate(arrivals):
        try:
            refuse_unreadable(arrival.message)
        except SaleUnreadableError as error:
            outcomes[place] = error
        else:
            waiting.append((place, arrival))
    while waiting:
        strangers, waiting = _strangers(waiting)
        recorded = _record_strangers(
            uow, store_id, [arrival for _, arrival in strangers], now_utc, known=known or KnownItems()
        )
        outcomes |= {place: recorded[arrival.sale.sale_id] for place, arrival in strangers}
    return [outcomes[place] for place in range(len(arrivals))]


def _strangers(
    waiting: Sequence[tuple[int, Arrival]],
) -> tuple[list[tuple[int, Arrival]], list[tuple[int, Arrival]]]:
    """Those that have neither an id nor a receipt number with one before them in common, and the rest."""
    strangers: list[tuple[int, Arrival]] = []
    rest: list[tuple[int, Arrival]] = []
    seen: set[object] = set()
    for place, arrival in waiting:
        sale = arrival.sale
        marks = {sale.sale_id, (sale.lane_id, sale.receipt_no)}
        (strangers if seen.isdisjoint(marks) else rest).append((place, arrival))
        seen |= marks
    return strangers, rest


def _record_strangers(
    uow: UnitOfWork, store_id: str, arrivals: Sequence[Arrival], now_utc: datetime, *, known: KnownItems
) -> dict[str, Outcome]:
    store = find_store(uow, store_id)
    gtins = {line.gtin for arrival in arrivals for line in arrival.sale.lines}
    there = known.of(uow, store_id, gtins)
    answers = _answers(uow, store_id, arrivals, there)
    new_ids = add_sales(
        uow.session, [_sale_row(store, each, now_utc, answers[each.sale.sale_id]) for each in arrivals]
    )
    outcomes: dict[str, Outcome] = {each: (HTTPStatus.CREATED, answers[each]) for each in new_ids}
    seen_before = [each for each in arrivals if each.sale.sale_id not in new_ids]
    outcomes |= _told_again(uow, store_id, seen_before)
    new = [each.sale for each in arrivals if each.sale.sale_id in new_ids]
    add_lines(uow.session, [values for sale in new for values in _line_values(store_id, sale)])
    freed = reservations.end(uow, store_id, [sale.lane_id for sale in new])
    moves = [movement for sale in new for movement in _movements(sale, there)]
    moved = stock.post_all(uow, store_id, moves, as_of_utc=now_utc)
    stock.tell(uow, store_id, freed - {message.gtin for message in moved})
    for sale in new:
        unknown_items.ask_to_add(uow, store_id, sale, there.items, now_utc)
    return outcomes


def _answers(
    uow: UnitOfWork, store_id: str, arrivals: Sequence[Arrival], there: Known
) -> dict[str, SaleAnswer]:
    """What each lane is told if its sale is new."""
    receipts = [(each.sale.lane_id, each.sale.receipt_no) for each in arrivals]
    owners = sales_of_receipts(uow.session, store_id, receipts)
    answers = {}
    for sale in (each.sale for each in arrivals):
        is_number_taken = any(
            (lane_id, number) == (sale.lane_id, sale.receipt_no) and sale_id != sale.sale_id
            for lane_id, number, sale_id in owners
        )
        found = tuple(flags(store_id, sale, there.items, there.rates_bp, is_number_taken=is_number_taken))
        answers[sale.sale_id] = SaleAnswer(outcome="created", sale_id=sale.sale_id, flags=found)
    return answers


def _told_again(uow: UnitOfWork, store_id: str, arrivals: Sequence[Arrival]) -> dict[str, Outcome]:
    """Sales that were recorded before: each is told what it was told first."""
    if not arrivals:
        return {}
    first = first_answers(uow.session, store_id, [each.sale.sale_id for each in arrivals])
    return {each.sale.sale_id: _told_before(each, *first[each.sale.sale_id]) for each in arrivals}


def _told_before(arrival: Arrival, body_hash: str, answer: str) -> Outcome:
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


def _sale_row(store: Store, arrival: Arrival, now_utc: datetime, answer: SaleAnswer) -> dict[str, object]:
    sale = arrival.sale
    business_day, business_hour = business_time(store, sale.paid_at_utc)
    return {
        "store_id": store.store_id,
        "sale_id": sale.sale_id,
        "lane_id": sale.lane_id,
        "receipt_no": sale.receipt_no,
        "body": arrival.body.decode(),
        "body_hash": arrival.body_hash,
        "answer": answer.model_dump_json(),
        "flag_count": len(answer.flags),
        "journal_seq": arrival.message.journal_seq,
        "journal_head": _storable(arrival.message.journal_head),
        "paid_at_utc": sale.paid_at_utc,
        "received_at_utc": now_utc,
        "business_day": business_day.isoformat(),
        "business_hour": business_hour,
        "currency": _storable(sale.currency),
        "total_minor": sale.total_minor,
    }


def _line_values(store_id: str, sale: Sale) -> list[dict[str, object]]:
    return [
        {
            "store_id": store_id,
            "sale_id": sale.sale_id,
            "line_no": line_no,
            "gtin": line.gtin,
            "sku": _storable(line.sku),
            "name": _storable(line.name),
            "sold_by": line.sold_by.value,
            "quantity_milli": line.quantity_milli,
            "unit_price_minor": line.unit_price_minor,
            "amount_minor": line.amount_minor,
            "deposit_minor": line.deposit_minor,
            "tax_class": _storable(line.tax_class),
            "tax_rate_bp": line.tax_rate_bp,
        }
        for line_no, line in enumerate(sale.lines, start=1)
    ]


def _storable(text: str) -> str:
    # PostgreSQL holds no NUL in text; the body keeps the original.
    return text.replace("\0", "")


def _movements(sale: Sale, there: Known) -> Iterator[Movement]:
    """One movement a line; a pack leaves the shelf as its singles, a bundle as all its parts.

    Goods that staff priced at the lane have no shelf until they are in the catalogue.
    """
    for line_no, line in enumerate(sale.lines, start=1):
        item = there.items.get(line.gtin)
        if item is None and line.is_named_by_staff:
            continue
        opened = there.opened.get(line.gtin, ())
        parts = (Part(line.gtin, 1000),) if item is None else parts_of(item, opened)
        for part_no, (gtin, quantity_milli) in enumerate(explode(parts, -line.quantity_milli)):
            yield Movement(
                gtin=gtin,
                reason=Reason.SALE,
                quantity_milli=quantity_milli,
                source_id=movement_source(sale.sale_id, line_no, part_no),
                actor=sale.lane_id,
                at_utc=sale.paid_at_utc,
            )
