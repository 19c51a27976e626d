"""Owns cycle counts: what is to be counted, what somebody found, and what sales that came late change of it.

It must not show who counts what the books hold. A difference is taken against what they held when the line
was counted, less what lay in open baskets: that is paid afterwards or put back. Goods sold before that moment
by a lane whose sale came in only afterwards were missed by the counter already: they are given back once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import col

from inventory.db.ledger_table import StockDocumentLineRow, StockDocumentRow
from inventory.db.repositories import ITEM, MOVEMENT, place_of
from inventory.db.tables import SaleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import MAX_LINES, Document, Kind, Line, State, line_id
from inventory.domain.places import Place
from inventory.domain.sales import sale_of_source
from inventory.domain.stock import Movement, Reason
from inventory.services import bundles, documents, reservations, shelves, stock
from inventory.services.documents import DocumentClosed, DocumentRefused

LATE = timedelta(days=7)
"""How long before a count a late sale may have been paid, and how long after it one may come in."""

_COUNTED = (
    select(
        col(StockDocumentLineRow.document_id),
        col(StockDocumentLineRow.line_id),
        col(StockDocumentLineRow.gtin),
        col(StockDocumentLineRow.location),
        col(StockDocumentLineRow.lot),
        col(StockDocumentLineRow.expires_on),
        col(StockDocumentLineRow.at_utc),
        col(StockDocumentLineRow.in_baskets),
    )
    .join(
        StockDocumentRow,
        (col(StockDocumentRow.store_id) == col(StockDocumentLineRow.store_id))
        & (col(StockDocumentRow.document_id) == col(StockDocumentLineRow.document_id)),
    )
    .where(
        col(StockDocumentRow.store_id) == bindparam("store"),
        col(StockDocumentRow.kind) == Kind.COUNT.value,
        col(StockDocumentRow.state) == State.POSTED.value,
        col(StockDocumentRow.made_at_utc) >= bindparam("since"),
        col(StockDocumentLineRow.location) == "",
        col(StockDocumentLineRow.at_utc) >= bindparam("since"),
    )
)
_SOLD_BEFORE = (
    select(MOVEMENT.c.source_id, MOVEMENT.c.actor, MOVEMENT.c.quantity_milli)
    .where(
        MOVEMENT.c.store_id == bindparam("store"),
        MOVEMENT.c.gtin == bindparam("gtin"),
        MOVEMENT.c.at_utc > bindparam("earliest"),
        MOVEMENT.c.at_utc <= bindparam("counted"),
        MOVEMENT.c.reason == Reason.SALE.value,
    )
    .order_by(MOVEMENT.c.at_utc, MOVEMENT.c.source_id)
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be counted: a department, an aisle, a bay of it, or the items named; "" for all."""

    department: str = ""
    aisle: str = ""
    bay: str = ""
    gtins: tuple[str, ...] = ()


def open_count(uow: UnitOfWork, store_id: str, document: Document, scope: Scope) -> bool:
    """Opens a count over a scope; False when its id was there before.

    Packs and bundles are not counted: their parts are. Raises DocumentRefused where nothing is in the scope,
    or more than one paper holds.
    """
    gtins = _in_scope(uow, store_id, scope)
    if not gtins:
        raise DocumentRefused("empty", "There is nothing to count there.")
    if len(gtins) > MAX_LINES:
        raise DocumentRefused("lines", f"That is more than {MAX_LINES} items; count it in smaller parts.")
    place = Place(document.location)
    lines = tuple(Line(gtin, gtin, place) for gtin in gtins)
    return documents.open_document(uow, store_id, replace(document, lines=lines))


def count_line(
    uow: UnitOfWork,
    store_id: str,
    document_id: str,
    gtin: str,
    found_milli: int,
    *,
    place: Place,
    who: str,
    now_utc: datetime,
) -> None:
    """Says how much of an item was found at a place now; said again, the last word counts.

    Raises DocumentClosed, and DocumentRefused for what is not counted by itself.
    """
    parts = bundles.booked(uow, store_id, gtin, 1000)
    if parts != ((gtin, 1000),):
        raise DocumentRefused("pack", "Packs and bundles are not counted; count the pieces they are made of.")
    document = documents.find(uow, store_id, document_id)
    if document is None or document.kind is not Kind.COUNT:
        raise DocumentClosed
    in_baskets = reservations.held_by(uow, store_id, gtin) if place.is_plain else {}
    line = Line(
        line_id(gtin, place, home=document.location),
        gtin,
        place,
        expected_milli=shelves.at(uow, store_id, gtin, place) - sum(in_baskets.values()),
        quantity_milli=found_milli,
        actor=who,
        at_utc=now_utc,
        in_baskets=tuple(sorted(in_baskets.items())),
    )
    documents.put_lines(uow, store_id, document_id, [line])


def late_sales(uow: UnitOfWork, store_id: str, *, now_utc: datetime) -> list[Movement]:
    """What would give back the sales that were made before a posted count and told only after it.

    Of counts within the last week, and without those given back before: each sale once, however many counts
    it was missed in. What a lane held when the line was counted was not missed, and is not given back when
    that lane tells of it. Sales whose lane's clock put them more than a week before the count are left alone.
    """
    late: dict[str, Movement] = {}
    counted = uow.session.connection().execute(_COUNTED, {"store": store_id, "since": now_utc - LATE}).all()
    # Of several counts the last decides, and a shelf counted as one before a lot of it.
    for line in sorted(counted, key=lambda each: (not place_of(each).has_lot, each.at_utc)):
        for source_id, milli in _missed(line.in_baskets, _told_after(uow, store_id, line.gtin, line.at_utc)):
            own_id = f"late:{source_id}"
            late[own_id] = Movement(
                line.gtin,
                Reason.CORRECTION,
                milli,
                own_id,
                "late sale",
                line.at_utc,
                place_of(line),
                line.document_id,
            )
    before = _posted(uow, store_id, list(late)) if late else set()
    return [movement for own_id, movement in late.items() if movement.quantity_milli and own_id not in before]


def give_back_late_sales(uow: UnitOfWork, store_id: str, *, now_utc: datetime) -> int:
    """Books back the late sales, each at most once, whoever asks however often; answers how many lines."""
    late = late_sales(uow, store_id, now_utc=now_utc)
    if late:
        stock.post_all(uow, store_id, late, as_of_utc=now_utc)
    return len(late)


def _in_scope(uow: UnitOfWork, store_id: str, scope: Scope) -> Sequence[str]:
    wanted = select(ITEM.c.gtin).where(
        ITEM.c.store_id == store_id, (ITEM.c.multipack_of == "") | (ITEM.c.multipack_units == 0)
    )
    for column, value in (
        (ITEM.c.department, scope.department),
        (ITEM.c.aisle, scope.aisle),
        (ITEM.c.bay, scope.bay),
    ):
        if value:
            wanted = wanted.where(column == value)
    if scope.gtins:
        wanted = wanted.where(ITEM.c.gtin.in_(scope.gtins))
    ordered = wanted.order_by(ITEM.c.aisle, ITEM.c.bay, ITEM.c.shelf, ITEM.c.gtin).limit(MAX_LINES + 1)
    gtins = list(uow.session.connection().execute(ordered).scalars())
    opened = bundles.of(uow, store_id, gtins)
    return [gtin for gtin in gtins if gtin not in opened]


def _told_after(
    uow: UnitOfWork, store_id: str, gtin: str, counted_utc: datetime
) -> list[tuple[str, str, int]]:
    """The item's sales paid before the moment it was counted and told to the store after it, oldest first.

    Each as its source, its lane and how much it sold, in thousandths above nothing.
    """
    rows = uow.session.connection().execute(
        _SOLD_BEFORE,
        {"store": store_id, "gtin": gtin, "earliest": counted_utc - LATE, "counted": counted_utc},
    )
    sold = [(row.source_id, row.actor, -int(row.quantity_milli)) for row in rows]
    ids = {sale_of_source(source_id) for source_id, _, _ in sold}
    late = select(col(SaleRow.sale_id)).where(
        col(SaleRow.store_id) == store_id,
        col(SaleRow.sale_id).in_(sorted(ids)),
        col(SaleRow.received_at_utc) > counted_utc,
    )
    told_late = set(uow.session.connection().execute(late).scalars()) if ids else set()
    return [each for each in sold if sale_of_source(each[0]) in told_late]


def _missed(in_baskets: str, told: Sequence[tuple[str, str, int]]) -> Iterator[tuple[str, int]]:
    """The sales by their sources, with what of each the count did miss: all but what was in that basket."""
    held: dict[str, int] = json.loads(in_baskets) if in_baskets else {}
    for source_id, lane_id, milli in told:
        known_milli = max(0, min(held.get(lane_id, 0), milli))
        held[lane_id] = held.get(lane_id, 0) - known_milli
        yield source_id, milli - known_milli


def _posted(uow: UnitOfWork, store_id: str, source_ids: Sequence[str]) -> set[str]:
    there = select(MOVEMENT.c.source_id).where(
        MOVEMENT.c.store_id == store_id, MOVEMENT.c.source_id.in_(source_ids)
    )
    return set(uow.session.connection().execute(there).scalars())


def progress(document: Document) -> tuple[int, int]:
    """How many lines of a count were counted, and how many there are."""
    counted = sum(line.quantity_milli is not None for line in document.lines)
    return counted, len(document.lines)
