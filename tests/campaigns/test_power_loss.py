"""R3: whatever a power cut leaves, no promised sale is lost; and the campaign sees it when one is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Literal

import pytest
from pydantic import SecretStr

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.opening import prepare
from inventory.power_history import StoreHistory
from kiosk.anchor import DamagedAnchorError, read_anchor
from kiosk.campaign.disk import Disk, Mode
from kiosk.campaign.lane_history import BusyJournal, LaneHistory
from kiosk.campaign.power_loss import Cut, Tally, boundaries, lay_out, plan, run_power_loss, survey
from kiosk.campaign.recording import RecordingUnavailableError, recording
from kiosk.campaign.write_log import WriteLog
from kiosk.journal import GENESIS, Entry, Head, Journal, JournalError, Outgoing, anchor_path, verify

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
Weakness = Literal["NORMAL", "OFF"]


@pytest.fixture(autouse=True)
def watchable(tmp_path: Path) -> None:
    folder = tmp_path / "probe"
    folder.mkdir()
    try:
        with recording(folder):
            pass
    except RecordingUnavailableError as error:
        pytest.skip(str(error))


def folders(tmp_path: Path) -> tuple[Path, Path]:
    played, after = tmp_path / "played", tmp_path / "after"
    played.mkdir()
    after.mkdir()
    return played, after


def play(history: LaneHistory, folder: Path) -> WriteLog:
    with recording(folder) as log:
        history.play(log.promise)
    return log


def files_after(log: WriteLog, cut: Cut, seed: int = 1) -> dict[str, bytes]:
    disk = Disk(log.before)
    for operation in log.operations[: cut.operation]:
        disk.take(operation)
    return disk.after_a_power_cut(cut.mode, Random(f"{seed}/{cut.operation}/{cut.roll}"))


# --- as it is ------------------------------------------------------------------------------------


def test_r3_no_power_cut_loses_a_sale_or_leaves_half_of_one() -> None:
    report = run_power_loss(2000, 1, StoreHistory)
    assert report.failures == ()
    assert (report.states, report.lane_states, report.store_states) == (2000, 1000, 1000)
    assert report.operations > 1000
    lost = report.acknowledged_sales_lost, report.acknowledged_entries_lost
    assert (*lost, report.corrupt, report.half) == (0, 0, 0, 0)
    assert report.is_clean


def test_the_lane_alone_can_be_tried() -> None:
    report = run_power_loss(60, 2)
    assert (report.states, report.lane_states, report.store_states) == (60, 60, 0)
    assert report.is_clean


def test_both_histories_meet_checkpoints_restarts_and_a_wal_begun_again(tmp_path: Path) -> None:
    for name, make in (("lane", LaneHistory), ("store", StoreHistory)):
        folder = tmp_path / name
        folder.mkdir()
        history: Any = make(folder)
        with recording(folder) as log:
            history.play(log.promise)
        texts = [repr(operation)[:60] for operation in log.operations]
        wal = [text for text in texts if "-wal'" in text]
        assert sum(text.startswith("Created") for text in wal) == 3
        assert sum(text.startswith("Written") and "offset=0," in text for text in wal) > 3
        assert sum(text.startswith("Synced") for text in texts if "-wal'" not in text) >= 3


def test_a_second_power_cut_while_the_lane_starts_again_loses_nothing(tmp_path: Path) -> None:
    played, after = folders(tmp_path)
    history = LaneHistory(played)
    log = play(history, played)
    tried = 0
    for first in plan(boundaries(log), 12, seed=5):
        lay_out(after, files_after(log, first))
        promised = [op.word for op in log.operations[: first.operation] if hasattr(op, "word")]
        with recording(after) as starting:
            if any(after.iterdir()):
                verify(after / "journal.sqlite")
            Journal(after / "journal.sqlite").close()
        for second in plan(boundaries(starting), 30, seed=6):
            lay_out(after, files_after(starting, second))
            assert list(history.judge(after, promised)) == [], (first, second)
            tried += 1
    assert tried == 12 * 30


def test_a_power_cut_while_a_store_is_made_does_not_keep_it_from_opening(tmp_path: Path) -> None:
    played, after = folders(tmp_path)
    with recording(played) as log:
        make_store(played)
    for cut in plan(boundaries(log), 24, seed=7):
        lay_out(after, files_after(log, cut))
        make_store(after)
        with closing(sqlite3.connect(after / "store.db")) as db:
            assert db.execute("SELECT store_id FROM store").fetchall() == [("corner",)]


def make_store(folder: Path) -> None:
    """What a store does before it opens."""
    url = f"sqlite:///{folder / 'store.db'}"
    config = StoreConfig(store_id="corner", name="Corner shop", database_url=SecretStr(url))
    database = Database(url)
    try:
        prepare(config, database, NOON)
    finally:
        database.dispose()


# --- the anchor ----------------------------------------------------------------------------------


def test_i6_after_any_power_cut_a_cut_tail_is_still_seen(tmp_path: Path) -> None:
    played, after = folders(tmp_path)
    log = play(LaneHistory(played), played)
    path = after / "journal.sqlite"
    cut_off = 0
    for cut in plan(boundaries(log), 150, seed=8):
        lay_out(after, files_after(log, cut))
        kept = readable_anchor(path)
        if kept.seq == 0:
            continue
        Journal(path).close()
        assert verify(path).seq >= kept.seq
        with closing(sqlite3.connect(path)) as db:
            db.execute("DROP TRIGGER entry_is_final_delete")
            db.execute("DELETE FROM entry WHERE seq >= ?", (kept.seq,))
            db.commit()
        with pytest.raises(JournalError, match="tail cut"):
            verify(path)
        cut_off += 1
    assert cut_off > 50


def test_power_cuts_do_leave_anchors_that_cannot_be_read_and_the_lane_starts(tmp_path: Path) -> None:
    played, after = folders(tmp_path)
    history = LaneHistory(played)
    log = play(history, played)
    damaged = 0
    for operation in boundaries(log)[:60]:
        for roll in range(5):
            lay_out(after, files_after(log, Cut(operation, Mode.TORN, roll)))
            try:
                read_anchor(after / "journal.sqlite")
            except DamagedAnchorError:
                damaged += 1
                assert list(history.judge(after, ())) == []
    assert damaged > 0


def readable_anchor(path: Path) -> Head:
    try:
        return read_anchor(path) or Head(0, GENESIS)
    except DamagedAnchorError:
        return Head(0, GENESIS)


# --- controls: the campaign finds what it looks for ----------------------------------------------


def weak_lane(folder: Path, synchronous: Weakness) -> LaneHistory:
    return LaneHistory(folder, partial(BusyJournal, synchronous=synchronous))


def weak_store(folder: Path, synchronous: Weakness) -> StoreHistory:
    def weak_database(url: str) -> Database:
        database = Database(url)
        connection = database._writer.raw_connection()
        connection.cursor().execute(f"PRAGMA synchronous = {synchronous}")
        connection.close()
        return database

    return StoreHistory(folder, weak_database)


WEAK: dict[str, Callable[[Path, Weakness], Any]] = {"lane": weak_lane, "store": weak_store}


@pytest.mark.parametrize("side", WEAK)
def test_with_synchronous_normal_promised_sales_are_lost(side: str) -> None:
    tally = survey(lambda folder: WEAK[side](folder, "NORMAL"), 300, seed=3)
    assert tally.losses["lost sale"] > 0


@pytest.mark.parametrize("side", WEAK)
def test_with_synchronous_off_sales_are_lost_and_files_spoilt(side: str) -> None:
    tally = survey(lambda folder: WEAK[side](folder, "OFF"), 300, seed=3)
    assert tally.losses["lost sale"] > 0
    assert tally.losses["corrupt"] > 0


class TwoStepJournal(BusyJournal):
    """A seeded mistake: the entry and its sale in two transactions (against P7)."""

    def append(self, kind: str, body: str, *, outgoing: tuple[Outgoing, ...] = (), **when: Any) -> Entry:
        entry = super().append(kind, body, **when)
        for message in outgoing:
            self._db.execute(
                "INSERT INTO outbox (message_id, seq, body) VALUES (?,?,?)",
                (message.message_id, entry.seq, message.body),
            )
        return entry


def test_an_entry_and_its_sale_in_two_transactions_are_found_half_there() -> None:
    tally = survey(lambda folder: LaneHistory(folder, TwoStepJournal), 700, seed=3)
    assert tally.losses["half"] > 0
    assert tally.losses["lost entry"] == 0


class HastyJournal(BusyJournal):
    """A seeded mistake: the anchor is written before the entry is safe."""

    def append(self, kind: str, body: str, **more: Any) -> Entry:
        self._anchor.write(Head(self.head.seq + 1, "ab" * 32))
        return super().append(kind, body, **more)


def test_an_anchor_written_too_early_is_found_to_stop_the_lane() -> None:
    tally = survey(lambda folder: LaneHistory(folder, HastyJournal), 300, seed=3)
    assert tally.losses["corrupt"] > 0
    assert any("tail cut" in words for words in tally.failures)


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("sale_line", "line_no", "lines"),
        ("movement", "source_id", "movements"),
        ("on_hand", "gtin", "on-hand"),
        ("sale", "sale_id", "lines"),
    ],
)
def test_a_store_with_a_part_of_a_sale_missing_is_found_half_there(
    tmp_path: Path, table: str, column: str, words: str
) -> None:
    history = StoreHistory(tmp_path)
    promised: list[str] = []
    history.play(promised.append)
    assert list(history.judge(tmp_path, promised)) == []
    with closing(sqlite3.connect(tmp_path / "store.db")) as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute(f"DELETE FROM {table} WHERE {column} = (SELECT MAX({column}) FROM {table})")
        db.commit()
    found = list(history.judge(tmp_path, promised))
    assert any(kind == "half" and words in text for kind, text in found)
    assert ("lost sale" in {kind for kind, _ in found}) == (table == "sale")


def test_a_journal_that_does_not_open_counts_every_promised_sale_as_lost(tmp_path: Path) -> None:
    history = LaneHistory(tmp_path)
    promised: list[str] = []
    history.play(promised.append)
    (tmp_path / "journal.sqlite").write_bytes(b"this is no database" * 100)
    kinds = [kind for kind, _ in history.judge(tmp_path, promised)]
    assert (kinds.count("corrupt"), kinds.count("lost sale")) == (1, 12)
    assert anchor_path(tmp_path / "journal.sqlite").exists()


# --- the plan and the report ---------------------------------------------------------------------


def test_a_full_plan_cuts_everywhere_in_every_mode() -> None:
    cuts = plan(range(50), 50 * 12, seed=1)
    assert len(cuts) == 600
    assert [cut.operation for cut in cuts] == sorted(cut.operation for cut in cuts)
    for place in range(50):
        here = [cut for cut in cuts if cut.operation == place]
        assert [cut.mode for cut in here].count(Mode.TORN) == 10
        assert len(set(here)) == 12


@pytest.mark.parametrize("states", [1, 7, 99, 100, 101, 149, 150, 151, 5000])
def test_a_plan_has_as_many_different_states_as_asked_for(states: int) -> None:
    cuts = plan(range(50), states, seed=2)
    assert len(set(cuts)) == len(cuts) == states


def test_the_same_seed_finds_the_same_and_names_how_to_see_it_again() -> None:
    first, second = (survey(lambda folder: weak_lane(folder, "OFF"), 120, seed=9) for _ in range(2))
    assert first.losses == second.losses
    assert first.failures == second.failures
    assert first.failures[0].startswith("lane: seed 9, operation ")


def test_a_tally_counts_losses_one_by_one_and_spoilt_states_once() -> None:
    tally = Tally()
    tally.add("here", [("lost sale", "a"), ("lost sale", "b"), ("half", "c"), ("half", "d")])
    tally.add("there", [])
    assert (tally.states, tally.losses["lost sale"], tally.losses["half"]) == (2, 2, 1)
    assert tally.failures[0] == "here: lost sale: a"


def test_every_new_folder_of_a_store_is_made_durable_in_the_one_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    folder = tmp_path / "shop" / "store"
    Database(f"sqlite:///{folder / 'store.db'}").dispose()
    assert synced == [tmp_path.stat().st_ino, folder.parent.stat().st_ino]
