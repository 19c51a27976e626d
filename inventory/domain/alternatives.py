"""Owns what else a shopper may want in place of a good: another size of it, or another of its kind.

It must not know stock or screens. Sizes of one good have English names that differ in the size alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from inventory.domain.catalogue import Item
from inventory.domain.unit_price import unit_price

MOST = 3

_AMOUNT = r"(?:\d+(?:[.,]\d+)?[½¼¾]?|[½¼¾])"
_SIZE = re.compile(
    rf"(?:\b\d+\s*[x×]\s*)?{_AMOUNT}\s*(?:kg|g|ml|cl|dl|l|pcs|pieces)\b|,?\s*\bpack of \d+\b", re.IGNORECASE
)


class Alternatives:
    """Built once for each catalogue; both questions are answered from an index."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._families: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
        self._kinds: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
        for item in items:
            self._families[_family(item)].append(item)
            self._kinds[(item.department, item.pictogram)].append(item)

    def other_sizes(self, item: Item) -> tuple[Item, ...]:
        """The same thing in other packs, the cheapest pack first."""
        family = [other for other in self._families[_family(item)] if other.gtin != item.gtin]
        return tuple(sorted(family, key=lambda other: (other.price_minor, other.gtin))[:MOST])

    def instead_of(self, item: Item, is_here: Callable[[Item], bool]) -> tuple[Item, ...]:
        """Others of its kind that are here: from the same bay first, then the nearest in price."""
        if not item.department:
            return ()
        family = _family(item)
        kind = [other for other in self._kinds[(item.department, item.pictogram)] if _family(other) != family]
        price = _comparable(item)

        def rank(other: Item) -> tuple[bool, int, str]:
            same_bay = (other.aisle, other.bay) == (item.aisle, item.bay)
            return not same_bay, abs(_comparable(other) - price), other.gtin

        return tuple(sorted((other for other in kind if is_here(other)), key=rank)[:MOST])


def _family(item: Item) -> tuple[str, str]:
    name = " ".join(_SIZE.sub(" ", item.name("en").lower()).replace(",", " ").split())
    return item.department, name or item.gtin


def _comparable(item: Item) -> int:
    of_a_unit = unit_price(item)
    return of_a_unit[0] if of_a_unit else item.price_minor
