"""Owns the catalogue's change feed: which items each version touched, and what a lane has missed.

It must not change items. Where the feed does not reach back, or the way along it would be longer than the
whole, it has no answer and the whole catalogue is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlmodel import col

from inventory.db.feed_table import ItemChangeRow
from inventory.db.repositories import all_items, items_by_gtin, ordered_id
from inventory.db.tables import CatalogueVersionRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.item_sets import moved_sum, sum_of
from inventory.services import stock
from inventory.wire import CatalogueDelta

KEPT = timedelta(days=40)
"""How far the feed reaches back. A lane away for longer gets the whole catalogue."""
FEW = 1_000
"""So many changes are always worth a delta; more of them up to half of the catalogue."""
MOST_COMPARED = 250_000
"""Of a larger catalogue a replacement is not compared item by item, nor is its sum worked out: both would
need all of it in memory."""
_AT_ONCE = 5_000

_VERSION = select(
    col(CatalogueVersionRow.version),
    col(CatalogueVersionRow.mark),
    col(CatalogueVersionRow.checksum),
    col(CatalogueVersionRow.item_count),
    col(CatalogueVersionRow.change_count),
).where(col(CatalogueVersionRow.store_id) == bindparam("store"))
_NEWEST = _VERSION.order_by(col(CatalogueVersionRow.version).desc()).limit(1)
_SINCE = _VERSION.where(col(CatalogueVersionRow.version) >= bindparam("since")).order_by(
    col(CatalogueVersionRow.version)
)
_TOUCHED = (
    select(col(ItemChangeRow.gtin))
    .where(col(ItemChangeRow.store_id) == bindparam("store"), col(ItemChangeRow.version) > bindparam("since"))
    .distinct()
    .order_by(col(ItemChangeRow.gtin))
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a catalogue. `change_count` is None where the feed does not say what it changed."""

    version: int = 0
    mark: str = ""
    checksum: str = ""
    item_count: int = 0
    change_count: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version does to the items before it, by GTIN. `before` holds those of them that were there."""

    put: Mapping[str, Item]
    dropped: tuple[str, ...]
    before: Mapping[str, Item]

    @property
    def count(self) -> int:
        return len(self.put) + len(self.dropped)


def newest(uow: UnitOfWork, store_id: str) -> Edition:
    """The catalogue's version; 0 before the first."""
    row = uow.session.connection().execute(_NEWEST, {"store": store_id}).first()
    return Edition(*row) if row is not None else Edition()


def changes_of(
    before: Mapping[str, Item], *, put: Iterable[Item] = (), dropped: Iterable[str] = ()
) -> Changes:
    """The real differences: an item put as it was is no change, nor is one dropped that was not there."""
    after = {item.gtin: item for item in put}
    changed = {gtin: item for gtin, item in after.items() if before.get(gtin) != item}
    gone = tuple(sorted(gtin for gtin in set(dropped) if gtin in before and gtin not in after))
    touched = {gtin: before[gtin] for gtin in (*changed, *gone) if gtin in before}
    return Changes(changed, gone, touched)


def add(
    uow: UnitOfWork,
    store_id: str,
    *,
    item_count: int,
    changes: Changes | None,
    now_utc: datetime,
) -> int:
    """Writes the next version, after its items, and what it changed (None: nobody compared); its number."""
    last = newest(uow, store_id)
    checksum = _checksum(uow, store_id, last, changes, item_count)
    changes = _worth_telling(changes, item_count)
    edition = Edition(
        version=last.version + 1,
        mark=ordered_id(now_utc),
        checksum=checksum,
        item_count=item_count,
        change_count=None if changes is None else changes.count,
    )
    values = {name: getattr(edition, name) for name in Edition.__slots__}
    connection = uow.session.connection()
    connection.execute(insert(CatalogueVersionRow), values | {"store_id": store_id, "made_at_utc": now_utc})
    rows = list(_rows(store_id, edition.version, changes)) if changes is not None else []
    if rows:
        connection.execute(insert(ItemChangeRow), rows)
    prune(uow, store_id, now_utc)
    return edition.version


def add_scoped(
    uow: UnitOfWork, store_id: str, scope: str, gtins: Sequence[str], *, kind: str, now_utc: datetime
) -> int:
    """A version that changes no item, but what of these items is told to a zone or a branch."""
    last = newest(uow, store_id)
    version = last.version + 1
    values = {"version": version, "mark": ordered_id(now_utc), "change_count": len(gtins)}
    values |= {"checksum": last.checksum, "item_count": last.item_count}
    connection = uow.session.connection()
    connection.execute(insert(CatalogueVersionRow), values | {"store_id": store_id, "made_at_utc": now_utc})
    rows = [
        {"store_id": store_id, "version": version, "gtin": gtin, "scope": scope, "kind": kind}
        for gtin in gtins
    ]
    if rows:
        connection.execute(insert(ItemChangeRow), rows)
    return version


def delta(
    uow: UnitOfWork, store_id: str, *, since: int, mark: str, tax_rates_bp: Mapping[str, int]
) -> CatalogueDelta | None:
    """What has changed since version `since` of that mark; None where the whole must be told."""
    connection = uow.session.connection()
    rows = connection.execute(_SINCE, {"store": store_id, "since": since}).all()
    if not rows:
        return None
    editions = [Edition(*row) for row in rows]
    first, last = editions[0], editions[-1]
    counts = [each.change_count for each in editions[1:]]
    told = [count for count in counts if count is not None]
    if first.version != since or not mark or first.mark != mark or len(told) < len(counts):
        return None
    if sum(told) > max(FEW, last.item_count // 2):
        return None
    touched = connection.execute(_TOUCHED, {"store": store_id, "since": since}).scalars().all()
    items: dict[str, Item] = {}
    for some in portions(touched):
        items |= items_by_gtin(uow.session, store_id, some)
    return CatalogueDelta(
        since=since,
        since_mark=mark,
        version=last.version,
        mark=last.mark,
        checksum=last.checksum,
        item_count=last.item_count,
        tax_rates_bp=dict(tax_rates_bp),
        items=tuple(items.values()),
        dropped=tuple(gtin for gtin in touched if gtin not in items),
        stock=tuple(each for some in portions(tuple(items)) for each in stock.of_items(uow, store_id, some)),
    )


def prune(uow: UnitOfWork, store_id: str, now_utc: datetime) -> None:
    """Forgets what versions older than `KEPT` changed."""
    old = (
        col(CatalogueVersionRow.store_id) == store_id,
        col(CatalogueVersionRow.made_at_utc) < now_utc - KEPT,
        col(CatalogueVersionRow.change_count).is_not(None),
    )
    connection = uow.session.connection()
    last = connection.execute(select(func.max(col(CatalogueVersionRow.version))).where(*old)).scalar()
    if last is None:
        return
    connection.execute(update(CatalogueVersionRow).where(*old).values(change_count=None))
    connection.execute(
        delete(ItemChangeRow).where(
            col(ItemChangeRow.store_id) == store_id, col(ItemChangeRow.version) <= last
        )
    )


def _worth_telling(changes: Changes | None, item_count: int) -> Changes | None:
    """A version that changed most of a catalogue is told whole: its feed would be as long as the whole."""
    return changes if changes is not None and changes.count <= max(FEW, item_count // 2) else None


def _checksum(uow: UnitOfWork, store_id: str, last: Edition, changes: Changes | None, item_count: int) -> str:
    if changes is not None and (last.checksum or last.version == 0):
        return moved_sum(last.checksum or "0", gone=changes.before.values(), come=changes.put.values())
    if item_count <= MOST_COMPARED:
        return sum_of(all_items(uow.session, store_id))
    return ""


def portions(gtins: Sequence[str]) -> Iterator[Sequence[str]]:
    """Parts of a list that fit a statement, which holds so many parameters and no more."""
    return (gtins[start : start + _AT_ONCE] for start in range(0, len(gtins), _AT_ONCE))


def _rows(store_id: str, version: int, changes: Changes) -> Iterator[dict[str, object]]:
    kinds = dict.fromkeys(changes.put, "put") | dict.fromkeys(changes.dropped, "dropped")
    for gtin in sorted(kinds):
        yield {"store_id": store_id, "version": version, "gtin": gtin, "scope": "", "kind": kinds[gtin]}
