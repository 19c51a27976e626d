"""Owns the process that tells 200 screens: `python -m tests.benchmarks.screens_process KIND FOLDER`.

It must not measure. It prints its port; then, for every line it reads, it tells all who listen and prints the
moment in which it could begin: for the store the moment after the commit, for `raw` that of the order.
`queues` stands for a server that hands each stream its news by a queue and a turn of its own task.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from inventory.config import StoreConfig, read_store_config
from inventory.db.unit_of_work import Database
from inventory.domain.stock import Movement, Reason
from inventory.services import stock
from inventory.web.app import create_app
from inventory.web.events import Broker, encode_event
from inventory.web.http_protocol import HTTP_PROTOCOL
from inventory.web.server import listen
from inventory.wire import StockMessage

NEWS = encode_event(
    "stock",
    StockMessage(gtin="09520000000011", on_hand_milli=5000, as_of_utc=datetime(2026, 5, 4, tzinfo=UTC)),
)


def main(kind: str, folder: Path) -> None:
    match kind:
        case "store":
            _tell_from_store(read_store_config(folder / "store.toml"))
        case "queues":
            _tell_by_queues()
        case "raw":
            asyncio.run(_tell_raw())


def _say(words: object) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _orders() -> list[str]:
    return sys.stdin.readline().split()


def _tell_from_store(config: StoreConfig) -> None:
    database, broker = Database(config.database_url.get_secret_value()), Broker()
    committed_s: list[float] = []
    database.listen(lambda _news: committed_s.append(time.perf_counter()))
    _serve_beside(create_app(config, database, broker))
    number = 0
    while gtin := _orders():
        number += 1
        now_utc = datetime.now(UTC)
        with database.write() as uow:
            moved = Movement(gtin[0], Reason.RECEIPT, 1000, f"bench:{now_utc}:{number}", "bench", now_utc)
            stock.post(uow, config.store_id, moved)
        _say(committed_s[-1])


def _tell_by_queues() -> None:
    queues: list[asyncio.Queue[bytes]] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def events(_request: object) -> Response:
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        queues.append(queue)
        loops[:] = [asyncio.get_running_loop()]
        queue.put_nowait(NEWS)

        async def stream() -> object:
            while True:
                yield await asyncio.wait_for(queue.get(), 3600)

        return StreamingResponse(stream(), media_type="text/event-stream")  # type: ignore[arg-type]

    _serve_beside(Starlette(routes=[Route("/api/v1/events", events)]))
    while _orders():
        start_s = time.perf_counter()
        for queue in queues:
            loops[0].call_soon_threadsafe(queue.put_nowait, NEWS)
        _say(start_s)


def _serve_beside(app: object) -> None:
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, http=HTTP_PROTOCOL, log_level="warning", access_log=False)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    _say(listening.getsockname()[1])


async def _tell_raw() -> None:
    transports: list[asyncio.StreamWriter] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        transports.append(writer)
        writer.write(NEWS)

    server = await asyncio.start_server(take, "127.0.0.1", 0, backlog=512)
    _say(server.sockets[0].getsockname()[1])
    while await asyncio.to_thread(_orders):
        start_s = time.perf_counter()
        for writer in transports:
            writer.write(NEWS)
        _say(start_s)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
