"""Searches that found nothing on the store's side: each report once, summed, told apart by language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from inventory.db.unit_of_work import Database
from inventory.domain.searches import MissedTerm
from inventory.services import searches
from inventory.wire import SearchCountMessage, SearchReport
from tests.support.engines import NewStore
from tests.support.store_samples import LANE_ID, NOW, STORE_ID, opened_store


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def counted(term: str, count: int = 1, language: str = "it") -> SearchCountMessage:
    return SearchCountMessage(term=term, language=language, count=count)


def receive(database: Database, report_id: str, *counts: SearchCountMessage, at: datetime = NOW) -> None:
    report = SearchReport(report_id=report_id, lane_id=LANE_ID, counts=counts)
    with database.write() as uow:
        searches.receive(uow, STORE_ID, report, at)


def missed(database: Database, *, days: int = 7, limit: int = 8) -> tuple[MissedTerm, ...]:
    with database.read() as uow:
        return searches.missed(uow, STORE_ID, since_utc=NOW - timedelta(days=days), limit=limit)


def test_reports_are_summed_and_the_most_frequent_word_comes_first(database: Database) -> None:
    receive(database, "r1", counted("lievito", 3), counted("zafferano"))
    receive(database, "r2", counted("lievito", 2), counted("lievito", 9, language="ar"))
    assert missed(database) == (
        MissedTerm("lievito", "ar", 9),
        MissedTerm("lievito", "it", 5),
        MissedTerm("zafferano", "it", 1),
    )
    assert [each.is_many for each in missed(database)] == [True, True, False]
    assert len(missed(database, limit=1)) == 1


def test_the_same_report_again_changes_nothing(database: Database) -> None:
    for count in (3, 3, 7):
        receive(database, "r1", counted("lievito", count))
    assert missed(database) == (MissedTerm("lievito", "it", 3),)


def test_what_is_older_than_a_season_goes(database: Database) -> None:
    receive(database, "r1", counted("lievito"), at=NOW - timedelta(days=100))
    receive(database, "r2", counted("zafferano"))
    assert missed(database, days=365) == (MissedTerm("zafferano", "it", 1),)


@pytest.mark.parametrize(
    "change",
    [
        {"term": ""},
        {"term": "x" * 31},
        {"term": "mario@example.org"},
        {"term": "333 4445556"},
        {"term": "lie\0vito"},
        {"language": "it; drop"},
        {"count": 0},
        {"count": 10_001},
        {"who": "Mario"},
    ],
)
def test_a_count_outside_its_limits_or_about_a_person_is_no_message(change: dict[str, object]) -> None:
    good = {"term": "lievito", "language": "it", "count": 1}
    SearchCountMessage.model_validate(good)
    with pytest.raises(ValidationError):
        SearchCountMessage.model_validate(good | change)
