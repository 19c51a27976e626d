"""Owns the way of goods from one store to another: what left here is expected there, under one id.

It must not change both stores in one transaction: they may lie on two servers. What left stands in the books
of the one before the other hears of it, and telling it again makes no second paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from inventory.db.ledger_table import StockDocumentRow
from inventory.db.repositories import MOVEMENT, place_of
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.documents import Document, Kind, State
from inventory.domain.stock import Movement, Reason
from inventory.services import documents, receiving
from inventory.services.stores import UnknownStoreError, find_store


@dataclass(frozen=True, slots=True)
class Sent:
    """A posted transfer to another store, and what left with it."""

    document: Document
    moved: tuple[Movement, ...]


def sent(uow: UnitOfWork, store_id: str, document_id: str) -> Sent | None:
    """What was sent with a paper; None unless it is a posted transfer to another store."""
    document = documents.find(uow, store_id, document_id)
    if document is None or document.kind is not Kind.DISPATCH or document.state is not State.POSTED:
        return None
    prefix = f"{Kind.DISPATCH.value}:{document_id}:"
    rows = uow.session.connection().execute(
        select(MOVEMENT).where(
            MOVEMENT.c.store_id == store_id,
            MOVEMENT.c.source_id >= prefix,
            MOVEMENT.c.source_id < prefix[:-1] + ";",  # the sign after the colon: every id with this prefix
        )
    )
    moved = tuple(
        Movement(
            row.gtin,
            Reason(row.reason),
            row.quantity_milli,
            row.source_id,
            row.actor,
            row.at_utc,
            place_of(row),
            row.document_id,
        )
        for row in rows
    )
    return Sent(document, moved)


def announce(database: Database, store_id: str, document_id: str) -> bool:
    """Opens the paper at the store that the goods go to, where this database holds it; False if not."""
    with database.read() as uow:
        found = sent(uow, store_id, document_id)
        if found is None or not _is_here(uow, found.document.partner):
            return False
    with database.write() as uow:
        return receiving.arrive(uow, found.document.partner, found.document, found.moved, from_store=store_id)


def unannounced(uow: UnitOfWork, store_id: str, since_utc: datetime) -> tuple[str, ...]:
    """Transfers posted since then whose other store, kept in this database, has no paper of them."""
    there = StockDocumentRow.__table__.alias("there")  # type: ignore[attr-defined]
    wanted = (
        select(col(StockDocumentRow.document_id), col(StockDocumentRow.partner))
        .outerjoin(
            there,
            (there.c.store_id == col(StockDocumentRow.partner))
            & (there.c.document_id == col(StockDocumentRow.document_id)),
        )
        .where(
            col(StockDocumentRow.store_id) == store_id,
            col(StockDocumentRow.kind) == Kind.DISPATCH.value,
            col(StockDocumentRow.made_at_utc) >= since_utc,
            col(StockDocumentRow.state) == State.POSTED.value,
            there.c.document_id.is_(None),
        )
    )
    rows = uow.session.connection().execute(wanted).all()
    return tuple(row.document_id for row in rows if _is_here(uow, row.partner))


def _is_here(uow: UnitOfWork, store_id: str) -> bool:
    try:
        find_store(uow, store_id)
    except UnknownStoreError:
        return False
    return True
