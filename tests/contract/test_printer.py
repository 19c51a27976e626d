"""Owns the promise of ports.ReceiptPrinter, kept over a cable from document to paper (C18 to C20)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp

from hardware.drivers.printer import EscPosPrinter
from hardware.drivers.receipt_renderer import render
from hardware.events import DeviceLost, DeviceReady, Paper, PaperChanged, PrintFailed, PrintFinished
from hardware.receipt import Align, Columns, Cut, Feed, Qr, ReceiptDocument, Rule, Text
from hardware.simulators.printer import PrinterSimulator, Roll
from tests.support.device_events import EventLog, wait_until
from tests.support.escpos_view import view_job

FONT = Path(__file__).parents[2] / "assets" / "fonts" / "NotoSans-Regular.ttf"
LINK = "https://store.example/r/7F3A9C"
RECEIPT = ReceiptDocument(
    (
        Text("Lanelight", Align.CENTER, bold=True, double=True),
        Rule(),
        Columns("Caffè", "3,49 €"),
        Columns("Żółty ser", "1,20 €"),
        Rule(),
        Columns("Totale", "4,69 €", bold=True),
        Qr(LINK),
        Feed(2),
        Cut(),
    )
)


class Bench:
    def __init__(self, folder: Path) -> None:
        self.simulator = PrinterSimulator(folder / "printer")
        self.events = EventLog()
        self.printer = EscPosPrinter(
            "printer", f"serial://{folder / 'printer'}", emit=self.events, monotonic=time.monotonic
        )
        self.job = render(RECEIPT, language="it")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.simulator.start()
    bench.printer.open()
    bench.events.wait_for(DeviceReady)
    assert bench.events.wait_for(PaperChanged).paper is Paper.OK
    yield bench
    bench.printer.close()
    bench.simulator.stop()


def test_a_receipt_comes_out_whole_and_the_job_is_finished(bench: Bench) -> None:
    bench.printer.print_job("r1", bench.job)
    assert bench.events.wait_for(PrintFinished).job_id == "r1"
    assert bench.simulator.slips == [bench.job]
    assert bench.simulator.text().splitlines() == [
        "      Lanelight",
        "-" * 42,
        "Caffè" + " " * 31 + "3,49 €",
        "[picture 504x32]",
        "-" * 42,
        "Totale" + " " * 30 + "4,69 €",
        f"[QR {LINK}]",
        "",
    ]


def test_simulator_and_viewer_read_the_same_receipt(bench: Bench) -> None:
    bench.printer.print_job("r1", bench.job)
    bench.events.wait_for(PrintFinished)
    seen = view_job(bench.simulator.slips[0])
    printed = bench.simulator.text()
    assert all(line.strip() in printed for line in seen.lines)
    assert (seen.qr_codes, len(seen.pictures), seen.cuts) == ([LINK], 1, 1)
    assert (seen.drawer_kicks, bench.simulator.drawer_kicks) == (0, 0)


@pytest.mark.parametrize("font", [FONT, Path("no-such-font.ttf")])
def test_the_qr_code_on_the_pictured_slip_can_be_scanned(bench: Bench, font: Path) -> None:
    bench.printer.print_job("r1", bench.job)
    bench.events.wait_for(PrintFinished)
    picture = bench.simulator.picture(bench.simulator.slips[0], font=font)
    assert LINK in [found.text for found in zxingcpp.read_barcodes(picture)]


def test_no_paper_means_no_byte_and_a_failed_job(bench: Bench) -> None:
    bench.simulator.set_roll(Roll.OUT)
    bench.printer.print_job("r1", bench.job)
    assert bench.events.wait_for(PaperChanged).paper is Paper.OUT
    assert bench.events.wait_for(PrintFailed).reason == "the paper is out"
    assert (bench.simulator.slips, bench.simulator.unfinished()) == ([], b"")


def test_low_paper_is_told_and_still_prints(bench: Bench) -> None:
    bench.simulator.set_roll(Roll.LOW)
    bench.printer.print_job("r1", bench.job)
    assert bench.events.wait_for(PaperChanged).paper is Paper.LOW
    assert bench.events.wait_for(PrintFinished).job_id == "r1"


def test_paper_that_ends_inside_a_receipt_fails_the_job(bench: Bench) -> None:
    bench.simulator.run_out_after(2)
    bench.printer.print_job("r1", bench.job)
    assert bench.events.wait_for(PrintFailed).reason == "the paper is out"
    bench.simulator.set_roll(Roll.IN)
    assert bench.events.wait_for(PaperChanged).paper is Paper.OK
    assert bench.events.count(PrintFinished) == 0


def test_an_open_cover_fails_the_job_and_closing_it_makes_good(bench: Bench) -> None:
    bench.simulator.open_cover()
    bench.printer.print_job("r1", bench.job)
    assert bench.events.wait_for(PrintFailed).reason == "the cover is open"
    bench.simulator.close_cover()
    bench.printer.print_job("r2", bench.job)
    assert bench.events.wait_for(PrintFinished).job_id == "r2"


def test_a_mute_printer_fails_the_job(bench: Bench) -> None:
    bench.simulator.mute()
    bench.printer.print_job("r1", bench.job)
    assert bench.events.wait_for(PrintFailed).reason == "the printer does not answer"


def test_a_cable_pulled_and_plugged_prints_again(bench: Bench) -> None:
    bench.simulator.unplug()
    bench.events.wait_for(DeviceLost)
    bench.printer.print_job("r1", bench.job)
    assert bench.events.wait_for(PrintFailed).reason == "the printer is not connected"
    bench.simulator.replug()
    bench.events.wait_for(DeviceReady)
    bench.printer.print_job("r2", bench.job)
    assert bench.events.wait_for(PrintFinished).job_id == "r2"
    wait_until(lambda: len(bench.simulator.slips) == 1)


def test_a_hostile_job_is_seen_for_what_it_is(bench: Bench) -> None:
    bench.printer.print_job("r1", b"Milk\x1bp\x00\x19\xfa\x10\x14\x01\x00\x01\n\x1dV\x00")
    bench.events.wait_for(PrintFinished)
    wait_until(lambda: bench.simulator.drawer_kicks == 2)
    assert bench.simulator.text() == "Milk"
