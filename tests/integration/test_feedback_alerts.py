"""Alerts of bad faces on the store's side: told at once, one a lane, seen to by one, forgotten in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from inventory.db.feedback_alert_table import FeedbackAlertPastRow, FeedbackAlertRow, FeedbackMomentRow
from inventory.db.unit_of_work import Database
from inventory.domain.feedback import Face, FeedbackReason
from inventory.domain.feedback_alerts import WINDOW, AlertTakenError
from inventory.services import feedback, feedback_alerts, lanes
from inventory.services.feedback_alerts import AlertOverError, PastAlerts, StandingAlert
from inventory.web.feedback_clock import FeedbackClock
from inventory.wire import FeedbackMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    LANE_ID,
    NOW,
    OTHER_LANE_ID,
    STORE_ID,
    heard,
    lane_state,
    opened_store,
)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def after(**step: float) -> datetime:
    return NOW + timedelta(**step)


def touch(
    database: Database,
    feedback_id: str,
    face: Face = Face.AWFUL,
    *,
    reason: FeedbackReason | None = None,
    lane_id: str = LANE_ID,
    at: datetime = NOW,
    now: datetime | None = None,
) -> None:
    message = FeedbackMessage(feedback_id=feedback_id, lane_id=lane_id, face=face, reason=reason, at_utc=at)
    with database.write() as uow:
        feedback.receive(uow, STORE_ID, message, now or at)


def show(database: Database, screen: str, *, at: datetime = NOW) -> None:
    message = lane_state().model_copy(update={"screen": screen, "at_utc": at})
    with database.write() as uow:
        lanes.report_state(uow, STORE_ID, message, at)
        feedback_alerts.lane_heard(uow, STORE_ID, message)


def standing(database: Database, now: datetime = NOW) -> tuple[StandingAlert, ...]:
    with database.read() as uow:
        return feedback_alerts.standing(uow, STORE_ID, now)


def rows(database: Database) -> dict[str, int]:
    with database.read() as uow:
        return {
            kind.__name__: len(uow.session.exec(select(kind)).all())
            for kind in (FeedbackMomentRow, FeedbackAlertRow, FeedbackAlertPastRow)
        }


def test_an_awful_face_alarms_staff_alone_while_its_shopper_is_there(database: Database) -> None:
    show(database, "thanks")
    announcements = heard(database)
    touch(database, "f1", at=after(seconds=3))
    assert [(told.event_name, told.audience) for told in announcements] == [("feedback", "staff")]
    (found,) = standing(database)
    assert (found.lane_id, found.alert.awful, found.alert.is_pressing) == (LANE_ID, 1, True)
    show(database, "attract", at=after(seconds=9))
    (found,) = standing(database)
    assert not found.alert.is_here


def test_the_same_face_told_again_alarms_once(database: Database) -> None:
    for _ in range(3):
        touch(database, "f1", Face.BAD)
    assert standing(database) == ()
    assert rows(database)["FeedbackMomentRow"] == 1


def test_three_bad_faces_of_one_lane_alarm_and_those_of_several_do_not(database: Database) -> None:
    for number, lane_id in enumerate((LANE_ID, LANE_ID, OTHER_LANE_ID, OTHER_LANE_ID)):
        touch(database, f"f{number}", Face.BAD, lane_id=lane_id)
    assert standing(database) == ()
    touch(database, "f4", Face.BAD, lane_id=OTHER_LANE_ID, at=after(minutes=14))
    (found,) = standing(database, after(minutes=14))
    assert (found.lane_id, found.alert.bad) == (OTHER_LANE_ID, 3)


def test_a_lane_has_one_alert_at_most_and_its_faces_are_forgotten_with_it(database: Database) -> None:
    for number in range(7):
        touch(database, f"f{number}", Face.BAD, at=after(seconds=number))
    touch(database, "f9", Face.AWFUL, at=after(seconds=9))
    (found,) = standing(database)
    assert (found.alert.bad, found.alert.awful) == (7, 1)
    assert rows(database) == {"FeedbackMomentRow": 0, "FeedbackAlertRow": 1, "FeedbackAlertPastRow": 0}


def test_a_reason_joins_the_alert_its_face_made_or_will_make(database: Database) -> None:
    touch(database, "f1", Face.BAD)
    touch(database, "f1", Face.BAD, reason=FeedbackReason.SLOW)
    touch(database, "f2", Face.AWFUL)
    touch(database, "f2", Face.AWFUL, reason=FeedbackReason.WAITED)
    (found,) = standing(database)
    assert found.alert.reasons == {FeedbackReason.SLOW, FeedbackReason.WAITED}


@pytest.mark.parametrize("away", [timedelta(minutes=-15), timedelta(minutes=2)])
def test_a_face_that_comes_late_or_from_a_clock_ahead_is_counted_and_alarms_nobody(
    database: Database, away: timedelta
) -> None:
    touch(database, "f1", at=NOW + away, now=NOW)
    assert standing(database) == ()
    assert rows(database)["FeedbackMomentRow"] == 0
    with database.read() as uow:
        (summary,) = feedback.by_hour(uow, STORE_ID, NOW.date(), NOW.date()).values()
    assert summary.faces == {Face.AWFUL: 1}


def test_a_face_told_by_a_lane_whose_shopper_has_gone_is_a_quiet_entry(database: Database) -> None:
    show(database, "attract", at=after(minutes=5))
    touch(database, "f1", at=NOW, now=after(minutes=5))
    (found,) = standing(database, after(minutes=5))
    assert not found.alert.is_here


def test_of_two_who_see_to_it_one_does_and_an_alert_that_is_over_is_over(database: Database) -> None:
    touch(database, "f1")
    (found,) = standing(database)
    with database.write() as uow:
        feedback_alerts.take(uow, STORE_ID, found.alert_id, "Marco", after(seconds=12))
    with pytest.raises(AlertTakenError), database.write() as uow:
        feedback_alerts.take(uow, STORE_ID, found.alert_id, "Lucia", after(seconds=13))
    with database.write() as uow:
        feedback_alerts.finish(uow, STORE_ID, found.alert_id, "Marco", after(seconds=90))
    for step in (feedback_alerts.take, feedback_alerts.finish):
        with pytest.raises(AlertOverError), database.write() as uow:
            step(uow, STORE_ID, found.alert_id, "Marco", after(seconds=91))
    with database.read() as uow:
        assert feedback_alerts.past(uow, STORE_ID, NOW.date(), NOW.date()) == PastAlerts(1, (12,))


def test_what_nobody_sees_to_lapses_and_is_told(database: Database) -> None:
    touch(database, "f1")
    touch(database, "f2", Face.BAD, lane_id=OTHER_LANE_ID)
    clock = [after(minutes=14)]
    sweeper = FeedbackClock(database, STORE_ID, clock=lambda: clock[0])
    announcements = heard(database)
    assert not sweeper.tick()
    clock[0] = NOW + WINDOW
    assert standing(database, clock[0]) == ()  # shown no longer, swept or not
    assert sweeper.tick()
    assert [told.event_name for told in announcements] == ["feedback"]
    assert rows(database) == {"FeedbackMomentRow": 0, "FeedbackAlertRow": 0, "FeedbackAlertPastRow": 1}
    with database.read() as uow:
        assert feedback_alerts.past(uow, STORE_ID, NOW.date(), NOW.date()) == PastAlerts(1, ())
    assert not sweeper.tick()


def test_of_an_alert_that_is_over_neither_an_instant_nor_a_name_is_kept(database: Database) -> None:
    touch(database, "f1")
    (found,) = standing(database)
    with database.write() as uow:
        feedback_alerts.finish(uow, STORE_ID, found.alert_id, "Marco", after(seconds=5))
    with database.read() as uow:
        (row,) = uow.session.exec(select(FeedbackAlertPastRow)).all()
    kept = row.model_dump()
    assert not [value for value in kept.values() if isinstance(value, datetime) or value == "Marco"]
    with database.write() as uow:
        later = NOW + timedelta(days=92)
        touched = FeedbackMessage(feedback_id="f2", lane_id=LANE_ID, face=Face.AWFUL, at_utc=later)
        feedback.receive(uow, STORE_ID, touched, later)
        (again,) = feedback_alerts.standing(uow, STORE_ID, later)
        feedback_alerts.finish(uow, STORE_ID, again.alert_id, "Marco", later)
        left = uow.session.exec(select(FeedbackAlertPastRow.alert_id)).all()
    assert left == [again.alert_id]
