"""Owns the lane under trial: the whole lane without its glass, in a process that anybody may kill.

It must not replace any part of a real lane but the window: same journal, drivers, store link and machine.
One JSON object a line goes each way: deeds in, what the shopper would see out.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from hardware.events import BarcodeRead
from hardware.transport import Transport, open_transport
from inventory.domain.money import format_money
from kiosk import failpoints
from kiosk.bootstrap import FAILPOINTS_VARIABLE, WholeLane
from kiosk.checkout.state import HelpCall, LaneState
from kiosk.clock import Clock
from kiosk.config import TOKEN_VARIABLE, read_lane_config
from kiosk.failpoints import fp
from kiosk.lane import Refresh, Tapped, Wake
from kiosk.shelf import Shelf
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ScreenModel

HALF = 2
STOPPED_ITSELF = "lane-stopped-itself"


def run_lane(settings: dict[str, Any], line: socket.socket, prepare: Callable[[], None]) -> None:
    """Runs a lane until the line to the campaign is cut. `prepare` runs first, before any part is made."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    os.environ[FAILPOINTS_VARIABLE] = settings["failpoints"]
    os.environ[failpoints.NOTES_VARIABLE] = settings["notes"]
    os.environ[TOKEN_VARIABLE] = settings["token"]
    prepare()
    teller = _Teller(line)
    lane = WholeLane(
        read_lane_config(Path(settings["config"])),
        teller.show,
        _stop_hard,
        open_pipe=failing_pipe,
        clock=Clock(settings["speed"]),
    )
    teller.lane = lane
    lane.open()
    for text in line.makefile("r", encoding="utf-8"):
        _obey(lane, json.loads(text))


@cache
def warm() -> None:
    """Loads what every lane needs for its first screen and its first word to the store.

    Once here, in the process that lanes are forked from, instead of in each of them.
    """
    httpx.Client().close()
    state = LaneState("", "", "EUR", "en", "en")
    present(state, Scene(store_name="", lane_label="", shelf=Shelf(), now_utc=datetime.now(UTC)))
    format_money(1, "EUR", "en")


def _obey(lane: WholeLane, deed: dict[str, str]) -> None:
    match deed:
        case {"scan": code}:
            lane.lane.post(BarcodeRead("scanner", code))
        case {"tap": tap_id}:
            lane.lane.post(Tapped(tap_id))
        case {"arm": points}:
            failpoints.arm(points)
        case {"disarm": _}:
            failpoints.disarm()
        case {"look": _}:
            lane.lane.post(Refresh())
        case {"advance": seconds}:
            lane.clock.advance(float(seconds))
            lane.lane.post(Wake())
        case _:
            raise ValueError(f"nobody taught this lane {sorted(deed)}")


def _stop_hard() -> None:
    """A lane that stopped itself (P10) is dead to its shopper, and the campaign must hear why it died."""
    failpoints.note(STOPPED_ITSELF, "kill")
    os.kill(os.getpid(), signal.SIGKILL)


class _Teller:
    """Says after every step what a shopper, and whoever follows the trial, can see."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._turn = threading.Lock()
        self.lane: WholeLane | None = None

    def show(self, model: ScreenModel) -> None:
        assert self.lane is not None, "set before the lane opens"
        state, waiting = self.lane.lane.state, self.lane.journal.waiting_count()
        words = json.dumps({"screen": model.name.value, "outbox": waiting, **_facts(state)}) + "\n"
        with self._turn:
            try:
                self._line.sendall(words.encode())
            except OSError:  # the campaign has ended
                os._exit(0)


def _facts(state: LaneState) -> dict[str, Any]:
    attempt = state.payment.attempt
    return {
        "phase": state.phase.value,
        "payment": state.payment.state.value,
        "attempt": attempt.attempt_id if attempt else "",
        "amount_minor": attempt.amount_minor if attempt else 0,
        "called": attempt.called_staff if attempt else False,
        "lines": len(state.basket.lines),
        "ready": sorted(state.devices.ready),
        "storage_failed": bool(state.devices.storage_failed),
        "receipt": state.receipt.value,
        "online": state.devices.store_online,
        "call": _standing(state.help) if state.help else None,
        "errands": [[each.errand_id, each.state.value, each.staff_name, 0] for each in state.errands],
    }


def _standing(call: HelpCall) -> list[Any]:
    return [call.help_id, call.state.value, call.staff_name, call.turn]


@dataclass(slots=True)
class _FailingPipe:
    """A pipe with failpoints around every read and write."""

    inner: Transport
    fileno: Callable[[], int] = field(init=False)
    close: Callable[[], None] = field(init=False)

    def __post_init__(self) -> None:
        self.fileno, self.close = self.inner.fileno, self.inner.close

    def read(self) -> bytes:
        data = self.inner.read()
        fp("after-read")
        return data

    def write(self, data: bytes) -> None:
        fp("before-write")
        half = len(data) // HALF
        self.inner.write(data[:half])
        fp("half-written")
        self.inner.write(data[half:])
        fp("after-write")


def failing_pipe(url: str) -> Transport:
    """The real pipe to the terminal with failpoints; other devices' pipes are left alone."""
    pipe = open_transport(url)
    return _FailingPipe(pipe) if "terminal" in url else pipe
