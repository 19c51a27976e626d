"""Owns what becomes of an item when the store and its headquarters have both touched it: field by field.

It must not know tables, versions or people. Three states decide: what headquarters sent last (the base), what
the store sells now (ours) and what headquarters sends now (theirs). What one side alone changed is that
side's, what both changed alike is agreed, what both changed differently is disputed; ours is sold meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace

from inventory.domain.catalogue import Item

MERGED_FIELDS = tuple(each.name for each in fields(Item) if each.name not in ("gtin", "currency"))
WHOLE_ITEM = ""
"""In the place of a field's name: whether the item is sold at all."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What the store sells after an event; `item` None is nothing. The rest are names of fields."""

    item: Item | None
    taken: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()


def merge(
    base: Item | None,
    ours: Item | None,
    theirs: Item | None,
    *,
    own: Collection[str] = (),
    refused: Collection[str] = (),
) -> Merged:
    """What to sell. `own` are fields the store set itself, asked where there is no base; `refused` are those
    whose proposed value headquarters does not want.
    """
    if theirs is None:
        return _dropped(base, ours)
    if ours is None:
        return Merged(theirs)
    taken: list[str] = []
    disputed: list[str] = []
    agreed: list[str] = []
    for name in MERGED_FIELDS:
        here, there = getattr(ours, name), getattr(theirs, name)
        if here == there:
            agreed.append(name)
        elif base is None:
            (disputed if name in own else taken).append(name)
        elif getattr(base, name) == here:
            taken.append(name)
        elif getattr(base, name) != there or name in refused:
            disputed.append(name)
    item = replace(ours, **{name: getattr(theirs, name) for name in taken}) if taken else ours
    return Merged(item, tuple(taken), tuple(disputed), tuple(agreed))


def _dropped(base: Item | None, ours: Item | None) -> Merged:
    """An item that headquarters never sent is the store's own, and one that the store changed is disputed."""
    if ours is None or base is None:
        return Merged(ours)
    if ours == base:
        return Merged(None, taken=(WHOLE_ITEM,))
    return Merged(ours, disputed=(WHOLE_ITEM,))
