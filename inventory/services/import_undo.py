"""Owns the taking back of an import: every item as it was before, every movement by its opposite.

It must not guess: where somebody changed the same items since, nothing is taken back at all. The catalogue as
it was is one more version; nothing in the ledger is erased.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select

from inventory.db.import_table import ImportChangeRow
from inventory.db.repositories import MOVEMENT as LEDGER
from inventory.db.repositories import items_by_gtin, write_audit
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item
from inventory.domain.import_batch import BatchState
from inventory.domain.places import PLAIN, Place, read_place
from inventory.domain.stock import Movement, Reason
from inventory.intake.item_text import read_item, write_item
from inventory.services import bundles, catalogue, import_batches, late_sales, shelves, stock
from inventory.services.import_batches import BatchError
from inventory.services.import_stock import UNDONE
from inventory.services.imports import ITEM, MANY, MOVEMENT

NAMED = 5
_CHUNK = 500
_CHANGES = StoreTable.metadata.tables[str(ImportChangeRow.__tablename__)]
_CHANGES_AFTER = (
    select(_CHANGES.c.key, _CHANGES.c.before, _CHANGES.c.after)
    .where(_CHANGES.c.store_id == bindparam("store"), _CHANGES.c.batch_id == bindparam("batch"))
    .where(_CHANGES.c.kind == bindparam("kind"), _CHANGES.c.key > bindparam("after_key"))
    .order_by(_CHANGES.c.key)
    .limit(_CHUNK)
)

_BROUGHT = (
    select(LEDGER.c.gtin, func.sum(LEDGER.c.quantity_milli).label("milli"))
    .join(_CHANGES, (_CHANGES.c.store_id == LEDGER.c.store_id) & (_CHANGES.c.key == LEDGER.c.source_id))
    .where(_CHANGES.c.store_id == bindparam("store"), _CHANGES.c.batch_id == bindparam("batch"))
    .where(_CHANGES.c.kind == bindparam("kind"), LEDGER.c.gtin.in_(bindparam("gtins", expanding=True)))
    .group_by(LEDGER.c.gtin)
)
_COUNT = (
    select(func.count())
    .select_from(_CHANGES)
    .where(_CHANGES.c.store_id == bindparam("store"), _CHANGES.c.batch_id == bindparam("batch"))
    .where(_CHANGES.c.kind == bindparam("kind"))
)

Changes = list[tuple[str, str, str]]
"""Key, before and after of each."""


class TouchedSinceError(BatchError):
    """Somebody changed items of the import since; `names` are the first of them, `count` all."""

    def __init__(self, names: list[str], count: int) -> None:
        more = f" and {count - len(names)} more" if count > len(names) else ""
        super().__init__(
            f"Not undone: {', '.join(names)}{more} changed since this import. "
            "Undo that first, or change them by hand."
        )
        self.names = names
        self.count = count


class MovedSinceError(BatchError):
    """Items that the import brought have been sold, received or moved since: dropped, their stock were lost.

    `names` are the first of them, `count` all.
    """

    def __init__(self, names: list[str], count: int) -> None:
        more = f" and {count - len(names)} more" if count > len(names) else ""
        super().__init__(
            f"Not undone: {', '.join(names)}{more} has stock that this import did not bring. "
            "Undo the rest and keep what moved, or correct its stock first."
        )
        self.names = names
        self.count = count


def undo(
    uow: UnitOfWork,
    store_id: str,
    batch_id: str,
    actor: str,
    now_utc: datetime,
    *,
    keep_moved: bool = False,
    many: int = MANY,
) -> int:
    """Takes an import back in this one transaction; answers the catalogue's version. `many` as for `take`.

    `keep_moved`: new items of which goods came or went since stay as they are. Raises BatchError where there
    is nothing to undo, TouchedSinceError where its items changed since, MovedSinceError where new ones moved.
    """
    batch = import_batches.find(uow, store_id, batch_id, is_locked=True)
    if batch is None or batch.state is not BatchState.TAKEN:
        raise BatchError("This import is not there to be undone.")
    _refuse_if_touched(uow, store_id, batch_id)
    moved = dict(_moved_since(uow, store_id, batch_id))
    if moved and not keep_moved:
        raise MovedSinceError(list(moved.values())[:NAMED], len(moved))
    items = _item_count(uow, store_id, batch_id)
    is_told = items <= many
    _take_back_movements(uow, store_id, batch_id, actor, now_utc, but=moved.keys(), is_told=is_told)
    version = catalogue.version(uow, store_id)
    if items:
        change = catalogue.change_items if is_told else catalogue.change_many
        put = _before(uow, store_id, batch_id)
        dropped = _new(uow, store_id, batch_id, but=moved.keys())
        version = change(uow, store_id, put=put, dropped=dropped, now_utc=now_utc)
    import_batches.become(uow, store_id, batch_id, BatchState.UNDONE, now_utc)
    kept = f", {len(moved)} items that moved since kept" if moved else ""
    detail = f"version {version}: the import of version {batch.version}{kept}"
    write_audit(uow.session, store_id, who=actor, what="catalogue.undo", detail=detail, at_utc=now_utc)
    return version


def _refuse_if_touched(uow: UnitOfWork, store_id: str, batch_id: str) -> None:
    names: list[str] = []
    count = 0
    in_bundles = _in_bundles(uow, store_id)
    for changes in _changes(uow, store_id, batch_id, ITEM):
        now = items_by_gtin(uow.session, store_id, [gtin for gtin, _, _ in changes])
        for gtin, before, after in changes:
            item = now.get(gtin)
            is_needed = not before and gtin in in_bundles
            if item is None or is_needed or write_item(item) != after:
                count += 1
                if len(names) < NAMED:
                    names.append((item or read_item(after)).name(FALLBACK_LANGUAGE))
    if count:
        raise TouchedSinceError(names, count)


def _moved_since(uow: UnitOfWork, store_id: str, batch_id: str) -> Iterator[tuple[str, str]]:
    """New items of which more or less lies in the store than the import brought, by GTIN with their names."""
    for changes in _changes(uow, store_id, batch_id, ITEM):
        names = {
            gtin: read_item(after).name(FALLBACK_LANGUAGE) for gtin, before, after in changes if not before
        }
        if not names:
            continue
        bind = {"store": store_id, "batch": batch_id, "kind": MOVEMENT, "gtins": sorted(names)}
        brought = {
            (row.gtin, PLAIN): int(row.milli) for row in uow.session.connection().execute(_BROUGHT, bind)
        }
        there = {
            (each.gtin, each.place): each.quantity_milli
            for each in shelves.lying(uow, store_id, sorted(names))
        }
        differ = {
            gtin
            for gtin, place in {*brought, *there}
            if brought.get((gtin, place), 0) != there.get((gtin, place), 0)
        }
        yield from ((gtin, names[gtin]) for gtin in sorted(differ))


def _in_bundles(uow: UnitOfWork, store_id: str) -> set[str]:
    """Items that are bundles or parts of them: dropped, their goods would be booked where nobody looks."""
    parts_of = bundles.all_bundles(uow, store_id)
    return {*parts_of, *(part.gtin for parts in parts_of.values() for part in parts)}


def _item_count(uow: UnitOfWork, store_id: str, batch_id: str) -> int:
    bind = {"store": store_id, "batch": batch_id, "kind": ITEM}
    return int(uow.session.connection().execute(_COUNT, bind).scalar_one())


def _new(uow: UnitOfWork, store_id: str, batch_id: str, *, but: Collection[str]) -> Iterator[str]:
    for changes in _changes(uow, store_id, batch_id, ITEM):
        yield from (gtin for gtin, before, _ in changes if not before and gtin not in but)


def _before(uow: UnitOfWork, store_id: str, batch_id: str) -> Iterator[Item]:
    for changes in _changes(uow, store_id, batch_id, ITEM):
        yield from (read_item(before) for _, before, _ in changes if before)


def _take_back_movements(
    uow: UnitOfWork,
    store_id: str,
    batch_id: str,
    actor: str,
    now_utc: datetime,
    *,
    but: Collection[str],
    is_told: bool,
) -> None:
    for changes in _changes(uow, store_id, batch_id, MOVEMENT):
        movements = []
        for source_id, _, after in changes:
            moved = json.loads(after)
            if moved["gtin"] in but:
                continue
            movements.append(
                Movement(
                    moved["gtin"],
                    Reason.CORRECTION,
                    -moved["quantity_milli"],
                    f"{UNDONE}{source_id}",
                    actor,
                    # Dated as what it takes back: a later count of the same moment must not see either.
                    datetime.fromisoformat(moved["at_utc"]),
                    _place_of(moved),
                )
            )
        stock.post_all(uow, store_id, movements, as_of_utc=now_utc, is_told=is_told)
        late_sales.looked_in_vain(uow, store_id, [source_id for source_id, _, _ in changes])


def _place_of(moved: Mapping[str, str]) -> Place:
    return read_place(moved.get("location", ""), moved.get("lot", ""), moved.get("expires_on", ""))


def _changes(uow: UnitOfWork, store_id: str, batch_id: str, kind: str) -> Iterator[Changes]:
    after_key = ""
    while True:
        bind = {"store": store_id, "batch": batch_id, "kind": kind, "after_key": after_key}
        rows = [
            (row.key, row.before, row.after) for row in uow.session.connection().execute(_CHANGES_AFTER, bind)
        ]
        if not rows:
            return
        yield rows
        after_key = rows[-1][0]
