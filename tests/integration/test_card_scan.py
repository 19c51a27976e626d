"""Owns the proof that the look for card numbers after a test run sees one in every place it may hide.

It must not leave a number behind: all are planted in private folders that are gone before the run ends.
"""

from __future__ import annotations

import json
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hardware.card_numbers import is_card_number
from tests.support.card_scan import CANARIES, CHUNK_BYTES, ScanReport, made_number, scan_folders, scan_text

ROOT = Path(__file__).parents[2]
STRANGER = made_number("4539", 16)
"""One that the look does not know beforehand."""

Plant = Callable[[Path, str], None]


@pytest.fixture
def private() -> Iterator[Path]:
    """A folder outside the run's own, removed at once."""
    with tempfile.TemporaryDirectory(prefix="card-scan-") as folder:
        yield Path(folder)


def plant_text(folder: Path, number: str) -> None:
    (folder / "lane.log").write_text(f"INFO card {number} presented\n")


def plant_json(folder: Path, number: str) -> None:
    (folder / "result.json").write_text(json.dumps({"lines": [f"first\n{number}"]}))


def plant_row(folder: Path, number: str) -> None:
    with closing(sqlite3.connect(folder / "a.sqlite")) as database, database:
        database.execute("CREATE TABLE entry (body TEXT)")
        database.execute("INSERT INTO entry VALUES (?)", (f'{{"card": "{number}"}}',))


def plant_blob_over_pages(folder: Path, number: str) -> None:
    """So long a value that SQLite cuts it into pages, one of which ends inside the number."""
    path = folder / "b.sqlite"
    for size in range(4000, 8200, 8):
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("CREATE TABLE entry (body BLOB)")
            database.execute("INSERT INTO entry VALUES (?)", (b" " * 9000 + number.encode() + b" " * size,))
        if number.encode() not in path.read_bytes():
            return
    raise AssertionError("SQLite never cut the number")


def plant_packed_integer(folder: Path, number: str) -> None:
    with closing(sqlite3.connect(folder / "c.sqlite")) as database, database:
        database.execute("CREATE TABLE entry (card INTEGER)")
        database.execute("INSERT INTO entry VALUES (?)", (int(number),))


def plant_write_ahead_log(folder: Path, number: str) -> None:
    path = folder / "d.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE entry (body TEXT)")
        database.execute("INSERT INTO entry VALUES (?)", (number,))
        database.commit()
        (folder / "crashed.sqlite-wal").write_bytes(Path(f"{path}-wal").read_bytes())
    path.unlink()


def plant_bcd(folder: Path, number: str) -> None:
    packed = bytes.fromhex(number)
    (folder / "wire.log").write_bytes(b"got \x04\x0f\x0b\x22\xf0\xf8" + packed + b"\n")


def plant_repr(folder: Path, number: str) -> None:
    field = b"\x22\xf0\xf8" + bytes.fromhex(number)
    (folder / "debug.log").write_text(f"got {field!r}\n")


def plant_hex(folder: Path, number: str) -> None:
    (folder / "hex.log").write_text(f"got {'040f0b22f0f8' + number}\n")


def plant_wide(folder: Path, number: str) -> None:
    (folder / "wide.txt").write_text(f"card {number} presented", "utf-16")


def plant_archive(folder: Path, number: str) -> None:
    with zipfile.ZipFile(folder / "sheet.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet1.xml", f"<c>{number}</c>" * 20)


def plant_picture(folder: Path, number: str) -> None:
    packed = b"Comment\0\0" + zlib.compress(number.encode())
    chunk = struct.pack(">I4s", len(packed), b"zTXt") + packed + b"\0\0\0\0"
    (folder / "shot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk)


def plant_name(folder: Path, number: str) -> None:
    (folder / f"{number}.txt").write_text("nothing inside")


def plant_chunk_border(folder: Path, number: str) -> None:
    (folder / "long.log").write_bytes(b" " * (CHUNK_BYTES - 8) + number.encode() + b" ")


PLANTS: tuple[Plant, ...] = (
    plant_text, plant_json, plant_row, plant_blob_over_pages, plant_packed_integer, plant_write_ahead_log,
    plant_bcd, plant_repr, plant_hex, plant_wide, plant_archive, plant_picture, plant_name,
    plant_chunk_border,
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize("number", [STRANGER, CANARIES[0]], ids=["unknown", "canary"])
def test_a_planted_number_is_found_and_shown_masked(plant: Plant, number: str, private: Path) -> None:
    assert not scan_folders([private]).alarms
    plant(private, number)
    report = scan_folders([private])
    assert report.alarms
    assert report.files >= 1
    assert {alarm.masked.replace("*", "") for alarm in report.alarms} == {number[-4:]}
    assert [alarm for alarm in report.alarms if number in str(alarm)] == []


@pytest.mark.parametrize("number", CANARIES, ids=len)
@pytest.mark.parametrize("before", ["", "0", "77"], ids=["even", "odd", "inside"])
def test_a_canary_is_found_in_any_packing(number: str, before: str, private: Path) -> None:
    digits = before + number
    packed = bytes.fromhex(digits + "f" * (len(digits) % 2))
    (private / "dump").write_bytes(b"\x1f\x55" + packed + b"\x00")
    report = scan_folders([private])
    assert {alarm.form for alarm in report.alarms} == {"canary in BCD"}


def test_clean_files_are_counted_and_raise_no_alarm(private: Path) -> None:
    (private / "a.log").write_text("nothing to see\n")
    (private / "deep").mkdir()
    (private / "deep" / "b.json").write_text('{"gtin": "08001234000004", "amount_minor": 129}')
    report = scan_folders([private])
    assert (report.files, report.size_bytes, report.alarms) == (2, 62, set())
    assert "none found; 2 files and 0 captured texts" in report.summary()


def test_damaged_files_are_read_as_bytes_and_counted(private: Path) -> None:
    (private / "x.sqlite").write_bytes(b"SQLite format 3\0" + STRANGER.encode())
    (private / "x.zip").write_bytes(b"PK\x03\x04" + STRANGER.encode())
    report = scan_folders([private])
    assert len(report.broken) == 2
    assert len(report.alarms) == 2


def test_the_bytes_of_an_archive_between_its_members_are_no_card_number_unless_one_was_sent(
    private: Path,
) -> None:
    """Compressed bytes are as good as random: in megabytes of them chance writes a tag and a number."""

    def alarms(extra: bytes, content: bytes) -> int:
        member = zipfile.ZipInfo("words.txt")
        member.extra = struct.pack("<HH", 0xCAFE, len(extra)) + extra
        with zipfile.ZipFile(private / "words.zip", "w") as archive:
            archive.writestr(member, content)
        return len(scan_folders([private]).alarms)

    tagged = b"\x5a\x08" + bytes.fromhex(STRANGER)
    assert alarms(tagged, b"milk") == 0
    assert alarms(b"", tagged) == 1
    assert alarms(CANARIES[0].encode(), b"milk") == 1


def test_a_database_with_a_table_of_words_is_looked_through_as_a_database(private: Path) -> None:
    with closing(sqlite3.connect(private / "words.db")) as database:
        database.execute("CREATE VIRTUAL TABLE words USING fts5(word, content='')")
        database.execute("INSERT INTO words(rowid, word) VALUES (1, 'milk')")
        database.commit()
    assert scan_folders([private]).broken == []


def test_digits_of_neighbouring_columns_in_a_write_ahead_log_are_no_card_number(private: Path) -> None:
    database = sqlite3.connect(private / "books.sqlite")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE line (gtin TEXT, number TEXT)")
    database.execute("INSERT INTO line VALUES (?, ?)", ("5500005555", "555559"))
    database.commit()
    try:
        assert b"5500005555555559" in (private / "books.sqlite-wal").read_bytes()
        assert scan_folders([private]).alarms == set()
        database.execute("INSERT INTO line VALUES (?, ?)", ("5500005555555559", ""))
        database.commit()
        assert {alarm.masked[-4:] for alarm in scan_folders([private]).alarms} == {"5559"}
    finally:
        database.close()


def test_a_time_and_a_text_in_neighbouring_columns_are_no_packed_number(private: Path) -> None:
    """5A announces a card number, and is the Z of a time; the next column's text may pack like one."""
    text = next(
        f'"S{digits:05}"' for digits in range(100_000) if is_card_number(f'"S{digits:05}"'.encode().hex())
    )
    with closing(sqlite3.connect(private / "books.sqlite")) as database, database:
        database.execute("CREATE TABLE change (at TEXT, value TEXT)")
        database.execute("INSERT INTO change VALUES (?, ?)", ("2026-11-21T12:58:58.000000Z", text))
    assert scan_folders([private]).alarms == set()


def test_what_a_test_logged_is_looked_through() -> None:
    report = ScanReport()
    scan_text("a test (log)", f"card {STRANGER}", report)
    (alarm,) = report.alarms
    assert (report.texts, alarm.where, alarm.offset) == (1, "a test (log)", 5)


# --- the end of a run ------------------------------------------------------------------------------

LEAVES_A_NUMBER = """
from tests.support.card_scan import made_number

def test_leaves_a_file(tmp_path):
    (tmp_path / "left.log").write_text(made_number("4539", 16))
"""
PRINTS_A_NUMBER = """
from tests.support.card_scan import made_number

def test_prints():
    print(made_number("4539", 16))
"""
LEAVES_NOTHING = """
def test_is_tidy(tmp_path):
    (tmp_path / "left.log").write_text("fine")
"""


def run(private: Path, test: str, *options: str) -> tuple[int, str]:
    tests = private / "tests"
    tests.mkdir()
    (tests / "test_it.py").write_text(test)
    (private / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-c",
        str(private / "pytest.ini"),
    ]
    command += ["--basetemp", str(private / "run"), *options, str(tests)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_run_that_leaves_a_card_number_fails_and_says_where(private: Path, workers: str) -> None:
    code, told = run(private, LEAVES_A_NUMBER, "-n", workers)
    assert code == 1
    assert "1 passed" in told
    assert f"left.log at 0: ************{STRANGER[-4:]} as text" in told
    assert STRANGER not in told


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_run_whose_test_prints_a_card_number_fails(private: Path, workers: str) -> None:
    code, told = run(private, PRINTS_A_NUMBER, "-n", workers)
    assert code == 1
    assert "test_prints (Captured stdout call)" in told
    assert STRANGER not in told


def test_a_tidy_run_passes_and_tells_how_much_was_looked_through(private: Path) -> None:
    code, told = run(private, LEAVES_NOTHING, "-n", "0")
    assert code == 0
    assert "card numbers: none found; " in told
    assert " 0 files" not in told


def test_the_digests_of_a_journal_s_anchor_are_no_card_numbers_and_only_there() -> None:
    number = made_number("36", 14)
    digest = f"{'a' * 56}{number[:8]} {number[8:]}{'b' * 10}"
    anchor, other = ScanReport(), ScanReport()
    scan_text("journal.anchor", f"{150:020d} {digest}\n", anchor)
    scan_text("a log", f"head {digest}\n", other)
    assert anchor.alarms == set()
    assert len(other.alarms) == 1
