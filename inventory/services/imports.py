"""Owns the taking in of goods: a file is compared with what the store has, then taken whole or not at all.

It must not know how files are written, nor where they wait. An import adds and changes; items the file does
not name stay as they are, and so does whatever the file does not speak of.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from inventory.db.import_table import ImportChangeRow
from inventory.db.repositories import count_items, insert_all, items_by_gtin, place_values, write_audit
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.bundles import parts_of
from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item
from inventory.domain.money import minor_digits
from inventory.domain.stock import Movement, Reason
from inventory.formats.entries import Entry, ReadOptions
from inventory.intake.item_text import read_item, write_item
from inventory.intake.reading import read_into
from inventory.intake.staged import CHUNK, Change, StagedFile
from inventory.services import bundles, catalogue, import_checks, import_stock, opened_stock, stock
from inventory.services.import_preview import (
    ASKED_SHARE_PERCENT,
    ImportPreview,
    ImportRefused,
    PriceChange,
    preview_of,
)
from inventory.services.stores import find_store

__all__ = ["ImportPreview", "ImportRefused", "ImportResult", "PriceChange"]

ITEM, MOVEMENT = "item", "movement"
MANY = 50_000
"""More changes than this are not told one by one: lanes fetch the catalogue as a whole."""
Progress = Callable[[int], None]
"""Hears how many rows were compared."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A finished import. `version` is the catalogue's, unchanged when the file changed nothing in it."""

    version: int
    preview: ImportPreview


@dataclass(slots=True)
class _Counts:
    new: int = 0
    known: int = 0
    changed: int = 0
    moved_prices: int = 0
    big: int = 0
    changes: list[Change] = field(default_factory=list)


def options_for(uow: UnitOfWork, store_id: str, *, language: str = "en") -> ReadOptions:
    """How a file of this store is read unless somebody says otherwise. Raises UnknownStoreError."""
    currency = find_store(uow, store_id).currency
    return ReadOptions(currency, minor_digits(currency), store_id=store_id, language=language)


def preview(uow: UnitOfWork, store_id: str, raw: bytes) -> ImportPreview:
    """What `apply` would do with the file. Raises SheetError and UnknownStoreError."""
    with _staged(uow, store_id, raw) as staged:
        return preview_of(staged)


def apply(
    uow: UnitOfWork,
    store_id: str,
    raw: bytes,
    actor: str,
    now_utc: datetime,
    *,
    confirmed: bool = False,
) -> ImportResult:
    """Takes the file in at once, in this process: for files of our own. All of it or nothing.

    Raises SheetError, UnknownStoreError, and ImportRefused for row errors or big moves without `confirmed`.
    """
    with _staged(uow, store_id, raw) as staged:
        return take(uow, store_id, staged, actor, now_utc, confirmed=confirmed)


def compare(uow: UnitOfWork, store_id: str, staged: StagedFile, progress: Progress | None = None) -> None:
    """Finds out what the file would change; the answer stands in the staging file. Writes nothing else."""
    staged.begin()
    staged.start_comparing()
    counts, compared = _Counts(), 0
    rates = catalogue.tax_rates(uow, store_id)
    speaks_of, fills_only = frozenset(staged.noted("speaks_of", [])), bool(staged.noted("fills_only"))
    for chunk in staged.entries():
        before = items_by_gtin(uow.session, store_id, [entry.item.gtin for entry in chunk])
        entries = [entry for entry in chunk if entry.item.gtin in before or not fills_only]
        after = [
            _merged(before.get(entry.item.gtin), entry, speaks_of, fills_only=fills_only) for entry in entries
        ]
        _count(counts, after)
        faults = import_checks.tax_faults(after, rates)
        faults += import_checks.pack_faults(uow, store_id, staged, after)
        staged.add_compared(counts.changes, faults)
        counts.changes.clear()
        compared += len(chunk)
        if progress is not None:
            progress(compared)
    staged.add_compared([], list(import_checks.clashes(uow, store_id, staged)))
    moved = import_stock.compare(uow, store_id, staged)
    kept = count_items(uow.session, store_id)
    staged.note(
        version=catalogue.version(uow, store_id),
        counts={
            "new": counts.new,
            "changed": counts.changed,
            "unchanged": counts.known - counts.changed,
            "kept": kept - counts.known,
            "price_change_count": counts.moved_prices,
            "needs_confirmation": _asks_twice(counts, kept),
            **moved,
        },
    )
    staged.commit()


def take(  # noqa: PLR0913 - each is somebody's own word
    uow: UnitOfWork,
    store_id: str,
    staged: StagedFile,
    actor: str,
    now_utc: datetime,
    *,
    confirmed: bool = False,
    confirmed_moves: int | None = None,
    without_faulty: bool = False,
    batch_id: str = "",
    many: int = MANY,
) -> ImportResult:
    """Takes a compared file in, in this one transaction. Items new to the store get their opening stock.

    `without_faulty`: somebody looked at the faulty rows and leaves them out. `confirmed_moves` confirms big
    moves as well, where it is the number of prices that move. With a `batch_id` what was there before is
    kept for an undo. More changes than `many` are not told one by one: lanes fetch the catalogue as a whole.
    Raises ImportRefused for faults, or for big moves that nobody confirmed.
    """
    if staged.noted("version") != catalogue.version(uow, store_id):
        compare(uow, store_id, staged)
    found = preview_of(staged)
    is_confirmed = confirmed or confirmed_moves == found.price_change_count
    is_faulty = found.error_count > 0 and not without_faulty
    if is_faulty or (found.needs_confirmation and not is_confirmed):
        raise ImportRefused(found, is_faulty=is_faulty)
    version = catalogue.version(uow, store_id)
    is_many = found.new + found.changed > many
    booked_over: list[Movement] = []
    if found.new or found.changed:
        # Before the catalogue does it by itself, so that an undo knows of it.
        packs = (read_item(change.after) for change in staged.changes())
        booked_over = opened_stock.book_over_packs(uow, store_id, packs, who=actor, now_utc=now_utc)
        puts = (read_item(change.after) for change in staged.changes())
        if is_many:
            version = catalogue.change_many(uow, store_id, put=puts, now_utc=now_utc)
        else:
            version = catalogue.change_items(uow, store_id, put=puts, now_utc=now_utc)
    if batch_id:
        insert_all(uow.session, (_undo_item(store_id, batch_id, each) for each in staged.changes()))
    for posted in chain(
        [booked_over],
        import_stock.take(uow, store_id, staged, actor, now_utc, is_told=not is_many),
        _open_stock(uow, store_id, staged, actor, now_utc, version=version, is_told=not is_many),
    ):
        if batch_id:
            insert_all(uow.session, (_undo_movement(store_id, batch_id, each) for each in posted))
    if not found.changes_nothing:
        did = f"version {version}: {found.new} new, {found.changed} changed, {found.moved} movements"
        detail = f"{did}, file sha256 {staged.noted('digest', '')}"
        write_audit(uow.session, store_id, who=actor, what="catalogue.import", detail=detail, at_utc=now_utc)
    return ImportResult(version, found)


@contextmanager
def _staged(uow: UnitOfWork, store_id: str, raw: bytes) -> Iterator[StagedFile]:
    """A file staged and compared in this process, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="lanelight-import-") as folder:
        staged = StagedFile(Path(folder) / "staged.sqlite")
        try:
            read_into(staged, io.BytesIO(raw), options_for(uow, store_id))
            staged.note(digest=hashlib.sha256(raw).hexdigest())
            compare(uow, store_id, staged)
            yield staged
        finally:
            staged.close()


def _merged(
    before: Item | None, entry: Entry, speaks_of: frozenset[str], *, fills_only: bool
) -> tuple[Entry, Item | None]:
    """The entry as the item will be: what the file speaks of, over what the store has."""
    item = entry.item
    if before is None:
        return entry, None
    fields = speaks_of - {"gtin", "names"}
    if fills_only:
        fields = frozenset(name for name in fields if not getattr(before, name))
        names = {**item.names, **before.names}
        if before.name(FALLBACK_LANGUAGE) != names.get(FALLBACK_LANGUAGE):
            names.pop(FALLBACK_LANGUAGE, None)
    else:
        names = {**before.names, **item.names}
    values = {name: getattr(item, name) for name in fields}
    return replace(entry, item=replace(before, names=names, **values)), before


def _count(counts: _Counts, after: Iterable[tuple[Entry, Item | None]]) -> None:
    for entry, old in after:
        item = entry.item
        counts.known += old is not None
        counts.new += old is None
        if old == item:
            continue
        counts.changed += old is not None
        if old is not None and old.price_minor != item.price_minor:
            counts.moved_prices += 1
            counts.big += PriceChange("", "", old.price_minor, item.price_minor).is_big
        counts.changes.append(
            Change(
                line_no=entry.line_no,
                gtin=item.gtin,
                name=item.name(FALLBACK_LANGUAGE),
                old_minor=old.price_minor if old else None,
                new_minor=item.price_minor,
                before=write_item(old) if old else "",
                after=write_item(item),
                opening_milli=entry.opening_stock_milli if old is None else None,
            )
        )


def _asks_twice(counts: _Counts, prices_of_store: int) -> bool:
    moves_many = counts.moved_prices * 100 > prices_of_store * ASKED_SHARE_PERCENT
    return moves_many or counts.big * 100 > counts.known * ASKED_SHARE_PERCENT


def _open_stock(
    uow: UnitOfWork,
    store_id: str,
    staged: StagedFile,
    actor: str,
    now_utc: datetime,
    *,
    version: int,
    is_told: bool,
) -> Iterator[list[Movement]]:
    """What new items have on their shelves. The version in the source lets a later import open them anew."""
    for changes in _chunks(change for change in staged.changes() if change.opening_milli):
        movements: list[Movement] = []
        opened = bundles.of(uow, store_id, [change.gtin for change in changes])
        for change in changes:
            source_id, milli = f"opening:{change.gtin}:{version}", change.opening_milli or 0
            whole = Movement(change.gtin, Reason.RECEIPT, milli, source_id, actor, now_utc)
            parts = parts_of(read_item(change.after), opened.get(change.gtin, ()))
            movements += import_stock.exploded(whole, parts)
        stock.post_all(uow, store_id, movements, as_of_utc=now_utc, is_told=is_told)
        yield movements


def _undo_item(store_id: str, batch_id: str, change: Change) -> ImportChangeRow:
    return ImportChangeRow(
        store_id=store_id,
        batch_id=batch_id,
        kind=ITEM,
        key=change.gtin,
        before=change.before,
        after=change.after,
    )


def _undo_movement(store_id: str, batch_id: str, movement: Movement) -> ImportChangeRow:
    moved: dict[str, str | int] = {"gtin": movement.gtin, "quantity_milli": movement.quantity_milli}
    moved["at_utc"] = movement.at_utc.isoformat()
    if not movement.place.is_plain:
        moved.update(place_values(movement.place))
    after = json.dumps(moved)
    return ImportChangeRow(
        store_id=store_id, batch_id=batch_id, kind=MOVEMENT, key=movement.source_id, before="", after=after
    )


def _chunks(changes: Iterator[Change]) -> Iterator[list[Change]]:
    chunk: list[Change] = []
    for change in changes:
        chunk.append(change)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
