"""Owns the benchmark of the mirror: 200 lanes scan, 30 tablets look on, each at one basket.

It must not know how a page draws. The store is a process of its own, spoken to over HTTP; a tablet here does
what its script does: it fetches the mirror of the lane it shows, and the wall at a call or after a while.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from pydantic import SecretStr

from inventory.db.unit_of_work import Database
from inventory.opening import prepare
from inventory.web.server import RunningStore
from inventory.wire import LaneStateMessage, MirrorLine
from tests.benchmarks.figures import Effort, Figure, spread
from tests.support import http_load as load
from tests.support.web_store import PINS, Visitor, config_for, lane_token, people

LANES = 200
TABLETS = 30
REPORTS_PER_S = 100
"""Of all lanes together: each scans something every other second."""
WALL_EVERY_S = 3.0
LIMIT_S = 10.0


def measure(folder: Path, effort: Effort) -> Iterator[Figure]:
    """How long a scan takes to the mirror while everybody works."""
    with load.serving("tests.benchmarks.tablets", str(folder)) as port:
        yield spread("basket_to_mirror", asyncio.run(_Floor(port, effort.of(200, 20)).work()), "ms")


@dataclass
class _Tablet:
    """One tablet that shows one lane; `mirror` is its newest text."""

    client: httpx.AsyncClient
    lane_id: str
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    mirror: str = ""
    wall_at_s: float = 0.0

    async def listen(self) -> None:
        async with self.client.stream("GET", "/staff/events", timeout=None) as stream:
            event = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    await self._hear(event, line.removeprefix("data: ").split(" "))

    async def _hear(self, event: str, words: list[str]) -> None:
        is_old = time.monotonic() - self.wall_at_s > WALL_EVERY_S
        if event == "lanes" and self.lane_id in words:
            self.mirror = await self._fetch("/staff/mirror")
        if event == "changed" or (event == "lanes" and is_old):
            self.wall_at_s = time.monotonic()
            await self._fetch("/staff/wall")
        async with self.changed:
            self.changed.notify_all()

    async def _fetch(self, path: str) -> str:
        answer = await self.client.get(path, params={"lane": self.lane_id}, timeout=LIMIT_S)
        return answer.raise_for_status().text

    async def sees(self, words: str) -> None:
        """Returns once the mirror has these words."""
        async with self.changed, asyncio.timeout(LIMIT_S):
            await self.changed.wait_for(lambda: words in self.mirror)


class _Floor:
    """All of it for one run."""

    def __init__(self, port: int, samples: int) -> None:
        self._port = port
        self._url = f"http://127.0.0.1:{port}"
        self._samples = samples
        self._number = 0

    async def work(self) -> list[float]:
        """Seconds from a lane's message to the mirror that shows it."""
        cookies = [self._cookies(name) for name in PINS]
        tablets = [self._tablet(at, cookies[at % len(cookies)]) for at in range(TABLETS)]
        lane = httpx.AsyncClient(base_url=self._url, trust_env=False)
        others = [asyncio.create_task(each.listen()) for each in tablets]
        others.append(asyncio.create_task(self._scan()))
        await asyncio.sleep(3)
        baskets = [await self._basket(lane, tablets[at % TABLETS]) for at in range(self._samples)]
        for each in others:
            each.cancel()
        with contextlib.suppress(asyncio.CancelledError, httpx.HTTPError):
            await asyncio.gather(*others)
        for client in (lane, *(each.client for each in tablets)):
            await client.aclose()
        return baskets

    def _cookies(self, name: str) -> dict[str, str]:
        with httpx.Client(base_url=self._url, trust_env=False) as browser:
            assert Visitor(browser).sign_in(name).status_code == 303
            return dict(browser.cookies)

    def _tablet(self, at: int, cookies: dict[str, str]) -> _Tablet:
        client = httpx.AsyncClient(base_url=self._url, cookies=cookies, trust_env=False)
        return _Tablet(client, f"lane-{at + 1}")

    async def _basket(self, lane: httpx.AsyncClient, tablet: _Tablet) -> float:
        self._number += 1
        name = f"Item number {self._number:06}"
        start_s = time.perf_counter()
        headers = {"authorization": f"Bearer {lane_token(tablet.lane_id)}"}
        path = f"/api/v1/lanes/{tablet.lane_id}/state"
        seen = asyncio.create_task(tablet.sees(name))
        await lane.post(path, content=_state(tablet.lane_id, name), headers=headers, timeout=LIMIT_S)
        await seen
        return time.perf_counter() - start_s

    async def _scan(self) -> None:
        """The lanes nobody looks at, one after the other on eight lines."""
        lanes = [f"lane-{number}" for number in range(TABLETS + 1, LANES + 1)]
        await asyncio.gather(*(self._scan_on_one_line(lanes[at::8]) for at in range(8)))

    async def _scan_on_one_line(self, lanes: list[str]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for number in range(1_000_000):
            lane_id = lanes[number % len(lanes)]
            due_s = time.perf_counter() + 8 / REPORTS_PER_S
            path, body = f"/api/v1/lanes/{lane_id}/state", _state(lane_id, f"Bread {number}")
            writer.write(load.request("POST", path, token=lane_token(lane_id), body=body))
            await load.answer(reader)
            await asyncio.sleep(max(0, due_s - time.perf_counter()))


def _state(lane_id: str, name: str) -> bytes:
    lines = tuple(
        MirrorLine(name=each, quantity="1", amount_minor=129) for each in (*("Milk", "Pears") * 5, name)
    )
    return (
        LaneStateMessage(
            lane_id=lane_id,
            screen="basket",
            language="en",
            currency="EUR",
            total_minor=129 * len(lines),
            lines=lines,
            devices={"scanner": "ready", "terminal": "ready", "printer": "ready", "scale": "ready"},
            at_utc=datetime.now(UTC),
        )
        .model_dump_json()
        .encode()
    )


def serve(folder: Path, port: int) -> None:
    """A store with 200 lanes, until it is ended."""
    tokens = {f"lane-{number}": SecretStr(lane_token(f"lane-{number}")) for number in range(1, LANES + 1)}
    config = config_for(folder, port=port).model_copy(update={"lanes": tokens})
    database = Database(config.database_url.get_secret_value())
    prepare(config, database, datetime.now(UTC))
    people(database, datetime.now(UTC))
    store = RunningStore(config, database)
    try:
        while True:
            time.sleep(1)
    finally:
        store.close()
        database.dispose()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
