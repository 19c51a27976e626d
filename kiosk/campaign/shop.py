"""Owns one shop under trial: a simulated terminal and printer, a real store and a real lane, each killable.

It must not decide who buys what or what breaks when. Lane and store are processes of their own; the devices
are threads here, because they are the ones that must survive to bear witness.
"""

from __future__ import annotations

import contextlib
import json
import select
import shutil
import signal
import socket
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hardware.simulators.printer import PrinterSimulator
from hardware.simulators.zvt_journal import APPROVED, TransactionRecord
from hardware.simulators.zvt_personality import Personality
from hardware.simulators.zvt_tempo import Tempo
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator
from kiosk.campaign.nursery import Child, Nursery
from kiosk.demo.home import LaneSettings, write_lane_config

PERSONALITIES = tuple(each.value for each in Personality if each is not Personality.OTHER_PROTOCOL)
"""Terminals a lane can pay at; one that speaks no ZVT never becomes ready."""

READY_LIMIT_S = 20.0
SPEED = 20.0
"""How much faster than a shop a trial lives: T4's 180 s become 9 s."""

FIRST_RECEIPT = TransactionRecord(APPROVED, 1, 1, 1, "0978", day="0101", clock="080000")
"""An installed terminal has one test payment behind it."""


@dataclass(frozen=True, slots=True)
class Template:
    """A seeded store to copy, and what a lane and an attendant must know of it (see `make_store`)."""

    folder: Path
    words: dict[str, Any]


class ShopError(Exception):
    """A part of the trial itself does not work: nothing was proved, for better or worse."""


class Shop:
    """Everything of one shop in `folder`. `open` starts all, `close` ends all; the files stay."""

    def __init__(
        self, folder: Path, nursery: Nursery, template: Template, *, personality: str, seed: int
    ) -> None:
        self.folder = folder
        self.words = template.words
        self.personality = personality
        self._nursery = nursery
        (folder / "store").mkdir(parents=True)
        for file in template.folder.iterdir():
            shutil.copy(file, folder / "store" / file.name)
        self.terminal = ZvtTerminalSimulator(
            folder / "terminal",
            folder / "terminal.journal",
            traits=Personality(personality).traits,
            tempo=Tempo(speed=SPEED),
            seed=seed,
        )
        self.terminal.journal.add(FIRST_RECEIPT)
        self.printer = PrinterSimulator(folder / "printer")
        self.notes = folder / "notes"
        self.store: Child | None = None
        self.port = 0
        self.lane: Child | None = None
        self.facts: dict[str, Any] = {}
        self._unread = b""

    @property
    def journal_path(self) -> Path:
        return self.folder / "lane" / "journal.sqlite"

    @property
    def store_path(self) -> Path:
        return self.folder / "store" / "store.sqlite"

    @property
    def store_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        self.terminal.start()
        self.printer.start()
        self.open_store()
        urls = {
            "terminal": f"serial://{self.folder / 'terminal'}?stopbits=2",
            "printer": f"serial://{self.folder / 'printer'}",
        }
        settings = LaneSettings(
            store_id=self.words["store_id"],
            store_name="Trial",
            store_url=self.store_url,
            lane_id=self.words["lane_id"],
            token=self.words["token"],
            language="en",
            landscape=False,
            bag_gtin="",
            camera=False,
        )
        write_lane_config(self.folder, settings, urls)
        self.start_lane()

    def close(self) -> None:
        self.kill_lane()
        self.kill_store()
        self.printer.stop()
        self.terminal.stop()

    # -- the store -------------------------------------------------------------------------------

    def open_store(self, failpoint: str = "", passing: int = 1) -> None:
        """Raises ShopError when it does not open."""
        self.kill_store()
        self.store = self._nursery.start(
            "store",
            self.folder / "store.log",
            folder=str(self.store_path.parent),
            port=self.port,
            token=self.words["token"],
            failpoint=failpoint,
            passing=passing,
            notes=str(self.notes),
        )
        self.store.line.settimeout(READY_LIMIT_S)
        try:
            self.port = json.loads(self.store.line.makefile("r").readline())["port"]
        except (OSError, ValueError, KeyError) as error:
            raise ShopError(f"the store did not open: {_last_words(self.folder / 'store.log')}") from error

    def kill_store(self) -> bool:
        """SIGKILL. Whether it had been running."""
        was, self.store = self.store, None
        return was is not None and _end(was)

    def store_died(self) -> bool:
        """Whether the store has ended by itself, at a failpoint."""
        return self.store is not None and _has_ended(self.store)

    # -- the lane --------------------------------------------------------------------------------

    def start_lane(self, failpoints: str = "") -> None:
        self.kill_lane()
        self.facts, self._unread = {}, b""
        self.lane = self._nursery.start(
            "lane",
            self.folder / "lane.log",
            config=str(self.folder / "lane.toml"),
            failpoints=failpoints,
            notes=str(self.notes),
            token=self.words["token"],
            speed=SPEED,
        )
        self.lane.line.settimeout(0)

    def kill_lane(self) -> bool:
        """SIGKILL. Whether it had been running."""
        was, self.lane = self.lane, None
        return was is not None and _end(was)

    def freeze_lane(self, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after a while: the clock goes on without it (C28)."""
        if self.lane is None:
            return
        self.lane.signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.lane.signal(signal.SIGCONT)

    def tell_lane(self, **deed: str) -> None:
        """A deed for the lane; lost when it has just died, as a tap on a dark screen is."""
        if self.lane is not None:
            try:
                self.lane.line.sendall(json.dumps(deed).encode() + b"\n")
            except OSError:
                return

    def hear(self, timeout_s: float) -> bool:
        """Waits for the lane's next words and keeps the newest as `facts`. False when the lane has died."""
        if self.lane is None:
            return False
        if not select.select([self.lane.line], [], [], timeout_s)[0]:
            return True
        try:
            data = self.lane.line.recv(1 << 16)
        except BlockingIOError:
            return True
        except OSError:
            data = b""
        if not data:
            return False
        *lines, self._unread = (self._unread + data).split(b"\n")
        if lines:
            self.facts = json.loads(lines[-1])
        return True

    def asked_at(self, attempt_id: str) -> datetime:
        """When the lane wrote down that it would ask: what is charged later is for this attempt."""
        query = (
            "SELECT at_utc FROM entry WHERE kind = 'PaymentRequested'"
            " AND json_extract(body, '$.attempt_id') = ?"
        )
        with contextlib.closing(sqlite3.connect(f"{self.journal_path.as_uri()}?mode=ro", uri=True)) as db:
            return datetime.fromisoformat(db.execute(query, (attempt_id,)).fetchone()[0])

    def last_words(self) -> str:
        """The end of the lane's log."""
        return _last_words(self.folder / "lane.log")

    def lane_deaths_noted(self) -> int:
        """How many times a failpoint, or the lane itself, killed the lane's process."""
        return sum(deed == "kill" and not name.startswith("store-") for name, _, _, deed in self._notes())

    def fired(self) -> list[tuple[str, str, str]]:
        """Failpoints that fired so far: name, the money's state, the event."""
        return [(name, money, event) for name, money, event, _ in self._notes()]

    def _notes(self) -> list[list[str]]:
        """What `kiosk.failpoints.note` wrote."""
        if not self.notes.exists():
            return []
        return [line.split() for line in self.notes.read_text("ascii").splitlines()]


def _end(child: Child) -> bool:
    alive = not _has_ended(child)
    child.signal(signal.SIGCONT)
    child.signal(signal.SIGKILL)
    child.line.settimeout(READY_LIMIT_S)
    with child.line, contextlib.suppress(ConnectionError):
        while child.line.recv(1 << 16):  # its end of the line closes when the kernel has taken it apart
            continue
    return alive


def _has_ended(child: Child) -> bool:
    if not select.select([child.line], [], [], 0)[0]:
        return False
    try:
        return not child.line.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _last_words(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
