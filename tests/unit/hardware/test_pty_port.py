"""Owns the proof of the device end of a simulated cable: names, news and bytes.

It must not need a simulator.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.simulators.pty_port import PtyPort

LONG_S = 5.0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[PtyPort]:
    port = PtyPort(tmp_path / "cable")
    port.open()
    yield port
    port.close()


def send(port: PtyPort, data: bytes) -> None:
    end = os.open(port.link, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(end)
    os.write(end, data)
    os.close(end)


def later(deed: object, after_s: float = 0.05) -> None:
    assert callable(deed)
    threading.Timer(after_s, deed).start()


def test_a_cable_comes_back_under_another_name_each_time(port: PtyPort) -> None:
    names = [port.link.readlink()]
    for _ in range(5):
        port.unplug()
        assert not port.link.is_symlink()
        port.replug()
        names.append(port.link.readlink())
    assert all(before != after for before, after in itertools.pairwise(names))
    assert port.plugs == 6


@pytest.mark.parametrize("news", ["wake", "unplug"])
def test_news_end_a_read_that_waits(port: PtyPort, news: str) -> None:
    began_s = time.monotonic()
    later(getattr(port, news))
    assert port.read(LONG_S) == b""
    assert time.monotonic() - began_s < LONG_S / 2


def test_news_that_came_before_the_read_end_it_too(port: PtyPort) -> None:
    port.wake()
    began_s = time.monotonic()
    assert port.read(LONG_S) == b""
    assert time.monotonic() - began_s < LONG_S / 2


def test_a_cable_that_was_changed_is_told_before_the_bytes_of_the_new_one(port: PtyPort) -> None:
    port.unplug()
    port.replug()
    send(port, b"hello")
    assert port.read(LONG_S) == b""
    assert port.read(LONG_S) == b"hello"


def test_bytes_end_a_read_that_waits(port: PtyPort) -> None:
    later(lambda: send(port, b"hello"))
    assert port.read(LONG_S) == b"hello"


def test_a_read_without_news_or_bytes_takes_its_time(port: PtyPort) -> None:
    began_s = time.monotonic()
    assert port.read(0.05) == b""
    assert time.monotonic() - began_s >= 0.05


def test_what_is_written_while_the_cable_is_out_is_lost(port: PtyPort) -> None:
    port.unplug()
    port.write(b"lost")
    port.replug()
    end = os.open(port.link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(end)
    port.write(b"kept")
    assert os.read(end, 10) == b"kept"
    os.close(end)
