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
WRITE_LIMIT_S: Final = 1.0
"""How long a write waits for a lane that does not read; then the rest of the bytes is dropped."""


class PtyPort:
    """One cable. `link` is the path the lane opens, as udev's by-id links are.

    `read` belongs to one thread and so does `write`; `unplug`, `replug` and `wake` may be called from any,
    `close` when nobody reads any more. The slave end is held open here too, so that a lane that
    closes and reopens the port is no hang-up for the simulator; closing both ends on `unplug` is one for the
    lane.
    """

    def __init__(self, link: Path) -> None:
        self.link = link
        self._lock = threading.Lock()
        self._master: int | None = None
        self._slave: int | None = None
        self._wake_r: int | None = None
        self._wake_w: int | None = None
        self._tty = ""
        self._moves = 0
        self._moves_seen = 0
        self._called = False
        self.plugs = 0
        """How often the cable was plugged: tells one connection from the next."""

    @property
    def plugged(self) -> bool:
        return self._master is not None

    def open(self) -> None:
        """Makes the cable and its link. Raises OSError when the link's folder cannot be written."""
        self.replug()
        self._moves_seen = self._moves

    def close(self) -> None:
        self.unplug()
        with self._lock:
            for end in (self._wake_r, self._wake_w):
                if end is not None:
                    os.close(end)
            self._wake_r = self._wake_w = None

    def replug(self) -> None:
        """Opens a new pty under the same link; nothing happens when the cable is plugged already."""
        with self._lock:
            if self._master is not None:
                return
            if self._wake_r is None:
                self._wake_r, self._wake_w = os.pipe()
                os.set_blocking(self._wake_r, False)
                os.set_blocking(self._wake_w, False)
            master, slave = self._fresh_pty()
            tty.setraw(slave)
            os.set_blocking(master, False)
            fresh = self.link.with_name(f".{self.link.name}.new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(self._tty)
            fresh.replace(self.link)  # the link appears whole or not at all
            self._master, self._slave = master, slave
            self.plugs += 1
            self._moves += 1
            self._nudge()

    def _fresh_pty(self) -> tuple[int, int]:
        """Never under the name it had before: a re-plugged adapter becomes another tty as well."""
        master, slave = os.openpty()
        if os.ttyname(slave) == self._tty:
            old = master, slave
            master, slave = os.openpty()
            for end in old:
                os.close(end)
        self._tty = os.ttyname(slave)
        return master, slave

    def unplug(self) -> None:
        """Pulls the cable: the other side sees a hang-up, bytes under way are lost."""
        with self._lock:
            if self._master is None or self._slave is None:
                return
            self.link.unlink(missing_ok=True)
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = None
            self._moves += 1
            self._nudge()

    def wake(self) -> None:
        """Ends a `read` that waits, or the next one; for whoever has news for the simulator's thread."""
        with self._lock:
            self._called = True
            self._nudge()

    def _nudge(self) -> None:
        if self._wake_w is not None:
            with contextlib.suppress(BlockingIOError):  # full of nudges: one is enough
                os.write(self._wake_w, b"\0")

    def read(self, timeout_s: float) -> bytes:
        """What the lane sent; b"" after `timeout_s`, or earlier when woken.

        The cable wakes it too, when it was pulled or plugged since the last read ended. While it is out,
        there is nothing else to wait for.
        """
        deadline_s = time.monotonic() + timeout_s
        while (data := self._read_now()) is not None:
            left_s = deadline_s - time.monotonic()
            if data or left_s <= 0:
                return data
            self._wait(left_s)
        return b""

    def write(self, data: bytes) -> None:
        """Sends all of `data`; while the cable is out, or when the lane stops reading, bytes are dropped."""
        deadline_s = time.monotonic() + WRITE_LIMIT_S
        while data and (left_s := deadline_s - time.monotonic()) > 0:
            sent = self._write_now(data)
            if sent is None:
                return
            data = data[sent:]
            if data and (master := self._master) is not None:
                with contextlib.suppress(OSError, ValueError):  # pulled out meanwhile
                    select.select([], [master], [], left_s)

    def _wait(self, timeout_s: float) -> None:
        with self._lock:
            master, wake_r = self._master, self._wake_r
        if wake_r is None:
            time.sleep(timeout_s)
            return
        # An unplug closes the descriptor, which wakes no select: that is what the pipe is for.
        with contextlib.suppress(OSError, ValueError):
            ends = [wake_r] if master is None else [master, wake_r]
            if wake_r in select.select(ends, [], [], timeout_s)[0]:
                os.read(wake_r, READ_CHUNK)

    def _read_now(self) -> bytes | None:
        """What is there, perhaps nothing; None for news, which come before the bytes of a new connection."""
        with self._lock:
            if self._called or self._moves != self._moves_seen:
                self._called, self._moves_seen = False, self._moves
                return None
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
