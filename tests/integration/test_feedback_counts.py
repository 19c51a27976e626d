"""Faces on the store's side: each once, a reason later, by day and lane, no longer than a season."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from inventory.db.feedback_table import FeedbackRow
from inventory.db.unit_of_work import Database
from inventory.domain.feedback import Face, FeedbackReason, by_lane
from inventory.services import feedback
from inventory.wire import FeedbackMessage
from tests.support.engines import NewStore
from tests.support.store_samples import LANE_ID, NOW, OTHER_LANE_ID, STORE_ID, opened_store

DAY = NOW.date()


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def receive(
    database: Database,
    feedback_id: str,
    face: Face,
    reason: FeedbackReason | None = None,
    *,
    lane_id: str = LANE_ID,
    at: datetime = NOW,
    now: datetime = NOW,
) -> None:
    message = FeedbackMessage(feedback_id=feedback_id, lane_id=lane_id, face=face, reason=reason, at_utc=at)
    with database.write() as uow:
        feedback.receive(uow, STORE_ID, message, now)


def said(database: Database, day: date = DAY) -> dict[str, dict[str, int]]:
    with database.read() as uow:
        found = by_lane(feedback.by_hour(uow, STORE_ID, day, day))
    return {
        each.lane_id: {
            **{face.value: count for face, count in each.faces.items()},
            **{reason.value: count for reason, count in each.reasons.items()},
        }
        for each in found
    }


def test_the_same_face_again_counts_once_and_lanes_are_counted_apart(database: Database) -> None:
    for _ in range(3):
        receive(database, "f1", Face.GREAT)
    receive(database, "f2", Face.GREAT)
    receive(database, "f1", Face.BAD, lane_id=OTHER_LANE_ID)
    assert said(database) == {LANE_ID: {"great": 2}, OTHER_LANE_ID: {"bad": 1}}


def test_a_reason_joins_its_face_once_and_never_a_good_one(database: Database) -> None:
    receive(database, "f1", Face.BAD)
    receive(database, "f1", Face.BAD, FeedbackReason.SLOW)
    receive(database, "f1", Face.BAD, FeedbackReason.MACHINE)
    receive(database, "f1", Face.BAD)
    receive(database, "f2", Face.GOOD, FeedbackReason.SLOW)
    assert said(database) == {LANE_ID: {"bad": 1, "slow": 1, "good": 1}}


def test_a_face_told_late_stands_on_its_day_and_none_in_the_future(database: Database) -> None:
    receive(database, "f1", Face.GOOD, at=NOW - timedelta(days=2))
    receive(database, "f2", Face.GOOD, at=NOW + timedelta(days=2))
    assert said(database) == {LANE_ID: {"good": 1}}
    assert said(database, DAY - timedelta(days=2)) == {LANE_ID: {"good": 1}}


def test_what_is_older_than_a_season_goes(database: Database) -> None:
    receive(database, "f1", Face.GOOD)
    receive(database, "f2", Face.GOOD, at=NOW + timedelta(days=91), now=NOW + timedelta(days=91))
    assert said(database) == {}


def test_of_a_face_neither_the_lane_s_id_nor_a_time_finer_than_its_hour_is_kept(database: Database) -> None:
    receive(database, "0193-a-time-in-it", Face.GOOD)
    with database.read() as uow:
        (row,) = uow.session.exec(select(FeedbackRow)).all()
    kept = row.model_dump()
    assert "0193-a-time-in-it" not in kept.values()
    columns = {"store_id", "lane_id", "feedback_id", "business_day", "business_hour", "face", "reason"}
    assert set(kept) == columns
