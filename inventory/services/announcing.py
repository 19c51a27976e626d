"""Owns announced deliveries: what a supplier said will come and when, changed until something of it has come.

It must not receive: receiving ticks off what was announced. Goods that are announced move nothing; the
reorder list takes them into account.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import Document, Kind, Line, line_id
from inventory.domain.places import Place
from inventory.services import bundles, documents
from inventory.services.documents import DocumentClosed, DocumentRefused


def announce(
    uow: UnitOfWork, store_id: str, document_id: str, gtin: str, announced_milli: int, *, place: Place
) -> None:
    """Says how much of an item (of this lot, where `place` names one) will come; said again, the last counts.

    A pack or bundle is announced as its parts; 0 thousandths take the line off. Raises DocumentClosed, or
    DocumentRefused where something has come already.
    """
    document = _changeable(uow, store_id, document_id)
    where = place.at(document.location)
    for part, milli in bundles.booked(uow, store_id, gtin, announced_milli):
        own = line_id(part, where, home=document.location)
        if milli == 0:
            documents.drop_line(uow, store_id, document_id, own)
        elif milli < 0:
            raise DocumentRefused("quantity", "A quantity is not below nothing.")
        else:
            line = Line(own, part, where, expected_milli=milli)
            documents.put_lines(uow, store_id, document_id, [line])


def change(
    uow: UnitOfWork, store_id: str, document_id: str, *, title: str, number: str, expected_on: date | None
) -> None:
    """Writes the supplier, the number of the note and the expected day.

    Raises DocumentClosed, or DocumentRefused where something has come already.
    """
    document = _changeable(uow, store_id, document_id)
    changed = replace(document, title=title, number=number, expected_on=expected_on)
    documents.change_head(uow, store_id, changed)


def _changeable(uow: UnitOfWork, store_id: str, document_id: str) -> Document:
    document = documents.locked_open(uow, store_id, document_id)
    if document.kind is not Kind.DELIVERY:  # another store says what it sends, and a count announces nothing
        raise DocumentClosed
    if not document.is_announced:
        raise DocumentRefused("received", "Something of it has come already.")
    return document
