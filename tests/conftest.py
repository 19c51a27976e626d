"""Owns what every test run begins and ends with: where its files lie, and a look for card numbers in them.

It must not change what a test does. The look covers the run's temporary folders (those of xdist's workers lie
in them), `build/`, pytest's cache, and what tests wrote to their logs and streams. A find fails the run.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from hardware.card_numbers import find_card_numbers_in_bytes
from tests.support.card_scan import ScanReport, scan_folders, scan_text

# No test is judged by the time it takes: a busy machine is no finding.
settings.register_profile("lanelight", deadline=None, max_examples=50)
settings.load_profile("lanelight")

_MEMORY: Final = Path("/dev/shm")
_ROOM_BYTES: Final = 4 << 30
_FEW: Final = (50_000, 20, 20)
"""So many new objects before the collector looks for rings among them, and then among the older ones."""

_CAPTURED = pytest.StashKey[ScanReport]()
_DONE = pytest.StashKey[ScanReport]()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Pytest keeps the names of tests in its cache: what looks like a card's number is not spelled there."""
    written = val.encode("utf-8", "replace") if isinstance(val, str) else val
    if isinstance(written, bytes) and find_card_numbers_in_bytes(written):
        return f"{argname} like a card's"
    return None


@pytest.hookimpl(tryfirst=True)  # before pytest and xdist make their folders
def pytest_configure(config: pytest.Config) -> None:
    if "TMPDIR" not in os.environ and _has_room(_MEMORY):
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None
    if not hasattr(config, "workerinput"):  # xdist's workers hand their reports to the controller
        config.stash[_CAPTURED] = captured = ScanReport()
        config.pluginmanager.register(_Listener(captured))


def _has_room(folder: Path) -> bool:
    """Files in memory: a store's commits then wait for no disk. What a disk does is tried elsewhere."""
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOM_BYTES


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk over it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_FEW)


class _Listener:
    """Hears every test's report, also of tests that ran in a worker."""

    def __init__(self, captured: ScanReport) -> None:
        self._captured = captured

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for title, text in report.sections:
            scan_text(f"{report.nodeid} ({title})", text, self._captured)


@pytest.hookimpl(trylast=True)  # after xdist has waited for its workers
def pytest_sessionfinish(session: pytest.Session) -> None:
    captured = session.config.stash.get(_CAPTURED, None)
    if captured is None:
        return
    report = scan_folders(_folders(session.config))
    report.texts += captured.texts
    report.size_bytes += captured.size_bytes
    report.alarms |= captured.alarms
    session.config.stash[_DONE] = report
    if report.alarms and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    report = config.stash.get(_DONE, None)
    if report is None:
        return
    if report.alarms:
        terminalreporter.section("card numbers where none may be", red=True)
        for alarm in sorted(map(str, report.alarms)):
            terminalreporter.write_line(alarm)
    for unread in report.unread:
        terminalreporter.write_line(f"not looked through: {unread}")
    terminalreporter.write_line(report.summary())


def _folders(config: pytest.Config) -> Iterator[Path]:
    factory = getattr(config, "_tmp_path_factory", None)  # pytest offers the run's folder to fixtures only
    if factory is not None:
        yield factory.getbasetemp()
    for name in ("build", ".pytest_cache"):
        yield config.rootpath / name
