"""Owns an item as one line of text, and back: for rows that wait, and for the undo of an import.

It must not know where the text is kept. What an older text does not say is as in a new item.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from inventory.domain.catalogue import Item, SoldBy

_PLAIN = tuple(
    each.name for each in fields(Item) if each.name not in ("names", "sold_by", "season", "aliases")
)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_item(item: Item) -> str:
    """The same item is always the same text."""
    values: dict[str, Any] = {name: getattr(item, name) for name in _PLAIN}
    values |= {
        "names": dict(sorted(item.names.items())),
        "sold_by": item.sold_by.value,
        "season": item.season,
        "aliases": item.aliases,
    }
    return _encode(values)


def read_item(text: str) -> Item:
    """The item that `write_item` wrote."""
    values = json.loads(text)
    plain = {name: values[name] for name in _PLAIN if name in values}
    return Item(
        names=values["names"],
        sold_by=SoldBy(values["sold_by"]),
        season=tuple(values["season"]),
        aliases=tuple(values["aliases"]),
        **plain,
    )
