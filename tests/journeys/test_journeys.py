"""Every journey of this folder comes true, played through the real window, drivers, simulators and store."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hardware.simulators.zvt_journal import TerminalJournal

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIRST_SALE = ROOT / "kiosk" / "demo" / "first_sale.journey"
JOURNEYS = [FIRST_SALE, *sorted(HERE.glob("*.journey"))]

TEST_PAYMENT_MINOR = 1
"""What the terminal's installer charged before the lane saw it."""


@pytest.mark.window
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda path: path.stem)
def test_a_journey_comes_true(journey: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "main.py",
        "demo",
        "--headless",
        "--journey",
        str(journey),
        "--out",
        str(tmp_path),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert result["passed"]
    assert result["journal_ok"]
    assert all(step["ok"] for step in result["steps"])
    _assert_money_agrees(tmp_path, result)


def _assert_money_agrees(out: Path, result: dict[str, list[dict[str, int]]]) -> None:
    """The terminal's own journal is the oracle: what it charged is what the store has sold."""
    charged_minor = TerminalJournal(out / "terminal.jsonl").charged_minor() - TEST_PAYMENT_MINOR
    assert charged_minor == sum(sale["total_minor"] for sale in result["sales"])
