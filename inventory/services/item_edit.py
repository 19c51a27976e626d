"""Owns the changing of one item by hand: what was typed goes through the reader of catalogue files.

It must not know pages. There is one set of rules for what an item may be, and it is the import's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.formats.csv_catalogue import cells_of, columns_for, read_catalogue
from inventory.formats.entries import RowError
from inventory.formats.sheet import written_sheet
from inventory.formats.table import SheetError
from inventory.services import catalogue
from inventory.services.item_fields import ItemFieldError, Origin, UnknownItemError, differing, set_fields

EDITABLE = (
    *("sku", "plu", "price_minor", "tax_class", "deposit_minor", "age_limit", "department"),
    *("aisle", "bay", "shelf", "net_content", "net_unit", "season", "aliases"),
)
"""Columns of a catalogue file that may be changed by hand, besides the names. How a thing is sold and what it
is a pack of stay: its stock is booked by them."""


class EditRefused(Exception):  # noqa: N818 - it names what the manager is told
    """Nothing was changed; `problems` tell why, by column ("" for the item as a whole)."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{column}: {problem}" for column, problem in problems))
        self.problems = problems


def cells_to_edit(item: Item) -> dict[str, str]:
    """The item's cells as its file would have them: what a form shows."""
    columns = columns_for(item.names)
    cells = dict(zip(columns, cells_of(item, columns, None), strict=True))
    return {name: cell for name, cell in cells.items() if _is_editable(name)}


def edit(
    uow: UnitOfWork, store_id: str, gtin: str, typed: Mapping[str, str], *, who: str, now_utc: datetime
) -> int:
    """Changes an item to what was typed, by column; answers the catalogue's version.

    A column that is not in `typed`, or may not be changed, stays. Raises UnknownItemError and EditRefused.
    """
    before = catalogue.find_item(uow, store_id, gtin)
    if before is None:
        raise UnknownItemError(f"The store has no item {gtin}.")
    after = _read(before, {name: text for name, text in typed.items() if _is_editable(name)})
    values = {name: getattr(after, name) for name in differing(before, after)}
    try:
        return set_fields(uow, store_id, gtin, values, origin=Origin.STORE, who=who, now_utc=now_utc)
    except ItemFieldError as error:
        raise EditRefused((("", str(error)),)) from None


def _read(before: Item, typed: Mapping[str, str]) -> Item:
    languages = {name.removeprefix("name_") for name in typed if name.startswith("name_")}
    columns = columns_for({*before.names, *languages})
    cells = dict(zip(columns, cells_of(before, columns, None), strict=True)) | dict(typed)
    raw = b"".join(written_sheet(columns, [[cells[name] for name in columns]]))
    try:
        sheet = read_catalogue(raw, currency=before.currency)
    except SheetError as error:
        raise EditRefused((("", str(error)),)) from None
    if sheet.errors or not sheet.entries:
        raise EditRefused(tuple(map(_problem, sheet.errors)))
    return sheet.entries[0].item


def _problem(error: RowError) -> tuple[str, str]:
    return error.column, error.problem


def _is_editable(name: str) -> bool:
    return name in EDITABLE or name == "name" or name.startswith("name_")
