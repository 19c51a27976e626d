"""Processes that may be killed: forked on demand, heard to the end, never left over."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

CODE = """
import os, signal, socket, sys
from pathlib import Path
from kiosk.campaign.nursery import Nursery

def task(settings, line):
    line.sendall(str(settings["number"] + 1).encode())
    if settings["number"] == 7:
        raise ValueError("told to fail")
    line.recv(1)

nursery = Nursery({"add": task})
log = Path(sys.argv[1])
child = nursery.start("add", log, number=1)
assert child.line.recv(10) == b"2"
child.signal(signal.SIGKILL)
assert child.line.recv(10) == b"", "its death is the end of the stream"
child.signal(signal.SIGKILL)
broken = nursery.start("add", log, number=7)
assert broken.line.recv(10) == b"8"
assert broken.line.recv(10) == b""
assert "told to fail" in log.read_text()
last = nursery.start("add", log, number=3)
print(last.pid)
nursery.close()
"""


def test_a_nursery_starts_kills_and_reports_and_ends_with_its_owner(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path / "log")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    left_over = int(ended.stdout)
    until_s = time.monotonic() + 10
    while _runs(left_over) and time.monotonic() < until_s:
        time.sleep(0.02)
    assert not _runs(left_over), "its line ended with the owner, so it ended too"


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return b"Z" not in Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2][:3]
