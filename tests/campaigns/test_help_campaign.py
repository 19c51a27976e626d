"""The campaign over help, in its short form: real lanes and stores die, and no promise is broken."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUESTS = 300


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("campaign")
def test_hundreds_of_calls_under_kills_and_partitions_break_no_promise(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    command = [sys.executable, str(ROOT / "main.py"), "campaign", "help", "--requests", str(REQUESTS)]
    ended = subprocess.run(
        [*command, "--seed", "1", "--report", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=550,
    )
    assert file.exists(), ended.stderr[-3000:]
    report = json.loads(file.read_text("utf-8"))
    assert report == json.loads(ended.stdout)
    assert report["findings"] == []
    assert ended.returncode == 0
    assert {report[name] for name in ("lost", "ghost", "double_accepted", "stale")} == {0}
    assert report["seed"] == 1
    assert report["requests"] >= REQUESTS
    assert report["kills"] > 10, "a campaign in which nothing dies proves nothing"
    assert report["partitions"] > 5
    assert report["counts"]["accepted"] > REQUESTS / 4, "a campaign in which nobody comes proves little"
    assert 0 < report["ack_ms"]["p50"] <= report["ack_ms"]["p95"] <= report["ack_ms"]["p99"]
