"""Owns the least that the rows of sales cost: raw sqlite3, the same rows into the same tables, nothing else.

It must not judge a sale, wait for a client or tell anybody. No store that keeps these rows can be quicker.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AT_ONCE = 32
"""Sales in one transaction: as many as wait in a rush of as many clients."""

_ADD = (
    "INSERT INTO on_hand VALUES (?, ?, ?, ?) ON CONFLICT (store_id, gtin) DO UPDATE SET"
    " on_hand_milli = on_hand_milli + excluded.on_hand_milli, as_of_utc = excluded.as_of_utc"
)


@dataclass(frozen=True, slots=True)
class Least:
    """Sales a second, and the processor's time for one in microseconds."""

    rate: float
    cpu_us: float


def least(store: Path, count: int) -> Least:
    """Writes `count` sales that a closed store has once more, under other ids, into a copy of it."""
    path = store.with_name("raw.db")
    shutil.copyfile(store, path)
    db = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
        db.execute(f"PRAGMA {setting}")
    batches = [_batch(db, start) for start in range(0, count, AT_ONCE)]
    start_s, start_cpu_s = time.perf_counter(), time.process_time()
    for sales, lines, moves in batches:
        db.execute("BEGIN IMMEDIATE")
        for table, rows in (("sale", sales), ("sale_line", lines), ("movement", moves)):
            db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        sums: defaultdict[str, int] = defaultdict(int)
        for move in moves:
            sums[move[2]] += move[4]
        store_id, at_utc = moves[0][0], moves[0][6]
        db.executemany(_ADD, [(store_id, gtin, milli, at_utc) for gtin, milli in sorted(sums.items())])
        db.execute("COMMIT")
    took_s, cpu_s = time.perf_counter() - start_s, time.process_time() - start_cpu_s
    db.close()
    written = sum(len(sales) for sales, _, _ in batches)
    return Least(written / took_s, cpu_s / written * 1e6)


def _batch(db: sqlite3.Connection, start: int) -> tuple[list[Any], list[Any], list[Any]]:
    """Rows of sales, lines and movements like those of some sales that are there."""
    found = db.execute("SELECT * FROM sale ORDER BY rowid LIMIT ? OFFSET ?", (AT_ONCE, start)).fetchall()
    sales, lines, moves = [], [], []
    for sale in found:
        again = f"again-{sale[1]}"
        sales.append((sale[0], again, *sale[2:]))
        for line in db.execute("SELECT * FROM sale_line WHERE store_id = ? AND sale_id = ?", sale[:2]):
            lines.append((line[0], again, *line[2:]))
        of_sale = (sale[0], f"sale:{sale[1]}:", f"sale:{sale[1]};")
        for move in db.execute(
            "SELECT * FROM movement WHERE store_id = ? AND source_id > ? AND source_id < ?", of_sale
        ):
            moves.append((move[0], f"again-{move[1]}", *move[2:]))
    return sales, lines, moves
