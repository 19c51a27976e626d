"""Owns one lane of the help campaign: its process, what it shows, and how long its calls took.

It must not decide what its shopper does. The lane is the whole lane without its glass
(`kiosk.campaign.puppet`), behind a cable of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inventory.domain.help_desk import HelpState
from kiosk.campaign.cable import HERE, Cable
from kiosk.campaign.help_checks import Standing
from kiosk.campaign.nursery import Child, Nursery
from kiosk.demo.home import LaneSettings, write_lane_config

_ANSWERED = frozenset({HelpState.ACCEPTED, HelpState.EN_ROUTE, HelpState.ARRIVED})


class HelpLane:
    """A lane that may be killed and started again; the journal stays in `folder`."""

    def __init__(self, lane_id: str, folder: Path, nursery: Nursery, cable: Cable, token: str) -> None:
        self.lane_id = lane_id
        self.folder = folder
        self.cable = cable
        self._nursery = nursery
        self._token = token
        self._child: Child | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._tapped_s = 0.0
        self._tap_of: dict[str, float] = {}
        self.is_up = False
        self.is_online = False
        self.call: tuple[str, Standing] | None = None
        self.errands: dict[str, Standing] = {}
        self.shown: dict[str, list[HelpState]] = {}
        self.delivered_s: dict[str, float] = {}
        self.answered_s: dict[str, float] = {}
        self.kills = 0
        self.deaths = 0

    @property
    def journal(self) -> Path:
        return self.folder / "lane" / "journal.sqlite"

    @property
    def standing(self) -> dict[str, Standing]:
        """All that it shows now, the call and the errands."""
        return self.errands | ({self.call[0]: self.call[1]} if self.call else {})

    def open(self, store_id: str) -> None:
        self.folder.mkdir(parents=True)
        settings = LaneSettings(
            store_id=store_id,
            store_name="Trial",
            store_url=f"http://{HERE}:{self.cable.port}",
            lane_id=self.lane_id,
            token=self._token,
            language="en",
            landscape=False,
            bag_gtin="",
            camera=False,
            silent=True,
        )
        write_lane_config(self.folder, settings, {})

    async def start(self, failpoints: str = "") -> None:
        await self.kill()
        self._child = self._nursery.start(
            "lane",
            self.folder / "lane.log",
            config=str(self.folder / "lane.toml"),
            failpoints=failpoints,
            notes=str(self.folder / "notes"),
            token=self._token,
            speed=1.0,
        )
        self._child.line.setblocking(False)  # noqa: FBT003 - the socket's own word
        reader, self._writer = await asyncio.open_connection(sock=self._child.line, limit=1 << 20)
        self._hearing = asyncio.create_task(self._hear(reader))
        self.tell(look="")

    async def kill(self) -> None:
        """SIGKILL; waits until the process is gone and its journal's lock with it."""
        if self._child is None:
            return
        self.kills += self.is_up
        self._child.signal(signal.SIGKILL)
        await self._gone()

    async def revive(self) -> None:
        """Starts it again where it has died, as the machine's own supervisor would."""
        if self._child is None or not self.is_up:
            await self._gone()
            await self.start()

    def tell(self, **deed: str) -> None:
        """A deed for the lane; lost when it has just died, as a tap on a dark screen is."""
        if deed.get("tap") == "help":
            self._tapped_s = time.monotonic()
        if self._child is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(deed).encode() + b"\n")

    async def until(self, wanted: Callable[[HelpLane], bool], timeout_s: float) -> bool:
        """Waits for something to be shown, or so long."""
        try:
            async with asyncio.timeout(timeout_s):
                while not wanted(self):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def _gone(self) -> None:
        if self._hearing is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._hearing
            self._hearing = None
            self._writer.close()
        self._child = None

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        self.is_up = True
        with contextlib.suppress(OSError):
            while line := await reader.readline():
                self._see(json.loads(line))
        self.is_up = False
        self.deaths += 1
        self._changed.set()

    def _see(self, facts: dict[str, Any]) -> None:
        self.is_online = bool(facts["online"])
        call = facts["call"]
        self.call = (call[0], _standing(call)) if call else None
        self.errands = {each[0]: _standing(each) for each in facts["errands"]}
        for help_id, standing in self.standing.items():
            self._note(help_id, standing.state)
        self._changed.set()

    def _note(self, help_id: str, state: HelpState) -> None:
        states = self.shown.setdefault(help_id, [])
        if states[-1:] == [state]:
            return
        states.append(state)
        now_s = time.monotonic()
        tapped_s = self._tap_of.setdefault(help_id, self._tapped_s)
        if state is HelpState.DELIVERED:
            self.delivered_s.setdefault(help_id, now_s - tapped_s)
        elif state in _ANSWERED:
            self.answered_s.setdefault(help_id, now_s - tapped_s)


def _standing(words: list[Any]) -> Standing:
    return Standing(HelpState(words[1]), words[2], words[3])
