"""Counts of answers on the store's side: each report once, summed, no longer than a season."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from inventory.db.unit_of_work import Database
from inventory.domain.questions import AnswerOutcome, AnswerSummary
from inventory.services import answers
from inventory.wire import AnswerCountMessage, AnswerReport
from tests.support.engines import NewStore
from tests.support.store_samples import LANE_ID, NOW, STORE_ID, opened_store


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def counted(
    question: str, outcome: AnswerOutcome, count: int = 1, language: str = "it"
) -> AnswerCountMessage:
    return AnswerCountMessage(question=question, language=language, outcome=outcome, count=count)


def receive(database: Database, report_id: str, *counts: AnswerCountMessage, at: datetime = NOW) -> None:
    with database.write() as uow:
        answers.receive(uow, STORE_ID, AnswerReport(report_id=report_id, lane_id=LANE_ID, counts=counts), at)


def summaries(database: Database, since_utc: datetime = NOW - timedelta(days=7)) -> tuple[AnswerSummary, ...]:
    with database.read() as uow:
        return answers.summaries(uow, STORE_ID, since_utc=since_utc)


def test_reports_are_summed_and_those_that_failed_most_come_first(database: Database) -> None:
    receive(database, "r1", counted("scan", AnswerOutcome.HELPED, 9), counted("age", AnswerOutcome.CALLED))
    receive(database, "r2", counted("returns", AnswerOutcome.NOT_HELPED, 2))
    receive(database, "r3", counted("returns", AnswerOutcome.CALLED), counted("scan", AnswerOutcome.HELPED))
    assert summaries(database) == (
        AnswerSummary("returns", "it", not_helped=2, called=1),
        AnswerSummary("age", "it", called=1),
        AnswerSummary("scan", "it", helped=10),
    )


def test_the_same_report_again_changes_nothing(database: Database) -> None:
    for count in (3, 3, 7):
        receive(database, "r1", counted("scan", AnswerOutcome.NOT_HELPED, count))
    assert summaries(database) == (AnswerSummary("scan", "it", not_helped=3),)


def test_languages_are_counted_apart(database: Database) -> None:
    receive(
        database,
        "r1",
        counted("scan", AnswerOutcome.CALLED, language="ar"),
        counted("scan", AnswerOutcome.CALLED, 2, language="zh-Hans"),
    )
    assert [(each.language, each.called) for each in summaries(database)] == [("zh-Hans", 2), ("ar", 1)]


def test_what_is_older_than_a_season_goes_and_what_is_older_than_asked_is_left_out(
    database: Database,
) -> None:
    receive(database, "r1", counted("scan", AnswerOutcome.CALLED), at=NOW - timedelta(days=100))
    receive(database, "r2", counted("age", AnswerOutcome.CALLED), at=NOW - timedelta(days=30))
    assert summaries(database) == ()
    receive(database, "r3", counted("bags", AnswerOutcome.CALLED))
    everything = summaries(database, since_utc=NOW - timedelta(days=365))
    assert [each.question for each in everything] == ["age", "bags"]


@pytest.mark.parametrize(
    "change",
    [
        {"question": "Who are you?"},
        {"question": "x" * 40},
        {"language": "it; drop"},
        {"count": 0},
        {"count": 10_001},
        {"outcome": "angry"},
    ],
)
def test_a_count_outside_its_limits_is_no_message(change: dict[str, object]) -> None:
    good = {"question": "scan", "language": "it", "outcome": "called", "count": 1}
    AnswerCountMessage.model_validate(good)
    with pytest.raises(ValidationError):
        AnswerCountMessage.model_validate(good | change)


def test_a_report_has_some_counts_and_not_too_many() -> None:
    for counts in ((), (counted("scan", AnswerOutcome.CALLED),) * 501):
        with pytest.raises(ValidationError):
            AnswerReport(report_id="r1", lane_id=LANE_ID, counts=counts)
