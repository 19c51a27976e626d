"""Owns the taking in of a catalogue file: first a preview that writes nothing, then one swap.

It must not know how files are written; `inventory.formats` reads them. An import adds and changes; items the
file does not name stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.db.repositories import all_items, write_audit
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.stock import Movement, Reason
from inventory.formats.csv_catalogue import CatalogueSheet, read_catalogue, write_catalogue
from inventory.formats.entries import Entry, RowError
from inventory.services import catalogue, stock
from inventory.services.stores import find_store

BIG_MOVE_PERCENT = 50
BIG_MOVE_SHARE_PERCENT = 20
"""When more than this share of the prices moves by more than the above, somebody must say yes twice."""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """An item whose price the file changes, in minor units."""

    gtin: str
    name: str
    old_minor: int
    new_minor: int

    @property
    def is_big(self) -> bool:
        return abs(self.new_minor - self.old_minor) * 100 > self.old_minor * BIG_MOVE_PERCENT


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do. Nothing is written while `errors` holds anything."""

    encoding: str
    delimiter: str
    new: int
    changed: int
    unchanged: int
    kept: int
    """Items of the store that the file does not name."""
    price_changes: tuple[PriceChange, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[str, ...]
    needs_confirmation: bool


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A finished import. `version` is the catalogue's, unchanged when the file changed nothing."""

    version: int
    preview: ImportPreview


class ImportRefused(Exception):  # noqa: N818 - it names what the manager is told
    """The file was not taken, and nothing was written; `preview` says why."""

    def __init__(self, preview: ImportPreview) -> None:
        if preview.errors:
            found = len(preview.errors)
            reason = f"{found} {'mistake' if found == 1 else 'mistakes'}; the first: {preview.errors[0]}"
        else:
            reason = (
                f"it moves more than {BIG_MOVE_SHARE_PERCENT} % of the prices by more than "
                f"{BIG_MOVE_PERCENT} %, which must be confirmed."
            )
        super().__init__(f"The file was not taken: {reason}")
        self.preview = preview


def preview(uow: UnitOfWork, store_id: str, raw: bytes) -> ImportPreview:
    """What `apply` would do with the file. Raises SheetError and UnknownStoreError."""
    sheet = read_catalogue(raw, currency=find_store(uow, store_id).currency)
    return _compare(uow, store_id, sheet, {item.gtin: item for item in all_items(uow.session, store_id)})


def apply(
    uow: UnitOfWork,
    store_id: str,
    raw: bytes,
    actor: str,
    now_utc: datetime,
    *,
    confirmed: bool = False,
) -> ImportResult:
    """Takes the file in, all of it or nothing. Items new to the store get their opening stock.

    Raises SheetError, UnknownStoreError, and ImportRefused for row errors or big moves without `confirmed`.
    """
    sheet = read_catalogue(raw, currency=find_store(uow, store_id).currency)
    before = {item.gtin: item for item in all_items(uow.session, store_id)}
    found = _compare(uow, store_id, sheet, before)
    if found.errors or (found.needs_confirmation and not confirmed):
        raise ImportRefused(found)
    if not found.new and not found.changed:
        return ImportResult(catalogue.version(uow, store_id), found)
    merged = before | {entry.item.gtin: entry.item for entry in sheet.entries}
    rates = catalogue.tax_rates(uow, store_id)
    version = catalogue.replace_items(uow, store_id, merged.values(), rates, now_utc)
    openings = [_opening(entry, actor, now_utc) for entry in sheet.entries if entry.item.gtin not in before]
    stock.post_all(
        uow, store_id, [movement for movement in openings if movement is not None], as_of_utc=now_utc
    )
    write_audit(
        uow.session,
        store_id,
        who=actor,
        what="catalogue.import",
        detail=(
            f"version {version}: {found.new} new, {found.changed} changed, "
            f"file sha256 {hashlib.sha256(raw).hexdigest()}"
        ),
        at_utc=now_utc,
    )
    return ImportResult(version, found)


def export(uow: UnitOfWork, store_id: str) -> bytes:
    """The catalogue as a file that `apply` takes back, with what is on hand in its last column.

    A pack's cell is empty there: its pieces stand in the line of the single, and would be booked twice.
    """
    message = catalogue.current(uow, store_id)
    packs = {item.gtin for item in message.items if item.is_pack}
    on_hand_milli = {each.gtin: each.on_hand_milli for each in message.stock if each.gtin not in packs}
    return write_catalogue(message.items, on_hand_milli=on_hand_milli)


def _compare(
    uow: UnitOfWork, store_id: str, sheet: CatalogueSheet, before: Mapping[str, Item]
) -> ImportPreview:
    known = [entry for entry in sheet.entries if entry.item.gtin in before]
    changed = [entry for entry in known if before[entry.item.gtin] != entry.item]
    prices = tuple(
        PriceChange(entry.item.gtin, entry.item.name("en"), old.price_minor, entry.item.price_minor)
        for entry in changed
        if (old := before[entry.item.gtin]).price_minor != entry.item.price_minor
    )
    big = sum(change.is_big for change in prices)
    gtins = {entry.item.gtin for entry in sheet.entries}
    errors = [
        *sheet.errors,
        *_tax_errors(sheet, catalogue.tax_rates(uow, store_id)),
        *_clashes(sheet, [item for item in before.values() if item.gtin not in gtins]),
        *_packs_of_packs(sheet, before),
    ]
    return ImportPreview(
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        new=len(gtins - before.keys()),
        changed=len(changed),
        unchanged=len(known) - len(changed),
        kept=len(before.keys() - gtins),
        price_changes=prices,
        errors=tuple(sorted(errors, key=lambda error: (error.line_no, error.column))),
        warnings=sheet.warnings,
        needs_confirmation=big * 100 > len(known) * BIG_MOVE_SHARE_PERCENT,
    )


def _tax_errors(sheet: CatalogueSheet, rates: Mapping[str, int]) -> list[RowError]:
    return [
        RowError(entry.line_no, "tax_class", f"the store has no rate for “{entry.item.tax_class[:20]}”.")
        for entry in sheet.entries
        if entry.item.tax_class not in rates
    ]


def _clashes(sheet: CatalogueSheet, kept: list[Item]) -> list[RowError]:
    """Short numbers of the file that an item outside the file holds already: a scan would find two."""
    errors = []
    for column in ("plu", "label_prefix", "sku"):
        owners = {getattr(item, column): item.gtin for item in kept if getattr(item, column)}
        errors += [
            RowError(entry.line_no, column, f"{value} belongs to {owners[value]} already.")
            for entry in sheet.entries
            if (value := getattr(entry.item, column)) in owners
        ]
    return errors


def _packs_of_packs(sheet: CatalogueSheet, before: Mapping[str, Item]) -> list[RowError]:
    """Packs made of packs: their stock could be booked as neither."""
    changed = {entry.item.gtin: entry.item for entry in sheet.entries}
    after = {**before, **changed}
    opened = {item.multipack_of for item in before.values() if item.is_pack and item.gtin not in changed}
    errors = []
    for entry in sheet.entries:
        if not entry.item.is_pack:
            continue
        inner = after.get(entry.item.multipack_of)
        if inner is not None and inner.is_pack:
            errors.append(
                RowError(
                    entry.line_no, "multipack_of", f"{inner.gtin} is a multipack itself; name its single."
                )
            )
        elif entry.item.gtin in opened:
            problem = "another multipack is made of this item, which then cannot be one."
            errors.append(RowError(entry.line_no, "multipack_of", problem))
    return errors


def _opening(entry: Entry, actor: str, now_utc: datetime) -> Movement | None:
    if not entry.opening_stock_milli:
        return None
    gtin, units = entry.item.booked_as
    quantity_milli = entry.opening_stock_milli * units
    return Movement(gtin, Reason.RECEIPT, quantity_milli, f"opening:{entry.item.gtin}", actor, now_utc)
