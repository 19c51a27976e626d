"""Owns what an item must be like before a store can sell it, seen by itself.

It must not know the other items, nor where this one comes from.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from inventory.domain.catalogue import Item
from inventory.domain.identifiers import gtin_14
from inventory.domain.money import MAX_AMOUNT_MINOR

LONGEST_TEXT = 200
MOST_NAMES = 60
MOST_ALIASES = 12
MOST_PIECES = 1000
OLDEST = 99
HIGHEST_SHELF = 12

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_PLU = re.compile(r"[0-9]{4,5}", re.ASCII)
_LABEL_PREFIX = re.compile(r"2[0-9]{5,7}|02[0-9]{5}", re.ASCII)


def item_faults(item: Item, *, currency: str, tax_classes: Collection[str]) -> Iterator[str]:
    """Why a store with this currency and these tax classes cannot sell the item; nothing where it can."""
    if gtin_14(item.gtin) != item.gtin:
        yield "gtin is not 14 digits with a right check digit."
    if item.currency != currency:
        yield f"currency is not the store's {currency}."
    if item.tax_class not in tax_classes:
        yield "tax_class is none of the store's."
    yield from _number_faults(item)
    yield from _text_faults(item)
    yield from _pack_faults(item)


def _number_faults(item: Item) -> Iterator[str]:
    for name, least, most in (
        ("price_minor", 1, MAX_AMOUNT_MINOR),
        ("deposit_minor", 0, MAX_AMOUNT_MINOR),
        ("age_limit", 0, OLDEST),
        ("shelf", 0, HIGHEST_SHELF),
        ("multipack_units", 0, MOST_PIECES),
    ):
        if not least <= getattr(item, name) <= most:
            yield f"{name} is not between {least} and {most}."
    if any(not 1 <= month <= 12 for month in item.season) or len(set(item.season)) < len(item.season):
        yield "season is not months from 1 to 12, each once."


def _text_faults(item: Item) -> Iterator[str]:
    if not item.sku or not item.names or not all(item.names.values()):
        yield "an item has a sku and a name, and no name is empty."
    if len(item.names) > MOST_NAMES or not all(_LANGUAGE.fullmatch(code) for code in item.names):
        yield "names are by the codes of languages."
    if len(item.aliases) > MOST_ALIASES or not all(item.aliases):
        yield f"aliases are at most {MOST_ALIASES} words, none of them empty."
    words = [item.sku, item.department, item.aisle, item.bay, item.pictogram, item.net_content, item.net_unit]
    for word in (*words, *item.names.values(), *item.aliases):
        if len(word) > LONGEST_TEXT or not word.isprintable():
            yield f"a text is longer than {LONGEST_TEXT} characters or not printable."
    if item.plu and not _PLU.fullmatch(item.plu):
        yield "plu is not four or five digits."
    if item.label_prefix and not _LABEL_PREFIX.fullmatch(item.label_prefix):
        yield "label_prefix is not the beginning of an in-store number."


def _pack_faults(item: Item) -> Iterator[str]:
    if bool(item.multipack_of) != bool(item.multipack_units):
        yield "a multipack has both multipack_of and multipack_units."
    elif item.multipack_of and (gtin_14(item.multipack_of) != item.multipack_of):
        yield "multipack_of is not 14 digits with a right check digit."
    elif item.multipack_of and item.multipack_of == item.gtin:
        yield "a multipack cannot be made of itself."
