"""Owns the shape of an item in its table: which column holds which value, both ways, and its names as JSON.

It must not ask the database anything. Columns stand in the order of the item's own fields, so that a row is
turned into an item without naming any of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.season import read_season, write_season

_FIELDS = tuple(field.name for field in fields(Item))
ITEM_COLUMNS = ("store_id", *(name for name in _FIELDS if name != "names"))
_new_item = object.__new__
_FILL = tuple(getattr(Item, name).__set__ for name in _FIELDS)
"""Slots are filled directly: the constructor of a frozen class takes three times as long, at every scan."""
_AT = {name: at for at, name in enumerate(_FIELDS)}
_NAMES, _SOLD_BY, _SEASON, _ALIASES = (_AT[name] for name in ("names", "sold_by", "season", "aliases"))
_BETWEEN_ALIASES = "\n"
_KINDS = {kind.value: kind for kind in SoldBy}
_plain = attrgetter(*(name for name in ITEM_COLUMNS if name != "store_id"))
_OWN = tuple(ITEM_COLUMNS.index(name) for name in ("sold_by", "season", "aliases"))


@cache
def fields_of_item(*, is_sqlite: bool) -> str:
    """What to select from `item i` so that `item_of` can read it."""
    gathered = "json_group_object" if is_sqlite else "json_object_agg"
    names = (
        f"(SELECT {gathered}(n.language, n.name) FROM item_name n"  # noqa: S608 - one of two words
        " WHERE n.store_id = i.store_id AND n.gtin = i.gtin)"
    )
    return ", ".join(names if name == "names" else f"i.{name}" for name in _FIELDS)


def item_of(row: Sequence[Any]) -> Item:
    """The item in a row of `fields_of_item`."""
    values = list(row)
    names = values[_NAMES]
    # SQLite hands out text, PostgreSQL's driver what it has read out of it; no names at all are None there.
    values[_NAMES] = json.loads(names) if isinstance(names, str) else names or {}
    values[_SOLD_BY] = _KINDS[values[_SOLD_BY]]
    season, aliases = values[_SEASON], values[_ALIASES]
    values[_SEASON] = (read_season(season) or ()) if season else ()
    values[_ALIASES] = tuple(aliases.split(_BETWEEN_ALIASES)) if aliases else ()
    item = _new_item(Item)
    for fill, value in zip(_FILL, values, strict=True):
        fill(item, value)
    return item


def row_of_item(store_id: str, item: Item) -> list[Any]:
    """The item's values in the order of `ITEM_COLUMNS`."""
    values = [store_id, *_plain(item)]
    sold_by, season, aliases = _OWN
    values[sold_by] = item.sold_by.value
    values[season] = write_season(item.season) if item.season else ""
    values[aliases] = _BETWEEN_ALIASES.join(item.aliases)
    return values
