"""Owns the device end of a simulated cable: a raw pty behind a stable symlink, pulled and plugged at will.

It must not know what the bytes mean or who reads them.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
import tty
from pathlib import Path
from typing import Final

READ_CHUNK: Final = 4096
UNPLUGGED_POLL_S: Final = 0.02
WRITE_LIMIT_S: Final = 1.0
"""How long a write waits for a lane that does not read; then the rest of the bytes is dropped."""


class PtyPort:
    """One cable. `link` is the path the lane opens, as udev's by-id links are.

    `read` and `write` belong to the simulator's thread; `unplug`, `replug` and `close` may be called from
    any thread. The slave end is held open here too, so that a lane that closes and reopens the port is no
    hang-up for the simulator; closing both ends on `unplug` is one for the lane.
    """

    def __init__(self, link: Path) -> None:
        self.link = link
        self._lock = threading.Lock()
        self._master: int | None = None
        self._slave: int | None = None
        self.plugs = 0
        """How often the cable was plugged: tells one connection from the next."""

    @property
    def plugged(self) -> bool:
        return self._master is not None

    def open(self) -> None:
        """Makes the cable and its link. Raises OSError when the link's folder cannot be written."""
        self.replug()

    def close(self) -> None:
        self.unplug()

    def replug(self) -> None:
        """Opens a new pty under the same link; nothing happens when the cable is plugged already."""
        with self._lock:
            if self._master is not None:
                return
            master, slave = os.openpty()
            tty.setraw(slave)
            os.set_blocking(master, False)
            fresh = self.link.with_name(f".{self.link.name}.new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(os.ttyname(slave))
            fresh.replace(self.link)  # the link appears whole or not at all
            self._master, self._slave = master, slave
            self.plugs += 1

    def unplug(self) -> None:
        """Pulls the cable: the other side sees a hang-up, bytes under way are lost."""
        with self._lock:
            if self._master is None or self._slave is None:
                return
            self.link.unlink(missing_ok=True)
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = None

    def read(self, timeout_s: float) -> bytes:
        """What the lane sent, or b"" when nothing came within `timeout_s` or the cable is out."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            data = self._read_now()
            left_s = deadline_s - time.monotonic()
            if data or left_s <= 0:
                return data
            self._wait(min(left_s, UNPLUGGED_POLL_S))

    def write(self, data: bytes) -> None:
        """Sends all of `data`; while the cable is out, or when the lane stops reading, bytes are dropped."""
        deadline_s = time.monotonic() + WRITE_LIMIT_S
        while data and time.monotonic() < deadline_s:
            sent = self._write_now(data)
            if sent is None:
                return
            data = data[sent:]
            if not sent:
                time.sleep(UNPLUGGED_POLL_S)

    def _wait(self, timeout_s: float) -> None:
        # The poll is short because an unplug closes the descriptor, which wakes no select.
        with self._lock:
            master = self._master
        if master is None:
            time.sleep(timeout_s)
            return
        with contextlib.suppress(OSError, ValueError):
            select.select([master], [], [], timeout_s)

    def _read_now(self) -> bytes:
        with self._lock:
            if self._master is None:
                return b""
            try:
                return os.read(self._master, READ_CHUNK)
            except OSError:  # nothing there yet, or the slave end has just gone
                return b""

    def _write_now(self, data: bytes) -> int | None:
        with self._lock:
            if self._master is None:
                return None
            try:
                return os.write(self._master, data)
            except BlockingIOError:
                return 0
            except OSError:
                return None
