"""Owns what becomes of a sale after it: its payment taken back, and where its goods are then.

It must not change a sale: its row is final, and what came later stands in rows of its own, each at most once
(TRUST I13). Whether goods are back on the shelf, a person says; then they move by the ledger like all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sqlmodel import and_, col, or_, select

from inventory.db.repositories import insert_new, write_audit
from inventory.db.tables import MovementRow, SaleEventRow, SaleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.money import format_money
from inventory.domain.orders import OrderOutcome
from inventory.domain.sales import Sale, Tender, movement_sources
from inventory.domain.stock import Movement, Reason
from inventory.services import day_close, stock, tasks
from inventory.services.tasks import GOODS, Task, TaskGone
from inventory.wire import SaleMessage

_REVERSED, _GOODS = "reversed", "goods"


class Goods(Enum):
    """Where the goods of a sale are whose payment was taken back."""

    BACK = "back"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class CardSale:
    """A sale with what became of it. `tender` is None unless one card paid all of it at the terminal.

    `taken_back_by` is who ordered that, `goods` what was decided about the goods since.
    """

    sale: Sale
    tender: Tender | None
    received_at_utc: datetime
    taken_back_by: str = ""
    taken_back_at_utc: datetime | None = None
    goods: Goods | None = None
    catalogue_version: int = 0
    """The one its lane sold from; 0 where it did not say."""


def card_sales(
    uow: UnitOfWork, store_id: str, day: date, *, receipt_no: int | None = None, limit: int = 50
) -> tuple[CardSale, ...]:
    """The day's sales, newest first; with a receipt number those of any day that carry it."""
    chosen = (
        col(SaleRow.business_day) == day.isoformat()
        if receipt_no is None
        else col(SaleRow.receipt_no) == receipt_no
    )
    rows = uow.session.exec(
        select(SaleRow)
        .where(SaleRow.store_id == store_id, chosen)
        .order_by(col(SaleRow.paid_at_utc).desc(), col(SaleRow.sale_id).desc())
        .limit(limit)
    ).all()
    events = _events(uow, store_id, [row.sale_id for row in rows])
    return tuple(_card_sale(row, events) for row in rows)


def find(uow: UnitOfWork, store_id: str, sale_id: str, *, is_locked: bool = False) -> CardSale | None:
    """One sale. `is_locked`: nobody else may order anything about it until this transaction ends."""
    row = uow.session.get(SaleRow, (store_id, sale_id), with_for_update=is_locked or None)
    return None if row is None else _card_sale(row, _events(uow, store_id, [sale_id]))


def shares_receipt(uow: UnitOfWork, store_id: str, found: CardSale, closed_up_to: Mapping[str, int]) -> bool:
    """Whether the sale's terminal gave its receipt number to another open payment too.

    `closed_up_to`: each lane's highest receipt that a closing lies over. A terminal that began its numbers
    anew without a closing gives one twice, and a reversal by it reaches only one of the two.
    """
    tender = found.tender
    if tender is None:
        return False
    is_open = or_(
        col(SaleRow.lane_id).not_in(list(closed_up_to)),
        *(
            and_(col(SaleRow.lane_id) == lane_id, col(SaleRow.receipt_no) > last)
            for lane_id, last in closed_up_to.items()
        ),
    )
    rows = uow.session.exec(
        select(SaleRow).where(
            SaleRow.store_id == store_id,
            SaleRow.sale_id != found.sale.sale_id,
            is_open,
            # A first sieve: only what holds the digits at all is read.
            col(SaleRow.body).contains(tender.terminal_receipt_no, autoescape=True),
        )
    ).all()
    wanted = (tender.terminal_id, tender.terminal_receipt_no)
    same = [row.sale_id for row in rows if wanted in _receipts(row)]
    events = _events(uow, store_id, same)
    return any((sale_id, _REVERSED) not in events for sale_id in same)


def _receipts(row: SaleRow) -> set[tuple[str, str]]:
    sale = SaleMessage.model_validate_json(row.body).sale
    return {(tender.terminal_id, tender.terminal_receipt_no) for tender in sale.tenders}


def record(uow: UnitOfWork, store_id: str, outcome: OrderOutcome, *, who: str, now_utc: datetime) -> bool:
    """Notes that a sale's payment was taken back, and asks where its goods are; False if noted before."""
    event = SaleEventRow(
        store_id=store_id,
        sale_id=outcome.sale_id,
        kind=_REVERSED,
        detail=outcome.receipt_no,
        order_id=outcome.order_id,
        amount_minor=outcome.amount_minor,
        currency=outcome.currency,
        who=who,
        at_utc=now_utc,
    )
    if not insert_new(uow.session, event):
        return False
    tasks.make(uow, store_id, _goods_task(uow, store_id, outcome), now_utc)
    return True


def decide_goods(
    uow: UnitOfWork, store_id: str, sale_id: str, goods: Goods, *, who: str, now_utc: datetime
) -> None:
    """Says where the goods are, once; on the shelf, every movement of the sale is posted the other way round.

    Raises TaskGone when it was said before, or when the payment was not taken back.
    """
    reversed_row = uow.session.get(SaleEventRow, (store_id, sale_id, _REVERSED))
    if reversed_row is None:
        raise TaskGone
    event = SaleEventRow(
        store_id=store_id,
        sale_id=sale_id,
        kind=_GOODS,
        detail=goods.value,
        order_id=reversed_row.order_id,
        amount_minor=0,
        currency=reversed_row.currency,
        who=who,
        at_utc=now_utc,
    )
    tasks.finish(uow, store_id, f"{sale_id}:{GOODS}", who=who, note=_NOTES[goods], now_utc=now_utc)
    if insert_new(uow.session, event) and goods is Goods.BACK:
        stock.post_all(uow, store_id, _returns(uow, store_id, sale_id, who, now_utc), as_of_utc=now_utc)
    write_audit(uow.session, store_id, who=who, what=f"goods.{goods.value}", detail=sale_id, at_utc=now_utc)


_NOTES = {Goods.BACK: "back on the shelf", Goods.GONE: "not back on the shelf"}


def _returns(uow: UnitOfWork, store_id: str, sale_id: str, who: str, now_utc: datetime) -> list[Movement]:
    """As the sale was booked, not as the catalogue would book it today: packs may have changed since."""
    prefix = movement_sources(sale_id)
    rows = uow.session.exec(
        select(MovementRow).where(
            MovementRow.store_id == store_id,
            col(MovementRow.source_id).startswith(prefix, autoescape=True),
        )
    )
    return [
        Movement(
            row.gtin,
            Reason.RETURN,
            -row.quantity_milli,
            f"reversal:{row.source_id.removeprefix('sale:')}",
            who,
            now_utc,
        )
        for row in rows
    ]


def _goods_task(uow: UnitOfWork, store_id: str, outcome: OrderOutcome) -> Task:
    found = find(uow, store_id, outcome.sale_id)
    which = f"receipt {found.sale.receipt_no}" if found else f"sale {outcome.sale_id}"
    amount = format_money(outcome.amount_minor, outcome.currency, "en")
    name = day_close.lane_name(uow, store_id, outcome.lane_id)
    words = f"{amount} of {which} on {name} was paid back. Are its goods back on the shelf?"
    return Task(
        f"{outcome.sale_id}:{GOODS}",
        GOODS,
        outcome.lane_id,
        words,
        outcome.currency,
        outcome.amount_minor,
        outcome.order_id,
        outcome.sale_id,
    )


def _events(uow: UnitOfWork, store_id: str, sale_ids: list[str]) -> dict[tuple[str, str], SaleEventRow]:
    rows = uow.session.exec(
        select(SaleEventRow).where(SaleEventRow.store_id == store_id, col(SaleEventRow.sale_id).in_(sale_ids))
    )
    return {(row.sale_id, row.kind): row for row in rows}


def _card_sale(row: SaleRow, events: dict[tuple[str, str], SaleEventRow]) -> CardSale:
    sale = SaleMessage.model_validate_json(row.body).sale
    back, goods = events.get((row.sale_id, _REVERSED)), events.get((row.sale_id, _GOODS))
    return CardSale(
        sale,
        _card_of(sale),
        row.received_at_utc,
        back.who if back else "",
        back.at_utc if back else None,
        Goods(goods.detail) if goods else None,
        row.catalogue_version,
    )


def _card_of(sale: Sale) -> Tender | None:
    if len(sale.tenders) != 1:
        return None
    tender = sale.tenders[0]
    is_known = tender.kind.startswith("card") and tender.terminal_receipt_no and tender.terminal_id
    return tender if is_known else None
