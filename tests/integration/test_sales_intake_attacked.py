"""Sales on their way in while all around them breaks: answered means kept, and nothing is ever half."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from inventory.db.unit_of_work import Database
from inventory.domain.stock import Movement, Reason
from inventory.services import sales, stock, stores
from inventory.services.prepared_sales import Arrival
from inventory.services.sale_intake import SaleIntake
from inventory.services.sales import Outcome
from inventory.services.stores import Store
from tests.support.engines import NewStore
from tests.support.store_samples import (
    MIRROR,
    NOW,
    PEARS,
    SIX_WATERS,
    STORE_ID,
    body_of,
    line_of,
    opened_store,
    sale_message,
)

LINES = (line_of(MIRROR, 2000), line_of(SIX_WATERS), line_of(PEARS, 300))


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def arrival(number: int, *, receipt_no: int | None = None) -> Arrival:
    message = sale_message(*LINES, sale_id=f"s{number}-x", receipt_no=receipt_no or number)
    return Arrival(message, body_of(message))


def intake_of(database: Database) -> SaleIntake:
    return SaleIntake(database, STORE_ID, lambda: NOW)


def statuses(futures: Sequence[Future[Outcome]]) -> list[object]:
    wait(futures, timeout=60)
    outcomes = [each.exception() or each.result() for each in futures]
    return [each[0] if isinstance(each, tuple) else type(each).__name__ for each in outcomes]


def rows(database: Database, table: str) -> list[Any]:
    with database.read() as uow:
        return sorted(map(tuple, uow.session.connection().exec_driver_sql(f"SELECT * FROM {table}").all()))


def whole_sales(database: Database) -> set[str]:
    """Ids of the sales that are there; fails where one is not there with all its rows."""
    there = {row[1] for row in rows(database, "sale")}
    for table, which in (("sale_line", 1), ("movement", 1)):
        found = sorted(row[which].removeprefix("sale:").partition(":")[0] for row in rows(database, table))
        assert found == sorted(list(there) * len(LINES)), table
    with database.read() as uow:
        assert stock.audit(uow, STORE_ID) == []
    return there


def test_a_writer_killed_in_a_batch_loses_nothing_it_answered_and_leaves_nothing_half(
    tmp_path: Path, new_store: NewStore
) -> None:
    with opened_store(tmp_path, new_store=new_store) as database:
        url = database.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.support.killed_writer", url]
        killed = subprocess.run(command, check=False, capture_output=True, timeout=60)
        answered = set(killed.stdout.decode().split())
        assert (killed.returncode, killed.stderr) == (-9, b"")
        there = whole_sales(database)
        assert there == answered
        assert there, "some batches came through before it"
        # What was not answered is sent again, and with it what was.
        sent = [intake_of(database).take(arrival(number)) for number in range(20)]
        assert statuses(sent) == [200 if f"s{number}-x" in there else 201 for number in range(20)]


def test_sales_wait_while_another_program_holds_the_file(tmp_path: Path) -> None:
    with opened_store(tmp_path) as database:
        other = sqlite3.connect(str(database.url.database), isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        sent = [intake_of(database).take(arrival(number)) for number in range(1, 6)]
        threading.Timer(0.2, other.execute, ("COMMIT",)).start()
        assert statuses(sent) == [201] * 5
        other.close()


def test_a_file_that_stays_locked_is_told_to_all_at_once_and_the_next_sale_goes_in(tmp_path: Path) -> None:
    with opened_store(tmp_path) as database:
        with database.write_connection() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 20")
        begun: list[object] = []
        database.before_commit(begun.append)
        intake = intake_of(database)
        other = sqlite3.connect(str(database.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        sent = [intake.take(arrival(number)) for number in range(1, 41)]
        assert set(statuses(sent)) == {OperationalError.__name__}
        assert begun == []
        other.execute("ROLLBACK")
        other.close()
        assert statuses([intake.take(arrival(1))]) == [201]
        assert whole_sales(database) == {"s1-x"}


def test_what_is_queued_when_the_database_is_closed_is_answered_and_kept(tmp_path: Path) -> None:
    with opened_store(tmp_path) as database:
        intake = intake_of(database)
        sent = [intake.take(arrival(number)) for number in range(1, 101)]
        database.dispose()
        assert statuses(sent) == [201] * 100
        assert len(whole_sales(database)) == 100


def test_one_poisoned_sale_among_many_is_the_only_one_to_fail(database: Database) -> None:
    # Half of a character: no text of any database, though the message passed for one.
    broken = replace(line_of(MIRROR), name="\ud83d")
    poisoned = Arrival(sale_message(broken, sale_id="s13-x", receipt_no=13), b"{}")
    intake = intake_of(database)
    commits: list[object] = []
    database.before_commit(commits.append)
    sent = [intake.take(poisoned if number == 13 else arrival(number)) for number in range(1, 25)]
    answers = statuses(sent)
    assert answers.pop(12) not in (200, 201)
    assert answers == [201] * 23
    assert len(commits) < 16
    assert whole_sales(database) == {f"s{number}-x" for number in range(1, 25) if number != 13}


def test_both_engines_keep_the_same_of_the_same_sales(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    sent = [arrival(number % 9, receipt_no=number % 7 + 1) for number in range(1, 13)]
    with opened_store(tmp_path / "file") as on_file:
        answers = []
        for intake in map(intake_of, (database, on_file)):
            answers.append([statuses([intake.take(one)]) for one in sent])
        assert answers[0] == answers[1]
        for table in ("sale", "sale_line", "movement", "on_hand"):
            assert rows(database, table) == rows(on_file, table)


def test_what_the_writer_remembers_gives_way_to_what_is_there(database: Database) -> None:
    intake = intake_of(database)
    assert intake.take(arrival(1)).result(60) is not None
    with database.write() as uow:
        stores.open_store(uow, Store(STORE_ID, "Corner shop", "EUR", "Pacific/Auckland"))
    outcome = intake.take(arrival(2, receipt_no=1)).result(60)
    assert isinstance(outcome, tuple)
    assert outcome[1].flags == ("receipt number 1 was used before on lane-1",)
    with database.read() as uow:
        hours = uow.session.connection().exec_driver_sql("SELECT business_hour FROM sale").scalars().all()
    assert len(set(hours)) == 2, "the second is kept by the new clock"


def test_a_source_that_somebody_used_before_moves_nothing_twice(database: Database) -> None:
    with database.write() as uow:
        taken = Movement(MIRROR.gtin, Reason.CORRECTION, 5000, "sale:s1-x:1", "desk", NOW)
        assert stock.post(uow, STORE_ID, taken)
    assert statuses([intake_of(database).take(arrival(1))]) == [201]
    with database.read() as uow:
        level = stock.on_hand(uow, STORE_ID, MIRROR.gtin)
        assert level is not None
        assert level.on_hand_milli == 5000
        assert stock.audit(uow, STORE_ID) == []


def test_what_a_sale_costs_does_not_grow_with_the_sales_before_it(tmp_path: Path) -> None:
    with opened_store(tmp_path) as database:
        first = _steps_of(database, arrival(1))
        with database.write() as uow:
            uow.session.connection().exec_driver_sql(_THREE_HUNDRED_MORE)
        assert _steps_of(database, arrival(1001)) < first * 1.5


_THREE_HUNDRED_MORE = """
WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers LIMIT 300)
INSERT INTO sale (
    store_id, sale_id, lane_id, receipt_no, body, body_hash, answer, flag_count, journal_seq, journal_head,
    paid_at_utc, received_at_utc, business_day, business_hour, currency, total_minor
)
SELECT store_id, 'copy-' || n, lane_id, 10000 + n, body, body_hash, answer, flag_count, journal_seq,
    journal_head, paid_at_utc, received_at_utc, business_day, business_hour, currency, total_minor
FROM sale, numbers
"""


def _steps_of(database: Database, sale: Arrival) -> int:
    """What recording a sale costs, in steps of SQLite's machine, by the score."""
    steps: list[int] = []
    with database.write() as uow:
        driver: Any = uow.session.connection().connection.driver_connection
        driver.set_progress_handler(lambda: steps.append(20), 20)
        assert isinstance(sales.record_all(uow, STORE_ID, [sale], NOW)[0], tuple)
        driver.set_progress_handler(None, 0)
    return sum(steps)
