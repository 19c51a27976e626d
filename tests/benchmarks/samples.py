"""Owns what the benchmarks work on: a demonstration shop, a hundred thousand goods, long baskets, sales.

It must not measure anything. Everything is drawn from a fixed seed, so two runs work on the same things.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from inventory.config import StoreConfig, read_store_config
from inventory.db.unit_of_work import Database
from inventory.demo import write_demo_store
from inventory.demo_names import DEMO
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.identifiers import with_check_digit
from inventory.domain.sales import Sale, Tender, tax_of_lines, total_of_lines
from inventory.services import catalogue
from inventory.wire import CatalogueMessage, SaleMessage
from kiosk.checkout.basket import Basket, BasketLine
from kiosk.checkout.state import LaneState, Phase

NOW = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
STORE_ID, LANE_ID = DEMO.store_id, DEMO.lane_id

_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ra", "se", "ti", "vo", "za", "bru")
BRANDS = 3000


@dataclass(frozen=True, slots=True)
class Shop:
    """A seeded store that is not open: its settings file, its settings, and what its lanes are sent."""

    config_path: Path
    config: StoreConfig
    message: CatalogueMessage

    @property
    def token(self) -> str:
        return self.config.lanes[LANE_ID].get_secret_value()

    def open_database(self) -> Database:
        return Database(self.config.database_url.get_secret_value())


def demo_shop(folder: Path) -> Shop:
    """Writes the demonstration store into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = write_demo_store(folder)
    # One lane here asks for all: it may ask as often as it likes.
    path.write_text(f"api_per_second = 1000000\napi_burst = 1000000\n{path.read_text('utf-8')}", "utf-8")
    config = read_store_config(path)
    database = Database(config.database_url.get_secret_value())
    with database.read() as uow:
        message = catalogue.current(uow, config.store_id)
    database.dispose()
    return Shop(path, config, message)


def plain_goods(items: Iterable[Item]) -> tuple[Item, ...]:
    """Goods that one scan puts into a basket: no scale, no age check."""
    return tuple(item for item in items if item.sold_by is SoldBy.UNIT and not item.age_limit)


def many_items(base: tuple[Item, ...], count: int) -> tuple[Item, ...]:
    """`count` goods: each is one of `base` under an invented brand, in all of its languages."""
    random = Random(7)
    brands = ["".join(random.choices(_SYLLABLES, k=random.randint(2, 4))).title() for _ in range(BRANDS)]
    return tuple(_branded(base[number % len(base)], random.choice(brands), number) for number in range(count))


def _branded(item: Item, brand: str, number: int) -> Item:
    return replace(
        item,
        gtin="0" + with_check_digit(f"952{number:09}"),
        sku=f"SKU-{number:06}",
        plu="",
        label_prefix="",
        multipack_of="",
        multipack_units=0,
        names={language: f"{brand} {name}" for language, name in item.names.items()},
    )


def lines_of(items: Iterable[Item]) -> tuple[BasketLine, ...]:
    """One piece, or half a kilogram, of each."""
    return tuple(
        BasketLine(f"line-{number}", item, 2200, *((0, 500) if item.sold_by is SoldBy.WEIGHT else (1, 0)))
        for number, item in enumerate(items)
    )


def scanning_state(lines: tuple[BasketLine, ...]) -> LaneState:
    """A lane in the middle of a visit with these lines."""
    return LaneState(
        store_id=STORE_ID,
        lane_id=LANE_ID,
        currency="EUR",
        default_language="en",
        language="en",
        phase=Phase.SCANNING,
        basket=Basket("sale-1", lines),
        touched_at=NOW,
    )


def sale_of(items: Iterable[Item], number: int) -> Sale:
    """A paid sale with one line for each of the items."""
    lines = tuple(line.as_sale_line("en") for line in lines_of(items))
    total_minor = total_of_lines(lines)
    return Sale(
        sale_id=f"sale-{number}",
        store_id=STORE_ID,
        lane_id=LANE_ID,
        receipt_no=number,
        paid_at_utc=NOW,
        currency="EUR",
        language="en",
        lines=lines,
        taxes=tax_of_lines(lines),
        tenders=(Tender("card", total_minor, f"attempt-{number}", card_last4="4242"),),
        total_minor=total_minor,
    )


def sale_message(items: Iterable[Item], number: int) -> SaleMessage:
    """The sale as a lane sends it."""
    return SaleMessage(sale=sale_of(items, number), journal_seq=number, journal_head="ab" * 32)
