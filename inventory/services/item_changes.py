"""Owns the change of items and prices by managers' other systems: each seen by its tag, all or nothing.

It must not know HTTP. An item is changed only by who has seen what it is now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select

from inventory.db.repositories import ITEM, items_by_gtin, write_audit
from inventory.db.tables import StoreRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.item_rules import item_faults
from inventory.services import bundles, catalogue, item_fields
from inventory.services.stores import find_store

BIG_MOVE_PERCENT = 50
BIG_MOVE_SHARE_PERCENT = 20
"""More than this share of the prices moving by more than that is asked about, as with a file."""

_ITEM = TypeAdapter(Item)
_UNIQUE = ("sku", "plu", "label_prefix")


class ItemChangedError(Exception):
    """The item is not what the caller has seen; the text is one sentence."""

    def __init__(self, gtin: str) -> None:
        super().__init__(f"{gtin} is not as it was when you read it. Read it again.")


class ItemRefusedError(ValueError):
    """The store cannot sell such an item; the text is one sentence."""


class ManyPricesError(Exception):
    """Many prices move a lot, which must be confirmed; the text is one sentence."""

    def __init__(self) -> None:
        super().__init__(
            f"More than {BIG_MOVE_SHARE_PERCENT} % of these prices move by more than {BIG_MOVE_PERCENT} %; "
            "send it again with confirmed."
        )


def tag_of(item: Item) -> str:
    """A strong entity tag: two items alike have the same one."""
    told = json.dumps(_ITEM.dump_python(item, mode="json"), sort_keys=True)
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def put_item(
    uow: UnitOfWork, store_id: str, item: Item, *, seen: str | None, by: str, now_utc: datetime
) -> int:
    """Puts an item in the place of what was there; answers the catalogue's version.

    `seen` is the tag of what the caller saw, None for nothing. The same item again makes no version. Raises
    ItemChangedError and ItemRefusedError.
    """
    _alone(uow, store_id)
    before = catalogue.find_item(uow, store_id, item.gtin)
    _must_be_seen(item.gtin, before, seen)
    fault = next(_faults(uow, store_id, item), None)
    if fault is not None:
        raise ItemRefusedError(fault)
    if before == item:
        return catalogue.version(uow, store_id)
    version = catalogue.change_items(uow, store_id, put=[item], now_utc=now_utc, who=by)
    if before is not None:
        _keep_as_own(uow, store_id, before, item, version=version, by=by, now_utc=now_utc)
    _audit(uow, store_id, by, "item.put", f"{item.gtin}: version {version}", now_utc)
    return version


def drop_item(
    uow: UnitOfWork, store_id: str, gtin: str, *, seen: str, by: str, now_utc: datetime
) -> int | None:
    """Takes an item out of the catalogue; answers its version, None for an item that is not there.

    Its movements and sales stay. Raises ItemChangedError, and ItemRefusedError while a pack or bundle is made
    of it.
    """
    _alone(uow, store_id)
    before = catalogue.find_item(uow, store_id, gtin)
    if before is None:
        return None
    _must_be_seen(gtin, before, seen)
    pack = _other(uow, store_id, "multipack_of", gtin, but=gtin)
    if pack:
        raise ItemRefusedError(f"The multipack {pack} is made of this item.")
    for bundle in bundles.having(uow, store_id, [gtin]):
        raise ItemRefusedError(f"The bundle {bundle} is made of this item.")
    version = catalogue.change_items(uow, store_id, dropped=[gtin], now_utc=now_utc)
    _audit(uow, store_id, by, "item.drop", f"{gtin}: version {version}", now_utc)
    return version


def set_prices(
    uow: UnitOfWork,
    store_id: str,
    prices: Mapping[str, int],
    *,
    confirmed: bool,
    by: str,
    now_utc: datetime,
) -> int:
    """Sets prices by GTIN-14 in one version, which is answered; prices alike already make none.

    Raises ItemRefusedError for an unknown item or a price of nothing, and ManyPricesError.
    """
    _alone(uow, store_id)
    known = items_by_gtin(uow.session, store_id, prices)
    strange = sorted(set(prices) - set(known))
    if strange:
        raise ItemRefusedError(f"The store has no item {strange[0]}; {len(strange)} of them are unknown.")
    if not all(prices.values()):
        raise ItemRefusedError("A price of nothing is no price.")
    moved = {gtin: price for gtin, price in prices.items() if known[gtin].price_minor != price}
    if not moved:
        return catalogue.version(uow, store_id)
    big = sum(_is_big(known[gtin].price_minor, price_minor) for gtin, price_minor in moved.items())
    if big > 1 and big * 100 > len(prices) * BIG_MOVE_SHARE_PERCENT and not confirmed:
        raise ManyPricesError
    put = [replace(known[gtin], price_minor=price) for gtin, price in sorted(moved.items())]
    version = catalogue.change_items(uow, store_id, put=put, now_utc=now_utc)
    for each in put:
        _keep_as_own(uow, store_id, known[each.gtin], each, version=version, by=by, now_utc=now_utc)
    told = ", ".join(f"{each.gtin} {known[each.gtin].price_minor} → {each.price_minor}" for each in put)
    _audit(uow, store_id, by, "item.prices", f"version {version}: {told}"[:4000], now_utc)
    return version


def _keep_as_own(
    uow: UnitOfWork, store_id: str, before: Item, after: Item, *, version: int, by: str, now_utc: datetime
) -> None:
    """What a system of the store sets is the store's own: headquarters does not write over it unasked."""
    item_fields.note_change(
        uow,
        store_id,
        before,
        after,
        origin=item_fields.Origin.STORE,
        version=version,
        who=by,
        now_utc=now_utc,
    )


def _is_big(old_minor: int, new_minor: int) -> bool:
    return abs(new_minor - old_minor) * 100 > old_minor * BIG_MOVE_PERCENT


def _alone(uow: UnitOfWork, store_id: str) -> None:
    """Of two changes at once the second reads what the first has made of it, on a server too."""
    uow.session.get(StoreRow, store_id, with_for_update=True)


def _must_be_seen(gtin: str, before: Item | None, seen: str | None) -> None:
    if seen != (tag_of(before) if before is not None else None):
        raise ItemChangedError(gtin)


def _faults(uow: UnitOfWork, store_id: str, item: Item) -> Iterator[str]:
    currency = find_store(uow, store_id).currency
    yield from item_faults(item, currency=currency, tax_classes=catalogue.tax_rates(uow, store_id))
    for name in _UNIQUE:
        value = getattr(item, name)
        owner = _other(uow, store_id, name, value, but=item.gtin) if value else ""
        if owner:
            yield f"{name} belongs to {owner} already."
    if item.is_pack:
        single = catalogue.find_item(uow, store_id, item.multipack_of)
        if single is None or single.is_pack:
            yield "multipack_of is no single item of this store."
        elif _other(uow, store_id, "multipack_of", item.gtin, but=item.gtin):
            yield "another multipack is made of this item, which then cannot be one."
        if bundles.of(uow, store_id, [item.gtin]) or bundles.having(uow, store_id, [item.gtin]):
            yield "the item is a bundle, or a part of one, and cannot be a multipack as well."


def _other(uow: UnitOfWork, store_id: str, column: str, value: str, *, but: str) -> str:
    taken = select(ITEM.c.gtin).where(
        ITEM.c.store_id == store_id, ITEM.c[column] == value, ITEM.c.gtin != but
    )
    return uow.session.connection().execute(taken.limit(1)).scalar() or ""


def _audit(uow: UnitOfWork, store_id: str, by: str, what: str, detail: str, now_utc: datetime) -> None:
    write_audit(uow.session, store_id, who=by, what=what, detail=detail, at_utc=now_utc)
