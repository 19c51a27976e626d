"""Owns what is sold as one and kept as several: packs of singles, and bundles of different items.

It must not know tables. Neither has stock of its own: it leaves the shelf as its parts, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inventory.domain.catalogue import Item

MAX_PARTS = 50


@dataclass(frozen=True, slots=True)
class Part:
    """So much of an item (thousandths of a piece, or grams; 1 or more) goes with one bundle."""

    gtin: str
    quantity_milli: int


class BundleError(ValueError):
    """Parts that make no bundle; the message says which and why."""


Parts = tuple[Part, ...]


def parts_of(item: Item, bundle: Parts = ()) -> Parts:
    """What one piece of an item is booked as: a bundle's parts, a pack's singles, else the item itself."""
    if bundle:
        return bundle
    gtin, units = item.booked_as
    return (Part(gtin, units * 1000),)


def explode(parts: Parts, quantity_milli: int) -> tuple[tuple[str, int], ...]:
    """The parts in `quantity_milli` thousandths of a piece (or grams) of the whole; signs stay."""
    return tuple((part.gtin, quantity_milli * part.quantity_milli // 1000) for part in parts)


def whole_bundles_milli(parts: Iterable[Part], on_hand_milli: Mapping[str, int]) -> int:
    """How many whole bundles the parts on hand make, in thousandths; below nothing where a part is."""
    counts = [on_hand_milli.get(part.gtin, 0) // part.quantity_milli * 1000 for part in parts]
    return min(counts, default=0)


def check_parts(bundle: Item, parts: Parts, items: Mapping[str, Item], bundles: Iterable[str]) -> None:
    """Raises BundleError unless the parts are items of the store, each once, and none is made of others."""
    opened = set(bundles)
    if bundle.is_pack:
        raise BundleError(f"{bundle.gtin} is a multipack of one item already.")
    if not 1 <= len(parts) <= MAX_PARTS:
        raise BundleError(f"A bundle has between 1 and {MAX_PARTS} parts.")
    if len({part.gtin for part in parts}) != len(parts):
        raise BundleError("An item stands among the parts twice.")
    for part in parts:
        item = items.get(part.gtin)
        if item is None:
            raise BundleError(f"There is no item {part.gtin}.")
        if item.is_pack or part.gtin in opened or part.gtin == bundle.gtin:
            raise BundleError(f"{part.gtin} is itself sold as others; name what it is made of.")
        if part.quantity_milli < 1:
            raise BundleError(f"The bundle holds nothing of {part.gtin}.")
