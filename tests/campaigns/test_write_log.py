"""The record of writes: what it holds rebuilds the files byte for byte, and it leaves nothing behind."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from kiosk.campaign.disk import Disk, Mode
from kiosk.campaign.recording import RecordingUnavailableError, recording
from kiosk.campaign.write_log import (
    Created,
    Deleted,
    FolderSynced,
    Promised,
    Synced,
    WriteLog,
    Written,
)


@pytest.fixture(autouse=True)
def watchable(tmp_path: Path) -> None:
    try:
        with recording(tmp_path):
            pass
    except RecordingUnavailableError as error:
        pytest.skip(str(error))


def write_rows(path: Path, mode: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"PRAGMA journal_mode = {mode}")
        db.execute("CREATE TABLE IF NOT EXISTS t (x)")
        for number in range(30):
            db.execute("INSERT INTO t VALUES (?)", ("x" * 100 * number,))
        db.execute("DELETE FROM t WHERE rowid % 3 = 0")
        db.execute("VACUUM")


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rebuilt(log: WriteLog) -> dict[str, bytes]:
    disk = Disk(log.before)
    for operation in log.operations:
        disk.take(operation)
    return disk.after_a_power_cut(Mode.ALL, Random(0))


@pytest.mark.parametrize("mode", ["WAL", "DELETE", "TRUNCATE", "PERSIST"])
def test_the_record_rebuilds_every_file_byte_for_byte(tmp_path: Path, mode: str) -> None:
    write_rows(tmp_path / "old.db", mode)
    with recording(tmp_path) as log:
        write_rows(tmp_path / "old.db", mode)
        write_rows(tmp_path / "new.db", mode)
    assert rebuilt(log) == on_disk(tmp_path)
    assert set(log.before) >= {"old.db"}


def test_a_database_in_use_is_recorded_up_to_its_last_write(tmp_path: Path) -> None:
    with recording(tmp_path) as log, closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE t (x)")
        files = on_disk(tmp_path)
        del files["a.db-shm"]
        assert rebuilt(log) == files


def test_what_is_promised_stands_between_the_writes_it_follows(tmp_path: Path) -> None:
    with recording(tmp_path) as log:
        with closing(sqlite3.connect(tmp_path / "a.db")) as db:
            db.execute("CREATE TABLE t (x)")
            db.commit()
        log.promise("made")
    assert log.operations[0] == Created("a.db")
    assert log.operations[-1] == Promised("made")
    assert Deleted("a.db-journal") in [
        Deleted(each.file) for each in log.operations if isinstance(each, Deleted)
    ]


def test_the_first_sync_of_a_new_journal_makes_the_folder_durable(tmp_path: Path) -> None:
    with recording(tmp_path) as log:
        write_rows(tmp_path / "a.db", "WAL")
    wal = [each for each in log.operations if isinstance(each, Synced) and each.file == "a.db-wal"]
    assert [each.folder_too for each in wal] == [True] + [False] * (len(wal) - 1)
    assert not any(
        each.folder_too for each in log.operations if isinstance(each, Synced) and each.file == "a.db"
    )


def test_files_opened_by_the_operating_system_s_calls_are_recorded_too(tmp_path: Path) -> None:
    with recording(tmp_path) as log:
        file = os.open(tmp_path / "plain", os.O_WRONLY | os.O_CREAT)
        os.pwrite(file, b"abc", 5)
        os.fsync(file)
        os.close(file)
        folder = os.open(tmp_path, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    assert log.operations == [Created("plain"), Written("plain", 5, b"abc"), Synced("plain"), FolderSynced()]


def test_files_of_other_folders_are_none_of_its_business(tmp_path: Path) -> None:
    watched, other = tmp_path / "watched", tmp_path / "watched" / "below"
    other.mkdir(parents=True)
    with recording(watched) as log:
        write_rows(other / "a.db", "WAL")
        write_rows(tmp_path / "b.db", "DELETE")
        os.close(os.open(other / "plain", os.O_WRONLY | os.O_CREAT))
        with closing(sqlite3.connect(":memory:")) as db:
            db.execute("CREATE TABLE t (x)")
    assert log.operations == []


def test_everything_is_as_before_when_the_recording_ends(tmp_path: Path) -> None:
    calls = os.open, os.close, os.pwrite, os.fsync
    with recording(tmp_path) as log:
        assert os.pwrite is not calls[2]
    assert (os.open, os.close, os.pwrite, os.fsync) == calls
    with pytest.raises(sqlite3.OperationalError), recording(tmp_path):
        sqlite3.connect(tmp_path / "no" / "such.db")
    assert (os.open, os.close, os.pwrite, os.fsync) == calls
    write_rows(tmp_path / "later.db", "WAL")
    assert log.operations == []


def test_a_connection_may_outlive_its_recording(tmp_path: Path) -> None:
    with recording(tmp_path) as log:
        db = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        db.execute("CREATE TABLE t (x)")
    count = len(log.operations)
    db.execute("INSERT INTO t VALUES (1)")
    db.close()
    assert len(log.operations) > count, "its files belong to the record they were opened in"
    with closing(sqlite3.connect(tmp_path / "a.db")) as again:
        assert again.execute("SELECT x FROM t").fetchall() == [(1,)]


def test_two_recordings_at_once_are_refused(tmp_path: Path) -> None:
    with recording(tmp_path) as log:
        with pytest.raises(RuntimeError, match="one recording at a time"), recording(tmp_path):
            pass
        write_rows(tmp_path / "a.db", "WAL")
    assert log.operations, "the refused one did not end the first"
