"""Owns what is remembered of a store between sales: items by GTIN and what they are booked as, tax rates.

It must not outlive a version of the catalogue: every change of any of them makes a new one, and each batch of
sales is written only if the version it was judged by is the store's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass

from inventory.db.bundle_levels import parts_of_others
from inventory.db.repositories import items_by_gtin
from inventory.db.sale_batch import Look
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.bundles import Parts, parts_of
from inventory.domain.catalogue import Item
from inventory.domain.sales import SaleLine
from inventory.services import bundles, catalogue
from inventory.services.sale_checks import line_flags

MOST_ITEMS = 20_000
"""What sells in a day. One more and all are forgotten: memory stays flat with millions of items."""


@dataclass(frozen=True, slots=True)
class Known:
    """What some sales need to know, and perhaps more: items by GTIN and the parts they are booked as.

    `entwined` are those of the items (known or not) that are packs or bundles, or that some are made of.
    `rates_bp` are basis points by tax class.
    """

    items: Mapping[str, Item]
    parts: Mapping[str, Parts]
    entwined: Set[str]
    rates_bp: Mapping[str, int]
    verdicts: dict[tuple[object, ...], tuple[str, ...]]

    def flags_of(self, line: SaleLine, item: Item) -> tuple[str, ...]:
        """What differs between a line and its item. Most lines are like one that was looked at before."""
        if line.priced_by or line.price_reason:
            return tuple(line_flags(line, item, self.rates_bp))
        key = (
            line.gtin,
            line.quantity_milli,
            line.unit_price_minor,
            line.amount_minor,
            line.deposit_minor,
            line.tax_class,
            line.tax_rate_bp,
        )
        found = self.verdicts.get(key)
        if found is None:
            found = self.verdicts[key] = tuple(line_flags(line, item, self.rates_bp))
        return found


class KnownItems:
    """The memory of one store, for transactions that change nothing of it: a rollback would not reach it."""

    def __init__(self) -> None:
        self.seen: Look | None = None
        """The version and clock of what is remembered; None before the first look."""
        self._asked: set[str] = set()
        self._items: dict[str, Item] = {}
        self._parts: dict[str, Parts] = {}
        self._entwined: set[str] = set()
        self._verdicts: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._rates_bp: Mapping[str, int] = {}

    def of(self, uow: UnitOfWork, store_id: str, gtins: Collection[str], seen: Look) -> Known:
        """What there is about these GTIN-14 in the version that was seen just now."""
        if self.seen is None or seen.version != self.seen.version:
            self._forget()
            self._rates_bp = catalogue.tax_rates(uow, store_id)
        self.seen = Look(seen.version, seen.timezone)
        missing = set(gtins) - self._asked
        if missing and len(self._asked) + len(missing) > MOST_ITEMS:
            self._forget()
            missing = set(gtins)
        if len(self._verdicts) > MOST_ITEMS:
            self._verdicts.clear()
        while missing:
            missing = self._learn(uow, store_id, missing) - self._asked
        return Known(self._items, self._parts, self._entwined, self._rates_bp, self._verdicts)

    def _learn(self, uow: UnitOfWork, store_id: str, gtins: Iterable[str]) -> set[str]:
        """Asks about these; answers the GTINs of what they are booked as."""
        wanted = sorted(gtins)
        found = items_by_gtin(uow.session, store_id, wanted)
        opened = bundles.of(uow, store_id, found)
        parts = {gtin: parts_of(item, opened.get(gtin, ())) for gtin, item in found.items()}
        made = {gtin for gtin, item in found.items() if item.is_pack or gtin in opened}
        self._items |= found
        self._parts |= parts
        self._entwined |= made | parts_of_others(uow.session, store_id, wanted)
        self._asked.update(wanted)
        return {part.gtin for each in parts.values() for part in each}

    def _forget(self) -> None:
        for memory in (self._asked, self._items, self._parts, self._entwined, self._verdicts):
            memory.clear()
