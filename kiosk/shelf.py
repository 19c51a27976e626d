"""Owns the lane's copies of catalogue, stock and store plan: what it can sell and tell with the store down.

It must not fetch anything: `store_copies` brings new copies. Replaced whole, so any thread may read it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from inventory.domain.alternatives import Alternatives
from inventory.domain.availability import DEFAULT_RULE, Availability, ShelfRule, assess
from inventory.domain.catalogue import Item
from inventory.domain.item_sets import moved_sum, sum_of
from inventory.domain.store_plan import StorePlan
from inventory.wire import CatalogueDelta, CatalogueMessage, PlanMessage, ShelvesMessage, StockMessage
from kiosk.assist.finder import Finder


@dataclass(frozen=True, slots=True)
class Shelf:
    """One catalogue version with its indexes, and the newest stock by GTIN-14."""

    version: int = 0
    tax_rates_bp: dict[str, int] = field(default_factory=dict)
    by_gtin: dict[str, Item] = field(default_factory=dict)
    by_plu: dict[str, Item] = field(default_factory=dict)
    by_label: dict[str, Item] = field(default_factory=dict)
    stock: dict[str, StockMessage] = field(default_factory=dict)
    finder: Finder = field(default_factory=lambda: Finder(()))
    alternatives: Alternatives = field(default_factory=lambda: Alternatives(()))
    plan: StorePlan | None = None
    rules: dict[str, ShelfRule] = field(default_factory=dict)
    """How departments speak that do not speak as all do."""
    source: CatalogueMessage | None = None
    """What it was made of; the next changes are put to it."""

    def tax_rate_bp(self, item: Item) -> int:
        """Basis points of the item's class. KeyError is impossible: the store checks classes at import."""
        return self.tax_rates_bp[item.tax_class]

    def availability(self, item: Item, now_utc: datetime) -> Availability | None:
        """What may be said of how many there are; None for what the store has said nothing about."""
        known = self.stock.get(item.gtin)
        rule = self.rules.get(item.department, DEFAULT_RULE)
        return None if known is None else assess(known.facts, now_utc, rule)

    def with_rules(self, message: ShelvesMessage) -> Shelf:
        """With the store's rules; where it begins anew, without what was believed of baskets and doubts."""
        rules = {each.department: each.rule for each in message.rules}
        stock = self.stock
        if message.from_now:
            quiet = {"reserved_milli": 0, "doubts": 0}
            stock = {
                gtin: level.model_copy(update=quiet) if level.reserved_milli or level.doubts else level
                for gtin, level in stock.items()
            }
        return replace(self, rules=rules, stock=stock)

    def with_stock(self, message: StockMessage) -> Shelf:
        return replace(self, stock={**self.stock, message.gtin: message})


def shelf_from(message: CatalogueMessage) -> Shelf:
    """Builds the indexes of one catalogue; items of an unknown tax class are left out, never guessed."""
    items = tuple(item for item in message.items if item.tax_class in message.tax_rates_bp)
    return Shelf(
        version=message.version,
        tax_rates_bp=message.tax_rates_bp,
        by_gtin={item.gtin: item for item in items},
        by_plu={item.plu: item for item in items if item.plu},
        by_label={item.label_prefix: item for item in items if item.label_prefix},
        stock={stock.gtin: stock for stock in message.stock},
        finder=Finder(items),
        alternatives=Alternatives(items),
        source=message,
    )


def changed(shelf: Shelf, delta: CatalogueDelta) -> CatalogueMessage | None:
    """The catalogue that the store's changes make of this one, with the newest stock that is known.

    None where they do not add up: other changes than those this copy needs, or another set of items than the
    store's afterwards.
    """
    source = shelf.source
    if source is None or (source.version, source.mark) != (delta.since, delta.since_mark):
        return None
    by_gtin = {item.gtin: item for item in source.items}
    come = {item.gtin: item for item in delta.items}
    gone = [by_gtin[gtin] for gtin in {*come, *delta.dropped} if gtin in by_gtin]
    by_gtin |= come
    for gtin in delta.dropped:
        by_gtin.pop(gtin, None)
    if len(by_gtin) != delta.item_count:
        return None
    if delta.checksum:
        before = source.checksum or sum_of(source.items)
        if moved_sum(before, gone=gone, come=come.values()) != delta.checksum:
            return None
    known = shelf.stock | {each.gtin: each for each in delta.stock}
    return source.model_copy(
        update={
            "version": delta.version,
            "mark": delta.mark,
            "checksum": delta.checksum,
            "tax_rates_bp": delta.tax_rates_bp,
            "items": tuple(by_gtin[gtin] for gtin in sorted(by_gtin)),
            "stock": tuple(known[gtin] for gtin in sorted(known) if gtin in by_gtin),
        }
    )


def save_copy(path: Path, message: CatalogueMessage | PlanMessage) -> None:
    """Keeps a copy for the next start without a store: written beside, then renamed. Raises OSError."""
    temporary = path.with_suffix(".new")
    temporary.write_text(message.model_dump_json(), "utf-8")
    temporary.replace(path)


def load_catalogue(path: Path) -> CatalogueMessage | None:
    """The kept copy, or None when there is none or it is damaged: the store will send a new one."""
    with contextlib.suppress(OSError, ValidationError, UnicodeDecodeError):
        return CatalogueMessage.model_validate_json(path.read_text("utf-8"))
    return None


def plan_path(catalogue_path: Path) -> Path:
    """The plan's copy lies beside the catalogue's."""
    return catalogue_path.with_name("plan.json")


def load_plan(path: Path) -> StorePlan | None:
    """The kept plan, or None when there is none or it is damaged: the store will send it anew."""
    with contextlib.suppress(OSError, ValidationError, UnicodeDecodeError):
        return PlanMessage.model_validate_json(path.read_text("utf-8")).plan
    return None
