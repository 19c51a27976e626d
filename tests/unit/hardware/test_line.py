"""Owns the proof that a device line tells loss and return once, keeps answering, and comes back by itself."""

from __future__ import annotations

import os
import queue
import socket
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from hardware.events import BarcodeRead, DeviceLost, DeviceReady, PrintFailed, TransportError
from hardware.line import BACK_OFF_S, COMMAND_LIMIT, DeviceLine, HangUp, Output, Ready, Report, Send
from hardware.ports import Health
from hardware.simulators.pty_port import PtyPort
from tests.support.device_events import EventLog, wait_until

NAME = "device"


class FakeProtocol:
    """Says what it received as a barcode; is ready at once; hangs up on b"!"."""

    def __init__(self) -> None:
        self.is_open = False
        self.closed_at_s: list[float] = []
        self.ticks = 0
        self.last_s = 0.0

    def opened(self, now_s: float) -> Iterable[Output]:
        self.last_s = now_s
        self.is_open = True
        return [Ready()]

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:
        self.last_s = now_s
        if b"!" in data:
            return [HangUp("nonsense")]
        return [Report(BarcodeRead(NAME, data.decode()))]

    def elapsed(self, now_s: float) -> Iterable[Output]:
        assert now_s >= self.last_s, "time ran backwards"
        self.last_s = now_s
        self.ticks += 1
        return []

    def closed(self, now_s: float) -> Iterable[Output]:
        self.is_open = False
        self.closed_at_s.append(now_s)
        return []

    def say(self, now_s: float) -> Iterable[Output]:
        self.last_s = now_s
        return [Send(b"hello")] if self.is_open else [Report(PrintFailed(NAME, "1", "lost"))]


class Bench:
    def __init__(self, folder: Path) -> None:
        self.port = PtyPort(folder / "device")
        self.events = EventLog()
        self.protocol = FakeProtocol()
        self.line = DeviceLine(
            NAME, f"serial://{folder / 'device'}", self.protocol, self.events, time.monotonic
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.line.close()
    bench.port.close()


def open_line(bench: Bench) -> Bench:
    bench.port.open()
    bench.line.open()
    bench.events.wait_for(DeviceReady)
    return bench


def test_bytes_go_both_ways_through_the_protocol(bench: Bench) -> None:
    open_line(bench)
    bench.port.write(b"9521")
    assert bench.events.wait_for(BarcodeRead).text == "9521"
    bench.line.command(FakeProtocol.say)
    assert bench.port.read(2.0) == b"hello"
    assert bench.line.health() is Health.READY


def test_a_pulled_cable_is_told_once_and_its_return_once(bench: Bench) -> None:
    open_line(bench)
    bench.port.unplug()
    bench.events.wait_for(DeviceLost)
    wait_until(lambda: len(bench.protocol.closed_at_s) >= 3)
    assert bench.line.health() is not Health.READY
    bench.port.replug()
    bench.events.wait_for(DeviceReady)
    assert (bench.events.count(DeviceLost), bench.events.count(DeviceReady)) == (1, 2)


def test_each_outage_is_told(bench: Bench) -> None:
    open_line(bench)
    for _ in range(2):
        bench.port.unplug()
        bench.events.wait_for(DeviceLost)
        bench.port.replug()
        bench.events.wait_for(DeviceReady)
    assert bench.events.count(DeviceLost) == 2


def test_a_device_that_was_never_there_is_lost_once_with_a_reason(bench: Bench) -> None:
    bench.line.open()
    assert "device" in bench.events.wait_for(DeviceLost).reason
    wait_until(lambda: len(bench.protocol.closed_at_s) >= 2)
    assert bench.events.count(DeviceLost) == 1


def test_tries_to_reopen_come_at_growing_distances(bench: Bench) -> None:
    bench.line.open()
    wait_until(lambda: len(bench.protocol.closed_at_s) >= 3)
    first, second, third = bench.protocol.closed_at_s[:3]
    # A tick of the resting line may come early by a scheduler step, hence the tenth of tolerance.
    assert second - first >= BACK_OFF_S[0] * 0.9
    assert third - second >= BACK_OFF_S[1] * 0.9


def test_a_command_while_the_line_is_lost_is_answered_without_sending(bench: Bench) -> None:
    bench.line.open()
    bench.events.wait_for(DeviceLost)
    bench.line.command(FakeProtocol.say)
    assert bench.events.wait_for(PrintFailed).reason == "lost"


def test_timers_run_while_the_line_is_lost(bench: Bench) -> None:
    bench.line.open()
    bench.events.wait_for(DeviceLost)
    before = bench.protocol.ticks
    wait_until(lambda: bench.protocol.ticks > before)


def test_a_useless_peer_is_hung_up_and_tried_again(bench: Bench) -> None:
    open_line(bench)
    bench.port.write(b"!")
    assert bench.events.wait_for(DeviceLost).reason == "nonsense"
    bench.events.wait_for(DeviceReady)
    bench.port.write(b"again")
    assert bench.events.wait_for(BarcodeRead).text == "again"


def test_a_closed_line_frees_its_port_and_says_nothing_more(bench: Bench, tmp_path: Path) -> None:
    open_line(bench)
    bench.line.close()
    second = DeviceLine(NAME, f"serial://{tmp_path / 'device'}", FakeProtocol(), bench.events, time.monotonic)
    second.open()
    bench.events.wait_for(DeviceReady)
    second.close()
    assert bench.events.count(DeviceLost) == 0


def test_commands_for_a_line_that_does_not_run_are_bounded(bench: Bench) -> None:
    for _ in range(COMMAND_LIMIT):
        bench.line.command(FakeProtocol.say)
    with pytest.raises(queue.Full):
        bench.line.command(FakeProtocol.say)


class SocketPipe:
    """A pipe that is no serial line: one end of a socket pair."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def fileno(self) -> int:
        return self._end.fileno()

    def read(self) -> bytes:
        return self._end.recv(4096)

    def write(self, data: bytes) -> None:
        self._end.sendall(data)

    def close(self) -> None:
        self._end.close()


def test_a_line_opens_the_pipe_it_was_handed() -> None:
    ours, theirs = socket.socketpair()
    opened: list[str] = []

    def open_pipe(url: str) -> SocketPipe:
        opened.append(url)
        return SocketPipe(ours)

    events = EventLog()
    line = DeviceLine(NAME, "fault://anywhere", FakeProtocol(), events, time.monotonic, open_pipe=open_pipe)
    line.open()
    theirs.sendall(b"123")
    assert events.wait_for(BarcodeRead).text == "123"
    line.close()
    theirs.close()
    assert opened == ["fault://anywhere"]


class TornPipe:
    """A cable that is pulled between the last byte it brought and the first answer to it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._readable, self._other = os.pipe()
        os.write(self._other, b"x")

    def fileno(self) -> int:
        return self._readable

    def read(self) -> bytes:
        return self._data

    def write(self, data: bytes) -> None:
        raise TransportError(f"{len(data)} bytes could not be written")

    def close(self) -> None:
        os.close(self._readable)
        os.close(self._other)


class AnsweringProtocol(FakeProtocol):
    """Answers before it reports, as most protocols must."""

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:
        return [Send(b"ACK"), *super().received(data, now_s), Ready()]

    def opened(self, now_s: float) -> Iterable[Output]:
        super().opened(now_s)
        return []


def test_what_the_device_said_is_told_even_when_it_can_no_longer_be_answered() -> None:
    pipes = [TornPipe(b"paid")]

    def open_pipe(url: str) -> TornPipe:
        if not pipes:
            raise TransportError(f"{url} is gone")
        return pipes.pop()

    events = EventLog()
    line = DeviceLine(NAME, "torn://", AnsweringProtocol(), events, time.monotonic, open_pipe=open_pipe)
    line.open()
    lost = events.wait_for(DeviceLost)
    line.close()
    assert [type(event) for event in events.events] == [BarcodeRead, DeviceLost]
    assert lost.reason == "3 bytes could not be written"
