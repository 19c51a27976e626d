"""Owns the finding of an item by what somebody scanned or typed: GTIN, GS1 symbol, label, PLU or SKU.

It must not search by name: one code is one item.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal_column, select

from inventory.db.repositories import ITEM, items_by_gtin
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.identifiers import GtinRead, LabelRead, PluRead, Unreadable, read_code


@dataclass(frozen=True, slots=True)
class CodedItem:
    """An item with the lot and expiry its symbol carried, "" and None where it carried none."""

    item: Item
    lot: str = ""
    expires_on: date | None = None


def find(uow: UnitOfWork, store_id: str, code: str) -> CodedItem | None:
    """The item that the code stands for in this store, or None."""
    match read_code(code):
        case GtinRead(gtin=gtin, lot=lot, expiry=expiry):
            item = items_by_gtin(uow.session, store_id, [gtin]).get(gtin)
            return None if item is None else CodedItem(item, lot, expiry)
        case LabelRead(gtin=gtin, label_prefix=prefix):
            item = items_by_gtin(uow.session, store_id, [gtin]).get(gtin)
            return CodedItem(item) if item is not None else _by(uow, store_id, "label_prefix", prefix)
        case PluRead(plu=plu):
            return _by(uow, store_id, "plu", plu) or _by(uow, store_id, "sku", plu)
        case Unreadable():
            return _by(uow, store_id, "sku", code.strip())


def _by(uow: UnitOfWork, store_id: str, column: str, value: str) -> CodedItem | None:
    if not value:
        return None
    # The last condition says nothing new, but without it an engine may not use the index of those with one.
    having = (ITEM.c[column] == value, ITEM.c[column] != literal_column("''"))
    wanted = select(ITEM.c.gtin).where(ITEM.c.store_id == store_id, *having).limit(1)
    gtin = uow.session.connection().execute(wanted).scalar()
    return None if gtin is None else CodedItem(items_by_gtin(uow.session, store_id, [gtin])[gtin])
