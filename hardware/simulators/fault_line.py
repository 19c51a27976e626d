"""Owns a bad cable between a simulated device and the lane: two ptys, and the bytes carried between them.

It must not know what the bytes mean. What is spoilt follows from plan and seed alone, as far as the bytes
come in the same pieces.
"""

from __future__ import annotations

import contextlib
import os
import select
import termios
import threading
import time
import tty
from pathlib import Path
from typing import Final

from hardware.simulators.fault_plan import Direction, FaultPlan, Spoiled, Spoiler, Tally
from hardware.simulators.pty_port import PtyPort

READ_CHUNK: Final = 4096
STOP_POLL_S: Final = 0.05
WRITE_LIMIT_S: Final = 1.0
LONG_S: Final = 60.0


class FaultLine:
    """The device makes `inner_link`; the lane opens `outer_link`, which this line makes.

    When the device's cable is pulled the lane's is too, and both come back together. A hang-up of the line
    itself is not noticed by the device: bytes to and from it are lost until the lane's end is back, under a
    new name behind the same link. `counts` may be asked from any thread.
    """

    def __init__(self, inner_link: Path, outer_link: Path, plan: FaultPlan, seed: int) -> None:
        self._inner_link = inner_link
        self._outer = PtyPort(outer_link)
        self._tally = Tally(plan.most_faults)
        self._to_lane = Spoiler(plan, seed, Direction.TO_LANE, self._tally)
        self._to_device = Spoiler(plan, seed, Direction.TO_DEVICE, self._tally)
        self._lock = threading.Lock()
        self._inner: int | None = None
        self._away_until_s = 0.0
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=run, name=f"fault-{outer_link.name}", daemon=True)
            for run in (self._carry_to_lane, self._carry_to_device)
        ]

    def start(self) -> None:
        """Raises OSError when the device is not there or the outer link cannot be made."""
        self._open_inner()
        try:
            self._outer.open()
        except OSError:
            self._close_inner()
            raise
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._outer.wake()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=5)
        self._outer.close()
        self._close_inner()

    def counts(self) -> dict[str, int]:
        """How many faults of each kind were injected."""
        return self._tally.counts()

    # -- device to lane --------------------------------------------------------------------------

    def _carry_to_lane(self) -> None:
        while not self._stopping.is_set():
            if self._inner is None:
                self._meet_device()
                continue
            limit_s = self._to_lane.merge_limit_s
            data = self._read_inner(STOP_POLL_S if limit_s is None else limit_s)
            if data:
                self._pass_on(self._to_lane.spoil(data), Direction.TO_LANE)
            elif limit_s is not None:
                self._outer.write(self._to_lane.release())

    def _meet_device(self) -> None:
        with contextlib.suppress(OSError):  # still away
            self._open_inner()
        if self._inner is None:
            self._stopping.wait(STOP_POLL_S)
        elif time.monotonic() >= self._away_until_s:
            self._outer.replug()

    def _read_inner(self, timeout_s: float) -> bytes:
        """What the device sent; when its cable was pulled, the lane's is pulled here."""
        inner = self._inner
        assert inner is not None, "only this thread closes it"
        if not select.select([inner], [], [], timeout_s)[0]:
            return b""
        with contextlib.suppress(OSError):  # the other end of the pty is gone
            data = os.read(inner, READ_CHUNK)
            if data:
                return data
        self._close_inner()
        self._outer.unplug()
        return b""

    # -- lane to device --------------------------------------------------------------------------

    def _carry_to_device(self) -> None:
        while not self._stopping.is_set():
            limit_s = self._to_device.merge_limit_s
            data = self._outer.read(LONG_S if limit_s is None else limit_s)
            if data:
                self._pass_on(self._to_device.spoil(data), Direction.TO_DEVICE)
            elif limit_s is not None:
                self._write_inner(self._to_device.release())

    def _write_inner(self, data: bytes) -> None:
        deadline_s = time.monotonic() + WRITE_LIMIT_S
        while data and time.monotonic() < deadline_s:
            with self._lock:
                if self._inner is None:
                    return
                try:
                    data = data[os.write(self._inner, data) :]
                except BlockingIOError:
                    select.select([], [self._inner], [], STOP_POLL_S)
                except OSError:
                    return

    # -- both ways -------------------------------------------------------------------------------

    def _pass_on(self, spoiled: Spoiled, direction: Direction) -> None:
        """Waits are kept here, so that bytes behind a delayed piece come after it."""
        for piece in spoiled.pieces:
            if piece.wait_s:
                self._stopping.wait(piece.wait_s)
            match direction:
                case Direction.TO_LANE:
                    self._outer.write(piece.data)
                case Direction.TO_DEVICE:
                    self._write_inner(piece.data)
        if spoiled.away_s is not None:
            self._hang_up(spoiled.away_s)

    def _hang_up(self, away_s: float) -> None:
        self._away_until_s = time.monotonic() + away_s
        self._outer.unplug()
        self._stopping.wait(away_s)
        with self._lock:
            if self._inner is None or self._stopping.is_set():
                return  # the device went away as well: both come back together
            with contextlib.suppress(termios.error):
                termios.tcflush(self._inner, termios.TCIFLUSH)  # what it said meanwhile is lost
            self._outer.replug()

    def _open_inner(self) -> None:
        inner = os.open(self._inner_link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            tty.setraw(inner)
        except termios.error as error:  # it went away again
            os.close(inner)
            raise OSError(f"{self._inner_link} is no terminal line") from error
        with self._lock:
            self._inner = inner

    def _close_inner(self) -> None:
        with self._lock:
            if self._inner is not None:
                os.close(self._inner)
                self._inner = None
