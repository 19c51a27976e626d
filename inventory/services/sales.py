"""Owns the arrival of sales: each recorded exactly once, whatever its books look like.

It must not change what a lane made final. A sale is a fact; where it differs from our prices, sums or items,
it is recorded and flagged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from http import HTTPStatus

from sqlalchemy import bindparam, func, insert
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.repositories import insert_new, items_by_gtin
from inventory.db.tables import SaleLineRow, SaleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.bundles import Part, Parts, explode, parts_of
from inventory.domain.catalogue import MAX_WEIGHT_G, Item, SoldBy, price_of_weight
from inventory.domain.money import round_half_up
from inventory.domain.sales import Sale, SaleLine, disagreements
from inventory.domain.stock import Movement, Reason
from inventory.services import bundles, catalogue, reservations, stock, unknown_items
from inventory.services.stores import business_time, find_store
from inventory.wire import SaleAnswer, SaleMessage

MAX_STORED = 2**53
"""Integers beyond this are no amounts, counts or sequence numbers; JSON readers elsewhere lose them too."""

MAX_ID_LENGTH = 64

EARLIEST_YEAR, LATEST_YEAR = 1900, 9000
"""A lane whose clock lost its battery says 1970 and is believed; beyond these, time zones overflow."""


# Built once: every sale asks it.
_SAME_RECEIPT_NO = (
    select_columns(col(SaleRow.sale_id))
    .where(
        col(SaleRow.store_id) == bindparam("store"),
        col(SaleRow.lane_id) == bindparam("lane"),
        col(SaleRow.receipt_no) == bindparam("number"),
        col(SaleRow.sale_id) != bindparam("id"),
    )
    .limit(1)
)
_NEW_LINES = insert(SaleLineRow)


class SaleConflict(Exception):  # noqa: N818 - it names what the lane is told
    """The sale id is taken by a sale with another body: a lane must never make an id twice."""

    def __init__(self, sale_id: str) -> None:
        super().__init__(f"Sale {sale_id} was recorded before with different contents.")


class SaleUnreadableError(ValueError):
    """The message holds numbers or ids that no table can hold. It is a broken message, not a sale."""


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


def record(
    uow: UnitOfWork, store_id: str, message: SaleMessage, body: bytes, now_utc: datetime
) -> tuple[int, SaleAnswer]:
    """Records a sale once; answers 201 created, or 200 exists with the flags of the first answer.

    `body` is what arrived, byte for byte (UTF-8). Raises SaleConflict, SaleUnreadableError and
    UnknownStoreError.
    """
    sale = message.sale
    _refuse_unreadable(message)
    items = items_by_gtin(uow.session, store_id, [line.gtin for line in sale.lines])
    answer = SaleAnswer(
        outcome="created", sale_id=sale.sale_id, flags=tuple(_flags(uow, store_id, sale, items))
    )
    if not insert_new(uow.session, _sale_row(uow, store_id, message, body, now_utc, answer)):
        return HTTPStatus.OK, _first_answer(uow, store_id, sale.sale_id, body)
    if sale.lines:
        uow.session.connection().execute(_NEW_LINES, _line_values(store_id, sale))
    opened = bundles.of(uow, store_id, items)
    freed = reservations.end(uow, store_id, sale.lane_id)
    moved = stock.post_all(uow, store_id, tuple(_movements(sale, items, opened)), as_of_utc=now_utc)
    stock.tell(uow, store_id, freed - {message.gtin for message in moved})
    unknown_items.ask_to_add(uow, store_id, sale, items, now_utc)
    return HTTPStatus.CREATED, answer


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


def _first_answer(uow: UnitOfWork, store_id: str, sale_id: str, body: bytes) -> SaleAnswer:
    first = _sale(uow, store_id, sale_id)
    assert first is not None, "the insert said that the sale exists"
    if first.body_hash != hashlib.sha256(body).hexdigest():
        raise SaleConflict(sale_id)
    return SaleAnswer.model_validate_json(first.answer).model_copy(update={"outcome": "exists"})


def _summary(row: SaleRow) -> SaleSummary:
    flags = SaleAnswer.model_validate_json(row.answer).flags if row.flag_count else ()
    return SaleSummary(row.sale_id, row.lane_id, row.receipt_no, row.paid_at_utc, row.total_minor, flags)


def _refuse_unreadable(message: SaleMessage) -> None:
    sale = message.sale
    numbers = [message.journal_seq, sale.receipt_no, sale.total_minor]
    for line in sale.lines:
        numbers += [line.quantity_milli, line.unit_price_minor, line.amount_minor, line.deposit_minor]
    if any(abs(number) > MAX_STORED for number in numbers):
        raise SaleUnreadableError("A number in the sale is larger than any amount or count can be.")
    if any(abs(line.tax_rate_bp) > 1_000_000 for line in sale.lines):
        raise SaleUnreadableError("A tax rate in the sale is larger than any rate can be.")
    if not EARLIEST_YEAR <= sale.paid_at_utc.year <= LATEST_YEAR:
        raise SaleUnreadableError("The sale was paid in a year that no clock can show.")
    ids = [sale.sale_id, sale.lane_id, *(line.gtin for line in sale.lines)]
    if not all(0 < len(each) <= MAX_ID_LENGTH and each.isprintable() for each in ids):
        raise SaleUnreadableError("An id or GTIN in the sale is empty, too long or not printable.")


def _sale_row(
    uow: UnitOfWork,
    store_id: str,
    message: SaleMessage,
    body: bytes,
    now_utc: datetime,
    answer: SaleAnswer,
) -> SaleRow:
    sale = message.sale
    business_day, business_hour = business_time(find_store(uow, store_id), sale.paid_at_utc)
    return SaleRow(
        store_id=store_id,
        sale_id=sale.sale_id,
        lane_id=sale.lane_id,
        receipt_no=sale.receipt_no,
        body=body.decode(),
        body_hash=hashlib.sha256(body).hexdigest(),
        answer=answer.model_dump_json(),
        flag_count=len(answer.flags),
        journal_seq=message.journal_seq,
        journal_head=_storable(message.journal_head),
        paid_at_utc=sale.paid_at_utc,
        received_at_utc=now_utc,
        business_day=business_day.isoformat(),
        business_hour=business_hour,
        currency=_storable(sale.currency),
        total_minor=sale.total_minor,
    )


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


def _movements(sale: Sale, items: Mapping[str, Item], opened: Mapping[str, Parts]) -> Iterator[Movement]:
    """One movement a line; a pack leaves the shelf as its singles, a bundle (of `opened`) as all its parts.

    Goods that staff priced at the lane have no shelf until they are in the catalogue.
    """
    for line_no, line in enumerate(sale.lines, start=1):
        item = items.get(line.gtin)
        if item is None and line.is_named_by_staff:
            continue
        parts = (Part(line.gtin, 1000),) if item is None else parts_of(item, opened.get(line.gtin, ()))
        for part_no, (gtin, quantity_milli) in enumerate(explode(parts, -line.quantity_milli)):
            yield Movement(
                gtin=gtin,
                reason=Reason.SALE,
                quantity_milli=quantity_milli,
                source_id=f"sale:{sale.sale_id}:{line_no}{f':{part_no}' if part_no else ''}",
                actor=sale.lane_id,
                at_utc=sale.paid_at_utc,
            )


def _flags(uow: UnitOfWork, store_id: str, sale: Sale, items: Mapping[str, Item]) -> Iterator[str]:
    yield from disagreements(sale)
    if sale.store_id != store_id:
        yield f"the sale names another store, {sale.store_id}"
    if _is_receipt_no_taken(uow, store_id, sale):
        yield f"receipt number {sale.receipt_no} was used before on {sale.lane_id}"
    rates = catalogue.tax_rates(uow, store_id)
    for line in sale.lines:
        item = items.get(line.gtin)
        if item is None and line.is_named_by_staff:
            yield f"{line.gtin} is not in the catalogue, {line.priced_by} gave its price"
        elif item is None:
            yield f"{line.gtin} is not in the catalogue"
        else:
            yield from _line_flags(line, item, rates)


def _is_receipt_no_taken(uow: UnitOfWork, store_id: str, sale: Sale) -> bool:
    same = {"store": store_id, "lane": sale.lane_id, "number": sale.receipt_no, "id": sale.sale_id}
    return uow.session.connection().execute(_SAME_RECEIPT_NO, same).first() is not None


def _line_flags(line: SaleLine, item: Item, rates: Mapping[str, int]) -> Iterator[str]:
    rate_bp = rates.get(item.tax_class)
    if line.tax_class != item.tax_class or (rate_bp is not None and line.tax_rate_bp != rate_bp):
        ours, theirs = f"{item.tax_class} {rate_bp}", f"{line.tax_class} {line.tax_rate_bp}"
        yield f"{line.gtin} was taxed as {theirs}, we have {ours}"
    if item.label_prefix and item.sold_by is SoldBy.UNIT:
        return  # the label alone knows this piece's price
    if line.price_reason:
        yield from _faults_of_correction(line, item)
        item = replace(item, price_minor=line.unit_price_minor)
    if line.unit_price_minor != item.price_minor:
        yield f"{line.gtin} was sold at {line.unit_price_minor}, we have {item.price_minor}"
    elif abs(line.amount_minor - _expected_minor(line, item)) > _tolerance_minor(item):
        yield f"{line.gtin} came to {line.amount_minor}, we make it {_expected_minor(line, item)}"
    deposit_minor = round_half_up(item.deposit_minor * line.quantity_milli, 1000)
    if item.sold_by is SoldBy.UNIT and line.deposit_minor != deposit_minor:
        yield f"{line.gtin} had a deposit of {line.deposit_minor}, we make it {deposit_minor}"


def _faults_of_correction(line: SaleLine, item: Item) -> Iterator[str]:
    """A corrected price is no fault where somebody stands for it, it is lower, and it began at ours."""
    if line.catalogue_price_minor != item.price_minor:
        yield f"{line.gtin} was corrected from {line.catalogue_price_minor}, we have {item.price_minor}"
    if not line.priced_by:
        yield f"{line.gtin} was corrected by nobody"
    if not 0 < line.unit_price_minor < line.catalogue_price_minor:
        yield f"{line.gtin} was corrected from {line.catalogue_price_minor} to {line.unit_price_minor}"


def _expected_minor(line: SaleLine, item: Item) -> int:
    if item.sold_by is SoldBy.WEIGHT and 0 < line.quantity_milli <= MAX_WEIGHT_G:
        return price_of_weight(item.price_minor, line.quantity_milli)
    return round_half_up(item.price_minor * line.quantity_milli, 1000)


def _tolerance_minor(item: Item) -> int:
    """Half a gram's worth: a price label's weight is worked back from its price, to the nearest gram."""
    if item.sold_by is SoldBy.UNIT or not item.label_prefix:
        return 0
    return item.price_minor // 2000 + 1
