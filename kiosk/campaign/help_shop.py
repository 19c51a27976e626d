"""Owns one shop of the help campaign: a real store, lanes and tablets, each killable or behind a cable.

It must not decide who calls, who comes, or what breaks when.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

from kiosk.campaign.cable import HERE, Cable
from kiosk.campaign.help_books import lane_book, store_book
from kiosk.campaign.help_checks import Evidence, Told
from kiosk.campaign.help_lane import HelpLane
from kiosk.campaign.help_tablet import StaffTablet
from kiosk.campaign.nursery import Child, Nursery
from kiosk.campaign.shop import ShopError, Template
from kiosk.checkout.errand import SHELF
from kiosk.checkout.state import LaneState

LOOK_EVERY_S = 0.15
READY_LIMIT_S = 90.0
"""A dozen lanes start on the same machine meanwhile, and it may have other work."""


class HelpShop:
    """Everything of one round in `folder`. `open` starts all, `close` ends all; the files stay."""

    def __init__(self, folder: Path, nursery: Nursery, template: Template) -> None:
        self.folder = folder
        self.words = template.words
        self._template = template
        self._nursery = nursery
        self._store: Child | None = None
        self._port = 0
        self._ahead_s = 0.0
        self._lock = asyncio.Lock()
        self.store_kills = 0
        self.lanes: list[HelpLane] = []
        self.tablets: list[StaffTablet] = []
        self.tablet_cables: list[Cable] = []

    @property
    def cables(self) -> list[Cable]:
        return [*(lane.cable for lane in self.lanes), *self.tablet_cables]

    @property
    def database(self) -> Path:
        return self.folder / "store" / "store.sqlite"

    @property
    def calls(self) -> int:
        """How many calls and errands were shown on lanes so far."""
        return sum(len(lane.shown) for lane in self.lanes)

    async def called(self, calls: int) -> None:
        """Waits until so many were made."""
        while self.calls < calls:
            await asyncio.sleep(0.02)

    async def open(self) -> None:
        """Raises ShopError where a part does not start."""
        (self.folder / "store").mkdir(parents=True)
        for file in self._template.folder.iterdir():
            shutil.copy(file, self.folder / "store" / file.name)
        await self._start_store()
        for number, (lane_id, token) in enumerate(self.words["tokens"].items()):
            cable = await self._cable(f"127.0.1.{number + 1}")
            lane = HelpLane(lane_id, self.folder / lane_id, self._nursery, cable, token)
            lane.open(self.words["store_id"])
            self.lanes.append(lane)
        for number, (name, pin) in enumerate(self.words["pins"].items()):
            cable = await self._cable(f"127.0.2.{number + 1}")
            self.tablet_cables.append(cable)
            self.tablets.append(StaffTablet(f"http://{HERE}:{cable.port}", name, pin))
        for lane in self.lanes:
            await lane.start()
        for tablet in self.tablets:
            tablet.open()

    async def close(self) -> None:
        for lane in self.lanes:
            await lane.kill()
        await asyncio.gather(*(tablet.close() for tablet in self.tablets))
        await asyncio.gather(*(cable.close() for cable in self.cables))
        await self._kill_store()

    # -- the store -------------------------------------------------------------------------------

    async def restart_store(self, *, after_s: float = 0.0, failpoint: str = "", passing: int = 1) -> None:
        """SIGKILL, and the same store again after a while; one that is to die at a commit dies later."""
        async with self._lock:
            if await self._kill_store():
                self.store_kills += 1
            await asyncio.sleep(after_s)
            await self._start_store(failpoint, passing)

    def move_store_clock(self, seconds: float) -> None:
        self._ahead_s += seconds
        if self._store is not None:
            with contextlib.suppress(OSError):
                self._store.line.sendall(f"{seconds}\n".encode())

    async def watch_store(self) -> None:
        """Starts the store anew whenever it has died by itself, as a service is."""
        while True:
            await asyncio.sleep(0.1)
            if self._store is not None and not self._lock.locked() and _has_ended(self._store):
                self.store_kills += 1
                await self.restart_store()

    async def _start_store(self, failpoint: str = "", passing: int = 1) -> None:
        store = self._nursery.start(
            "store",
            self.folder / "store.log",
            folder=str(self.folder / "store"),
            port=self._port,
            tokens=self.words["tokens"],
            ahead_s=self._ahead_s,
            failpoint=failpoint,
            passing=passing,
            notes=str(self.folder / "notes"),
        )
        store.line.setblocking(False)  # noqa: FBT003 - the socket's own word
        try:
            async with asyncio.timeout(READY_LIMIT_S):
                said = await asyncio.get_running_loop().sock_recv(store.line, 256)
            self._port = json.loads(said)["port"]
        except (OSError, TimeoutError, ValueError, KeyError) as error:
            raise ShopError(f"the store did not open: {_tail(self.folder / 'store.log')}") from error
        self._store = store

    async def _kill_store(self) -> bool:
        """SIGKILL; whether it had been running. Waits until it is gone."""
        store, self._store = self._store, None
        if store is None:
            return False
        was_running = not _has_ended(store)
        store.signal(signal.SIGKILL)
        with store.line, contextlib.suppress(OSError):
            while await asyncio.get_running_loop().sock_recv(store.line, 4096):
                continue
        return was_running

    async def _cable(self, source: str) -> Cable:
        cable = Cable(lambda: self._port, source)
        await cable.open()
        return cable

    # -- the end ---------------------------------------------------------------------------------

    async def settle(self, limit_s: float) -> bool:
        """Waits until every lane shows what the store has, twice in a row; False when that never comes."""
        until_s, in_a_row = time.monotonic() + limit_s, 0
        while in_a_row < 2:
            if time.monotonic() > until_s:
                return False
            await asyncio.sleep(LOOK_EVERY_S)
            for lane in self.lanes:
                await lane.revive()
            in_a_row = in_a_row + 1 if self._is_settled() else 0
        return True

    def _is_settled(self) -> bool:
        try:
            kept = store_book(self.database)
        except sqlite3.Error:
            return False
        open_here = {
            help_id: standing
            for lane in self.lanes
            for help_id, standing in lane.standing.items()
            if standing.is_open
        }
        open_there = {
            help_id: each.standing
            for help_id, each in kept.items()
            if each.standing.is_open and (help_id in open_here or not help_id.startswith(SHELF))
        }
        return open_here == open_there and all(lane.is_online for lane in self.lanes)

    async def evidence(self) -> Evidence:
        """What there is to judge; the tablets look at their walls once more before all ends."""
        walls: dict[str, frozenset[str]] = {}
        for tablet in self.tablets:
            for _ in range(20):
                if await tablet.look():
                    walls[tablet.name] = frozenset(tablet.calls)
                    break
                await asyncio.sleep(0.1)
        if len(walls) < len(self.tablets):
            raise ShopError("a tablet did not get its wall after everything was mended")
        await self.close()
        fresh = {lane.lane_id: self._fresh(lane.lane_id) for lane in self.lanes}
        return Evidence(
            lanes=tuple(lane_book(lane.journal, fresh[lane.lane_id]) for lane in self.lanes),
            kept=store_book(self.database),
            shown={help_id: tuple(states) for lane in self.lanes for help_id, states in lane.shown.items()},
            told=tuple(self._told()),
            walls=walls,
        )

    def _told(self) -> list[Told]:
        return [told for tablet in self.tablets for told in tablet.told]

    def _fresh(self, lane_id: str) -> LaneState:
        """A lane before its first entry."""
        return LaneState(self.words["store_id"], lane_id, "EUR", "en", "en")


def _has_ended(child: Child) -> bool:
    try:
        return not child.line.recv(1)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _tail(log: Path) -> str:
    lines: list[Any] = log.read_text("utf-8", "replace").strip().splitlines() if log.exists() else []
    return str(lines[-1]) if lines else "it said nothing"
