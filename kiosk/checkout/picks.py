"""Owns the count of what is bought loose on this lane, so that what is bought most stands first.

It must not know who bought it. Counts come from the journal's own scans and hold goods alone.
"""

from __future__ import annotations

from inventory.domain.catalogue import Item, SoldBy

Picks = tuple[tuple[str, int], ...]
"""GTIN and count, the highest count first."""

KEPT = 40
FULL = 1000
"""At this count all are halved: a summer's fruit does not stand first all winter."""


def counted(picks: Picks, item: Item) -> Picks:
    """With one more of `item`, if it is sold loose; of two equal counts the newer goes first."""
    if not is_loose(item):
        return picks
    count = dict(picks).get(item.gtin, 0) + 1
    others = [(gtin, number) for gtin, number in picks if gtin != item.gtin]
    if count >= FULL:
        count, others = count // 2, [(gtin, number // 2) for gtin, number in others if number > 1]
    place = sum(1 for _, number in others if number > count)
    return (*others[:place], (item.gtin, count), *others[place:])[:KEPT]


def is_loose(item: Item) -> bool:
    """Whether it carries no code of its own that a scanner could read."""
    return bool(item.plu) or (item.sold_by is SoldBy.WEIGHT and not item.label_prefix)
