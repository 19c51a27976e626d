"""Owns the taking in of movements: what the ledger has already stays, counts become what is missing to them.

It must not know documents. A count holds for the moment it was taken: what moved since is not counted away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, select

from inventory.db.repositories import MOVEMENT, ON_HAND, items_by_gtin
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.bundles import Parts, explode, parts_of
from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item, SoldBy
from inventory.domain.places import SHELF
from inventory.domain.stock import Movement, Reason
from inventory.formats.entries import RowError, StockLine
from inventory.formats.said import said
from inventory.intake.staged import StagedFile
from inventory.services import bundles, late_sales, stock
from inventory.services.import_preview import SHOWN, StockChange, shown_stock
from inventory.services.late_sales import Look

UNDONE = "undo:"
"""In front of the source of a movement that takes another one back."""

_KNOWN_SOURCES = select(MOVEMENT.c.source_id).where(
    MOVEMENT.c.store_id == bindparam("store"),
    MOVEMENT.c.source_id.in_(bindparam("sources", expanding=True)),
)
_ON_HAND = select(ON_HAND.c.gtin, ON_HAND.c.on_hand_milli).where(
    ON_HAND.c.store_id == bindparam("store"), ON_HAND.c.gtin.in_(bindparam("gtins", expanding=True))
)
_MOVED_SINCE = (
    select(MOVEMENT.c.gtin, func.sum(MOVEMENT.c.quantity_milli).label("milli"))
    .where(MOVEMENT.c.store_id == bindparam("store"), MOVEMENT.c.at_utc > bindparam("since"))
    .where(MOVEMENT.c.gtin.in_(bindparam("gtins", expanding=True)))
    .group_by(MOVEMENT.c.gtin)
)
_LAST_LOOKS = (
    select(MOVEMENT.c.gtin, func.max(MOVEMENT.c.at_utc, type_=MOVEMENT.c.at_utc.type).label("at_utc"))
    .where(MOVEMENT.c.store_id == bindparam("store"), MOVEMENT.c.reason == Reason.COUNT.value)
    .where(MOVEMENT.c.gtin.in_(bindparam("gtins", expanding=True)), MOVEMENT.c.location == SHELF)
    .group_by(MOVEMENT.c.gtin)
)


def compare(uow: UnitOfWork, store_id: str, staged: StagedFile) -> dict[str, int]:
    """Counts the movements that are new and known, and keeps the first for a preview."""
    moved = known = 0
    shown: list[StockChange] = []
    for lines in staged.stock_lines():
        items = items_by_gtin(uow.session, store_id, [line.gtin for line in lines])
        opened = bundles.of(uow, store_id, items)
        found = [(line, _fault(line, items.get(line.gtin), opened)) for line in lines]
        staged.add_compared([], [fault for _, fault in found if fault is not None])
        good = [line for line, fault in found if fault is None]
        fresh = _fresh(uow, store_id, good)
        moved += len(fresh)
        known += len(good) - len(fresh)
        if len(shown) < SHOWN:
            shown += [_shown(line, items[line.gtin]) for line, _ in fresh]
    staged.note(stock_shown=shown_stock(shown))
    return {"moved": moved, "known": known}


def take(
    uow: UnitOfWork, store_id: str, staged: StagedFile, actor: str, now_utc: datetime, *, is_told: bool = True
) -> Iterator[list[Movement]]:
    """Posts what is new in the transaction, some at a time as they are asked for; answers what was posted.

    `is_told` as in `stock.post_all`.
    """
    for lines in staged.stock_lines():
        items = items_by_gtin(uow.session, store_id, [line.gtin for line in lines])
        opened = bundles.of(uow, store_id, items)
        good = [line for line in lines if _fault(line, items.get(line.gtin), opened) is None]
        fresh = _fresh(uow, store_id, good)
        parts = {gtin: parts_of(item, opened.get(gtin, ())) for gtin, item in items.items()}
        looks: dict[str, Look] = {}
        movements = _movements(uow, store_id, fresh, parts, actor, now_utc, looks)
        stock.post_all(uow, store_id, movements, as_of_utc=now_utc, is_told=is_told)
        late_sales.looked(uow, store_id, looks)
        yield movements


def known_sources(uow: UnitOfWork, store_id: str, sources: Iterable[str]) -> set[str]:
    """Those of the sources that the ledger has."""
    wanted = sorted(set(sources))
    if not wanted:
        return set()
    bind = {"store": store_id, "sources": wanted}
    return set(uow.session.connection().execute(_KNOWN_SOURCES, bind).scalars())


def _fault(line: StockLine, item: Item | None, opened: Mapping[str, Parts]) -> RowError | None:
    if item is None:
        return RowError(line.line_no, "gtin", said("{gtin} is nothing this store sells.", gtin=line.gtin))
    if item.is_pack and line.reason is Reason.COUNT:
        return RowError(
            line.line_no, "gtin", said("{gtin} is a multipack; count its singles.", gtin=line.gtin)
        )
    if line.gtin in opened and line.reason is Reason.COUNT:
        return RowError(line.line_no, "gtin", said("{gtin} is a bundle; count its parts.", gtin=line.gtin))
    return None


def _fresh(uow: UnitOfWork, store_id: str, lines: Sequence[StockLine]) -> list[tuple[StockLine, str]]:
    """The lines that the ledger lacks, each with its source; one that was undone gets a further source."""
    sources = {line.source: line.source for line in lines}
    asked = list(sources)
    while asked:
        known = known_sources(uow, store_id, [*asked, *(f"{UNDONE}{source}" for source in asked)])
        undone = [source for source in asked if source in known and f"{UNDONE}{source}" in known]
        again = {source: f"{source}+" for source in undone}
        for line_source, source in sources.items():
            if source in again:
                sources[line_source] = again[source]
            elif source in known:
                sources[line_source] = ""
        asked = list(again.values())
    return [(line, sources[line.source]) for line in lines if sources[line.source]]


def _movements(
    uow: UnitOfWork,
    store_id: str,
    fresh: Sequence[tuple[StockLine, str]],
    parts: Mapping[str, Parts],
    actor: str,
    now_utc: datetime,
    looks: dict[str, Look],
) -> list[Movement]:
    """What the lines are in the ledger; a count that nobody has overtaken goes into `looks` by its source."""
    counted = [line for line, _ in fresh if line.reason is Reason.COUNT]
    there = _there_then(uow, store_id, counted, now_utc)
    looked = _last_looks(uow, store_id, counted)
    movements: list[Movement] = []
    for line, source in fresh:
        at_utc = min(line.at_utc or now_utc, now_utc)
        if line.reason is Reason.COUNT:
            # Who looked later has corrected what was wrong then.
            is_overtaken = line.gtin in looked and looked[line.gtin] > at_utc
            milli = 0 if is_overtaken else line.quantity_milli - there[line.gtin]
            movements.append(Movement(line.gtin, line.reason, milli, source, actor, at_utc))
            if not is_overtaken:
                looks[source] = Look(line.gtin, at_utc, now_utc)
            continue
        whole = Movement(line.gtin, line.reason, line.quantity_milli, source, actor, at_utc)
        movements += exploded(whole, parts[line.gtin])
    return movements


def exploded(whole: Movement, parts: Parts) -> Iterator[Movement]:
    """A movement of an item as those of its parts; the first keeps its source, the others number theirs."""
    for number, (gtin, milli) in enumerate(explode(parts, whole.quantity_milli)):
        source_id = f"{whole.source_id}:{number}" if number else whole.source_id
        yield replace(whole, gtin=gtin, quantity_milli=milli, source_id=source_id)


def _last_looks(uow: UnitOfWork, store_id: str, lines: Sequence[StockLine]) -> dict[str, datetime]:
    """When each of the items was counted last on its shelf."""
    bind = {"store": store_id, "gtins": [line.gtin for line in lines]}
    rows = uow.session.connection().execute(_LAST_LOOKS, bind) if lines else ()
    return {row.gtin: row.at_utc for row in rows}


def _there_then(
    uow: UnitOfWork, store_id: str, lines: Sequence[StockLine], now_utc: datetime
) -> dict[str, int]:
    """What the ledger had of the counted items at the moment each was counted."""
    connection = uow.session.connection()
    gtins = [line.gtin for line in lines]
    if not gtins:
        return {}
    rows = connection.execute(_ON_HAND, {"store": store_id, "gtins": gtins})
    there = dict.fromkeys(gtins, 0) | {row.gtin: int(row.on_hand_milli) for row in rows}
    for since in {min(line.at_utc or now_utc, now_utc) for line in lines}:
        of_moment = [line.gtin for line in lines if min(line.at_utc or now_utc, now_utc) == since]
        bind = {"store": store_id, "since": since, "gtins": of_moment}
        for row in connection.execute(_MOVED_SINCE, bind):
            there[row.gtin] -= int(row.milli)
    return there


def _shown(line: StockLine, item: Item) -> StockChange:
    return StockChange(
        gtin=line.gtin,
        name=item.name(FALLBACK_LANGUAGE),
        reason=line.reason.value,
        quantity_milli=line.quantity_milli,
        is_weighed=item.sold_by is SoldBy.WEIGHT,
    )
