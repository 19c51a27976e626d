"""Owns the promise of ports.Scanner, kept over a cable by the driver and the simulated device."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.drivers.scanner import SerialScanner
from hardware.events import BarcodeRead, BarcodeRefused, DeviceLost, DeviceReady, ScanRefusal
from hardware.ports import Health
from hardware.simulators.scanner import ScannerSimulator
from tests.support.device_events import EventLog


class Bench:
    def __init__(self, folder: Path) -> None:
        self.simulator = ScannerSimulator(folder / "scanner")
        self.events = EventLog()
        self.scanner = SerialScanner(
            "scanner", f"serial://{folder / 'scanner'}", emit=self.events, monotonic=time.monotonic
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.simulator.start()
    bench.scanner.open()
    bench.events.wait_for(DeviceReady)
    yield bench
    bench.scanner.close()
    bench.simulator.stop()


@pytest.mark.parametrize("suffix", ["\r", "\n", "\r\n"])
def test_a_scan_arrives_as_one_barcode(bench: Bench, suffix: str) -> None:
    bench.simulator.send("]E09521234567899", suffix=suffix)
    assert bench.events.wait_for(BarcodeRead) == BarcodeRead("scanner", "9521234567899", "]E0")


def test_ten_kilobytes_in_one_scan_are_one_refusal(bench: Bench) -> None:
    bench.simulator.send("A" * 10_240)
    refused = bench.events.wait_for(BarcodeRefused)
    assert refused == BarcodeRefused("scanner", ScanRefusal.TOO_LONG, 10_240)
    bench.simulator.send("95212340")
    assert bench.events.wait_for(BarcodeRead).text == "95212340"
    assert bench.events.count(BarcodeRefused) == 1


def test_a_scan_broken_off_is_refused_after_a_silence(bench: Bench) -> None:
    bench.simulator.send_raw(b"95212")
    assert bench.events.wait_for(BarcodeRefused).reason is ScanRefusal.INCOMPLETE


def test_a_scan_typed_as_a_command_is_refused(bench: Bench) -> None:
    bench.simulator.send("\x1bc\x03rm")
    assert bench.events.wait_for(BarcodeRefused).reason is ScanRefusal.CONTROL_CHARACTERS


def test_a_scanner_pulled_and_plugged_scans_again(bench: Bench) -> None:
    bench.simulator.unplug()
    bench.events.wait_for(DeviceLost)
    bench.simulator.replug()
    bench.events.wait_for(DeviceReady)
    bench.simulator.send("95212340")
    assert bench.events.wait_for(BarcodeRead).text == "95212340"
    assert bench.scanner.health() is Health.READY
