"""Owns the lists of items, of what is there of them, and of how they moved, for people who look them up.

It must not know pages. Names are those of one language, or the English ones where an item has none in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from inventory.db import bundle_levels
from inventory.db.repositories import ITEM, ITEM_NAME, MOVEMENT, ON_HAND
from inventory.domain.catalogue import FALLBACK_LANGUAGE
from inventory.services.listing import By, Field, Kind, Listing, Order

DEPARTMENT: ColumnElement[str] = ITEM.c.department
_IS_PACK = and_(ITEM.c.multipack_of != "", ITEM.c.multipack_units > 0)
_BOOKED_AS = case((_IS_PACK, ITEM.c.multipack_of), else_=ITEM.c.gtin)
_SHELVES = ITEM.outerjoin(ON_HAND, and_(ON_HAND.c.store_id == ITEM.c.store_id, ON_HAND.c.gtin == _BOOKED_AS))


def items(language: str, found: Sequence[str] | None = None) -> Listing:
    """Everything that is sold, by department and aisle while nobody asks for another order.

    `found` are the numbers that a search finds, where somebody looked them up (see item_find).
    """
    return Listing(
        source=ITEM,
        scope=ITEM.c.store_id,
        key=(ITEM.c.gtin,),
        fields=(
            *naming(language, found=found),
            Field("gtin", ITEM.c.gtin),
            Field("sku", ITEM.c.sku),
            Field("price", ITEM.c.price_minor, Kind.MONEY, filter=By.RANGE),
            Field("tax_class", ITEM.c.tax_class, is_costly=True),
            Field("age_limit", ITEM.c.age_limit, Kind.NUMBER, is_costly=True),
            Field("department", DEPARTMENT, filter=By.VALUE),
            Field("aisle", ITEM.c.aisle, is_costly=True),
            *_unsorted("currency", "sold_by", "bay"),
        ),
        default=Order("department"),
        default_order=(ITEM.c.department, ITEM.c.aisle, ITEM.c.gtin),
    )


def levels(language: str, found: Sequence[str] | None = None) -> Listing:
    """Everything that is sold with what is there of it; of a pack the whole packs in its singles.

    `found` as for `items`.
    """
    return Listing(
        source=_SHELVES,
        scope=ITEM.c.store_id,
        key=(ITEM.c.gtin,),
        fields=(
            *naming(language, found=found),
            Field("on_hand", _available(), Kind.QUANTITY, filter=By.RANGE, is_costly=True),
            Field("band", _available(), is_sortable=False),
            Field("department", DEPARTMENT, filter=By.VALUE),
            Field("aisle", ITEM.c.aisle, is_costly=True),
            Field(
                "moved", ON_HAND.c.as_of_utc, Kind.MOMENT, filter=By.RANGE, is_nullable=True, is_costly=True
            ),
            *_unsorted("gtin", "sold_by", "bay"),
        ),
        default=Order("department"),
        default_order=(ITEM.c.department, ITEM.c.aisle, ITEM.c.gtin),
    )


def movements_of(gtin: str) -> Listing:
    """How one item moved, the newest first. `gtin` is that of a single: packs move as their singles."""
    return Listing(
        source=MOVEMENT.outerjoin(
            ITEM, and_(ITEM.c.store_id == MOVEMENT.c.store_id, ITEM.c.gtin == MOVEMENT.c.gtin)
        ),
        scope=MOVEMENT.c.store_id,
        key=(MOVEMENT.c.source_id,),
        fields=(
            Field("at", MOVEMENT.c.at_utc, Kind.MOMENT, filter=By.RANGE),
            Field("reason", MOVEMENT.c.reason, filter=By.VALUE),
            Field("quantity", MOVEMENT.c.quantity_milli, Kind.QUANTITY),
            Field("actor", MOVEMENT.c.actor, filter=By.PART),
            Field("source", MOVEMENT.c.source_id),
            *_unsorted("sold_by"),
        ),
        where=(MOVEMENT.c.gtin == gtin,),
        default=Order("at", is_down=True),
    )


def naming(
    language: str,
    *,
    store_id: ColumnElement[Any] = ITEM.c.store_id,
    gtin: ColumnElement[Any] = ITEM.c.gtin,
    found: Sequence[str] | None = None,
) -> tuple[Field, Field]:
    """A `search` over every name and number of an item, and its `name`; its number where it has none.

    The columns tell which item a row is about, in lists whose item may be gone.
    """
    return _search(gtin, found), _name(language, store_id, gtin)


def _search(gtin: ColumnElement[Any], found: Sequence[str] | None) -> Field:
    def one_of_found(_text: str) -> ColumnElement[bool]:
        return gtin.in_(found or ())

    matches = _matches if found is None else one_of_found
    return Field("search", literal(""), filter=By.PART, is_sortable=False, is_shown=False, matches=matches)


def _matches(text: str) -> ColumnElement[bool]:
    named = (
        select(literal(1))
        .where(ITEM_NAME.c.store_id == ITEM.c.store_id, ITEM_NAME.c.gtin == ITEM.c.gtin)
        .where(ITEM_NAME.c.name.icontains(text, autoescape=True))
        .exists()
    )
    codes = (column.icontains(text, autoescape=True) for column in (ITEM.c.sku, ITEM.c.plu, ITEM.c.gtin))
    return or_(named, *codes)


def _name(language: str, store_id: ColumnElement[Any], gtin: ColumnElement[Any]) -> Field:
    languages = dict.fromkeys((language, FALLBACK_LANGUAGE))
    names = (
        select(ITEM_NAME.c.name)
        .where(ITEM_NAME.c.store_id == store_id, ITEM_NAME.c.gtin == gtin, ITEM_NAME.c.language == each)
        .scalar_subquery()
        for each in languages
    )
    shown: ColumnElement[Any] = func.coalesce(*names, gtin)
    return Field("name", shown, sorted_by=func.lower(shown), is_costly=True)


def _available() -> ColumnElement[Any]:
    booked = func.coalesce(ON_HAND.c.on_hand_milli, 0)
    one_pack = ITEM.c.multipack_units * 1000
    # SQL cuts towards nothing and we round down: below zero a begun pack is a missing one.
    begun = (booked % one_pack + one_pack) % one_pack
    single = func.coalesce(bundle_levels.WHOLE_MILLI, booked)
    return case((_IS_PACK, (booked - begun) // one_pack * 1000), else_=single)


def _unsorted(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, ITEM.c[name], is_sortable=False) for name in names)
