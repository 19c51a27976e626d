"""Owns the key that signs links shoppers keep: made once for each store, at random.

It must not show it to anybody.
"""

from __future__ import annotations

import secrets

from inventory.db.repositories import insert_new
from inventory.db.shelf_table import LinkKeyRow
from inventory.db.unit_of_work import UnitOfWork

_BYTES = 32


def make(uow: UnitOfWork, store_id: str) -> None:
    """Makes the store's key where there is none; safe to repeat."""
    insert_new(uow.session, LinkKeyRow(store_id=store_id, key=secrets.token_urlsafe(_BYTES)))


def key_of(uow: UnitOfWork, store_id: str) -> str:
    """The store's key. Raises LookupError before the store was opened for the first time."""
    row = uow.session.get(LinkKeyRow, store_id)
    if row is None:
        raise LookupError(f"The store “{store_id}” has no key for links.")
    return row.key
