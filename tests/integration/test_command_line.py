"""What a person reads when a command cannot be done: one sentence, and an exit code that is not 0."""

from __future__ import annotations

import csv
import json
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.journal import Journal
from tests.support.warm_program import ran

ROOT = Path(__file__).parents[2]


def run(
    *words: str, display: str = "", driver: str = "", cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "SDL_AUDIODRIVER": "dummy"}
    if driver:
        environment["SDL_VIDEODRIVER"] = driver
    if display:
        environment["DISPLAY"] = display
    return ran(*words, environment=environment, folder=cwd)


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert all(word in lines[0] for word in words), lines[0]


def write_lane_config(folder: Path, **lane: str) -> Path:
    keys = {
        "id": "lane-9",
        "label": "9",
        "store_id": "s",
        "store_name": "S",
        "data": str(folder / "d"),
        **lane,
    }
    text = "[lane]\n" + "".join(f'{key} = "{value}"\n' for key, value in keys.items())
    text += '[store]\nurl = "http://127.0.0.1:1"\ntoken = "0123456789abcdef0123456789"\n'
    path = folder / "lane.toml"
    path.write_text(text, "utf-8")
    return path


def a_journal(folder: Path, entries: int = 5) -> Path:
    path = folder / "journal.sqlite"
    journal = Journal(path)
    for number in range(entries):
        moment = datetime(2026, 11, 22, 10, number, tzinfo=UTC)
        journal.append(
            "LineRemoved", f'{{"line_id":"{number}"}}', at_utc=moment, boot_id="b", monotonic_s=1.0
        )
    journal.close()
    return path


def test_help_names_every_role() -> None:
    command = [sys.executable, str(ROOT / "main.py"), "--help"]  # as a shop starts it; others are forked
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    for role in ("demo", "lane", "store", "simulate", "catalogue", "stock", "journal", "doctor", "panel"):
        assert role in done.stdout


def test_a_lane_without_its_settings_file_says_so(tmp_path: Path) -> None:
    assert_one_sentence(run("lane", "--config", str(tmp_path / "none.toml")), "none.toml", "cannot be read")


def test_a_mistyped_key_is_refused_with_line_and_suggestion(tmp_path: Path) -> None:
    path = write_lane_config(tmp_path, langauge="it")
    assert_one_sentence(run("lane", "--config", str(path)), "lane.toml:7", "langauge", "language")


def test_a_config_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lane.toml"
    path.write_bytes(b"\x00\xff[lane")
    assert_one_sentence(run("lane", "--config", str(path)), "lane.toml")


def test_a_lane_does_not_start_on_a_journal_that_does_not_verify(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    journal = a_journal(tmp_path / "d")
    text = journal.read_bytes()
    journal.write_bytes(text.replace(b'{"line_id":"3"}', b'{"line_id":"4"}'))
    done = run("lane", "--config", str(write_lane_config(tmp_path)))
    assert_one_sentence(done, "journal", "entry 4")


def test_a_window_that_cannot_open_is_one_clear_sentence_at_the_end(tmp_path: Path) -> None:
    done = run("lane", "--config", str(write_lane_config(tmp_path)), driver="no-such-driver")
    assert done.returncode == 2
    assert "no window can be opened" in done.stderr.strip().splitlines()[-1]


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert_one_sentence(run("demo", "--port", str(port), display=":99"), str(port), "in use")


def test_a_folder_that_cannot_be_written_is_named() -> None:
    assert_one_sentence(run("demo", "--headless", "--out", "/proc/lanelight"), "/proc/lanelight")


def test_a_language_nobody_translated_is_refused() -> None:
    assert_one_sentence(run("demo", "--headless", "--language", "tlh"), "tlh", "zh-Hans")


def test_an_unknown_verb_fails_with_file_and_line_and_still_leaves_a_record(tmp_path: Path) -> None:
    journey = tmp_path / "wrong.journey"
    journey.write_text("scan 123\njump 3\n", "utf-8")
    done = run("demo", "--headless", "--journey", str(journey), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert f"{journey}:2" in done.stdout
    record = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    assert record["passed"] is False
    assert "jump" in record["failure"]


def test_the_catalogue_is_exported_with_the_columns_others_rely_on(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    done = run("catalogue", "export", str(file), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert len(rows) >= 250
    wanted = {"gtin", "sku", "name", "price_minor", "currency", "tax_class", "sold_by", "age_limit"}
    assert wanted | {"department", "aisle", "bay"} <= set(rows[0])
    assert {row["sold_by"] for row in rows} == {"unit", "weight"}
    assert all(int(row["price_minor"]) > 0 and int(row["age_limit"]) >= 0 for row in rows)


def test_stock_of_one_item_is_shown(tmp_path: Path) -> None:
    done = run("stock", "show", "9520000030018", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Whole milk 1 L" in done.stdout


def test_an_unknown_gtin_is_one_sentence(tmp_path: Path) -> None:
    done = run("stock", "show", "9520000999995", cwd=tmp_path)
    assert done.returncode == 2
    assert "9520000999995" in done.stderr


@pytest.mark.parametrize("damage", ["none", "byte", "tail"])
def test_journal_verify_tells_whole_from_damaged(tmp_path: Path, damage: str) -> None:
    journal = a_journal(tmp_path)
    if damage == "byte":
        journal.write_bytes(journal.read_bytes().replace(b'{"line_id":"2"}', b'{"line_id":"9"}'))
    if damage == "tail":
        whole = a_journal(tmp_path / "longer", 7)
        journal.with_suffix(".anchor").write_bytes(whole.with_suffix(".anchor").read_bytes())
    done = run("journal", "verify", "--journal", str(journal))
    if damage == "none":
        assert done.returncode == 0
        assert "5 entries" in done.stdout
    else:
        assert_one_sentence(done, "does not verify", "entry 3" if damage == "byte" else "tail cut")


def test_journal_export_writes_one_json_object_a_line(tmp_path: Path) -> None:
    journal = a_journal(tmp_path)
    done = run("journal", "export", str(tmp_path / "j.jsonl"), "--journal", str(journal))
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (tmp_path / "j.jsonl").read_text("utf-8").splitlines()]
    assert [row["seq"] for row in rows] == [1, 2, 3, 4, 5]


def write_store_config(folder: Path, **keys: object) -> Path:
    path = folder / "store.toml"
    values = {"store_id": "s", "name": "S", **keys}
    path.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items()), "utf-8")
    return path


def test_a_database_of_a_newer_program_is_one_sentence(tmp_path: Path) -> None:
    config = str(write_store_config(tmp_path))
    assert run("staff", "add", "Ada", "--config", config).returncode == 0
    with closing(sqlite3.connect(tmp_path / "store.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    assert_one_sentence(run("staff", "add", "Bea", "--config", config), "another version", "9999")
    assert_one_sentence(run("store", "--config", config, "--port", "0"), "another version")


def test_a_database_that_cannot_be_locked_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "store.db.writer").mkdir()
    config = str(write_store_config(tmp_path))
    assert_one_sentence(run("staff", "add", "Ada", "--config", config), "store.db.writer", "Is a directory")
    assert_one_sentence(run("store", "--config", config, "--port", "0"), "store.db.writer")


def test_a_store_says_where_it_listens_only_once_it_does(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        config = write_store_config(tmp_path, port=taken.getsockname()[1])
        refused = run("store", "--config", str(config))
    assert_one_sentence(refused, "in use")
    assert refused.stdout == ""


def test_a_simulator_takes_nobody_s_place(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    refused = run("simulate", "scanner", "--link", str(tmp_path / "notes.txt"))
    assert_one_sentence(refused, "notes.txt", "there already")
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"


@pytest.mark.window
@pytest.mark.parametrize(
    ("edge_mm", "mark", "words"), [(780, "✓", "of everybody"), (1130, "✕", "above 1220")]
)
def test_the_doctor_measures_how_high_the_highest_control_is(
    tmp_path: Path, edge_mm: int, mark: str, words: str
) -> None:
    config = write_lane_config(tmp_path)
    config.write_text(f"{config.read_text()}[panel]\nbottom_edge_mm = {edge_mm}\n")
    said = run("doctor", "--config", str(config)).stdout
    line = next(line for line in said.splitlines() if "with it" in line)
    assert line.startswith(mark), line
    assert words in line
