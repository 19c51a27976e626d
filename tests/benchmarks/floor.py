"""Owns the benchmark of a whole floor: from a call for help to its ring on every tablet, all lanes reporting.

It must not draw. One server over HTTP, 200 lanes that show another basket every few seconds, 30 tablets that
are signed in, listen, and fetch the wall when told that it changed, as the page does. A tap is the lane's
PUT; a ring is a wall with the call's tile, read whole by the tablet.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import httpx

from inventory.db.unit_of_work import Database
from inventory.domain.help_desk import HelpState
from inventory.domain.staff import Role
from inventory.opening import prepare
from inventory.services import staff
from inventory.wire import HelpMessage, LaneStateMessage, MirrorLine
from tests.benchmarks.figures import Effort, Figure, spread
from tests.support import http_load
from tests.support.store_samples import RATES, STORE_ID, store_config
from tests.support.web_store import Visitor

LANES, TABLETS = 200, 30
REPORT_EVERY_S = 5.0
BURST, BURST_S = 20, 10.0
BETWEEN_S = 18.0
"""One call between two bursts: 200 an hour."""

LOST_AFTER_S = 30.0
LOOK_EVERY_S = 10.0
"""The page looks by itself as often as this."""

BASKETS_S = 3.0
"""Once a lane has reported, the page fetches its wall this much later; the mirror it shows at once."""

PIN = "318064"
_HERE = "127.0.0.1"


def measure(folder: Path, effort: Effort) -> Iterator[Figure]:
    floor = _Floor(effort.of(LANES, 20), effort.of(TABLETS, 4), effort.of(4, 1))
    path = _make_store(folder, floor)
    with http_load.serving("main", "store", "--config", str(path), "--port") as port:
        asyncio.run(floor.work(port))
    yield spread("ring_on_30_tablets", floor.rings_s, "ms")
    yield spread("lane_reports_200", floor.reports_s, "ms")


def _make_store(folder: Path, floor: _Floor) -> Path:
    database = Database(f"sqlite:///{folder / 'store.db'}")
    try:
        now_utc = datetime.now(UTC)
        prepare(store_config(folder), database, now_utc)
        with database.write() as uow:
            for name in floor.names:
                staff.add(uow, STORE_ID, name=name, pin=PIN, role=Role.ATTENDANT, now_utc=now_utc)
    finally:
        database.dispose()
    rates = ", ".join(f"{name} = {rate}" for name, rate in RATES.items())
    keys = "\n".join(f'{lane_id} = "{token}"' for lane_id, token in floor.tokens.items())
    path = folder / "store.toml"
    path.write_text(
        f'store_id = "{STORE_ID}"\nname = "Floor"\ndatabase_url = "sqlite:///{folder / "store.db"}"\n'
        f"tax_rates_bp = {{ {rates} }}\n[lanes]\n{keys}\n",
        "utf-8",
    )
    return path


@dataclass(slots=True)
class _Call:
    """A call that some tablets have not shown yet."""

    tapped_s: float
    unseen: set[str]


@dataclass(slots=True)
class _Floor:
    """Everybody on it, and what they waited."""

    lane_count: int
    tablet_count: int
    bursts: int
    rings_s: list[float] = field(default_factory=list)
    reports_s: list[float] = field(default_factory=list)
    calls: dict[str, _Call] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def names(self) -> list[str]:
        return [f"Helper {number}" for number in range(self.tablet_count)]

    @property
    def tokens(self) -> dict[str, str]:
        return {
            f"lane-{number:03}": f"token-of-lane-{number:03}-0123456789" for number in range(self.lane_count)
        }

    async def work(self, port: int) -> None:
        async with asyncio.TaskGroup() as people:
            for number, name in enumerate(self.names):
                cookies = await asyncio.to_thread(_signed_in, port, name, f"127.0.3.{number + 1}")
                people.create_task(_Tablet(self, port, name, cookies).work())
            for lane_id, token in self.tokens.items():
                people.create_task(self._listen(port, token))
                people.create_task(self._report(port, lane_id, token))
            await asyncio.sleep(REPORT_EVERY_S)
            self.reports_s.clear()
            await self._call_in_turn(port)
            self.over.set()

    # -- lanes -----------------------------------------------------------------------------------

    async def _listen(self, port: int, token: str) -> None:
        reader, writer = await asyncio.open_connection(_HERE, port)
        writer.write(http_load.request("GET", "/api/v1/events", token=token))
        await _until_over(self, _drain(reader))
        writer.close()

    async def _report(self, port: int, lane_id: str, token: str) -> None:
        """Another basket every few seconds, as of a lane where somebody scans."""
        chance = Random(lane_id)
        reader, writer = await asyncio.open_connection(_HERE, port)
        await asyncio.sleep(chance.uniform(0, REPORT_EVERY_S))
        while not self.over.is_set():
            body = _state(lane_id, chance).model_dump_json().encode()
            start_s = time.perf_counter()
            writer.write(http_load.request("POST", f"/api/v1/lanes/{lane_id}/state", token=token, body=body))
            assert await http_load.answer(reader) == b"200"
            self.reports_s.append(time.perf_counter() - start_s)
            await _until_over(self, asyncio.sleep(REPORT_EVERY_S * chance.uniform(0.8, 1.2)))
        writer.close()

    async def _call_in_turn(self, port: int) -> None:
        chance = Random(1)
        for burst in range(self.bursts):
            lanes = chance.sample(sorted(self.tokens), BURST + 1 if self.lane_count > BURST else 5)
            await asyncio.gather(
                *(self._call(port, lane, chance.uniform(0, BURST_S), burst) for lane in lanes[1:])
            )
            await self._call(port, lanes[0], BETWEEN_S / 2, burst)

    async def _call(self, port: int, lane_id: str, after_s: float, burst: int) -> None:
        """One call, taken back when every tablet has shown it."""
        await asyncio.sleep(after_s)
        help_id = f"call-{burst}-{lane_id}"
        reader, writer = await asyncio.open_connection(_HERE, port)
        call = self.calls[help_id] = _Call(time.perf_counter(), set(self.names))
        for state in (HelpState.REQUESTED, HelpState.CANCELLED):
            message = HelpMessage(
                help_id=help_id, lane_id=lane_id, state=state, requested_at_utc=datetime.now(UTC)
            )
            body = message.model_dump_json().encode()
            path = f"/api/v1/help/{help_id}"
            writer.write(http_load.request("PUT", path, token=self.tokens[lane_id], body=body))
            assert await http_load.answer(reader) == b"200"
            while call.unseen and time.perf_counter() - call.tapped_s < LOST_AFTER_S:
                await asyncio.sleep(0.05)
        self.rings_s += [LOST_AFTER_S] * len(call.unseen)
        del self.calls[help_id]
        writer.close()

    def seen(self, name: str, wall: bytes) -> None:
        """A tablet has read a wall."""
        now_s = time.perf_counter()
        for help_id, call in self.calls.items():
            if name in call.unseen and b'id="help-' + help_id.encode() in wall:
                call.unseen.discard(name)
                self.rings_s.append(now_s - call.tapped_s)


class _Tablet:
    """Listens, and fetches the wall when told that it changed, one at a time, as the page does; soon after
    baskets changed too. The lane that its mirror shows is fetched alone when it reports.
    """

    def __init__(self, floor: _Floor, port: int, name: str, cookies: str) -> None:
        self._floor = floor
        self._port = port
        self._name = name
        self._head = (
            f"host: {_HERE}:{port}\r\ncookie: {cookies}\r\naccept: text/html\r\nx-fragment: wall\r\n\r\n"
        )
        self._news = asyncio.Event()
        self._mirror_news = asyncio.Event()
        self._shown = b""
        self._wall_due: asyncio.TimerHandle | None = None

    async def work(self) -> None:
        async with asyncio.TaskGroup() as parts:
            for part in (self._listen, self._look, self._mirror):
                parts.create_task(part())

    async def _listen(self) -> None:
        reader, writer = await self._ask("/staff/events")

        async def follow() -> None:
            while piece := await reader.read(65_536):
                if b"event: changed" in piece:
                    self._news.set()
                if b"event: lanes" in piece:
                    loop = asyncio.get_running_loop()
                    self._wall_due = self._wall_due or loop.call_later(BASKETS_S, self._news.set)
                    if self._shown and self._shown in piece:
                        self._mirror_news.set()

        await _until_over(self._floor, follow())
        writer.close()

    async def _look(self) -> None:
        reader, writer = await self._ask("/staff/wall?lane=")
        while not self._floor.over.is_set():
            wall = await _body(reader)
            self._floor.seen(self._name, wall)
            self._shown = wall.partition(b'data-lane-shown="')[2].partition(b'"')[0]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._news.wait()
            self._news.clear()
            if self._wall_due is not None:
                self._wall_due.cancel()
                self._wall_due = None
            writer.write(f"GET /staff/wall?lane= HTTP/1.1\r\n{self._head}".encode())
        writer.close()

    async def _mirror(self) -> None:
        """On a connection of its own each time: the lane that is shown may report seldom."""
        while not self._floor.over.is_set():
            await _until_over(self._floor, self._mirror_news.wait())
            self._mirror_news.clear()
            reader, writer = await self._ask(f"/staff/mirror?lane={self._shown.decode()}")
            await _body(reader)
            writer.close()

    async def _ask(self, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(_HERE, self._port, limit=1 << 22)
        writer.write(f"GET {path} HTTP/1.1\r\n{self._head}".encode())
        return reader, writer


def _signed_in(port: int, name: str, source: str) -> str:
    """The cookies of somebody who has signed in by the form, from an address of their own."""
    transport = httpx.HTTPTransport(local_address=source)
    with httpx.Client(base_url=f"http://{_HERE}:{port}", transport=transport, timeout=30) as browser:
        answer = Visitor(browser).sign_in(name, pin=PIN)
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.status_code
        return "; ".join(f"{key}={value}" for key, value in browser.cookies.items())


def _state(lane_id: str, chance: Random) -> LaneStateMessage:
    lines = tuple(
        MirrorLine(name=f"Goods {number}", quantity="1", amount_minor=chance.randrange(50, 900), age_limit=0)
        for number in range(chance.randrange(1, 12))
    )
    return LaneStateMessage(
        lane_id=lane_id,
        screen="scanning",
        language="en",
        currency="EUR",
        total_minor=sum(line.amount_minor for line in lines),
        lines=lines,
        devices={"terminal": "ready", "printer": "ready", "scanner": "ready"},
        outbox_waiting=0,
        at_utc=datetime.now(UTC),
    )


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head[:60]
    return await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))


async def _drain(reader: asyncio.StreamReader) -> None:
    while await reader.read(65_536):
        continue


async def _until_over(floor: _Floor, work: object) -> None:
    """Works until it is done or everybody goes home."""
    working = asyncio.ensure_future(work)  # type: ignore[call-overload]
    closing = asyncio.ensure_future(floor.over.wait())
    await asyncio.wait({working, closing}, return_when=asyncio.FIRST_COMPLETED)
    working.cancel()
    closing.cancel()
