"""Owns the catalogue's versions: what is sold now, and the swap to a newer one.

It must not know files or lanes; formats read files, lanes hear an announcement and fetch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, insert
from sqlalchemy import select as select_columns
from sqlmodel import col

from inventory.db.refresh import Progress, swap_items
from inventory.db.repositories import (
    all_items,
    count_items,
    drop_items,
    item_by_gtin,
    items_by_gtin,
    put_items,
)
from inventory.db.tables import TaxRateRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.services import catalogue_feed, opened_stock, stock
from inventory.services.catalogue_feed import MOST_COMPARED, Changes, changes_of
from inventory.services.stores import find_store
from inventory.wire import CatalogueChangedMessage, CatalogueDelta, CatalogueMessage

NOBODY = "catalogue"
"""Who books stock over where nobody is named: headquarters changed an item, or an undo did."""

_RATES = (
    select_columns(col(TaxRateRow.tax_class), col(TaxRateRow.rate_bp))
    .where(col(TaxRateRow.store_id) == bindparam("store"))
    .order_by(col(TaxRateRow.tax_class))
)


def current(uow: UnitOfWork, store_id: str, *, is_marked: bool = False) -> CatalogueMessage:
    """Everything a lane needs to sell without the store, all in memory; `catalogue_text` writes it in pieces.

    `is_marked`: with the version's mark and sum, for a lane that asks for deltas. Raises UnknownStoreError.
    """
    items, levels = all_items(uow.session, store_id), tuple(stock.each_of_catalogue(uow, store_id))
    whole = {"items": items, "stock": levels}
    return outline(uow, store_id, is_marked=is_marked).model_copy(update=whole)


def outline(uow: UnitOfWork, store_id: str, *, is_marked: bool = False) -> CatalogueMessage:
    """The same without its items and their stock. Raises UnknownStoreError."""
    store = find_store(uow, store_id)
    edition = catalogue_feed.newest(uow, store_id)
    return CatalogueMessage(
        version=edition.version,
        store_id=store_id,
        store_name=store.name,
        currency=store.currency,
        tax_rates_bp=tax_rates(uow, store_id),
        items=(),
        stock=(),
        mark=edition.mark if is_marked else "",
        checksum=edition.checksum if is_marked else "",
    )


def delta(uow: UnitOfWork, store_id: str, *, since: int, mark: str) -> CatalogueDelta | None:
    """What has changed since version `since` of that mark; None where the whole must be told."""
    return catalogue_feed.delta(uow, store_id, since=since, mark=mark, tax_rates_bp=tax_rates(uow, store_id))


def find_item(uow: UnitOfWork, store_id: str, gtin: str) -> Item | None:
    """The item of a GTIN-14, or None."""
    return item_by_gtin(uow.session, store_id, gtin)


def find_items(uow: UnitOfWork, store_id: str, gtins: Iterable[str]) -> dict[str, Item]:
    """Those of the items that exist, by GTIN-14."""
    return items_by_gtin(uow.session, store_id, gtins)


def tax_rates(uow: UnitOfWork, store_id: str) -> dict[str, int]:
    """Tax class to rate in basis points."""
    rows = uow.session.connection().execute(_RATES, {"store": store_id})
    return {row.tax_class: row.rate_bp for row in rows}


def version(uow: UnitOfWork, store_id: str) -> int:
    """The catalogue's version; 0 before the first."""
    return catalogue_feed.newest(uow, store_id).version


def replace_items(
    uow: UnitOfWork,
    store_id: str,
    items: Iterable[Item],
    tax_rates: Mapping[str, int],
    now_utc: datetime,
    *,
    is_sorted: bool = False,
    progress: Progress | None = None,
) -> int:
    """Makes `items` and `tax_rates` (class to basis points) the whole catalogue; answers its version.

    One transaction: a reader sees the old catalogue or the new one. Announces the new version. Millions of
    items may come one after the other, quickest in the order of their GTINs, which `is_sorted` promises;
    `progress` hears how many were taken in.
    """
    connection = uow.session.connection()
    connection.execute(delete(TaxRateRow).where(col(TaxRateRow.store_id) == store_id))
    rates = [
        {"store_id": store_id, "tax_class": tax_class, "rate_bp": rate_bp}
        for tax_class, rate_bp in sorted(tax_rates.items())
    ]
    if rates:
        connection.execute(insert(TaxRateRow), rates)
    if not 0 < count_items(uow.session, store_id) <= MOST_COMPARED:
        item_count = swap_items(uow.session, store_id, items, is_sorted=is_sorted, progress=progress)
        return _new_version(uow, store_id, item_count, None, now_utc)
    before = {item.gtin: item for item in all_items(uow.session, store_id)}
    given = tuple(items)
    item_count = swap_items(uow.session, store_id, given, is_sorted=is_sorted, progress=progress)
    after = {item.gtin: item for item in given}
    changes = changes_of(before, put=after.values(), dropped=before.keys() - after.keys())
    return _new_version(uow, store_id, item_count, changes, now_utc)


def change_items(
    uow: UnitOfWork,
    store_id: str,
    *,
    put: Iterable[Item] = (),
    dropped: Iterable[str] = (),
    now_utc: datetime,
    who: str = NOBODY,
) -> int:
    """Puts some items (by GTIN) and drops others; all else stays. Answers and announces the new version.

    What lies of an item that becomes a pack is booked as its singles, by `who`.
    """
    after, gone = tuple(put), tuple(dropped)
    before: dict[str, Item] = {}
    touched = sorted({item.gtin for item in after}.union(gone))
    for some in catalogue_feed.portions(touched):
        before |= items_by_gtin(uow.session, store_id, some)
    changes = changes_of(before, put=after, dropped=gone)
    put_items(uow.session, store_id, changes.put.values())
    drop_items(uow.session, store_id, changes.dropped)
    packs = (item for gtin, item in changes.put.items() if not (gtin in before and before[gtin].is_pack))
    opened_stock.book_over_packs(uow, store_id, packs, who=who, now_utc=now_utc)
    return _new_version(uow, store_id, count_items(uow.session, store_id), changes, now_utc)


def change_many(
    uow: UnitOfWork,
    store_id: str,
    *,
    put: Iterable[Item] = (),
    dropped: Iterable[str] = (),
    now_utc: datetime,
) -> int:
    """As `change_items` for more items than lanes are told of one by one; few are in memory at once."""
    put_items(uow.session, store_id, put)
    drop_items(uow.session, store_id, dropped)
    return _new_version(uow, store_id, count_items(uow.session, store_id), None, now_utc)


def _new_version(
    uow: UnitOfWork, store_id: str, item_count: int, changes: Changes | None, now_utc: datetime
) -> int:
    version = catalogue_feed.add(uow, store_id, item_count=item_count, changes=changes, now_utc=now_utc)
    uow.announce(store_id, "catalogue", message=CatalogueChangedMessage(version=version))
    return version
