"""Owns a simulated terminal's side of the talk: commands in, messages out, answers awaited, pauses.

It must not know what a command means. One command is served at a time; what comes meanwhile is handed to
`interrupt`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Final

from hardware.simulators.pty_port import PtyPort
from hardware.simulators.zvt_tempo import Tempo
from hardware.simulators.zvt_wire import ZvtWire, message

ACCEPTED: Final = message("80 00")
IMPOSSIBLE: Final = 0x83
LONG_S: Final = 60.0
"""A wait that only news ends: every such wait is woken."""


class Conversation:
    """Belongs to the terminal's thread. `waits` as they really take; `renewed` hears of each new connection.

    A command that was under way when the cable was pulled says nothing to whoever comes next, but the
    terminal may still be asked about it: `pause` takes up the new connection.
    """

    def __init__(self, port: PtyPort, waits: Tempo, stopping: Event) -> None:
        self.port = port
        self.waits = waits
        self.wire = ZvtWire(port, waits, self.is_running)
        self.interrupt: Callable[[bytes], None] = lambda _: None
        self.renewed: Callable[[], None] = lambda: None
        self._stopping = stopping
        self._later: deque[bytes] = deque()
        self._cable = 0

    def is_running(self) -> bool:
        return not self._stopping.is_set()

    @property
    def attached(self) -> bool:
        """Whether whoever gave the running command still listens."""
        return self.wire.connected and self.wire.cable == self._cable

    # -- commands --------------------------------------------------------------------------------

    def next_command(
        self, timeout_s: float = LONG_S, unless: Callable[[], bool] = lambda: False
    ) -> bytes | None:
        """The next message of the lane on the connection there is; None when none came."""
        if not self.wire.connected:
            self._reconnect(timeout_s)
            return None
        return self._later.popleft() if self._later else self.wire.receive(timeout_s, unless)

    def _reconnect(self, timeout_s: float) -> None:
        if not self.port.plugged:
            self.port.read(timeout_s)  # until the cable is back, or somebody wakes us
        if self.port.plugged and self.is_running():
            self.wire.connect()
            self._later.clear()
            self.renewed()

    def begin(self) -> None:
        """What is said from here on goes to the connection of now."""
        self._cable = self.wire.cable

    @contextmanager
    def aside(self) -> Iterator[None]:
        """For a question that comes while a command runs, perhaps on a newer connection."""
        cable = self._cable
        self.begin()
        try:
            yield
        finally:
            self._cable = cable

    # -- words -----------------------------------------------------------------------------------

    def accept(self) -> bool:
        return self.send(ACCEPTED)

    def refuse(self, code: int = IMPOSSIBLE) -> None:
        self.send(message(f"84 {code:02x}"))

    def complete(self, data: bytes = b"") -> None:
        self.tell(message("06 0F", data))

    def accept_and_complete(self, data: bytes = b"") -> None:
        if self.accept():
            self.complete(data)

    def show(self, state: int) -> None:
        """04 FF: what stands on the terminal's display."""
        self.tell(message("04 FF", bytes((state,))))
        if self.waits.pace_s:
            self.pause(self.waits.pace_s)

    def send(self, apdu: bytes) -> bool:
        """Whether the lane acknowledged the message."""
        return self.attached and self.wire.send(apdu)

    def tell(self, apdu: bytes) -> bytes:
        """Sends a message; the control field of the answer, b"" when none came."""
        return self.await_answer() if self.send(apdu) else b""

    def await_answer(self) -> bytes:
        deadline_s = time.monotonic() + self.waits.answer_s
        while self.attached and (left_s := deadline_s - time.monotonic()) > 0:
            apdu = self.wire.receive(left_s)
            if apdu is None:
                break
            if is_answer(apdu):
                return apdu[:2]
            self._later.append(apdu)  # a command that crossed our message on the wire
        return b""

    # -- time ------------------------------------------------------------------------------------

    def pause(self, duration_s: float) -> None:
        """Lets time pass and hands commands to `interrupt`, also those of a newer connection."""
        deadline_s = time.monotonic() + duration_s
        while self.is_running() and (left_s := deadline_s - time.monotonic()) > 0:
            apdu = self.next_command(left_s)
            if apdu is not None and not is_answer(apdu):
                with self.aside():
                    self.interrupt(apdu)

    def hang(self, unless: Callable[[], bool]) -> None:
        """Acknowledges nothing until the cable is pulled or `unless` is so."""
        while self.is_running() and self.wire.connected and not unless():
            self.wire.ignore(LONG_S)


def is_answer(apdu: bytes) -> bool:
    """80 00 or 84 xx, perhaps one that comes too late."""
    return apdu[:1] in (b"\x80", b"\x84")
