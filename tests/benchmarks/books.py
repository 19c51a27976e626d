"""Owns the benchmarks of what must be durable: the lane's journal, and sales on their way into the store.

It must not know screens. The floor is one raw row committed by SQLite with FULL sync, in the same folder.
"""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path

import httpx

from inventory.services import sales
from inventory.wire import SaleMessage
from kiosk import inputs
from kiosk.checkout import messages as m
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.state import LaneState, Phase
from kiosk.journal import Journal, verify
from kiosk.lane import replay
from tests.benchmarks.figures import Effort, Figure, middle, rate, rate_of, spread, timed_each
from tests.benchmarks.samples import (
    NOW,
    STORE_ID,
    Shop,
    demo_shop,
    lines_of,
    plain_goods,
    sale_message,
    scanning_state,
)

SALE_LINES = 12
BASKET_LINES = 20
START_LIMIT_S = 20.0
FLOOR_NAME = "sqlite full commit"


def measure_journal(folder: Path, effort: Effort) -> Iterator[Figure]:
    """Appending as the lane does it, then walking the same journal as a start does."""
    shop = demo_shop(folder)
    floor_s = _raw_commits(folder / "floor.sqlite", effort)
    yield spread("sqlite_full_commit", floor_s, "µs")
    path = folder / "journal.sqlite"
    journal = Journal(path)
    lines = lines_of(plain_goods(shop.message.items)[:BASKET_LINES])
    appends = (partial(_append, journal, event) for event in _visits(lines, effort.of(4000, 400)))
    samples_s = timed_each(appends, warm=0)
    yield spread("journal_append", samples_s, "µs", floor=middle(floor_s, "µs"), floor_name=FLOOR_NAME)
    count = journal.head.seq
    yield rate("journal_replay", count, partial(_replay, journal), "entries/s")
    yield rate("journal_verify", count, partial(verify, path), "entries/s")
    journal.close()


def measure_sales(folder: Path, effort: Effort) -> Iterator[Figure]:
    """One sale of twelve lines at a time: in process, then over HTTP into a store of its own process."""
    shop = demo_shop(folder)
    floor = middle(_raw_commits(folder / "floor.sqlite", effort), "ms")
    items = plain_goods(shop.message.items)[:SALE_LINES]
    count = effort.of(500, 60)
    recorded_s = _recorded(shop, [sale_message(items, number) for number in range(1, count)])
    yield spread("sale_recorded", recorded_s, "ms", floor=floor, floor_name=FLOOR_NAME)
    yield rate_of("sale_recorded_rate", recorded_s, "sales/s")
    with _store_process(shop) as client:
        messages = (sale_message(items, number) for number in range(count, 2 * count))
        posted_s = timed_each([partial(_post, client, each.model_dump_json()) for each in messages], warm=10)
    in_process = middle(recorded_s, "ms")
    yield spread("sale_posted", posted_s, "ms", floor=in_process, floor_name="sale recorded in process")
    yield rate_of("sale_posted_rate", posted_s, "sales/s")


# --- the journal ---------------------------------------------------------------------------------


def _raw_commits(path: Path, effort: Effort) -> list[float]:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    insert = partial(db.execute, "INSERT INTO row (body) VALUES (?)", ("x" * 400,))
    samples_s = timed_each([insert] * effort.of(2000, 300))
    db.close()
    return samples_s


def _visits(lines: tuple[BasketLine, ...], count: int) -> Iterator[m.Event]:
    """`count` events: baskets filled and emptied again."""
    for number in range(count):
        line = lines[number % len(lines)]
        emptying = number // len(lines) % 2
        yield m.LineRemoved(line.line_id) if emptying else m.ItemScanned(line)


def _append(journal: Journal, event: m.Event) -> None:
    body = inputs.encode(event)
    journal.append(inputs.kind_of(event), body, at_utc=NOW, boot_id="bench", monotonic_s=time.monotonic())


def _replay(journal: Journal) -> LaneState:
    fresh = scanning_state(())
    state = replay(fresh, journal)
    assert state.phase is Phase.SCANNING, "the journal was replayed"
    return state


# --- the store -----------------------------------------------------------------------------------


def _recorded(shop: Shop, messages: list[SaleMessage]) -> list[float]:
    database = shop.open_database()

    def record(message: SaleMessage, body: bytes) -> None:
        with database.write() as uow:
            status, _ = sales.record(uow, STORE_ID, message, body, NOW)
            assert status is HTTPStatus.CREATED

    bodies = [message.model_dump_json().encode() for message in messages]
    samples_s = timed_each(partial(record, *pair) for pair in zip(messages, bodies, strict=True))
    database.dispose()
    return samples_s


def _post(client: httpx.Client, body: str) -> None:
    answer = client.post("/api/v1/sales", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == HTTPStatus.CREATED, answer.text


@contextlib.contextmanager
def _store_process(shop: Shop) -> Iterator[httpx.Client]:
    """The real store on a free port of this machine, and a client that speaks as its lane."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "main", "store", "--config", str(shop.config_path), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    headers = {"Authorization": f"Bearer {shop.token}"}
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as client:
            _wait_until_ready(client)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_until_ready(client: httpx.Client) -> None:
    until_s = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until_s:
        with contextlib.suppress(httpx.TransportError):
            if client.get("/readyz").is_success:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the store did not open within {START_LIMIT_S:.0f} s")
