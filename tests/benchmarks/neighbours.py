"""Owns the benchmark of stores nearby: forty million counts of stock in fifty thousand stores, questions.

It must not know how the nearest are found. With `quick` everything is a hundred times smaller.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

from inventory.db.unit_of_work import Database
from inventory.domain.distance import Spot
from inventory.domain.map_square import square_of
from inventory.services import nearby
from tests.benchmarks.chain import FIRST_GTIN, ITEMS, gtin_of, opened
from tests.benchmarks.figures import Effort, Figure, middle, spread, timed_each
from tests.benchmarks.progress import telling

STORES, STOCKED = 50_000, 40_000_000
_MADE = "2026-05-04T10:30:00.000000Z"
_NEAR = (
    "SELECT h.store_id, h.gtin, p.square, p.latitude_e6, p.longitude_e6"
    " FROM on_hand h JOIN store_place p ON p.store_id = h.store_id WHERE h.on_hand_milli > 0"
)
# The engine draws: forty million rows handed over by Python would take longer than all that is measured.
_DRAWN = "((?2 * 40503 + at) * 2654435761 & 4294967295) / 4294967296.0"
_FILL = (
    "INSERT OR IGNORE INTO on_hand"
    f" SELECT ?1, printf('%014d', {FIRST_GTIN} + 7 * number), 1000 * (number % 9 + 1), '{_MADE}'"
    f" FROM (SELECT CAST(low + wide * {_DRAWN} AS INTEGER) - 1 AS number FROM stratum ORDER BY at)"
)
_INDEX = "ix_stock_near_gtin_square"
Question = tuple[Spot, str]


def measure(folder: Path, effort: Effort) -> Iterator[Figure]:
    """The lower an item's number the more stores have it; questions at random, from where stores are."""
    stores, stocked, items = (effort.of(each, each // 100) for each in (STORES, STOCKED, ITEMS))
    path = folder / "nearby.db"
    database = opened(path)
    database.dispose()  # nobody else may be there while the load leaves the journal out
    spots = spread_stores(path, stores)
    fill_shelves(path, stores, stocked // stores, items)
    yield from measure_questions(database, path, spots, items, effort.of(3000, 300), effort.of(20, 5))
    database.dispose()


def measure_questions(
    database: Database, path: Path, spots: list[Spot], items: int, asked: int, joined: int
) -> Iterator[Figure]:
    random = Random(8)
    held = _held(path)
    common, middling, rare = (
        [gtin for gtin, count in held if least <= count < most]
        for least, most in ((len(spots) // 10, 10**9), (len(spots) // 200, len(spots) // 50), (2, 30))
    )
    draws: dict[str, Callable[[], str]] = {
        "nearest_10_sold": lambda: gtin_of(by_sales(random, items)),
        "nearest_10_any": lambda: gtin_of(random.randrange(items)),
        "nearest_10_common": lambda: random.choice(common),
        "nearest_10_middling": lambda: random.choice(middling),
        "nearest_10_rare": lambda: random.choice(rare),
    }
    questions: list[Question] = []
    with database.read() as uow:
        for name, draw in draws.items():
            questions = [(random.choice(spots), draw()) for _ in range(asked)]
            ask = [partial(nearby.nearest_to, uow, *question) for question in questions]
            floor = middle(timed_each(_points(path, questions)), "ms")
            with telling(f"{name}, {asked} questions"):
                yield spread(name, timed_each(ask), "ms", floor=floor, floor_name="one point lookup")
        joined_s = timed_each(_joins(path, [spot for spot, _ in questions[:joined]]), warm=0)
        yield spread("nearest_10_join", joined_s, "ms")
    yield _sold_out(path, len(spots), asked)


def by_sales(random: Random, items: int) -> int:
    """The number of an item as often as it lies on shelves."""
    return int(items ** random.random()) - 1


def spread_stores(path: Path, stores: int) -> list[Spot]:
    """Stores where people are: around three hundred towns."""
    random = Random(7)
    towns = [(random.uniform(36, 58), random.uniform(-9, 30)) for _ in range(300)]
    spots = []
    for _ in range(stores):
        north, east = random.choice(towns)
        spots.append(Spot(round(random.gauss(north, 0.15) * 1e6), round(random.gauss(east, 0.2) * 1e6)))
    db = sqlite3.connect(path)
    rows = [
        (f"s{number:05}", spot.latitude_e6, spot.longitude_e6, "", square_of(spot))
        for number, spot in enumerate(spots)
    ]
    db.executemany("INSERT INTO store_place VALUES (?, ?, ?, ?, ?)", rows)
    db.commit()
    db.close()
    return spots


def fill_shelves(path: Path, stores: int, each: int, items: int) -> None:
    """Counts in the order of their keys, then the index over them at once: what a migration does as well."""
    db = sqlite3.connect(path, isolation_level=None)
    # A load that fails is thrown away whole: nothing of it need be safe before it is done.
    for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000", "threads = 2"):
        db.execute(f"PRAGMA {setting}")
    kept = db.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'on_hand' AND type = 'trigger'")
    triggers = kept.fetchall()
    (index,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (_INDEX,)).fetchone()
    db.execute(f"DROP INDEX {_INDEX}")
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    _draw_strata(db, each, items)
    with telling("counts of stock", stores * each) as told:
        db.execute("BEGIN")
        for number in range(stores):
            db.execute(_FILL, (f"s{number:05}", number))
            told(number * each)
        db.execute("COMMIT")
    with telling("where they are"):
        db.execute(f"INSERT INTO stock_near {_NEAR} ORDER BY h.store_id, h.gtin")
    with telling("the index by item and square"):
        db.execute(index)
    for _, sql in triggers:
        db.execute(sql)
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def _draw_strata(db: sqlite3.Connection, each: int, items: int) -> None:
    """What a store draws from, one item out of each: the one of number n comes to an nth of the stores.

    The lowest numbers fill several, so there are more of them than items come out.
    """
    count = each * 13 // 10
    bounds = [items ** (at / count) for at in range(count + 1)]
    rows = [(at, low, high - low) for at, (low, high) in enumerate(pairwise(bounds))]
    db.execute("CREATE TEMP TABLE stratum (at INTEGER PRIMARY KEY, low REAL, wide REAL)")
    db.executemany("INSERT INTO stratum VALUES (?, ?, ?)", rows)


def _held(path: Path) -> list[tuple[str, int]]:
    """Items with in how many stores they are."""
    with telling("how many stores have each item"):
        db = sqlite3.connect(path)
        held = db.execute("SELECT gtin, count(*) FROM stock_near GROUP BY gtin").fetchall()
        db.close()
    return held


def _points(path: Path, questions: list[Question]) -> Iterator[Callable[[], object]]:
    db = sqlite3.connect(path)
    random = Random(3)
    sql = "SELECT on_hand_milli FROM on_hand WHERE store_id = ? AND gtin = ?"
    for _, gtin in questions:
        yield partial(lambda *key: db.execute(sql, key).fetchone(), f"s{random.randrange(500):05}", gtin)


def _joins(path: Path, spots: list[Spot]) -> Iterator[Callable[[], object]]:
    """What one writes first: all stores with the item, sorted by how far they are."""
    db = sqlite3.connect(path)
    sql = (
        "SELECT p.store_id FROM stock_near h JOIN store_place p ON p.store_id = h.store_id WHERE h.gtin = ?"
        " ORDER BY (p.latitude_e6 - ?) * (p.latitude_e6 - ?) + (p.longitude_e6 - ?) * (p.longitude_e6 - ?)"
        " LIMIT 10"
    )
    for spot in spots:
        at = (spot.latitude_e6, spot.latitude_e6, spot.longitude_e6, spot.longitude_e6)
        yield partial(lambda *key: db.execute(sql, key).fetchall(), gtin_of(0), *at)


def _sold_out(path: Path, stores: int, asked: int) -> Figure:
    """The last piece goes: the one kind of movement that touches the index. The floor sells one of many."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA cache_size = -65536")
    random = Random(4)
    some = "SELECT store_id, gtin FROM on_hand WHERE store_id = ? LIMIT 1 OFFSET ?"
    keys = [
        db.execute(some, (f"s{random.randrange(stores):05}", random.randrange(100))).fetchone()
        for _ in range(asked)
    ]
    sold = "UPDATE on_hand SET on_hand_milli = ? WHERE store_id = ? AND gtin = ?"
    db.execute("BEGIN")
    floor = middle(timed_each(partial(db.execute, sold, (500, *key)) for key in keys), "ms")
    samples_s = timed_each(partial(db.execute, sold, (0, *key)) for key in keys)
    db.execute("ROLLBACK")
    db.close()
    return spread("stock_sold_out", samples_s, "ms", floor=floor, floor_name="one of many sold")
