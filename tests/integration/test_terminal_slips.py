"""A terminal that has its slips printed by the lane: what the shopper holds in the hand at the end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from hardware.events import BarcodeRead
from hardware.simulators.printer import PrinterSimulator
from hardware.simulators.zvt_cards import CardScript
from hardware.simulators.zvt_journal import APPROVED, TransactionRecord
from hardware.simulators.zvt_personality import Personality
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator
from inventory.demo import DemoStore
from kiosk.bootstrap import WholeLane
from kiosk.checkout.state import Phase, ReceiptState
from kiosk.config import DevicesSection, LaneConfig, LaneSection, StoreSection
from kiosk.journal import read_file
from kiosk.lane import Tapped
from tests.support import device_events
from tests.support.escpos_view import view_job

wait_until = partial(device_events.wait_until, timeout_s=30)
MILK = BarcodeRead("scanner", "9520000030018")


class Scene:
    """A whole lane, its store, a printer, and a terminal that has its slips printed there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = DemoStore(folder / "store")
        self.terminal = ZvtTerminalSimulator(
            folder / "terminal",
            folder / "terminal.journal",
            traits=Personality.PRINTS_THROUGH_ECR.traits,
        )
        self.terminal.journal.add(TransactionRecord(APPROVED, 1, 1, 1, "0978", day="0101", clock="080000"))
        self.printer = PrinterSimulator(folder / "printer")
        self.terminal.start()
        self.printer.start()
        self.lane = WholeLane(self._config(), lambda _screen: None, lambda: None)
        self.lane.open()
        wait_until(lambda: self.lane.link.shelf.version > 0)
        wait_until(lambda: bool(self.lane.lane.state.terminal.receipt_no))

    def _config(self) -> LaneConfig:
        return LaneConfig(
            lane=LaneSection(
                id="lane-3",
                label="3",
                store_id="aurora",
                store_name="Mercato Aurora",
                data=self.folder / "lane",
            ),
            store=StoreSection(url=self.store.url, token=SecretStr(self.store.lane_token)),
            devices=DevicesSection(
                terminal=f"serial://{self.folder / 'terminal'}?stopbits=2",
                terminal_receipts="terminal",
                printer=f"serial://{self.folder / 'printer'}",
            ),
        )

    def pay(self) -> None:
        """One milk, by card."""
        self.lane.lane.post(MILK)
        wait_until(lambda: self.lane.lane.state.phase is Phase.SCANNING)
        self.terminal.present(CardScript())
        self.lane.lane.post(Tapped("pay"))
        wait_until(lambda: self.lane.lane.state.phase is Phase.THANKS)

    def print(self, papers: int) -> str:
        """What stands on the newest paper."""
        self.lane.lane.post(Tapped("print"))
        wait_until(lambda: len(self.printer.slips) == papers)
        wait_until(lambda: self.lane.lane.state.receipt is ReceiptState.PRINTED)
        return view_job(self.printer.slips[-1]).text

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


def test_the_terminal_s_customer_slip_is_below_the_receipt_once_and_on_its_copy(scene: Scene) -> None:
    scene.pay()
    paper = scene.print(papers=1)
    receipt, _, slip = paper.partition("Card slip\n")
    assert "Whole milk 1 L" in receipt
    assert "Thank you" in receipt
    (charge,) = scene.terminal.journal.charges()[1:]
    lines = slip.splitlines()
    assert lines[0] == "** CUSTOMER RECEIPT **"
    assert f"Receipt {charge.receipt_no:04d}  Trace {charge.trace_no:06d}" in lines, "two blanks, as sent"
    assert "No. ############4242" in lines
    assert lines[-2:] == ["EUR 1.29", "APPROVED"]
    assert paper.count("CUSTOMER RECEIPT") == 1
    assert "MERCHANT" not in paper
    assert "COPY" in (copy := scene.print(papers=2))
    assert copy.partition("Card slip\n")[2] == slip


def test_the_slip_is_in_the_journal_before_the_sale_and_the_merchant_s_is_not(scene: Scene) -> None:
    scene.pay()
    entries = [(entry.kind, entry.body) for entry in read_file(scene.lane.config.journal_path)]
    kinds = [kind for kind, _ in entries]
    (body,) = (body for kind, body in entries if kind == "TerminalPrinted")
    assert "** CUSTOMER RECEIPT **" in body
    assert kinds.index("CardAuthorised") < kinds.index("TerminalPrinted") < kinds.index("CardCompleted")
