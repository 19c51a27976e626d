"""Owns what is remembered of the catalogue between sales: items by GTIN, parts of bundles, tax rates.

It must not outlive a version: every change of any of them makes a new one, and each transaction asks for
the version first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from inventory.db.repositories import items_by_gtin
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.bundles import Parts
from inventory.domain.catalogue import Item
from inventory.services import bundles, catalogue

MOST_ITEMS = 20_000
"""What sells in a day. One more and all are forgotten: memory stays flat with millions of items."""


@dataclass(frozen=True, slots=True)
class Known:
    """What some sales need to know: items and parts by GTIN, where there are any; basis points by class."""

    items: Mapping[str, Item]
    opened: Mapping[str, Parts]
    rates_bp: Mapping[str, int]


class KnownItems:
    """The memory of one store, for transactions that change nothing of it: a rollback would not reach it."""

    def __init__(self) -> None:
        self._version = -1
        self._items: dict[str, Item] = {}
        self._opened: dict[str, Parts] = {}
        self._rates_bp: dict[str, int] = {}

    def of(self, uow: UnitOfWork, store_id: str, gtins: Collection[str]) -> Known:
        """What there is about these GTIN-14 now."""
        version = catalogue.version(uow, store_id)
        if version != self._version:
            self._forget()
            self._rates_bp = catalogue.tax_rates(uow, store_id)
            self._version = version
        missing = [gtin for gtin in gtins if gtin not in self._items]
        if len(self._items) + len(missing) > MOST_ITEMS:
            self._forget()
            missing = list(gtins)
        if missing:
            found = items_by_gtin(uow.session, store_id, missing)
            self._opened |= bundles.of(uow, store_id, found)
            self._items |= found
        return Known(
            {gtin: self._items[gtin] for gtin in gtins if gtin in self._items},
            {gtin: self._opened[gtin] for gtin in gtins if gtin in self._opened},
            self._rates_bp,
        )

    def _forget(self) -> None:
        self._items.clear()
        self._opened.clear()
