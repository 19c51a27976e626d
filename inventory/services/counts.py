"""Owns cycle counts: what is to be counted, and what somebody found.

It must not show who counts what the books hold. A difference is taken against what they held when the line
was counted, less what lay in open baskets: that is paid afterwards or put back. What sales that came late
change of it is `inventory.services.late_sales`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from inventory.db.repositories import ITEM
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import MAX_LINES, Document, Kind, Line, line_id
from inventory.domain.places import Place
from inventory.services import bundles, documents, reservations, shelves
from inventory.services.documents import DocumentClosed, DocumentRefused


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


def progress(document: Document) -> tuple[int, int]:
    """How many lines of a count were counted, and how many there are."""
    counted = sum(line.quantity_milli is not None for line in document.lines)
    return counted, len(document.lines)
