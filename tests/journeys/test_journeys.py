"""Every journey of this folder comes true, played through the real window, drivers, simulators and store."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hardware.simulators.zvt_journal import TerminalJournal
from inventory.cli import open_demo_store
from inventory.demo_names import DEMO
from kiosk.cli import PROGRAM
from kiosk.demo.journey import read_journey
from kiosk.demo.run import DemoOptions, play_journey
from tests.support.warm_program import forked

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
JOURNEYS = sorted(HERE.glob("*.journey"))

TEST_PAYMENT_MINOR = 1
"""What the terminal's installer charged before the lane saw it."""


@pytest.mark.window
def test_the_command_plays_the_first_sale(tmp_path: Path) -> None:
    command = [sys.executable, "main.py", "demo", "--headless", "--out", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    _assert_came_true(tmp_path)


@pytest.mark.window
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda path: path.stem)
def test_a_journey_comes_true(journey: Path, tmp_path: Path) -> None:
    """Store and devices live in this process, as with the command in its own; the lane has one to itself."""
    said: list[str] = []
    options = DemoOptions(
        program=PROGRAM,
        store_id=DEMO.store_id,
        store_name=DEMO.store_name,
        lane_id=DEMO.lane_id,
        bag_gtin=DEMO.bag_gtin,
        headless=True,
        start=forked,
    )
    passed = play_journey(read_journey(journey), journey, tmp_path, options, open_demo_store, said.append)
    assert passed, "\n".join(said)
    _assert_came_true(tmp_path)


def _assert_came_true(out: Path) -> None:
    result = json.loads((out / "result.json").read_text("utf-8"))
    assert result["passed"]
    assert result["journal_ok"]
    assert all(step["ok"] for step in result["steps"])
    _assert_money_agrees(out, result)


def _assert_money_agrees(out: Path, result: dict[str, list[dict[str, int]]]) -> None:
    """The terminal's own journal is the oracle: what it charged is what the store has sold."""
    charged_minor = TerminalJournal(out / "terminal.jsonl").charged_minor() - TEST_PAYMENT_MINOR
    assert charged_minor == sum(sale["total_minor"] for sale in result["sales"])
