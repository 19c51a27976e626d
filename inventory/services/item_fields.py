"""Owns the single fields of items: set by whom, when, and whether by the store itself or by headquarters.

It must not know where a value was typed or how it travelled. A field that nobody set since its item came
has no line here. What the store set itself stays until somebody at the store decides otherwise (`conflicts`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import and_, bindparam, literal_column, select

from inventory.db.feed_table import ItemFieldRow
from inventory.db.repositories import ITEM, put, write_audit
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.hq_wire import ProposalMessage
from inventory.services import catalogue, hq_outbox

_ITEM = TypeAdapter(Item)
_NEVER_SET = frozenset({"gtin", "currency"})
_NAMES = tuple(each.name for each in fields(Item))
FIELDS = tuple(each.name for each in fields(Item) if each.name not in _NEVER_SET)
"""What can be set of an item."""
MOST = 2**53
"""No amount or count is larger; readers of JSON elsewhere lose such numbers too."""
_LONGEST_TEXT = 400
_UNIQUE = ("sku", "plu", "label_prefix")

_FIELD: Any = StoreTable.metadata.tables["item_field"]
_OF_ITEMS = select(_FIELD).where(
    _FIELD.c.store_id == bindparam("store"), _FIELD.c.gtin.in_(bindparam("gtins", expanding=True))
)


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
    found = [*faults(after, catalogue.tax_rates(uow, store_id))]
    found += taken(uow, store_id, {gtin: after}, {gtin: moved}).values()
    if found:
        raise ItemFieldError(found[0])
    version = catalogue.change_items(uow, store_id, put=[after], now_utc=now_utc, who=who)
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
            proposal = ProposalMessage(
                gtin=after.gtin, field=name, value=line.value, who=who[:80], at_utc=now_utc
            )
            hq_outbox.propose(uow, store_id, proposal, now_utc)
        remember(uow, store_id, after.gtin, line)


def of_item(uow: UnitOfWork, store_id: str, gtin: str) -> dict[str, FieldVersion]:
    """The fields of an item that somebody set, by name."""
    return of_items(uow, store_id, [gtin]).get(gtin, {})


def of_items(uow: UnitOfWork, store_id: str, gtins: Sequence[str]) -> dict[str, dict[str, FieldVersion]]:
    """The fields that somebody set, by GTIN and name."""
    found: dict[str, dict[str, FieldVersion]] = {}
    for row in uow.session.connection().execute(_OF_ITEMS, {"store": store_id, "gtins": list(gtins)}):
        found.setdefault(row.gtin, {})[row.field] = FieldVersion(
            row.field, row.value, Origin(row.origin), row.version, row.who, row.at_utc, row.hq_value
        )
    return found


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
    texts += [value for name in _NAMES if isinstance(value := getattr(item, name), str)]
    if any("\0" in text or len(text) > _LONGEST_TEXT for text in texts):
        raise ItemFieldError(f"A text of the item is longer than {_LONGEST_TEXT} characters or holds a NUL.")
    return item


def faults(item: Item, rates: Mapping[str, int]) -> Iterator[str]:
    """Why nobody could sell this item; nothing for one that can be sold. `rates` are those of tax classes."""
    if not 0 < item.price_minor <= MOST:
        yield f"price_minor {item.price_minor} is no price."
    numbers = (item.deposit_minor, item.age_limit, item.multipack_units, item.shelf)
    if any(not 0 <= number <= MOST for number in numbers) or item.age_limit > 120 or item.shelf > 99:
        yield "A number of the item is below nothing, or larger than any can be."
    if not item.sku or not any(item.names.values()):
        yield "An item has a SKU and a name."
    if item.tax_class not in rates:
        yield f"The store has no rate for tax class “{item.tax_class[:20]}”."


def taken(
    uow: UnitOfWork,
    store_id: str,
    items: Mapping[str, Item],
    moved: Mapping[str, Collection[str]],
    *,
    together: Mapping[str, Item] | None = None,
    gone: Collection[str] = (),
) -> dict[str, str]:
    """Why some of these items cannot have a number of theirs: a scan would find two. By GTIN.

    `moved` names the fields of each that are new; `together` are items as they will be, `gone` those that go.
    """
    after = together if together is not None else items
    found: dict[str, str] = {}
    for name in _UNIQUE:
        wanted = {
            gtin: value
            for gtin, item in items.items()
            if name in moved.get(gtin, ()) and (value := getattr(item, name))
        }
        owners = _owners(uow, store_id, name, set(wanted.values()), but={*after, *gone})
        for gtin, item in after.items():
            if (value := getattr(item, name)) and (gtin not in wanted or value not in owners):
                owners.setdefault(value, gtin)
        for gtin, value in wanted.items():
            if owners.get(value, gtin) != gtin:
                found.setdefault(gtin, f"{name} {value} belongs to {owners[value]} already.")
    return found


def differing(before: Item, after: Item) -> tuple[str, ...]:
    """The names of the fields in which two items differ."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def plain_item(item: Item) -> dict[str, Any]:
    """The item as JSON has it; fields at their default are left out, who reads it puts them back."""
    return {
        each.name: value.value if isinstance(value, Enum) else value
        for each in fields(Item)
        if (value := getattr(item, each.name)) != each.default
    }


def value_of(item: Item, name: str) -> str:
    """A field's value as JSON, always written alike."""
    value = getattr(item, name)
    return json.dumps(value, default=_plain, ensure_ascii=False, sort_keys=True)


def _own(line: FieldVersion, known: FieldVersion | None, before: str) -> FieldVersion:
    """What headquarters had before the store's first change is what a later push is compared with."""
    is_second = known is not None and known.origin is Origin.STORE
    hq_value = known.hq_value if is_second and known is not None else before
    return FieldVersion(line.field, line.value, line.origin, line.version, line.who, line.at_utc, hq_value)


def _owners(
    uow: UnitOfWork, store_id: str, name: str, values: Collection[str], *, but: Collection[str]
) -> dict[str, str]:
    if not values:
        return {}
    column = ITEM.c[name]
    # Two of the numbers are indexed where there are any, which an engine sees only where it is said.
    wanted = and_(ITEM.c.store_id == store_id, column.in_(sorted(values)), column != literal_column("''"))
    rows = select(column, ITEM.c.gtin).where(wanted)
    return {value: gtin for value, gtin in uow.session.connection().execute(rows) if gtin not in but}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} is no value of an item.")


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, found['loc'])) or 'item'}: {found['msg']}."
    return f"{error}"
