"""Owns the life of a reading process: it is started, listened to, and ended when it takes too long.

It must not read the upload itself, whatever it holds: that is what the other process is for.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from inventory.formats.entries import ReadOptions
from inventory.formats.table import SheetError
from inventory.intake.reading import Progress
from inventory.intake.worker import CPU_S, NO_MEMORY, REFUSED, options_to

ROOT = Path(__file__).resolve().parents[2]
WALL_S = 300
_LONGEST_LINE = 4096


def read_apart(
    upload: Path,
    staging: Path,
    options: ReadOptions,
    progress: Progress | None = None,
    *,
    wall_s: float = WALL_S,
) -> None:
    """Reads `upload` into the new file `staging` in a process of its own.

    `progress` hears thousandths and rows. Raises SheetError with one sentence for a file that cannot be
    taken, and for a process that died or took longer than `wall_s`.
    """
    command = [sys.executable, "-m", "inventory.intake.worker", str(upload), str(staging)]
    with subprocess.Popen(  # noqa: S603 - our own module; paths are made here, no shell
        [*command, json.dumps(options_to(options))],
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        timer = threading.Timer(wall_s, process.kill)
        timer.start()
        try:
            said = _listen(process, progress)
        finally:
            timer.cancel()
            process.kill()
        code = process.wait()
    if code != 0:
        raise SheetError(said if code == REFUSED and said else _why(code))


def _environment() -> dict[str, str]:
    """Nothing of ours but where the program lies: settings may hold secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def _listen(process: subprocess.Popen[str], progress: Progress | None) -> str:
    """Passes progress on until the process falls silent; answers why it refused, or ""."""
    assert process.stdout is not None, "the process was started with a pipe"
    refused = ""
    while line := process.stdout.readline(_LONGEST_LINE):
        try:
            words = json.loads(line)
            if "refused" in words:
                refused = str(words["refused"])[:500]
            elif progress is not None:
                progress(min(1000, int(words["share"])), int(words["rows"]))
        except (ValueError, KeyError, TypeError):
            continue  # a process that was taken over may say anything
    process.wait()
    return refused


def _why(code: int) -> str:
    match -code:
        case signal.SIGXCPU | signal.SIGKILL | signal.SIGALRM:
            return f"Reading the file took too long (more than {CPU_S} s of work); nothing was changed."
        case signal.SIGABRT:  # what is not Python's ends so when it gets no more memory
            return NO_MEMORY
        case signal.SIGXFSZ:
            return "The file makes more rows than an import may hold; nothing was changed."
        case _:
            return "Reading the file broke off; nothing was changed. The file may be damaged."
