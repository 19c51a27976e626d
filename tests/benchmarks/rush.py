"""Owns the benchmarks of a rush: many lanes at once, in process, over HTTP, and on PostgreSQL.

It must not know screens. Floors of the same run: how often the disk syncs, and a bare server's answers.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http import HTTPStatus
from itertools import count
from pathlib import Path
from statistics import median

from sqlmodel import Session

from inventory.config import StoreConfig
from inventory.db.tables import MovementRow, OnHandRow, SaleLineRow, SaleRow
from inventory.db.unit_of_work import Database
from inventory.opening import prepare
from inventory.services import catalogue
from inventory.services.prepared_sales import Arrival
from inventory.services.sale_intake import SaleIntake
from inventory.wire import SaleMessage
from tests.benchmarks.figures import Effort, Figure, Skipped, spread
from tests.benchmarks.sale_rows import least
from tests.benchmarks.samples import LANE_ID, NOW, STORE_ID, Shop, demo_shop, plain_goods, sale_message
from tests.support import http_load as load
from tests.support.engines import NoServerError, running_server

_NUMBERS = count(1)
"""Every sale of a run is another one."""

SALE_LINES = 12
CLIENTS = 32
SERVER_CLIENTS = 8
SYNC = "fdatasync"


def measure(folder: Path, effort: Effort) -> Iterator[Figure]:
    """Sales of twelve lines from 32 clients, and the questions they ask in between."""
    shop = demo_shop(folder)
    syncs = _syncs(folder, effort)
    yield Figure("disk_syncs", "syncs/s", 3, {"rate": syncs})
    each = effort.of(60, 8)
    database = shop.open_database()
    yield from _in_process("sale_rush", database, shop, CLIENTS, each, syncs)
    database.dispose()
    yield from _beside_the_least(shop, each)
    database = shop.open_database()
    yield Figure("sale_naive_orm", "sales/s", each, {"rate": _naive(database, shop, each)}, syncs, SYNC)
    database.dispose()
    yield from _over_http(shop, each)


def measure_server(folder: Path, effort: Effort) -> Iterator[Figure]:
    """The same from eight clients into a PostgreSQL server that syncs as it should."""
    shop = demo_shop(folder)
    syncs = _syncs(folder, effort)
    try:
        with running_server(is_durable=True) as server:
            database = _prepared(server.url(), shop)
            yield from _in_process(
                "sale_rush_server", database, shop, SERVER_CLIENTS, effort.of(200, 8), syncs
            )
            database.dispose()
    except NoServerError as error:
        raise Skipped(str(error)) from error


def _prepared(url: str, shop: Shop) -> Database:
    database = Database(url)
    config: StoreConfig = shop.config
    prepare(config, database, NOW)
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, shop.message.items, config.tax_rates_bp, NOW)
    return database


def _in_process(
    name: str, database: Database, shop: Shop, clients: int, each: int, syncs: float
) -> Iterator[Figure]:
    intake = SaleIntake(database, STORE_ID, lambda: NOW)
    _send(intake, _arrivals(shop, 2 * clients))
    work = [_arrivals(shop, each) for _ in range(clients)]
    start_s = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        waits = list(pool.map(lambda arrivals: _send(intake, arrivals), work))
    rate = clients * each / (time.perf_counter() - start_s)
    yield Figure(f"{name}_rate", "sales/s", clients * each, {"rate": rate}, syncs, SYNC)
    yield spread(name, [wait_s for waits_s in waits for wait_s in waits_s], "ms")


def _beside_the_least(shop: Shop, each: int) -> Iterator[Figure]:
    """The rows alone, and what a sale costs the processor beside them: neighbours disturb that the least."""
    count = CLIENTS * each
    store = Path(shop.config.database_url.get_secret_value().removeprefix("sqlite:///"))
    rows = least(store, count)
    yield Figure("sale_rows_rate", "sales/s", count, {"rate": rows.rate})
    database = shop.open_database()
    intake = SaleIntake(database, STORE_ID, lambda: NOW)
    with ThreadPoolExecutor(CLIENTS) as pool:
        work = [_arrivals(shop, each) for _ in range(CLIENTS)]
        start_s = time.process_time()
        list(pool.map(lambda arrivals: _send(intake, arrivals), work))
        cpu_us = (time.process_time() - start_s) / count * 1e6
    database.dispose()
    yield Figure("sale_rush_cpu", "µs/sale", count, {"rate": cpu_us}, rows.cpu_us, "raw sqlite3, rows alone")


def _send(intake: SaleIntake, arrivals: Sequence[Arrival]) -> list[float]:
    waits_s = []
    for arrival in arrivals:
        start_s = time.perf_counter()
        outcome = intake.take(arrival).result()
        assert not isinstance(outcome, Exception), outcome
        assert outcome[0] == HTTPStatus.CREATED, outcome
        waits_s.append(time.perf_counter() - start_s)
    return waits_s


def _over_http(shop: Shop, each: int) -> Iterator[Figure]:
    sale = [
        [
            load.request("POST", "/api/v1/sales", token=shop.token, body=arrival.body)
            for arrival in _arrivals(shop, each)
        ]
        for _ in range(CLIENTS)
    ]
    gtin = plain_goods(shop.message.items)[0].gtin
    look = [[load.request("GET", f"/api/v1/stock/{gtin}", token=shop.token)] * each] * CLIENTS
    with load.serving("main", "store", "--config", str(shop.config_path), "--port") as port:
        load.run(port, [requests[:2] for requests in look], status=b"200")
        sold = load.run(port, sale, status=b"201")
        looked = load.run(port, look, status=b"200")
    body = _arrivals(shop, 1)[0].body
    with load.serving("tests.benchmarks.bare") as port:
        load.run(port, [[load.request("GET", "/")] * 2] * CLIENTS, status=b"200")
        posted = load.run(port, [[load.request("POST", "/", body=body)] * each] * CLIENTS, status=b"200")
        got = load.run(port, [[load.request("GET", "/")] * each] * CLIENTS, status=b"200")
    count = CLIENTS * each
    yield Figure("sale_rush_http_rate", "sales/s", count, {"rate": sold.rate}, posted.rate, "bare POST")
    yield spread("sale_rush_http", sold.waits_s, "ms")
    yield Figure("stock_rush_http_rate", "answers/s", count, {"rate": looked.rate}, got.rate, "bare GET")
    yield spread("stock_rush_http", looked.waits_s, "ms")


def _arrivals(shop: Shop, count: int) -> list[Arrival]:
    items = plain_goods(shop.message.items)[:SALE_LINES]
    return [_arrival(sale_message(items, number)) for number in range(1, count + 1)]


def _arrival(message: SaleMessage) -> Arrival:
    number = next(_NUMBERS)
    own = replace(message.sale, sale_id=f"rush-{number}-", receipt_no=number)
    message = message.model_copy(update={"sale": own})
    return Arrival(message, message.model_dump_json().encode())


def _syncs(folder: Path, effort: Effort) -> float:
    """How often a second the disk makes one changed page durable."""
    descriptor = os.open(folder / "floor", os.O_CREAT | os.O_RDWR)
    try:
        os.write(descriptor, b"x" * 4096 * 64)
        os.fsync(descriptor)
        rates = []
        for _ in range(3):
            count = effort.of(300, 50)
            start_s = time.perf_counter()
            for number in range(count):
                os.pwrite(descriptor, b"y" * 4096, number % 64 * 4096)
                os.fdatasync(descriptor)
            rates.append(count / (time.perf_counter() - start_s))
        return median(rates)
    finally:
        os.close(descriptor)


# --- a peer: one object a row, one transaction a sale ----------------------------------------------


def _naive(database: Database, shop: Shop, count: int) -> float:
    arrivals = _arrivals(shop, count)
    start_s = time.perf_counter()
    for arrival in arrivals:
        with database.write() as uow:
            _add_objects(uow.session, arrival)
    return count / (time.perf_counter() - start_s)


def _add_objects(session: Session, arrival: Arrival) -> None:
    sale = arrival.message.sale
    session.add(
        SaleRow(
            store_id=STORE_ID,
            sale_id=sale.sale_id,
            lane_id=LANE_ID,
            receipt_no=sale.receipt_no,
            body=arrival.body.decode(),
            body_hash=arrival.body_hash,
            answer="{}",
            flag_count=0,
            journal_seq=0,
            journal_head="",
            paid_at_utc=NOW,
            received_at_utc=NOW,
            business_day="2026-05-04",
            business_hour=12,
            currency="EUR",
            total_minor=sale.total_minor,
        )
    )
    for number, line in enumerate(sale.lines, start=1):
        session.add(
            SaleLineRow(
                store_id=STORE_ID,
                sale_id=sale.sale_id,
                line_no=number,
                gtin=line.gtin,
                sku=line.sku,
                name=line.name,
                sold_by=line.sold_by.value,
                quantity_milli=line.quantity_milli,
                unit_price_minor=line.unit_price_minor,
                amount_minor=line.amount_minor,
                deposit_minor=line.deposit_minor,
                tax_class=line.tax_class,
                tax_rate_bp=line.tax_rate_bp,
            )
        )
        session.add(
            MovementRow(
                store_id=STORE_ID,
                source_id=f"sale:{sale.sale_id}:{number}",
                gtin=line.gtin,
                reason="SALE",
                quantity_milli=-line.quantity_milli,
                actor=LANE_ID,
                at_utc=NOW,
            )
        )
        level = session.get(OnHandRow, (STORE_ID, line.gtin))
        if level is None:
            level = OnHandRow(store_id=STORE_ID, gtin=line.gtin, on_hand_milli=0, as_of_utc=NOW)
        level.on_hand_milli -= line.quantity_milli
        session.add(level)
