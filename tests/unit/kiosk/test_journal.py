"""The electronic journal: what is written stays, in order, whole, and anything else is seen."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk import failpoints
from kiosk.journal import (
    GENESIS,
    Entry,
    Head,
    Journal,
    JournalError,
    Outgoing,
    anchor_path,
    entry_hash,
    export_journal,
    read_file,
    verify,
)
from tests.support.lane_fakes import NOON

COLUMNS = ("seq", "at_utc", "boot_id", "monotonic_s", "kind", "body", "previous_hash", "hash")


def append(journal: Journal, number: int, *outgoing: Outgoing) -> Entry:
    return journal.append(
        "ItemScanned",
        f'{{"n":{number}}}',
        at_utc=NOON + timedelta(seconds=number, microseconds=number),
        boot_id="boot-1",
        monotonic_s=1000.5 + number,
        outgoing=outgoing,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lane" / "journal.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


@pytest.fixture
def written(path: Path) -> Path:
    """A closed journal of five entries."""
    journal = Journal(path)
    for number in range(1, 6):
        append(journal, number)
    journal.close()
    return path


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    failpoints._armed.clear()


def tamper(path: Path, *statements: str, values: tuple[Any, ...] = ()) -> None:
    """As somebody with the file in their hands would: the triggers are no wall against them."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER IF EXISTS entry_is_final_update")
        db.execute("DROP TRIGGER IF EXISTS entry_is_final_delete")
        for statement in statements:
            db.execute(statement, values)
        db.commit()


# --- writing and reading back --------------------------------------------------------------------


def test_an_empty_journal_has_the_genesis_as_its_head(journal: Journal) -> None:
    assert journal.head == Head(0, GENESIS)
    assert list(journal.entries()) == []
    assert verify(journal.path) == Head(0, GENESIS)


def test_entries_come_back_exactly_and_in_order(journal: Journal) -> None:
    appended = [append(journal, number) for number in range(1, 20)]
    assert list(journal.entries()) == appended
    assert [entry.seq for entry in appended] == list(range(1, 20))
    assert journal.head == Head(19, appended[-1].hash)


def test_each_entry_holds_the_hash_of_the_one_before(journal: Journal) -> None:
    one, two = append(journal, 1), append(journal, 2)
    assert (one.previous_hash, two.previous_hash) == (GENESIS, one.hash)
    expected = entry_hash(2, two.at_utc.isoformat(), "boot-1", 1002.5, two.kind, two.body, one.hash)
    assert two.hash == expected


def test_a_reopened_journal_goes_on_where_it_ended(written: Path) -> None:
    journal = Journal(written)
    assert append(journal, 6).seq == 6
    journal.close()
    assert verify(written).seq == 6


def test_a_whole_number_of_seconds_verifies_too(journal: Journal) -> None:
    journal.append("A", "{}", at_utc=NOON, boot_id="b", monotonic_s=5)
    assert verify(journal.path) == journal.head


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    body=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80),
    seconds=st.floats(0, 1e9),
    microseconds=st.integers(0, 10**12),
)
def test_any_text_and_any_instant_verify(
    journal: Journal, body: str, seconds: float, microseconds: int
) -> None:
    at = NOON + timedelta(microseconds=microseconds)
    entry = journal.append("Any", body, at_utc=at, boot_id="b", monotonic_s=seconds)
    assert verify(journal.path) == Head(entry.seq, entry.hash)
    assert list(journal.entries())[-1] == entry


def test_the_export_has_one_object_a_line(written: Path, tmp_path: Path) -> None:
    target = tmp_path / "journal.jsonl"
    assert export_journal(written, target) == 5
    assert len(target.read_text("utf-8").splitlines()) == 5


# --- what somebody changed is seen ---------------------------------------------------------------


def damaged_text(text: str) -> str:
    """One character another one, in the middle."""
    middle = len(text) // 2
    other = "0" if text[middle] != "0" else "1"
    return text[:middle] + other + text[middle + 1 :]


@pytest.mark.parametrize("seq", [1, 3, 5])
@pytest.mark.parametrize("column", COLUMNS)
def test_i6_a_changed_value_in_any_column_of_any_entry_is_seen(written: Path, column: str, seq: int) -> None:
    with closing(sqlite3.connect(written)) as db:
        (value,) = db.execute(f"SELECT {column} FROM entry WHERE seq = ?", (seq,)).fetchone()
    changed = damaged_text(value) if isinstance(value, str) else value + 10
    tamper(written, f"UPDATE entry SET {column} = ? WHERE seq = {seq}", values=(changed,))
    with pytest.raises(JournalError):
        verify(written)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(data=st.data())
def test_i6_one_changed_character_anywhere_in_an_entry_is_seen(written: Path, data: st.DataObject) -> None:
    copy = written.with_name("copy.sqlite")
    shutil.copy(written, copy)
    column = data.draw(st.sampled_from([name for name in COLUMNS if name not in ("seq", "monotonic_s")]))
    seq = data.draw(st.integers(1, 5))
    with closing(sqlite3.connect(copy)) as db:
        (value,) = db.execute(f"SELECT {column} FROM entry WHERE seq = ?", (seq,)).fetchone()
    place = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda c: c != value[place]))
    changed = value[:place] + other + value[place + 1 :]
    tamper(copy, f"UPDATE entry SET {column} = ? WHERE seq = {seq}", values=(changed,))
    with pytest.raises(JournalError):
        verify(copy)


def test_another_spelling_of_the_same_instant_is_seen(written: Path) -> None:
    tamper(written, "UPDATE entry SET at_utc = replace(at_utc, '+00:00', 'Z') WHERE seq = 2")
    with pytest.raises(JournalError, match="entry 2"):
        verify(written)


def test_a_time_that_is_none_names_its_entry(written: Path) -> None:
    tamper(written, "UPDATE entry SET at_utc = 'noon' WHERE seq = 4")
    with pytest.raises(JournalError, match="entry 4 has no readable time"):
        verify(written)
    with pytest.raises(JournalError, match="entry 4"):
        read_file(written)


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_missing_entry_is_seen(written: Path, seq: int) -> None:
    tamper(written, f"DELETE FROM entry WHERE seq = {seq}")
    with pytest.raises(JournalError, match=f"entry {seq} is missing"):
        verify(written)


def test_a_missing_entry_whose_gap_was_closed_is_seen(written: Path) -> None:
    tamper(
        written,
        "DELETE FROM entry WHERE seq = 2",
        "UPDATE entry SET seq = -(seq - 1) WHERE seq > 2",
        "UPDATE entry SET seq = -seq WHERE seq < 0",
    )
    with pytest.raises(JournalError, match="entry 2 does not follow entry 1"):
        verify(written)


def test_swapped_entries_are_seen(written: Path) -> None:
    tamper(
        written,
        "UPDATE entry SET seq = -2 WHERE seq = 2",
        "UPDATE entry SET seq = 2 WHERE seq = 3",
        "UPDATE entry SET seq = 3 WHERE seq = -2",
    )
    with pytest.raises(JournalError, match="entry 2 does not follow"):
        verify(written)


@pytest.mark.parametrize("cut", [1, 2, 5])
def test_i6_a_cut_tail_is_seen_against_the_anchor(written: Path, cut: int) -> None:
    tamper(written, f"DELETE FROM entry WHERE seq > {5 - cut}")
    with pytest.raises(JournalError, match="tail cut"):
        verify(written)


def test_a_cut_tail_is_seen_against_the_head_on_a_receipt_when_the_anchor_file_is_gone(written: Path) -> None:
    head = verify(written)
    tamper(written, "DELETE FROM entry WHERE seq > 3")
    anchor_path(written).unlink()
    assert verify(written).seq == 3, "the chain alone cannot see it"
    with pytest.raises(JournalError, match="tail cut"):
        verify(written, head)


def test_a_tail_written_anew_with_right_hashes_is_seen_against_the_anchor(written: Path) -> None:
    anchor = anchor_path(written).read_text()
    tamper(written, "DELETE FROM entry WHERE seq > 3")
    journal = Journal(written)
    for number in (14, 15, 16):
        append(journal, number)
    journal.close()
    anchor_path(written).write_text(anchor)
    with pytest.raises(JournalError, match="entry 5 is not the one the anchor knows"):
        verify(written)


def test_an_anchor_that_lags_behind_a_power_cut_is_fine(written: Path) -> None:
    anchor = anchor_path(written).read_text()
    journal = Journal(written)
    append(journal, 6)
    journal.close()
    anchor_path(written).write_text(anchor)
    assert verify(written).seq == 6


# --- nothing can be changed from inside ----------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = '{}' WHERE seq = 1",
        "DELETE FROM entry WHERE seq = 1",
        "DELETE FROM outbox",
    ],
)
def test_triggers_forbid_to_change_what_was_written(journal: Journal, statement: str) -> None:
    append(journal, 1, Outgoing("sale-1", "{}"))
    with pytest.raises(sqlite3.IntegrityError, match=r"final|kept"):
        journal._db.execute(statement)
    assert verify(journal.path).seq == 1


def test_the_file_is_for_its_owner_only(journal: Journal) -> None:
    assert journal.path.stat().st_mode & 0o077 == 0


# --- one process, one file -----------------------------------------------------------------------


def test_c30_a_second_journal_on_the_same_file_is_refused(journal: Journal) -> None:
    with pytest.raises(JournalError, match="another process runs this lane"):
        Journal(journal.path)


def test_c30_a_second_process_is_refused_until_the_first_ends(path: Path) -> None:
    journal = Journal(path)
    attempt = "import pathlib, sys, kiosk.journal as j; j.Journal(pathlib.Path(sys.argv[1])).close()"

    def other_process() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", attempt, str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))

    refused = other_process()
    assert refused.returncode != 0
    assert "another process runs this lane" in refused.stderr
    journal.close()
    assert other_process().returncode == 0


def test_a_journal_can_be_read_and_verified_while_the_lane_runs(journal: Journal) -> None:
    append(journal, 1)
    assert verify(journal.path).seq == 1
    assert len(read_file(journal.path)) == 1


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for deed in (Journal, verify, read_file):
        with pytest.raises(JournalError):
            deed(path)
    assert path.read_bytes() == content


def test_a_refused_file_is_not_locked_for_ever(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(JournalError):
        Journal(path)
    path.unlink()
    Journal(path).close()


def test_a_journal_of_a_newer_program_is_refused(written: Path) -> None:
    with closing(sqlite3.connect(written)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalError, match="newer than this program"):
        Journal(written)


def test_a_folder_in_the_journal_s_place_is_one_sentence(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(JournalError):
        Journal(path)
    with pytest.raises(JournalError, match="no journal here"):
        verify(path)


# --- the outbox ----------------------------------------------------------------------------------


def test_messages_wait_oldest_first_until_they_were_sent(journal: Journal) -> None:
    append(journal, 1, Outgoing("sale-b", "B"))
    append(journal, 2)
    append(journal, 3, Outgoing("sale-a", "A"))
    assert [message.message_id for message in journal.waiting()] == ["sale-b", "sale-a"]
    journal.mark_sent("sale-b", NOON)
    assert journal.waiting() == [Outgoing("sale-a", "A", 3)]
    assert journal.waiting_count() == 1


def test_the_hash_behind_a_message_is_that_of_its_own_entry(journal: Journal) -> None:
    append(journal, 1)
    entry = append(journal, 2, Outgoing("sale-1", "{}"))
    append(journal, 3)
    assert journal.hash_of_message("sale-1") == entry.hash
    assert journal.hash_of(2) == entry.hash
    assert journal.hash_of_message("nothing") == GENESIS
    assert journal.hash_of(99) == GENESIS


def test_what_waits_survives_a_restart(journal: Journal, path: Path) -> None:
    append(journal, 1, Outgoing("sale-1", "{}"))
    journal.close()
    again = Journal(path)
    assert [message.message_id for message in again.waiting()] == ["sale-1"]
    again.close()


def test_a_message_can_be_put_out_once_only(journal: Journal) -> None:
    append(journal, 1, Outgoing("sale-1", "{}"))
    head = journal.head
    with pytest.raises(JournalError, match="UNIQUE"):
        append(journal, 2, Outgoing("sale-1", "{}"))
    assert journal.head == head
    assert len(list(journal.entries())) == 1, "neither the message nor its entry was written"


def test_p7_no_message_leaves_while_the_entry_behind_it_is_being_written(journal: Journal) -> None:
    """On one connection a reader would see the row before its commit."""
    seen: list[Outgoing] = []
    reader = threading.Thread(target=lambda: seen.extend(journal.waiting()))
    with journal._turn:  # as held by an append in its transaction
        reader.start()
        reader.join(0.05)
        assert reader.is_alive()
    reader.join(5)
    assert seen == []


# --- when the disk refuses -----------------------------------------------------------------------


def test_a_failed_commit_leaves_the_head_and_the_outbox_as_they_were(journal: Journal) -> None:
    append(journal, 1)
    head, anchor = journal.head, anchor_path(journal.path).read_text()
    failpoints.arm("before-commit=io-error")
    with pytest.raises(JournalError, match="failpoint"):
        append(journal, 2, Outgoing("sale-1", "{}"))
    failpoints._armed.clear()
    assert journal.head == head
    assert journal.waiting() == []
    assert anchor_path(journal.path).read_text() == anchor
    assert append(journal, 2).seq == 2
    assert verify(journal.path).seq == 2


def full_disk(journal: Journal) -> None:
    journal._db.execute("PRAGMA max_page_count = 1")


def no_file(journal: Journal) -> None:
    journal._db.close()


@pytest.mark.parametrize("trouble", [full_disk, no_file])
def test_whatever_sqlite_refuses_is_a_journal_error(
    journal: Journal, trouble: Callable[[Journal], None]
) -> None:
    append(journal, 1, Outgoing("sale-1", "{}"))
    trouble(journal)
    with pytest.raises(JournalError):
        journal.append("Big", "x" * 200_000, at_utc=NOON, boot_id="b", monotonic_s=1.0)
    assert journal.head.seq == 1


def test_a_closed_journal_tells_the_sender_so_in_its_own_words(journal: Journal) -> None:
    append(journal, 1, Outgoing("sale-1", "{}"))
    journal._db.close()
    for deed in (journal.waiting, journal.waiting_count, lambda: journal.mark_sent("sale-1", NOON)):
        with pytest.raises(JournalError):
            deed()


def test_a_lost_anchor_folder_does_not_undo_a_commit(journal: Journal) -> None:
    anchor_path(journal.path).with_suffix(".anchor-new").mkdir()
    append(journal, 1)
    assert journal.head.seq == 1
    assert len(list(journal.entries())) == 1
