"""Owns the bundles of a store: which items are sold as several others, and how many whole ones are there.

It must not post anything but what an item holds when it becomes a bundle: who sells or receives a bundle
books its parts. A change of a bundle is a new version of the catalogue, so that whoever remembers items by
version remembers no old parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlmodel import col

from inventory.db.ledger_table import BundlePartRow
from inventory.db.repositories import items_by_gtin, write_audit
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.bundles import BundleError, Part, Parts, check_parts, explode, parts_of
from inventory.services import catalogue, opened_stock

_PARTS = (
    select(col(BundlePartRow.bundle_gtin), col(BundlePartRow.gtin), col(BundlePartRow.quantity_milli))
    .where(col(BundlePartRow.store_id) == bindparam("store"))
    .order_by(col(BundlePartRow.bundle_gtin), col(BundlePartRow.gtin))
)
_PARTS_OF_BUNDLES = _PARTS.where(col(BundlePartRow.bundle_gtin).in_(bindparam("gtins", expanding=True)))
_BUNDLES_WITH = (
    select(col(BundlePartRow.bundle_gtin))
    .where(col(BundlePartRow.store_id) == bindparam("store"))
    .where(col(BundlePartRow.gtin).in_(bindparam("gtins", expanding=True)))
    .distinct()
)


def of(uow: UnitOfWork, store_id: str, gtins: Iterable[str]) -> dict[str, Parts]:
    """The parts of those of the items that are bundles, by the bundle's GTIN."""
    bind = {"store": store_id, "gtins": sorted(set(gtins))}
    return _gathered(uow, _PARTS_OF_BUNDLES, bind)


def all_bundles(uow: UnitOfWork, store_id: str) -> dict[str, Parts]:
    """Every bundle of the store with its parts."""
    return _gathered(uow, _PARTS, {"store": store_id})


def having(uow: UnitOfWork, store_id: str, gtins: Iterable[str]) -> list[str]:
    """The bundles that any of these items is a part of, by GTIN."""
    bind = {"store": store_id, "gtins": sorted(set(gtins))}
    return sorted(uow.session.connection().execute(_BUNDLES_WITH, bind).scalars())


def booked(uow: UnitOfWork, store_id: str, gtin: str, quantity_milli: int) -> tuple[tuple[str, int], ...]:
    """What the ledger moves for so much of an item: (GTIN, thousandths) of its parts, or of itself."""
    item = items_by_gtin(uow.session, store_id, [gtin]).get(gtin)
    if item is None:
        return ((gtin, quantity_milli),)
    parts = parts_of(item, of(uow, store_id, [gtin]).get(gtin, ()))
    return explode(parts, quantity_milli)


def put(
    uow: UnitOfWork, store_id: str, bundle_gtin: str, parts: Iterable[Part], *, who: str, now_utc: datetime
) -> None:
    """Makes an item of the catalogue a bundle of these parts and no others. Raises BundleError.

    What lies there of the item itself is booked as its parts: nothing would ever take it off again.
    """
    wanted = tuple(sorted(parts, key=lambda part: part.gtin))
    items = items_by_gtin(uow.session, store_id, [bundle_gtin, *(part.gtin for part in wanted)])
    bundle = items.get(bundle_gtin)
    if bundle is None:
        raise BundleError(f"There is no item {bundle_gtin}.")
    others = set(all_bundles(uow, store_id)) - {bundle_gtin}
    check_parts(bundle, wanted, items, others)
    if having(uow, store_id, [bundle_gtin]):
        raise BundleError(f"{bundle_gtin} is a part of another bundle.")
    _replace(uow, store_id, bundle_gtin, wanted)
    opened_stock.book_over(uow, store_id, bundle_gtin, wanted, who=who, now_utc=now_utc)
    detail = ", ".join(f"{part.gtin} × {part.quantity_milli}" for part in wanted)
    write_audit(
        uow.session,
        store_id,
        who=who,
        what="bundle.changed",
        detail=f"{bundle_gtin}: {detail}",
        at_utc=now_utc,
    )
    catalogue.change_items(uow, store_id, now_utc=now_utc)


def drop(uow: UnitOfWork, store_id: str, bundle_gtin: str, *, who: str, now_utc: datetime) -> None:
    """Makes a bundle an item of its own again; nothing happens where it is none."""
    if not of(uow, store_id, [bundle_gtin]):
        return
    _replace(uow, store_id, bundle_gtin, ())
    write_audit(uow.session, store_id, who=who, what="bundle.dropped", detail=bundle_gtin, at_utc=now_utc)
    catalogue.change_items(uow, store_id, now_utc=now_utc)


def _replace(uow: UnitOfWork, store_id: str, bundle_gtin: str, parts: Parts) -> None:
    connection = uow.session.connection()
    connection.execute(
        delete(BundlePartRow).where(
            col(BundlePartRow.store_id) == store_id, col(BundlePartRow.bundle_gtin) == bundle_gtin
        )
    )
    values = [
        {
            "store_id": store_id,
            "bundle_gtin": bundle_gtin,
            "gtin": part.gtin,
            "quantity_milli": part.quantity_milli,
        }
        for part in parts
    ]
    if values:
        connection.execute(insert(BundlePartRow), values)


def _gathered(uow: UnitOfWork, statement: object, bind: Mapping[str, object]) -> dict[str, Parts]:
    found: defaultdict[str, list[Part]] = defaultdict(list)
    for row in uow.session.connection().execute(statement, bind):  # type: ignore[call-overload]
        found[row.bundle_gtin].append(Part(row.gtin, row.quantity_milli))
    return {gtin: tuple(parts) for gtin, parts in found.items()}
