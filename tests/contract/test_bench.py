"""Owns the proof that a simulated bench offers a whole lane under the URLs it gives out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.bench import SimulatedBench
from hardware.drivers.printer import EscPosPrinter
from hardware.drivers.scale import SerialScale
from hardware.drivers.scanner import SerialScanner
from hardware.events import BarcodeRead, DeviceReady, PrintFinished, WeightSettled
from hardware.transport import open_transport
from tests.support.device_events import EventLog


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[SimulatedBench]:
    bench = SimulatedBench(tmp_path / "lane")
    bench.start()
    yield bench
    bench.stop()


def test_every_device_of_a_lane_works_under_its_url(bench: SimulatedBench) -> None:
    events = EventLog()
    scanner = SerialScanner("scanner", bench.urls["scanner"], emit=events, monotonic=time.monotonic)
    scale = SerialScale("scale", bench.urls["scale"], emit=events, monotonic=time.monotonic)
    printer = EscPosPrinter("printer", bench.urls["printer"], emit=events, monotonic=time.monotonic)
    for device in (scanner, scale, printer):
        device.open()
        events.wait_for(DeviceReady)
    bench.scanner.send("95212340")
    assert events.wait_for(BarcodeRead).text == "95212340"
    bench.scale.put(640)
    scale.weigh()
    assert events.wait_for(WeightSettled).weight_g == 640
    printer.print_job("r1", b"Thank you\n\x1dV\x00")
    assert events.wait_for(PrintFinished).job_id == "r1"
    assert bench.printer.text() == "Thank you"
    for device in (scanner, scale, printer):
        device.close()


def test_the_terminal_has_a_line_of_its_own(bench: SimulatedBench) -> None:
    assert bench.urls["terminal"].endswith("?stopbits=2")
    transport = open_transport(bench.urls["terminal"])
    transport.close()


def test_a_stopped_bench_leaves_no_link_behind(tmp_path: Path) -> None:
    bench = SimulatedBench(tmp_path)
    bench.start()
    bench.stop()
    assert not any(path.is_symlink() for path in tmp_path.iterdir())
