"""The process that reads a file: what it may use up, how it dies, and that nothing half-read is taken."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from inventory.formats.table import SheetError
from inventory.intake import runner, worker
from inventory.intake.runner import read_apart
from inventory.intake.staged import StagedFile
from tests.support import goods_files as files
from tests.support.goods_files import EURO, SOAP


def keep(folder: Path, raw: str | bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return path


def test_a_file_is_read_by_another_process_that_says_how_far_it_is(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    read_apart(
        keep(tmp_path, files.EPCIS), tmp_path / "s", EURO, lambda share, rows: heard.append((share, rows))
    )
    assert heard[-1] == (1000, 5)
    staged = StagedFile(tmp_path / "s")
    assert staged.noted("is_read")
    assert [line.gtin for chunk in staged.stock_lines() for line in chunk].count(SOAP) == 2
    staged.close()


def test_what_cannot_be_read_is_the_readers_own_sentence(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="lacks the columns gtin and price_minor"):
        read_apart(keep(tmp_path, "name\nSoap\n"), tmp_path / "s", EURO)


def test_a_process_that_takes_too_long_is_ended_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="took too long"):
        read_apart(keep(tmp_path, files.SQUARE), tmp_path / "s", EURO, wall_s=0.01)


def test_a_process_that_dies_is_a_sentence_and_leaves_nothing_to_take(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"no staging file" * 100)
    with pytest.raises(SheetError, match="broke off; nothing was changed"):
        read_apart(keep(tmp_path, files.SQUARE), tmp_path / "s", EURO)


def test_a_file_that_needs_too_much_memory_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """24 MiB of braces are a list of dicts larger than the process may be."""
    raw = b'{"epcisBody":{"eventList":[' + b"{}," * (8 * 1024 * 1024) + b"{}]}}"
    with pytest.raises(SheetError, match="more memory than an import may take"):
        read_apart(keep(tmp_path, raw), tmp_path / "s", EURO)


def test_the_process_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORE_TOKEN", "secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert set(runner._environment()) <= {"PATH", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


def test_options_travel_whole() -> None:
    assert worker.options_from(worker.options_to(EURO)) == EURO


def test_a_staging_file_that_is_not_whole_says_so(tmp_path: Path) -> None:
    staged = StagedFile(tmp_path / "s")
    assert staged.noted("is_read") is None
    staged.close()
    (tmp_path / "t").write_bytes(b"x" * 5000)
    with pytest.raises(sqlite3.DatabaseError):
        StagedFile(tmp_path / "t")
