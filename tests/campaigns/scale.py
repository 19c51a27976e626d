"""Owns the simulation of a chain: one list of products, price zones, stores with what they carry, one night.

It must not time anything: it counts rows and bytes, and checks every price of every store against the whole
matrix, which only a check may build. `python -m tests.campaigns.scale` runs a hundredth of 3,000,000 products
in 52,000 stores; one store is as large as in life.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from inventory.db.repositories import each_item
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.catalogue import Item
from inventory.services import catalogue, catalogue_feed
from inventory.services.stores import Store, open_store

TONIGHT = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
WHOLE = (3_000_000, 52_000)
ZONES = 60
CARRIED = 40_000
"""Products a store of the whole chain carries."""
OWN_IN_ZONE, MOVED_PRICES, MOVED_IN_ZONE, RENAMED, FIXED = 0.04, 0.02, 0.005, 0.001, 0.0005
LARGEST_NIGHT_BYTES = 5_000_000
_WORDS = [
    "milk",
    "bread",
    "latte",
    "pane",
    "olio",
    "riso",
    "pasta",
    "tea",
    "coffee",
    "rosso",
    "verde",
    "fresh",
    "organic",
    "family",
    "size",
    "classic",
]


@dataclass(slots=True)
class Chain:
    """What the chain says: a price for each product, other prices in some zones, a few in single stores."""

    names: dict[int, str]
    prices: dict[int, int]
    zones: list[dict[int, int]]
    fixes: dict[tuple[int, int], int] = field(default_factory=dict)
    """By store and product; a store's own price stands before its zone's."""

    def price(self, product: int, store: int) -> int:
        """The price in force, in minor units: the store's own, else its zone's, else the chain's."""
        own = self.fixes.get((store, product))
        if own is not None:
            return own
        return self.zones[zone_of(store, self)].get(product, self.prices[product])

    @property
    def price_count(self) -> int:
        """Prices that are kept anywhere."""
        return len(self.prices) + sum(map(len, self.zones)) + len(self.fixes)


def zone_of(store: int, chain: Chain) -> int:
    return store % len(chain.zones)


@dataclass(frozen=True, slots=True)
class Night:
    """What a night came to. Bytes are of the messages as they go over the wire."""

    products: int
    stores: int
    carried: int
    prices_kept: int
    matrix: int
    item_rows: int
    whole_bytes: int
    delta_items: int
    delta_bytes: int
    largest_store_carried: int
    largest_store_whole_bytes: int
    largest_store_delta_bytes: int
    wrong_prices: int


def drawn_chain(random: Random, products: int, stores: int) -> Chain:
    """A chain with its zones' exceptions and its stores' own prices."""
    names = {product: " ".join(random.choices(_WORDS, k=4)) for product in range(products)}
    prices = {product: random.randint(49, 4999) for product in range(products)}
    chain = Chain(names, prices, [{} for _ in range(min(ZONES, stores))])
    for zone in chain.zones:
        for product in random.sample(range(products), k=round(products * OWN_IN_ZONE)):
            zone[product] = random.randint(49, 4999)
    return chain


def simulate(
    folder: Path, *, products: int, stores: int, carried: int, largest: int = 0, seed: int = 1
) -> Night:
    """Loads every store, lets a night pass as deltas, and compares all prices with the matrix.

    Store 0 carries `largest` products where that is more than the others' `carried`.
    """
    random = Random(seed)
    chain = drawn_chain(random, products, stores)
    shelves = [
        sorted(random.sample(range(products), k=max(carried, largest) if store == 0 else carried))
        for store in range(stores)
    ]
    _fix_some(chain, random, shelves)
    database = Database(f"sqlite:///{folder / 'chain.db'}")
    database.migrate()
    whole = [_load(database, chain, store, shelf) for store, shelf in enumerate(shelves)]
    moved = _pass_night(chain, random)
    deltas = [_send(database, chain, store, shelf, moved) for store, shelf in enumerate(shelves)]
    wrong = sum(_wrong(database, chain, store, shelf) for store, shelf in enumerate(shelves))
    database.dispose()
    return Night(
        products=products,
        stores=stores,
        carried=carried,
        prices_kept=chain.price_count,
        matrix=products * stores,
        item_rows=sum(map(len, shelves)),
        whole_bytes=sum(whole),
        delta_items=sum(count for count, _ in deltas),
        delta_bytes=sum(size for _, size in deltas),
        largest_store_carried=len(shelves[0]),
        largest_store_whole_bytes=whole[0],
        largest_store_delta_bytes=deltas[0][1],
        wrong_prices=wrong,
    )


def _fix_some(chain: Chain, random: Random, shelves: list[list[int]]) -> None:
    for store, shelf in enumerate(shelves):
        for product in random.sample(shelf, k=max(1, round(len(shelf) * FIXED))):
            chain.fixes[store, product] = random.randint(49, 4999)


def _load(database: Database, chain: Chain, store: int, shelf: Iterable[int]) -> int:
    with database.write() as uow:
        store_id = _store_id(store)
        open_store(uow, Store(store_id, f"Store {store}", "EUR", "UTC"))
        items = [_item(chain, product, store) for product in shelf]
        catalogue.replace_items(uow, store_id, items, {"standard": 2200}, TONIGHT)
        return len(catalogue.current(uow, store_id).model_dump_json().encode())


def _pass_night(chain: Chain, random: Random) -> set[int]:
    """Moves prices and renames products; answers which. A fix of a store stays what it was."""
    products = len(chain.prices)
    moved = set(random.sample(range(products), k=round(products * MOVED_PRICES)))
    for product in moved:
        chain.prices[product] = random.randint(49, 4999)
    for zone in chain.zones:
        for product in random.sample(range(products), k=round(products * MOVED_IN_ZONE)):
            zone[product] = random.randint(49, 4999)
            moved.add(product)
    for product in random.sample(range(products), k=round(products * RENAMED)):
        chain.names[product] += " new"
        moved.add(product)
    return moved


def _send(
    database: Database, chain: Chain, store: int, shelf: Iterable[int], moved: set[int]
) -> tuple[int, int]:
    """Changes what differs in one store; answers how many items its lanes are told of, in how many bytes."""
    store_id = _store_id(store)
    with database.write() as uow:
        before = catalogue_feed.newest(uow, store_id)
        touched = [product for product in shelf if product in moved]
        changed = [
            item for item in (_item(chain, each, store) for each in touched) if _differs(uow, store_id, item)
        ]
        if not changed:
            return 0, 0
        catalogue.change_items(uow, store_id, put=changed, now_utc=TONIGHT)
        delta = catalogue.delta(uow, store_id, since=before.version, mark=before.mark)
        assert delta is not None, "a night's changes are told as changes"
        return len(changed), len(delta.model_dump_json().encode())


def _differs(uow: UnitOfWork, store_id: str, item: Item) -> bool:
    return catalogue.find_item(uow, store_id, item.gtin) != item


def _wrong(database: Database, chain: Chain, store: int, shelf: list[int]) -> int:
    """Prices of a store that are not those of the matrix, missing and surplus items counted too."""
    row = {_gtin(product): chain.price(product, store) for product in shelf}
    with database.read() as uow:
        kept = {item.gtin: item.price_minor for item in each_item(uow.session, _store_id(store))}
    return sum(row.get(gtin) != kept.get(gtin) for gtin in row.keys() | kept.keys())


def _item(chain: Chain, product: int, store: int) -> Item:
    name = chain.names[product]
    return Item(
        gtin=_gtin(product),
        sku=f"P{product:07}",
        names={"en": name, "it": name},
        price_minor=chain.price(product, store),
        currency="EUR",
        tax_class="standard",
        department=name.split()[0],
        aisle=str(product % 40),
        bay=str(product % 12),
    )


def _gtin(product: int) -> str:
    return f"{90_000_000_000 + product * 7:014}"


def _store_id(store: int) -> str:
    return f"store-{store:05}"


def _lines(night: Night) -> Iterable[str]:
    scale = WHOLE[0] * WHOLE[1] / night.matrix
    per_item = night.delta_bytes / max(1, night.delta_items)
    share = night.delta_items / night.item_rows
    yield f"products × stores                  {night.products:,} × {night.stores:,}"
    yield f"prices kept, of a matrix of        {night.prices_kept:,} of {night.matrix:,}"
    yield f"item rows in all stores            {night.item_rows:,}"
    yield f"items told of in the night         {night.delta_items:,} ({share:.1%})"
    yield f"bytes of deltas, of whole          {night.delta_bytes:,} of {night.whole_bytes:,}"
    yield f"bytes of an item in a delta        {per_item:,.0f}"
    yield f"a store of {night.largest_store_carried:,} items, whole      {night.largest_store_whole_bytes:,}"
    yield f"                      and delta    {night.largest_store_delta_bytes:,}"
    yield f"prices that differ from the matrix {night.wrong_prices:,}"
    yield f"(the whole chain has {scale:,.0f} times as many products times stores)"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.scale", description="Simulate a chain.")
    parser.add_argument("--products", type=int, default=WHOLE[0] // 100)
    parser.add_argument("--stores", type=int, default=WHOLE[1] // 100)
    parser.add_argument("--carried", type=int, default=CARRIED // 100, help="products a store carries")
    parser.add_argument("--largest", type=int, default=30_000, help="products the largest store carries")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        night = simulate(
            Path(folder),
            products=words.products,
            stores=words.stores,
            carried=min(words.carried, words.products),
            largest=min(words.largest, words.products),
        )
    for line in _lines(night):
        sys.stdout.write(f"{line}\n")
    if night.wrong_prices or night.largest_store_delta_bytes > LARGEST_NIGHT_BYTES:
        sys.exit(1)


if __name__ == "__main__":
    main()
