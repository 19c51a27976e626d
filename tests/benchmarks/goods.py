"""Owns the benchmarks of a big catalogue: an item by its code, and the search as one types.

It must not know screens. A hundred thousand goods are about four big supermarkets.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.services import catalogue
from kiosk.assist.finder import Finder
from kiosk.shelf import Shelf, shelf_from
from tests.benchmarks.figures import Effort, Figure, middle, spread, timed_each
from tests.benchmarks.samples import NOW, STORE_ID, Shop, demo_shop, many_items, plain_goods

ITEMS = 100_000
LONGEST_TYPED = 14
FLOOR_NAME = "raw sqlite3"


def measure(folder: Path, effort: Effort) -> Iterator[Figure]:
    shop = demo_shop(folder)
    items = many_items(plain_goods(shop.message.items), ITEMS)
    message = shop.message.model_copy(update={"items": items})
    shelves: list[Shelf] = []
    builds = [lambda: shelves.append(shelf_from(message))] * effort.of(3, 1)
    yield spread("shelf_built_100k", timed_each(builds, warm=0), "s")
    yield from _lookups(shop, shelves[-1], items, effort)
    yield from _searches(shelves[-1].finder, items, effort)


def _lookups(shop: Shop, shelf: Shelf, items: tuple[Item, ...], effort: Effort) -> Iterator[Figure]:
    wanted = [item.gtin for item in Random(5).choices(items, k=effort.of(4000, 500))]
    yield spread(
        "catalogue_lookup_100k_lane", timed_each(partial(shelf.by_gtin.get, gtin) for gtin in wanted), "µs"
    )
    database = shop.open_database()
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, items, shop.message.tax_rates_bp, NOW)
    floor = middle(_raw_lookups(shop, wanted), "µs")
    with database.read() as uow:
        warm = partial(catalogue.find_item, uow, STORE_ID)
        samples_s = timed_each(partial(warm, gtin) for gtin in wanted)
    yield spread("catalogue_lookup_100k", samples_s, "µs", floor=floor, floor_name=FLOOR_NAME)
    samples_s = timed_each(partial(_find_afresh, database, gtin) for gtin in wanted)
    yield spread("catalogue_lookup_100k_session", samples_s, "µs", floor=floor, floor_name=FLOOR_NAME)
    database.dispose()


def _raw_lookups(shop: Shop, wanted: list[str]) -> list[float]:
    """The same two rows by their keys, on a connection held open."""
    path = shop.config.database_url.get_secret_value().removeprefix("sqlite:///")
    db = sqlite3.connect(path)

    def look(gtin: str) -> None:
        assert db.execute("SELECT * FROM item WHERE store_id = ? AND gtin = ?", (STORE_ID, gtin)).fetchone()
        names = "SELECT language, name FROM item_name WHERE store_id = ? AND gtin = ?"
        db.execute(names, (STORE_ID, gtin)).fetchall()

    samples_s = timed_each(partial(look, gtin) for gtin in wanted)
    db.close()
    return samples_s


def _find_afresh(database: Database, gtin: str) -> None:
    with database.read() as uow:
        assert catalogue.find_item(uow, STORE_ID, gtin) is not None


def _searches(finder: Finder, items: tuple[Item, ...], effort: Effort) -> Iterator[Figure]:
    for name, slip in (("search_100k", False), ("search_100k_typo", True)):
        keys = _keystrokes(items, effort.of(80, 10), slip=slip)
        yield spread(name, timed_each(_presses(finder, keys)), "ms")


def _presses(finder: Finder, keys: list[tuple[str, str]]) -> Iterator[Callable[[], object]]:
    """One search for each state of the search field."""
    return (partial(finder.search, text, language) for text, language in keys)


def _keystrokes(items: tuple[Item, ...], shoppers: int, *, slip: bool) -> list[tuple[str, str]]:
    """The search field after each letter: the second and later ones, of a name or of its words alone.

    With `slip` the third letter is a wrong one, and only the field from there on counts.
    """
    random = Random(11)
    keys: list[tuple[str, str]] = []
    for _ in range(shoppers):
        language = random.choice(("en", "it"))
        name = random.choice(items).name(language).lower()
        if random.random() < 0.5:
            name = name.partition(" ")[2]  # without the brand
        text = name[:LONGEST_TYPED]
        if slip:
            text = f"{text[:2]}x{text[3:]}"
        keys += [(text[:length], language) for length in range(3 if slip else 2, len(text) + 1)]
    return keys
