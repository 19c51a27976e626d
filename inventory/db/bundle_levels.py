"""Owns how much there is of a bundle, as expressions on the item table: whole bundles, worked out from parts.

It must not know packs: those are of one item alone, and are worked out by whoever asks. All of these are NULL
for what is no bundle, at the price of one look into an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlmodel import Session

from inventory.db import hot
from inventory.db.ledger_table import BundlePartRow
from inventory.db.repositories import ITEM, ON_HAND
from inventory.db.shelf_table import ReservationRow
from inventory.db.tables import StoreTable

_tables = StoreTable.metadata.tables
_PART = _tables[str(BundlePartRow.__tablename__)]
_RESERVATION = _tables[str(ReservationRow.__tablename__)]
_PARTS = _PART.outerjoin(
    ON_HAND, and_(ON_HAND.c.store_id == _PART.c.store_id, ON_HAND.c.gtin == _PART.c.gtin)
)
_OF_ITEM = and_(_PART.c.store_id == ITEM.c.store_id, _PART.c.bundle_gtin == ITEM.c.gtin)
_HELD = func.coalesce(ON_HAND.c.on_hand_milli, 0)
_IN_BASKETS = (
    select(func.coalesce(func.sum(_RESERVATION.c.quantity_milli), 0))
    .where(_RESERVATION.c.store_id == _PART.c.store_id, _RESERVATION.c.gtin == _PART.c.gtin)
    .correlate(_PART)
    .scalar_subquery()
)


def _whole(held: ColumnElement[Any]) -> ColumnElement[Any]:
    """Thousandths of whole bundles: what the scarcest part makes, rounded down below nothing as well."""
    one = _PART.c.quantity_milli
    begun = (held % one + one) % one
    made = func.min((held - begun) // one * 1000)
    return (
        select(cast(made, BigInteger)).select_from(_PARTS).where(_OF_ITEM).correlate(ITEM).scalar_subquery()
    )


WHOLE_MILLI = _whole(cast(_HELD, BigInteger))
"""Whole bundles on hand."""

FREE_MILLI = _whole(cast(_HELD - _IN_BASKETS, BigInteger))
"""Whole bundles on hand that no open basket holds a part of."""

AS_OF_UTC = (
    select(func.max(ON_HAND.c.as_of_utc))
    .select_from(_PARTS)
    .where(_OF_ITEM)
    .correlate(ITEM)
    .scalar_subquery()
)
"""When a part moved last."""


def with_parts_of(name: str) -> Select[Any]:
    """The bundles (`gtin`, `is_bundle` 1) that any of the items bound to `name` is a part of.

    The store is bound to `store`.
    """
    moved: BindParameter[Any] = bindparam(name, expanding=True)
    return select(_PART.c.bundle_gtin.label("gtin"), literal(1).label("is_bundle")).where(
        _PART.c.store_id == bindparam("store"), _PART.c.gtin.in_(moved)
    )


def moved_since() -> Select[Any]:
    """The bundles of which a part moved since the moment bound to `since`, in the store bound to `store`."""
    return (
        select(_PART.c.bundle_gtin)
        .select_from(_PARTS)
        .where(_PART.c.store_id == bindparam("store"), ON_HAND.c.as_of_utc >= bindparam("since"))
        .distinct()
    )


def is_bundle() -> ColumnElement[bool]:
    """Whether the item has parts."""
    return select(literal(1)).select_from(_PART).where(_OF_ITEM).correlate(ITEM).exists()


def parts_of_others(session: Session, store_id: str, gtins: Sequence[str]) -> frozenset[str]:
    """Those of the items (by GTIN) that a pack or a bundle is made of."""
    marks = ", ".join("?" * len(gtins))
    sql = (
        f"SELECT multipack_of FROM item WHERE store_id = ? AND multipack_of IN ({marks})"  # noqa: S608
        f" UNION SELECT gtin FROM bundle_part WHERE store_id = ? AND gtin IN ({marks})"
    )
    found = hot.rows(session, sql, (store_id, *gtins, store_id, *gtins)) if gtins else ()
    return frozenset(gtin for (gtin,) in found)
