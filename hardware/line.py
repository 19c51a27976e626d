"""Owns the life of one device line: open, pump bytes through a protocol, notice loss, back off, reopen.

It must not know any protocol. A protocol is sans-I/O: bytes, commands and passing time go in, outputs come
back as data (`Send`, `Report`, `Ready`, `HangUp`), so every protocol is tested without a thread or a port.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from hardware.events import DeviceEvent, DeviceLost, DeviceReady, TransportError
from hardware.ports import Emit, Health, Monotonic
from hardware.transport import Transport, open_transport

TIMER_STEP_S = 0.1
"""How late a protocol timer may fire; protocol timers are 200 ms and longer."""

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
COMMAND_LIMIT = 64
OPEN_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Send:
    """Bytes for the device, written at once and in order."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """An event for the lane."""

    event: DeviceEvent


@dataclass(frozen=True, slots=True)
class Ready:
    """The device has answered and may be used; the line tells the lane once per connection."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """The peer is there but useless (silent, wrong protocol): close, back off, open again."""

    reason: str


Output = Send | Report | Ready | HangUp


class LineProtocol(Protocol):
    """What the pump needs. Times are monotonic seconds. None of these may block or raise."""

    def opened(self, now_s: float) -> Iterable[Output]: ...
    def received(self, data: bytes, now_s: float) -> Iterable[Output]: ...
    def elapsed(self, now_s: float) -> Iterable[Output]: ...
    def closed(self, now_s: float) -> Iterable[Output]: ...


OpenPipe = Callable[[str], Transport]
"""Opens a URL or raises TransportError; a test or a fault line hands in its own."""

P = TypeVar("P", bound=LineProtocol)
Command = Callable[[P, float], Iterable[Output]]


class DeviceLine(Generic[P]):
    """Runs one protocol over one URL in one daemon thread; the only thread that touches either.

    `command` may be called from any thread. A command also runs while the line is lost: the protocol
    knows that it is closed and answers without sending.
    """

    def __init__(
        self,
        name: str,
        url: str,
        protocol: P,
        emit: Emit,
        monotonic: Monotonic,
        *,
        open_pipe: OpenPipe = open_transport,
        speed: float = 1.0,
    ) -> None:
        """`speed`: how many seconds of `monotonic` pass in one of the machine's (1 outside trials)."""
        self.name = name
        self._url = url
        self._speed = speed
        self._open_pipe = open_pipe
        self._protocol = protocol
        self._emit = emit
        self._monotonic = monotonic
        self._commands: queue.Queue[Command[P]] = queue.Queue(COMMAND_LIMIT)
        self._stopping = threading.Event()
        self._wake_r, self._wake_w = os.pipe()
        os.set_blocking(self._wake_w, False)
        self._transport: Transport | None = None
        self._health = Health.LOST
        self._told_lost = False
        self._thread = threading.Thread(target=self._run, name=f"line-{name}", daemon=True)

    # -- called from other threads ---------------------------------------------------------------

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._wake()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)
        if not self._thread.is_alive():
            os.close(self._wake_r)
            os.close(self._wake_w)

    def health(self) -> Health:
        return self._health

    def command(self, run: Command[P]) -> None:
        """Queues `run` for the line's thread. Raises queue.Full when the line has been stuck for long."""
        if self._stopping.is_set():
            return
        self._commands.put_nowait(run)
        self._wake()

    # -- the line's own thread -------------------------------------------------------------------

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._health = Health.OPENING
            try:
                self._transport = self._open_pipe(self._url)
                self._pump()
            except TransportError as error:
                if self._health is Health.READY:
                    failures = 0
                self._lose(str(error))
            if not self._stopping.is_set():
                self._rest(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)] / self._speed)
                failures += 1
        self._drop_transport()

    def _pump(self) -> None:
        assert self._transport is not None
        step_s = TIMER_STEP_S / self._speed
        self._perform(self._protocol.opened(self._monotonic()))
        while not self._stopping.is_set():
            readable, _, _ = select.select([self._transport.fileno(), self._wake_r], [], [], step_s)
            if self._transport.fileno() in readable:
                self._perform(self._protocol.received(self._transport.read(), self._monotonic()))
            self._run_commands()
            self._perform(self._protocol.elapsed(self._monotonic()))

    def _run_commands(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if select.select([self._wake_r], [], [], 0)[0]:
                os.read(self._wake_r, 4096)
        while True:
            try:
                run = self._commands.get_nowait()
            except queue.Empty:
                return
            self._perform(run(self._protocol, self._monotonic()))

    def _perform(self, outputs: Iterable[Output]) -> None:
        """Raises TransportError when the line fails, but only after every report was given to the lane.

        The protocol has moved on by then and says nothing twice: a report dropped behind a failed write
        would be an outcome of a payment that nobody ever hears of.
        """
        failure: TransportError | None = None
        for output in outputs:
            if isinstance(output, Report):
                self._emit(output.event)
            elif failure is None:
                failure = self._try(output)
        if failure is not None:
            raise failure

    def _try(self, output: Send | Ready | HangUp) -> TransportError | None:
        match output:
            case Send(data):
                assert self._transport is not None, "a protocol must not send while its line is closed"
                try:
                    self._transport.write(data)
                except TransportError as error:
                    return error
            case Ready():
                self._health = Health.READY
                self._told_lost = False
                self._emit(DeviceReady(self.name))
            case HangUp(reason):
                return TransportError(reason)
        return None

    def _lose(self, reason: str) -> None:
        self._drop_transport()
        self._health = Health.LOST
        self._perform(self._protocol.closed(self._monotonic()))
        if not self._told_lost:  # once per outage, however often reopening fails
            self._told_lost = True
            self._emit(DeviceLost(self.name, reason))

    def _rest(self, seconds: float) -> None:
        """Waits before the next try; commands and timers still run so that callers get their answers."""
        until_s = time.monotonic() + seconds  # real time: a moved clock must not stop the reopening
        while time.monotonic() < until_s and not self._stopping.is_set():
            select.select([self._wake_r], [], [], OPEN_POLL_S / self._speed)
            self._run_commands()
            self._perform(self._protocol.elapsed(self._monotonic()))

    def _drop_transport(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake_w, b"\0")
