"""Owns the reconnect storm: `python -m tests.campaigns.reconnect --lanes 100 --sales 480` prints JSON.

A store in a process of its own; lanes that were away come back at once, open their streams and send what
they have queued, while other lanes go on asking for stock. Some connections break before the answer, and the
sale is sent again. Afterwards the store's tables are compared with what was sent. The exit status is 1 when
a sale is missing or double, or when stock is not what was sold. It judges no speed; it tells of it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from inventory.db.unit_of_work import Database
from inventory.opening import prepare
from inventory.services import catalogue, stock
from inventory.wire import SaleMessage
from tests.support import http_load
from tests.support.store_samples import (
    MIRROR,
    NOW,
    PEARS,
    RATES,
    SIX_WATERS,
    STORE_ID,
    WATER,
    line_of,
    sale_message,
    store_config,
)

LIVE_LANES: Final = 8
ASKS_EVERY_S: Final = 0.05
BREAKS: Final = 0.02
"""Of the connections, between a sale and its answer."""

GOODS: Final = (MIRROR, WATER, SIX_WATERS, PEARS)
_HERE: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Storm:
    """What one storm came to. Waits are those of the lanes that had never been away, in milliseconds."""

    seed: int
    lanes: int
    sent: int
    sent_again: int
    drained_s: float
    asked: int
    wait_p50_ms: float
    wait_p95_ms: float
    wait_max_ms: float
    lost: int
    double: int
    altered: int
    stock_differences: int

    @property
    def passed(self) -> bool:
        return self.sent > 0 and not (self.lost or self.double or self.altered or self.stock_differences)


@dataclass(slots=True)
class _Lane:
    """A lane that was away: its queue, and the connection it has."""

    lane_id: str
    token: str
    queue: list[tuple[str, bytes]]
    again: int = 0


def blow(folder: Path, *, lanes: int, sales: int, seed: int, lines: int = 12) -> Storm:
    """One storm over a new store in `folder`."""
    tokens = {f"lane-{number:03}": f"token-of-lane-{number:03}-0123456789" for number in range(lanes)}
    stayed = {f"live-{number}": f"token-of-live-{number}-0123456789abc" for number in range(LIVE_LANES)}
    path = _make_store(folder, tokens | stayed)
    away = [
        _Lane(lane_id, token, list(_queued(lane_id, sales, Random(f"{seed}/{lane_id}"), lines)))
        for lane_id, token in tokens.items()
    ]
    with http_load.serving("main", "store", "--config", str(path), "--port") as port:
        drained_s, waits_s = asyncio.run(_come_back(port, away, list(stayed.values()), Random(seed)))
    ordered = sorted(waits_s) or [0.0]
    return Storm(
        seed=seed,
        lanes=lanes,
        sent=sum(len(lane.queue) for lane in away),
        sent_again=sum(lane.again for lane in away),
        drained_s=round(drained_s, 2),
        asked=len(waits_s),
        wait_p50_ms=round(ordered[len(ordered) // 2] * 1e3, 1),
        wait_p95_ms=round(ordered[len(ordered) * 95 // 100] * 1e3, 1),
        wait_max_ms=round(ordered[-1] * 1e3, 1),
        **_judge(folder, away),
    )


# --- the store and the queues ----------------------------------------------------------------------


def _make_store(folder: Path, tokens: dict[str, str]) -> Path:
    database = _database(folder)
    try:
        prepare(store_config(folder), database, NOW)
        with database.write() as uow:
            catalogue.replace_items(uow, STORE_ID, GOODS, RATES, NOW)
    finally:
        database.dispose()
    rates = ", ".join(f"{name} = {rate}" for name, rate in RATES.items())
    keys = "\n".join(f'{lane_id} = "{token}"' for lane_id, token in tokens.items())
    path = folder / "store.toml"
    path.write_text(
        f'store_id = "{STORE_ID}"\nname = "Storm"\ndatabase_url = "sqlite:///{folder / "store.db"}"\n'
        f"tax_rates_bp = {{ {rates} }}\n[lanes]\n{keys}\n",
        "utf-8",
    )
    return path


def _database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'store.db'}")


def _queued(lane_id: str, count: int, chance: Random, lines: int) -> Iterator[tuple[str, bytes]]:
    """(sale id, body) of a lane's sales. One message is made and then written anew with other numbers."""
    basket = [line_of(item, 1000 if item is not PEARS else 485) for item in chance.choices(GOODS, k=lines)]
    message = sale_message(*basket, sale_id="SALE-ID", lane_id=lane_id, receipt_no=987_654_321)
    text = replace_times(message).model_dump_json()
    for number in range(1, count + 1):
        sale_id = f"{lane_id}.{number}.x"
        yield sale_id, text.replace("SALE-ID", sale_id).replace("987654321", str(number)).encode()


def replace_times(message: SaleMessage) -> SaleMessage:
    """The message, paid just now: it is a sale of today."""
    return message.model_copy(update={"sale": replace(message.sale, paid_at_utc=datetime.now(UTC))})


# --- the storm -------------------------------------------------------------------------------------


async def _come_back(
    port: int, away: list[_Lane], stayed: list[str], chance: Random
) -> tuple[float, list[float]]:
    over = asyncio.Event()
    asking = [asyncio.create_task(_ask(port, token, over)) for token in stayed]
    listening = [asyncio.create_task(_listen(port, lane.token)) for lane in away]
    await asyncio.sleep(ASKS_EVERY_S)
    start_s = time.perf_counter()
    await asyncio.gather(*(_drain(port, lane, Random(chance.random())) for lane in away))
    drained_s = time.perf_counter() - start_s
    over.set()
    waits = await asyncio.gather(*asking)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    await asyncio.sleep(0)  # transports close in the loop's next turn
    return drained_s, [wait_s for each in waits for wait_s in each]


async def _drain(port: int, lane: _Lane, chance: Random) -> None:
    reader, writer = await asyncio.open_connection(_HERE, port)
    for _, body in lane.queue:
        sent = http_load.request("POST", "/api/v1/sales", token=lane.token, body=body)
        if chance.random() < BREAKS:
            writer.write(sent)
            await writer.drain()
            await _closed(writer)
            lane.again += 1
            reader, writer = await asyncio.open_connection(_HERE, port)
        writer.write(sent)
        status = await http_load.answer(reader)
        assert status in (b"200", b"201"), status
    await _closed(writer)


async def _listen(port: int, token: str) -> None:
    reader, writer = await asyncio.open_connection(_HERE, port)
    writer.write(http_load.request("GET", "/api/v1/events", token=token))
    try:
        while await reader.read(65536):
            pass
    finally:
        writer.close()


async def _ask(port: int, token: str, over: asyncio.Event) -> list[float]:
    reader, writer = await asyncio.open_connection(_HERE, port)
    asked = http_load.request("GET", f"/api/v1/stock/{WATER.gtin}", token=token)
    waits_s: list[float] = []
    while not over.is_set():
        start_s = time.perf_counter()
        writer.write(asked)
        assert await http_load.answer(reader) == b"200"
        waits_s.append(time.perf_counter() - start_s)
        await asyncio.sleep(ASKS_EVERY_S)
    await _closed(writer)
    return waits_s


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):  # the store may have been the first to go
        await writer.wait_closed()


# --- the judge -------------------------------------------------------------------------------------


def _judge(folder: Path, away: list[_Lane]) -> dict[str, int]:
    sent = {sale_id: body.decode() for lane in away for sale_id, body in lane.queue}
    expected: Counter[str] = Counter()
    for lane in away:
        for line in SaleMessage.model_validate_json(lane.queue[0][1]).sale.lines:
            item = next(each for each in GOODS if each.gtin == line.gtin)
            gtin, units = item.booked_as
            expected[gtin] -= line.quantity_milli * units * len(lane.queue)
    with closing(_Read(_database(folder))) as store:
        kept = store.rows("SELECT sale_id, body FROM sale")
        on_hand = dict(store.rows("SELECT gtin, on_hand_milli FROM on_hand"))
        differences = store.differences()
    ids = Counter(sale_id for sale_id, _ in kept)
    wrong = {gtin for gtin in expected.keys() | on_hand.keys() if expected[gtin] != on_hand.get(gtin, 0)}
    return {
        "lost": len(sent.keys() - ids.keys()),
        "double": sum(count - 1 for count in ids.values()) + len(ids.keys() - sent.keys()),
        "altered": sum(sent.get(sale_id, body) != body for sale_id, body in kept),
        "stock_differences": differences + len(wrong),
    }


class _Read:
    """What the storm left in the tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, question: str) -> list[tuple[str, str]]:
        with self._database.read() as uow:
            return [tuple(row) for row in uow.session.connection().exec_driver_sql(question)]

    def differences(self) -> int:
        with self._database.read() as uow:
            return len(stock.audit(uow, STORE_ID))

    def close(self) -> None:
        self._database.dispose()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Let lanes come back with queued sales, all at once.")
    parser.add_argument("--lanes", type=int, default=100)
    parser.add_argument("--sales", type=int, default=480, help="queued by each lane")
    parser.add_argument("--lines", type=int, default=12, help="of each sale")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="storm-", dir=".") as folder:
        storm = blow(
            Path(folder).resolve(),
            lanes=options.lanes,
            sales=options.sales,
            seed=options.seed,
            lines=options.lines,
        )
    sys.stdout.write(json.dumps({**asdict(storm), "passed": storm.passed}) + "\n")
    return 0 if storm.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
