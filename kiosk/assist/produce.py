"""Owns the order of the goods without a barcode: which stand first today, then all of them by name.

It must not know screens or read a clock: the month is passed in, and counts of what was bought name nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from inventory.domain.catalogue import Item
from inventory.domain.plu import is_whole, usual_of
from inventory.domain.season import MONTHS
from inventory.domain.words import fold

OUT_OF_SEASON = 4
"""A count from another season weighs a quarter of this season's: cherries do not stand first at Christmas."""


def likely(
    items: Sequence[Item], picks: Sequence[tuple[str, int]], month: int, most: int
) -> tuple[Item, ...]:
    """The `most` goods that are wanted most likely: bought here, in season, then as they come in `items`.

    Empty where nothing was bought here and no season is known: then there is nothing to go by.
    """
    assert 1 <= month <= MONTHS, "months are counted from 1"
    bought = dict(picks)
    if not any(item.gtin in bought or item.season for item in items):
        return ()
    newest = {gtin: place for place, (gtin, _) in enumerate(picks)}

    def rank(item: Item) -> tuple[float, bool, int]:
        is_out = bool(item.season) and month not in item.season
        count = bought.get(item.gtin, 0) / (OUT_OF_SEASON if is_out else 1)
        return -count, month not in item.season, newest.get(item.gtin, len(newest))

    in_time = [item for item in items if not item.season or month in item.season or item.gtin in bought]
    return tuple(sorted(in_time, key=rank)[:most])


def by_name(items: Sequence[Item], language: str) -> tuple[Item, ...]:
    """By name in `language`; the organic one stands right after its usual one, whatever it is called."""
    names = {item.plu: fold(item.name(language)) for item in items if item.plu}

    def place(item: Item) -> tuple[str, bool, str]:
        own = fold(item.name(language))
        usual = names.get(usual_of(item.plu), "")
        return usual or own, bool(usual), own

    return tuple(sorted(items, key=place))


def with_number(items: Sequence[Item], number: str) -> Item | None:
    """The good whose sticker carries exactly this number."""
    return next((item for item in items if number and item.plu == number), None)


def may_grow(items: Sequence[Item], number: str) -> bool:
    """Whether more digits could still make `number` one that a good here carries, or a whole one."""
    return not is_whole(number) or any(item.plu.startswith(number) for item in items if item.plu != number)
