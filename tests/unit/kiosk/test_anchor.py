"""The anchor: a cut tail is seen through it, and no power cut makes it stop a lane."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.anchor import DamagedAnchorError, Head, anchor_path, read_anchor
from kiosk.journal import GENESIS, Journal, JournalError, verify
from tests.support.lane_fakes import NOON

DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "never filled": lambda _record: b"",
    "zeros": lambda record: bytes(len(record)),
    "cut short": lambda record: record[:50],
    "torn": lambda record: record[:30] + bytes(len(record) - 30),
    "of two records": lambda record: record[:19] + b"9" + record[20:],
    "longer": lambda record: record + b"\n",
    "strange": lambda _record: b"\xff\xfe",
}
each_damage = pytest.mark.parametrize("damage", DAMAGED)


def append(journal: Journal, number: int) -> None:
    journal.append("ItemScanned", f'{{"n":{number}}}', at_utc=NOON, boot_id="b", monotonic_s=float(number))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A closed journal of five entries."""
    path = tmp_path / "lane" / "journal.sqlite"
    journal = Journal(path)
    for number in range(1, 6):
        append(journal, number)
    journal.close()
    return path


def cut_tail(path: Path, last: int) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER entry_is_final_delete")
        db.execute("DELETE FROM entry WHERE seq > ?", (last,))
        db.commit()


def damage_anchor(path: Path, damage: str) -> bytes:
    content = DAMAGED[damage](anchor_path(path).read_bytes())
    anchor_path(path).write_bytes(content)
    return content


def test_the_anchor_holds_the_newest_entry_from_the_first_opening_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    assert read_anchor(journal.path) == Head(0, GENESIS)
    append(journal, 1)
    assert read_anchor(journal.path) == journal.head
    journal.close()


@each_damage
def test_a_lane_starts_with_an_anchor_that_cannot_be_read_and_says_so(
    written: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    content = damage_anchor(written, damage)
    with pytest.raises(DamagedAnchorError):
        read_anchor(written)
    with caplog.at_level(logging.WARNING):
        assert verify(written).seq == 5
    assert "a cut tail would not be seen" in caplog.text
    journal = Journal(written)
    journal.close()
    assert "set aside as" in caplog.text
    assert written.with_suffix(".anchor-damaged").read_bytes() == content
    assert read_anchor(written) == journal.head, "made anew at once, not at the next entry"


@each_damage
def test_i6_a_tail_cut_after_the_next_start_is_seen_again(written: Path, damage: str) -> None:
    damage_anchor(written, damage)
    Journal(written).close()
    cut_tail(written, 4)
    with pytest.raises(JournalError, match="tail cut"):
        verify(written)


def test_i6_opening_a_cut_journal_does_not_forget_what_was_cut(written: Path) -> None:
    cut_tail(written, 3)
    Journal(written).close()
    with pytest.raises(JournalError, match="entry 5 once existed: tail cut"):
        verify(written)


def test_i6_an_emptied_journal_beside_its_anchor_is_a_cut_tail(written: Path) -> None:
    written.write_bytes(b"")
    with pytest.raises(JournalError, match="tail cut"):
        verify(written)


def test_an_anchor_that_may_not_be_read_stops_the_proof(written: Path) -> None:
    anchor_path(written).unlink()
    anchor_path(written).mkdir()
    with pytest.raises(JournalError, match="anchor"):
        verify(written)


def test_a_lane_sells_without_an_anchor_where_none_can_be_made(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "journal.sqlite"
    anchor_path(path).mkdir()
    with caplog.at_level(logging.WARNING):
        journal = Journal(path)
    assert "a cut tail would not be seen" in caplog.text
    append(journal, 1)
    assert journal.head.seq == 1
    journal.close()


def test_a_closed_journal_leaves_no_file_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        Journal(tmp_path / "journal.sqlite").close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@given(content=st.binary(max_size=200))
def test_no_content_of_the_anchor_file_is_more_than_damaged(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "journal.sqlite"
    anchor_path(path).write_bytes(content)
    with pytest.raises(DamagedAnchorError):
        read_anchor(path)


# --- a file whose making was interrupted ---------------------------------------------------------


def test_a_journal_file_without_tables_is_an_empty_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"")
    assert verify(path) == Head(0, GENESIS)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
    assert verify(path) == Head(0, GENESIS)
    journal = Journal(path)
    append(journal, 1)
    journal.close()
    assert verify(path).seq == 1


def test_a_journal_whose_entries_were_dropped_is_not_an_empty_one(written: Path) -> None:
    anchor_path(written).unlink()
    with closing(sqlite3.connect(written)) as db:
        db.execute("DROP TABLE entry")
        db.execute("PRAGMA user_version = 0")
    with pytest.raises(JournalError, match="no such table"):
        verify(written)


@pytest.mark.parametrize("value", [None, 5, b"x"])
def test_a_damaged_page_s_values_are_seen_and_do_not_stop_the_reader(written: Path, value: object) -> None:
    with closing(sqlite3.connect(written)) as db:
        db.execute("DROP TRIGGER entry_is_final_update")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_schema SET sql = replace(replace(sql, ' STRICT', ''), ' NOT NULL', '')")
        db.commit()
    with closing(sqlite3.connect(written)) as db:
        db.execute("UPDATE entry SET at_utc = ? WHERE seq = 2", (value,))
        db.commit()
    with pytest.raises(JournalError, match="entry 2"):
        verify(written)


def test_every_new_folder_of_the_journal_is_made_durable_in_the_one_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut may take the whole folder, whatever was synced inside (POSIX fsync, fsync(2))."""
    synced: list[int] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    folder = tmp_path / "shop" / "lane"
    Journal(folder / "journal.sqlite").close()
    assert synced[:2] == [tmp_path.stat().st_ino, folder.parent.stat().st_ino]
    assert folder.stat().st_ino in synced


def test_a_file_system_that_cannot_sync_a_folder_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def refusing(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refusing)
    journal = Journal(tmp_path / "lane" / "journal.sqlite")
    journal.close()
    assert read_anchor(journal.path) == journal.head


def test_a_disk_that_fails_to_sync_the_new_folder_stops_the_lane_before_it_sells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(JournalError, match="Input/output error"):
        Journal(tmp_path / "lane" / "journal.sqlite")
