"""Owns what only the store can find wrong with a row: taxes without a rate, numbers taken, packs of packs.

It must not read a file, nor hold the catalogue: it asks for a few items at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import bindparam, select

from inventory.db.repositories import ITEM, items_by_gtin
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.formats.entries import Entry, RowError
from inventory.formats.said import said
from inventory.intake.staged import CHUNK, StagedFile

Merged = Sequence[tuple[Entry, Item | None]]
"""Entries as the items will be, each beside the item that is there now."""

_SHORT_NUMBERS = (
    select(ITEM.c.gtin, ITEM.c.sku, ITEM.c.plu, ITEM.c.label_prefix)
    .where(ITEM.c.store_id == bindparam("store"))
    .where((ITEM.c.sku != ITEM.c.gtin) | (ITEM.c.plu != "") | (ITEM.c.label_prefix != ""))
)
_PACKS_OF = (
    select(ITEM.c.gtin, ITEM.c.multipack_of)
    .where(ITEM.c.store_id == bindparam("store"), ITEM.c.multipack_units > 0)
    .where(ITEM.c.multipack_of.in_(bindparam("singles", expanding=True)))
)


def tax_faults(entries: Merged, rates: Mapping[str, int]) -> list[RowError]:
    """Rows in a tax class the store has no rate for."""
    return [
        RowError(
            entry.line_no,
            "tax_class",
            said("the store has no rate for “{cell}”.", cell=entry.item.tax_class[:20]),
        )
        for entry, _ in entries
        if entry.item.tax_class not in rates
    ]


def pack_faults(uow: UnitOfWork, store_id: str, staged: StagedFile, entries: Merged) -> list[RowError]:
    """Packs made of packs: their stock could be booked as neither."""
    packs = [entry for entry, _ in entries if entry.item.is_pack]
    if not packs:
        return []
    inner = [pack.item.multipack_of for pack in packs]
    after = items_by_gtin(uow.session, store_id, inner)
    after |= {entry.item.gtin: entry.item for entry in staged.entries_with("gtin", inner)}
    opened = _opened(uow, store_id, staged, [pack.item.gtin for pack in packs])
    faults = []
    for pack in packs:
        single = after.get(pack.item.multipack_of)
        if single is not None and single.is_pack:
            problem = said("{gtin} is a multipack itself; name its single.", gtin=single.gtin)
            faults.append(RowError(pack.line_no, "multipack_of", problem))
        elif pack.item.gtin in opened:
            problem = said("another multipack is made of this item, which then cannot be one.")
            faults.append(RowError(pack.line_no, "multipack_of", problem))
    return faults


def _opened(uow: UnitOfWork, store_id: str, staged: StagedFile, gtins: list[str]) -> set[str]:
    """Those of the items that packs outside the file are made of."""
    bind = {"store": store_id, "singles": gtins}
    rows = uow.session.connection().execute(_PACKS_OF, bind).all()
    inside = {entry.item.gtin for entry in staged.entries_with("gtin", [row.gtin for row in rows])}
    return {row.multipack_of for row in rows if row.gtin not in inside}


def clashes(uow: UnitOfWork, store_id: str, staged: StagedFile) -> Iterator[RowError]:
    """Short numbers of the file that an item outside the file holds already: a scan would find two."""
    speaks_of = {*staged.noted("speaks_of", [])} & {"plu", "label_prefix", "sku"}
    rows = iter(uow.session.connection().execute(_SHORT_NUMBERS, {"store": store_id}))
    while speaks_of and (chunk := list(islice(rows, CHUNK))):
        inside = {entry.item.gtin for entry in staged.entries_with("gtin", [row.gtin for row in chunk])}
        outside = [row for row in chunk if row.gtin not in inside]
        for column in sorted(speaks_of):
            owners = {getattr(row, column): row.gtin for row in outside if getattr(row, column)}
            for entry in staged.entries_with(column, list(owners)) if owners else ():
                value = getattr(entry.item, column)
                problem = said("{value} belongs to {gtin} already.", value=value, gtin=owners[value])
                yield RowError(entry.line_no, column, problem)
