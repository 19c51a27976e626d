"""Owns the single fields of items: set by whom, when, and whether by the store itself or by headquarters.

It must not know where a value was typed or how it travelled. A field that nobody set since its item came
has no line here. What the store set itself stays until somebody at the store decides otherwise (`conflicts`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import bindparam, select

from inventory.db.feed_table import ItemFieldRow
from inventory.db.repositories import ITEM, put, write_audit
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.services import catalogue

_ITEM = TypeAdapter(Item)
_NEVER_SET = frozenset({"gtin", "currency"})
FIELDS = tuple(each.name for each in fields(Item) if each.name not in _NEVER_SET)
"""What can be set of an item."""
MOST = 2**53
"""No amount or count is larger; readers of JSON elsewhere lose such numbers too."""
_LONGEST_TEXT = 400
_UNIQUE = ("sku", "plu", "label_prefix")

_FIELD: Any = StoreTable.metadata.tables["item_field"]
_OF_ITEM = select(_FIELD).where(_FIELD.c.store_id == bindparam("store"), _FIELD.c.gtin == bindparam("gtin"))


class Origin(Enum):
    """Who a field's value comes from."""

    HQ = "hq"
    STORE = "store"


class ItemFieldError(ValueError):
    """A value that no item can have here; its text is one sentence."""


class UnknownItemError(LookupError):
    """The store has no such item."""


@dataclass(frozen=True, slots=True)
class FieldVersion:
    """The last change of one field. `value` and `hq_value` are JSON; `version` is the catalogue's.

    `hq_value` is what headquarters had when the store set its own, or last decided about it; else "".
    """

    field: str
    value: str
    origin: Origin
    version: int
    who: str
    at_utc: datetime
    hq_value: str = ""


def set_fields(
    uow: UnitOfWork,
    store_id: str,
    gtin: str,
    values: Mapping[str, object],
    *,
    origin: Origin,
    who: str,
    now_utc: datetime,
) -> int:
    """Sets fields of one item, announces the new catalogue and writes the audit line; answers its version.

    A value that is there already is no change. What the store sets itself is protected from headquarters.
    Raises UnknownItemError and ItemFieldError; nothing is then written.
    """
    before = catalogue.find_item(uow, store_id, gtin)
    if before is None:
        raise UnknownItemError(f"The store has no item {gtin}.")
    after = changed_item(before, values)
    moved = differing(before, after)
    if not moved:
        return catalogue.version(uow, store_id)
    fault = next(faults(uow, store_id, after, moved), None)
    if fault is not None:
        raise ItemFieldError(fault)
    version = catalogue.change_items(uow, store_id, put=[after], now_utc=now_utc)
    note_change(uow, store_id, before, after, origin=origin, version=version, who=who, now_utc=now_utc)
    told = ", ".join(f"{name} {value_of(before, name)} → {value_of(after, name)}" for name in moved)
    write_audit(
        uow.session, store_id, who=who, what="item.fields", detail=f"{gtin}: {told}"[:4000], at_utc=now_utc
    )
    return version


def note_change(
    uow: UnitOfWork,
    store_id: str,
    before: Item,
    after: Item,
    *,
    origin: Origin,
    version: int,
    who: str,
    now_utc: datetime,
) -> None:
    """Keeps who set the fields in which an item differs now. The catalogue's `version` holds it already."""
    known = of_item(uow, store_id, after.gtin)
    for name in differing(before, after):
        line = FieldVersion(name, value_of(after, name), origin, version, who, now_utc)
        if origin is Origin.STORE:
            line = _own(line, known.get(name), value_of(before, name))
        remember(uow, store_id, after.gtin, line)


def of_item(uow: UnitOfWork, store_id: str, gtin: str) -> dict[str, FieldVersion]:
    """The fields of an item that somebody set, by name."""
    rows = uow.session.connection().execute(_OF_ITEM, {"store": store_id, "gtin": gtin})
    return {
        row.field: FieldVersion(
            row.field, row.value, Origin(row.origin), row.version, row.who, row.at_utc, row.hq_value
        )
        for row in rows
    }


def remember(uow: UnitOfWork, store_id: str, gtin: str, line: FieldVersion) -> None:
    """Writes who set a field last, in the place of who did before."""
    put(
        uow.session,
        ItemFieldRow(
            store_id=store_id,
            gtin=gtin,
            field=line.field,
            origin=line.origin.value,
            value=line.value,
            version=line.version,
            who=line.who,
            at_utc=line.at_utc,
            hq_value=line.hq_value,
        ),
    )


def changed_item(item: Item, values: Mapping[str, object]) -> Item:
    """The item with these values. Raises ItemFieldError for a field or a value that cannot be."""
    for name in values:
        if name not in FIELDS:
            raise ItemFieldError(f"“{name[:40]}” is nothing that can be set of an item.")
    return item_from({**asdict(item), **values})


def item_from(values: Mapping[str, object]) -> Item:
    """An item from plain values, as JSON has them. Raises ItemFieldError."""
    try:
        item = _ITEM.validate_json(json.dumps(values, default=_plain), strict=True)
    except (ValidationError, TypeError, ValueError) as error:
        raise ItemFieldError(_first(error)) from None
    texts = [*item.names.values(), *item.names, *item.aliases]
    texts += [value for value in asdict(item).values() if isinstance(value, str)]
    if any("\0" in text or len(text) > _LONGEST_TEXT for text in texts):
        raise ItemFieldError(f"A text of the item is longer than {_LONGEST_TEXT} characters or holds a NUL.")
    return item


def faults(uow: UnitOfWork, store_id: str, item: Item, moved: Collection[str] = FIELDS) -> Iterator[str]:
    """Why the store cannot sell this item; nothing for one that it can. `moved`: its new fields."""
    if not 0 < item.price_minor <= MOST:
        yield f"price_minor {item.price_minor} is no price."
    numbers = (item.deposit_minor, item.age_limit, item.multipack_units, item.shelf)
    if any(not 0 <= number <= MOST for number in numbers) or item.age_limit > 120 or item.shelf > 99:
        yield "A number of the item is below nothing, or larger than any can be."
    if not item.sku or not any(item.names.values()):
        yield "An item has a SKU and a name."
    if item.tax_class not in catalogue.tax_rates(uow, store_id):
        yield f"The store has no rate for tax class “{item.tax_class[:20]}”."
    for name in (name for name in _UNIQUE if name in moved):
        owner = _owner(uow, store_id, name, item)
        if owner:
            yield f"{name} {getattr(item, name)} belongs to {owner} already."


def differing(before: Item, after: Item) -> tuple[str, ...]:
    """The names of the fields in which two items differ."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def value_of(item: Item, name: str) -> str:
    """A field's value as JSON, always written alike."""
    value = getattr(item, name)
    return json.dumps(value, default=_plain, ensure_ascii=False, sort_keys=True)


def _own(line: FieldVersion, known: FieldVersion | None, before: str) -> FieldVersion:
    """What headquarters had before the store's first change is what a later push is compared with."""
    is_second = known is not None and known.origin is Origin.STORE
    hq_value = known.hq_value if is_second and known is not None else before
    return FieldVersion(line.field, line.value, line.origin, line.version, line.who, line.at_utc, hq_value)


def _owner(uow: UnitOfWork, store_id: str, name: str, item: Item) -> str:
    value = getattr(item, name)
    if not value:
        return ""
    column = ITEM.c[name]
    taken = select(ITEM.c.gtin).where(ITEM.c.store_id == store_id, column == value, ITEM.c.gtin != item.gtin)
    return uow.session.connection().execute(taken.limit(1)).scalar() or ""


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} is no value of an item.")


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, found['loc'])) or 'item'}: {found['msg']}."
    return f"{error}"
