"""Owns the benchmarks of a catalogue of three million items: loads, lookups, searches, memory.

It must not know screens. With `quick` everything is a hundred times smaller: it shows that all of it runs.
"""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from random import Random

from inventory.db.item_index import move_entries
from inventory.db.item_rows import ITEM_COLUMNS, row_of_item
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.services import catalogue, item_search
from inventory.services.stores import Store, open_store
from tests.benchmarks.figures import Effort, Figure, middle, spread, timed_each
from tests.benchmarks.progress import telling

NOW = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
STORE_ID = "chain"
ITEMS, WORDS = 3_000_000, 200_000
SQLITE_FLOOR = "raw sqlite3"
FIRST_GTIN = 90_000_000_000
_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ra",
    "se",
    "ti",
    "vo",
    "za",
    "bru",
    "cho",
    "col",
    "kre",
    "mil",
    "sta",
    "ter",
    "lin",
    "mon",
    "sch",
    "tre",
    "qui",
    "flo",
    "gra",
]
_INSERT_ITEM = f"INSERT INTO item ({', '.join(ITEM_COLUMNS)}) VALUES ({', '.join('?' * len(ITEM_COLUMNS))})"


class Goods:
    """Items in the order of their GTINs, drawn one by one; `drawn_s` is what the drawing took."""

    def __init__(self, count: int, word_count: int) -> None:
        random = Random(1)
        made = {"".join(random.choices(_SYLLABLES, k=random.randint(2, 4))) for _ in range(word_count * 2)}
        self.words = sorted(made)[:: max(1, len(made) // word_count)]
        random.shuffle(self.words)
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(len(self.words))))
        self.count = count
        self.drawn_s = 0.0

    def drawn(self, *, dearer: int = 0) -> Iterator[Item]:
        random = Random(2)
        for number in range(self.count):
            start_s = time.perf_counter()
            item = self._item(number, random, dearer)
            self.drawn_s += time.perf_counter() - start_s
            yield item

    def _item(self, number: int, random: Random, dearer: int) -> Item:
        words = random.choices(self.words, cum_weights=self.weights, k=7)
        return Item(
            gtin_of(number),
            f"SKU-{number:07}",
            {"en": " ".join(words[:4]), "it": " ".join(words[2:])},
            199 + number % 977 + dearer,
            "EUR",
            "standard",
            department=words[0],
            aisle=str(number % 60),
            bay="3",
        )


def gtin_of(number: int) -> str:
    return f"{FIRST_GTIN + number * 7:014}"


def measure_catalogue(folder: Path, effort: Effort) -> Iterator[Figure]:
    """A first load, a refresh in which every price moves, one in which nothing does; lookups; searches."""
    goods = Goods(effort.of(ITEMS, ITEMS // 100), effort.of(WORDS, WORDS // 100))
    floor = goods.count / _raw_load(opened(folder / "floor.db"), folder / "floor.db", goods)
    path = folder / "large.db"
    database = opened(path)
    yield _loaded("large_first_load", database, goods, 0, floor)
    yield from _lookups(database, path, goods, effort)
    yield from _searches(database, path, goods, effort)
    yield _loaded("large_refresh", database, goods, 1, floor)
    yield _loaded("large_unchanged", database, goods, 1, floor)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("large_memory", "MiB", 1, {"p50": peak_mib})
    database.dispose()


def _loaded(name: str, database: Database, goods: Goods, dearer: int, floor: float) -> Figure:
    rate = goods.count / _swap(name, database, goods, dearer)
    return Figure(name, "items/s", 1, {"rate": rate}, floor, "sorted executemany")


def opened(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.write() as uow:
        open_store(uow, Store(STORE_ID, "Chain", "EUR", "UTC"))
    return database


def _raw_load(empty: Database, path: Path, goods: Goods) -> float:
    """The same rows into the same tables, the search left out: what SQLite takes at least, in seconds."""
    empty.dispose()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA cache_size = -65536")
    db.execute("BEGIN")
    coming, seconds = goods.drawn(), 0.0
    with telling("the same rows without the search", goods.count) as told:
        while some := list(islice(coming, 4000)):
            rows = [row_of_item(STORE_ID, item) for item in some]
            names = [(STORE_ID, item.gtin, *name) for item in some for name in item.names.items()]
            start_s = time.perf_counter()
            db.executemany(_INSERT_ITEM, rows)
            db.executemany("INSERT INTO item_name VALUES (?, ?, ?, ?)", names)
            seconds += time.perf_counter() - start_s
            told.add(len(some))
        start_s = time.perf_counter()
        db.execute("COMMIT")
        db.close()
        return seconds + time.perf_counter() - start_s


def _swap(name: str, database: Database, goods: Goods, dearer: int) -> float:
    goods.drawn_s = 0.0
    start_s = time.perf_counter()
    with telling(name, goods.count) as told, database.write() as uow:
        items = goods.drawn(dearer=dearer)
        catalogue.replace_items(uow, STORE_ID, items, {"standard": 2200}, NOW, is_sorted=True, progress=told)
    return time.perf_counter() - start_s - goods.drawn_s


# --- lookups -------------------------------------------------------------------------------------


def _lookups(database: Database, path: Path, goods: Goods, effort: Effort) -> Iterator[Figure]:
    random = Random(5)
    wanted = [gtin_of(random.randrange(goods.count)) for _ in range(effort.of(20_000, 1000))]
    db = sqlite3.connect(path)

    def raw(gtin: str) -> None:
        assert db.execute("SELECT * FROM item WHERE store_id = ? AND gtin = ?", (STORE_ID, gtin)).fetchone()
        names = "SELECT language, name FROM item_name WHERE store_id = ? AND gtin = ?"
        db.execute(names, (STORE_ID, gtin)).fetchall()

    with database.read() as uow:
        find = partial(catalogue.find_item, uow, STORE_ID)
        timed_each(partial(raw, gtin) for gtin in wanted)  # the pages of both are in memory then
        timed_each(partial(find, gtin) for gtin in wanted)
        floor = middle(timed_each(partial(raw, gtin) for gtin in wanted), "µs")
        samples_s = timed_each(partial(find, gtin) for gtin in wanted)
    db.close()
    yield spread("large_lookup", samples_s, "µs", floor=floor, floor_name=SQLITE_FLOOR)


# --- searches ------------------------------------------------------------------------------------


def _searches(database: Database, path: Path, goods: Goods, effort: Effort) -> Iterator[Figure]:
    random = Random(6)
    sold = {
        gtin_of(random.randrange(goods.count)): min(30, int(random.paretovariate(0.3)))
        for _ in range(goods.count // 20)
    }
    with database.write() as uow:
        move_entries(uow.session, STORE_ID, {gtin: 31 - popular for gtin, popular in sold.items()})
    names = [item.names["en"] for item in islice(goods.drawn(), 0, goods.count, max(1, goods.count // 400))]
    floor = middle(_scans(path, names[: effort.of(5, 3)]), "ms")
    with database.read() as uow:
        item_search.search(uow, STORE_ID, "xqxqxq", "en")  # reads the vocabulary
        for name, slip in (("large_search", False), ("large_search_typo", True)):
            keys = _keystrokes(names, effort.of(300, 20), slip=slip)
            presses: Iterable[Callable[[], object]] = (
                partial(item_search.search, uow, STORE_ID, text, "en", 10) for text in keys
            )
            yield spread(name, timed_each(presses), "ms", floor=floor, floor_name="LIKE scan")


def _scans(path: Path, names: list[str]) -> list[float]:
    db = sqlite3.connect(path)
    sql = "SELECT gtin FROM item_name WHERE store_id = ? AND language = 'en' AND name LIKE ? LIMIT 10"
    scan = [
        partial(lambda part: db.execute(sql, (STORE_ID, part)).fetchall(), f"%{name[1:9]}x%")
        for name in names
    ]
    samples_s = timed_each(scan, warm=0)
    db.close()
    return samples_s


def _keystrokes(names: list[str], shoppers: int, *, slip: bool) -> list[str]:
    """The search field after each letter from the second on; with `slip` the third is a wrong one."""
    random = Random(11)
    keys: list[str] = []
    for _ in range(shoppers):
        text = " ".join(random.choice(names).split()[random.randrange(2) :])[:16]
        if slip:
            text = f"{text[:2]}x{text[3:]}"
        keys += [text[:length] for length in range(4 if slip else 2, len(text) + 1)]
    return keys
