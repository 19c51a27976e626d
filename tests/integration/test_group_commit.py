"""Many callers, one transaction: nobody is answered too early, and nobody pays for another's mistake."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import wait
from pathlib import Path

import pytest
from sqlalchemy import event

from inventory.db.group_commit import GroupCommit
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.services import catalogue, sales, stock
from inventory.services.prepared_sales import Arrival
from inventory.services.sale_checks import SaleUnreadableError
from inventory.services.sale_intake import SaleIntake
from inventory.services.sales import SaleConflict
from inventory.wire import SaleMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    ITEMS,
    MIRROR,
    NOW,
    PEARS,
    RATES,
    SIX_WATERS,
    STORE_ID,
    WATER,
    body_of,
    heard,
    line_of,
    opened_store,
    sale_message,
)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def arrival(number: int, *, pieces: int = 1, receipt_no: int | None = None) -> Arrival:
    message = sale_message(
        line_of(MIRROR, pieces * 1000),
        line_of(SIX_WATERS),
        line_of(PEARS, 300),
        sale_id=f"s{number}-x",
        receipt_no=number if receipt_no is None else receipt_no,
    )
    return Arrival(message, body_of(message))


def record_together(database: Database, arrivals: Sequence[Arrival]) -> list[object]:
    with database.write() as uow:
        return [
            (outcome[0], outcome[1].flags) if isinstance(outcome, tuple) else type(outcome)
            for outcome in sales.record_all(uow, STORE_ID, arrivals, NOW)
        ]


def kept(database: Database) -> dict[str, object]:
    """Everything that sales leave behind, as it stands in the tables."""
    with database.read() as uow:
        read = uow.session.connection().exec_driver_sql
        return {
            table: sorted(map(tuple, read(f"SELECT * FROM {table}").all()))
            for table in ("sale", "sale_line", "movement", "on_hand")
        }


def test_sales_recorded_together_leave_what_they_leave_one_after_the_other(tmp_path: Path) -> None:
    arrivals = [arrival(number % 5, pieces=number % 5 + 1, receipt_no=number % 4) for number in range(12)]
    left, outcomes = [], []
    for name in ("together", "alone"):
        (tmp_path / name).mkdir()
        with opened_store(tmp_path / name) as database:
            if name == "together":
                outcomes.append(record_together(database, arrivals))
            else:
                outcomes.append([record_together(database, [each])[0] for each in arrivals])
            left.append(kept(database))
    assert outcomes[0] == outcomes[1]
    assert left[0] == left[1]


def test_one_bad_sale_among_others_is_refused_alone(database: Database) -> None:
    stranger = sale_message(line_of(WATER), sale_id="s1-x", receipt_no=9)
    broken = sale_message(line_of(WATER), sale_id="x" * 65)
    arrivals = [
        arrival(1),
        Arrival(stranger, body_of(stranger)),
        Arrival(broken, body_of(broken)),
        arrival(2),
        arrival(1),
    ]
    assert record_together(database, arrivals) == [
        (201, ()),
        SaleConflict,
        SaleUnreadableError,
        (201, ()),
        (200, ()),
    ]
    with database.read() as uow:
        assert stock.audit(uow, STORE_ID) == []
        assert len(stock.movements(uow, STORE_ID, MIRROR.gtin)) == 2


def test_of_two_sales_of_one_receipt_number_in_one_batch_the_second_is_flagged(database: Database) -> None:
    outcomes = record_together(database, [arrival(1, receipt_no=5), arrival(2, receipt_no=5)])
    assert outcomes == [(201, ()), (201, ("receipt number 5 was used before on lane-1",))]


def test_prices_that_change_between_two_batches_are_seen_by_the_second(database: Database) -> None:
    intake = SaleIntake(database, STORE_ID, lambda: NOW)
    assert intake.take(arrival(1)).result(60)[1].flags == ()  # type: ignore[index]
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, [each for each in ITEMS if each is not PEARS], RATES, NOW)
    (flag,) = intake.take(arrival(2)).result(60)[1].flags  # type: ignore[index]
    assert flag == f"{PEARS.gtin} is not in the catalogue"


def test_what_waits_for_the_writer_is_committed_at_once_and_told_in_one_go(database: Database) -> None:
    intake = SaleIntake(database, STORE_ID, lambda: NOW)
    announcements = heard(database)
    commits: list[object] = []
    event.listen(database._writer, "commit", commits.append)
    with database.write():
        futures = [intake.take(arrival(number)) for number in range(20)]
    wait(futures, timeout=60)
    assert [each.result()[0] for each in futures] == [201] * 20  # type: ignore[index]
    assert len(commits) <= 4
    told = [each.message.model_dump(include={"gtin", "on_hand_milli"}) for each in announcements]
    assert told[-4:] == [
        {"gtin": MIRROR.gtin, "on_hand_milli": -20_000},
        {"gtin": WATER.gtin, "on_hand_milli": -120_000},
        {"gtin": SIX_WATERS.gtin, "on_hand_milli": -20_000},
        {"gtin": PEARS.gtin, "on_hand_milli": -6_000},
    ]


def test_nobody_is_answered_before_the_commit(database: Database) -> None:
    may_commit = threading.Event()
    answered: list[bool] = []

    def hold(_connection: object) -> None:
        assert may_commit.wait(60)

    event.listen(database._writer, "commit", hold)
    future = SaleIntake(database, STORE_ID, lambda: NOW).take(arrival(1))
    future.add_done_callback(lambda _: answered.append(may_commit.is_set()))
    assert not future.done()
    may_commit.set()
    assert future.result(60)
    assert answered == [True]


def test_who_waits_is_joined_by_who_was_just_answered(database: Database) -> None:
    begun, may_end = threading.Event(), threading.Event()
    batches: list[list[str]] = []

    def work(_uow: UnitOfWork, jobs: Sequence[str]) -> Sequence[str]:
        batches.append(list(jobs))
        begun.set()
        assert may_end.wait(60)
        return jobs

    writer = GroupCommit(database, work, linger_s=60)
    first = writer.submit("first")
    assert begun.wait(60)
    waiting = writer.submit("waiting")
    may_end.set()
    assert first.result(60) == "first"
    assert (writer.submit("again").result(60), waiting.result(60)) == ("again", "waiting")
    assert batches == [["first"], ["waiting", "again"]]


def test_a_job_that_fails_is_rolled_back_alone_and_its_caller_hears_why(database: Database) -> None:
    def work(uow: UnitOfWork, jobs: Sequence[SaleMessage]) -> list[int]:
        outcomes = []
        for message in jobs:
            outcomes.append(sales.record(uow, STORE_ID, message, body_of(message), NOW)[0])
            if message.sale.sale_id == "s3-x":
                raise LookupError("no such shelf")
        return outcomes

    writer = GroupCommit(database, work)
    with database.write():
        futures = [writer.submit(arrival(number).message) for number in range(6)]
    wait(futures, timeout=60)
    assert [str(each.exception()) for each in futures] == ["None"] * 3 + ["no such shelf"] + ["None"] * 2
    with database.read() as uow:
        assert sales.find_sale(uow, STORE_ID, "s3-x") is None
        assert sales.today(uow, STORE_ID, NOW.date()).count == 5
        assert stock.audit(uow, STORE_ID) == []
