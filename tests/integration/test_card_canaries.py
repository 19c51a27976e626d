"""Owns the proof that no card number gets past the driver: not into events, logs, journal or store.

It must not hold a card number: the terminal's are made at run time, and the run's end looks for them as well.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from hardware.events import BarcodeRead, CardAuthorised, CardCompleted, CardInDoubt
from hardware.protocols import zvt_apdu
from hardware.simulators.printer import PrinterSimulator
from inventory.demo import DemoStore
from inventory.domain.catalogue import SoldBy
from kiosk.bootstrap import WholeLane
from kiosk.checkout.state import Phase
from kiosk.config import DevicesSection, LaneConfig, LaneSection, StoreSection
from kiosk.lane import Happening, Tapped
from kiosk.ui.screen_model import ScreenModel
from tests.support import device_events
from tests.support.card_scan import CANARIES, ScanReport, scan_data, scan_folders, scan_text
from tests.support.leaky_terminal import LeakyTerminal

wait_until = partial(device_events.wait_until, timeout_s=30)


class WatchedLane(WholeLane):
    """A whole lane that also keeps all it heard and showed."""

    def __init__(self, config: LaneConfig) -> None:
        self.heard: list[Happening] = []
        self.shown: list[ScreenModel] = []
        super().__init__(config, self.shown.append, lambda: None)

    def _post(self, happening: Happening) -> None:
        self.heard.append(happening)
        super()._post(happening)

    def of(self, kind: type[Happening]) -> list[Happening]:
        return [happening for happening in self.heard if isinstance(happening, kind)]


class Scene:
    """Lane, store and printer as they are, and a terminal that masks nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = DemoStore(folder / "store")
        self.terminal = LeakyTerminal(folder / "terminal")
        self.printer = PrinterSimulator(folder / "printer")
        self.terminal.start()
        self.printer.start()
        self.lane = WatchedLane(
            LaneConfig(
                lane=LaneSection(
                    id="lane-3",
                    label="3",
                    store_id="aurora",
                    store_name="Mercato Aurora",
                    receipt="always",
                    data=folder / "lane",
                ),
                store=StoreSection(url=self.store.url, token=SecretStr(self.store.lane_token)),
                devices=DevicesSection(
                    terminal=f"serial://{folder / 'terminal'}?baud=9600&stopbits=2",
                    printer=f"serial://{folder / 'printer'}",
                ),
            )
        )
        self.lane.open()
        wait_until(
            lambda: self.lane.link.shelf.version > 0 and bool(self.lane.lane.state.terminal.receipt_no)
        )

    def sell(self, sales: int) -> None:
        """Scans one item and pays; returns when the store has `sales` sales."""
        goods = self.lane.link.shelf.by_gtin.values()
        plain = next(each for each in goods if each.sold_by is SoldBy.UNIT and not each.age_limit)
        self.lane.lane.post(BarcodeRead("scanner", plain.gtin.lstrip("0")))
        wait_until(lambda: self.lane.lane.state.phase is Phase.SCANNING)
        self.lane.lane.post(Tapped("pay"))
        wait_until(lambda: len(self.store.sales()) == sales)
        wait_until(lambda: len(self.printer.slips) == sales)

    def close(self) -> None:
        self.lane.close()
        self.terminal.stop()
        self.printer.stop()
        self.store.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def test_no_card_number_gets_past_the_driver(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    scene.sell(sales=1)
    scene.terminal.cut_after_result = True
    scene.sell(sales=2)
    assert [len(scene.lane.of(kind)) for kind in (CardAuthorised, CardCompleted, CardInDoubt)] == [2, 1, 1]

    cable = ScanReport()
    scan_data("cable", b"\n".join(scene.terminal.sent), cable)
    assert {alarm.masked[-4:] for alarm in cable.alarms} == {number[-4:] for number in CANARIES}

    seen = scan_folders([scene.folder])
    for happening in scene.lane.heard:
        scan_text(repr(type(happening)), repr(happening), seen)
    scan_text("screens", repr(scene.lane.shown), seen)
    scan_text("state", repr(scene.lane.lane.state), seen)
    scan_text("log", caplog.text, seen)
    scan_text("the store's sales", repr(scene.store.sales()), seen)
    scan_data("paper", b"".join(scene.printer.slips), seen)
    assert seen.alarms == set()


def test_a_driver_that_lets_one_through_is_seen_in_journal_and_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test above relies on: without the mask on a card's name, the same look rings."""
    monkeypatch.setattr(zvt_apdu, "mask_long_numbers", lambda text: text)
    with tempfile.TemporaryDirectory(prefix="leaky-") as private:
        scene = Scene(Path(private))
        try:
            scene.sell(sales=1)
        finally:
            scene.close()
        places = {alarm.where.rpartition("/")[2] for alarm in scan_folders([Path(private)]).alarms}
    assert any(place.startswith("journal.sqlite!entry") for place in places), places
    assert any(place.startswith("store.sqlite!") for place in places), places
