"""The campaign over payments, in its short form: real processes are killed, and every book must be right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.campaign.checks import INVARIANTS, read_rules
from kiosk.campaign.matrix import POINTS, cells
from kiosk.campaign.plan import CRASH_POINTS
from kiosk.campaign.report import COUNTED
from kiosk.failpoints import NAMES, arm, disarm

ROOT = Path(__file__).parents[2]
CRASHES = 300
PART = "7/100"
"""Of the matrix; the whole takes a quarter of an hour."""


def campaign(*words: str, report: Path) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, str(ROOT / "main.py"), "campaign", *words, "--report", str(report)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=550)
    assert report.exists(), ended.stderr[-3000:]
    found = json.loads(report.read_text("utf-8"))
    assert found == json.loads(ended.stdout)
    return ended.returncode, found


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("campaign")
def test_hundreds_of_crashes_leave_no_book_wrong(tmp_path: Path) -> None:
    code, report = campaign(
        "payments", "--crashes", str(CRASHES), "--seed", "1", report=tmp_path / "report.json"
    )
    assert report["violations"] == []
    assert code == 0
    assert report["crashes"] >= CRASHES
    assert {name: report[name] for name in COUNTED} == dict.fromkeys(COUNTED, 0)
    assert report["invariants"] == dict.fromkeys(INVARIANTS, 0)
    assert report["sales"] > CRASHES / 3, "a campaign in which nobody pays proves nothing"
    assert sum(report["failpoints"].values()) > CRASHES / 2
    assert set(report["failpoints"]) >= set(NAMES)
    assert report["first_screen_s"]["max"] < 15, "after a kill the lane shows a screen within 15 s (R12)"


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("campaign")
def test_a_part_of_the_matrix_leaves_no_book_wrong(tmp_path: Path) -> None:
    code, report = campaign("matrix", "--part", PART, report=tmp_path / "report.json")
    assert (code, report["violations"]) == (0, [])
    matrix = report["matrix"]
    assert matrix["struck"] + len(matrix["never_struck"]) == matrix["cells"] > 40
    # A pair is struck only when both points were, and some never meet: a declined card completes nothing.
    assert matrix["struck"] > matrix["cells"] / 3


def test_the_matrix_holds_every_point_with_every_other() -> None:
    names = [cell.name for cell in cells()]
    assert len(names) == len(set(names))
    pairs = {name.rpartition(" × ")[0] for name in names if " then " in name}
    assert pairs == {f"{first} then {second}" for first in POINTS for second in POINTS}


@pytest.mark.parametrize("point", [*POINTS, *CRASH_POINTS])
def test_every_crash_point_can_be_armed(point: str) -> None:
    try:
        arm(f"{point}=kill")
    finally:
        disarm()


def test_every_invariant_has_its_rule_and_every_rule_says_what_it_counts() -> None:
    rules = read_rules()
    assert {rule.invariant for rule in rules} == {*INVARIANTS, "unknown"}
    assert all(rule.query.strip().startswith("SELECT") for rule in rules)
    assert {rule.count for rule in rules} >= set(COUNTED)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("payments", "--personality", "kind"), "No terminal is like 'kind'"),
        (("matrix", "--part", "3/2"), "A part is N/M"),
    ],
)
def test_words_that_mean_nothing_are_refused_in_one_sentence(words: tuple[str, ...], complaint: str) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "campaign", *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=os.environ)
    assert ended.returncode == 2
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr
