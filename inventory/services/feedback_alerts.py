"""Owns the alerts of bad faces: opened while the shopper may still be there, taken by one, done or lapsed.

It must not know screens, nor when a face alarms (inventory.domain.feedback_alerts). What is over leaves a
day, an hour and how long it took; bad faces that became no alert are forgotten after a quarter of an hour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import col, select

from inventory.db.feedback_alert_table import FeedbackAlertPastRow, FeedbackAlertRow, FeedbackMomentRow
from inventory.db.repositories import insert_new
from inventory.db.tables import LaneStateRow
from inventory.db.unit_of_work import STAFF, UnitOfWork
from inventory.domain import feedback_alerts as rule
from inventory.domain.feedback import BAD_FACES, KEPT
from inventory.domain.feedback_alerts import Alert, Moment, Mood, Seen
from inventory.services import feedback_alert_rows as kept
from inventory.services import lanes
from inventory.services.stores import business_time, find_store
from inventory.wire import FeedbackAlertMessage, LaneStateMessage


class AlertOverError(Exception):
    """Nobody waits for this any more."""


@dataclass(frozen=True, slots=True)
class StandingAlert:
    """The alert of one lane, under the id that its buttons name."""

    lane_id: str
    alert_id: str
    alert: Alert


@dataclass(frozen=True, slots=True)
class PastAlerts:
    """What became of alerts: how many, and after how many seconds somebody saw to those that were seen to."""

    count: int
    seen_to_after_s: tuple[int, ...]


def face_heard(
    uow: UnitOfWork, store_id: str, lane_id: str, feedback_id: str, moment: Moment, now_utc: datetime
) -> None:
    """Weighs a face that is new; `feedback_id` is its digest."""
    if moment.face not in BAD_FACES:
        return
    sweep(uow, store_id, now_utc)
    row = kept.alert_row(uow, store_id, lane_id)
    mood = Mood(kept.moments(uow, store_id, lane_id), None if row is None else kept.alert(row))
    after = rule.heard(mood, moment, now_utc, _seen(uow, store_id, lane_id, now_utc))
    if after == mood:
        return
    if after.alert is None:
        kept.keep_moment(uow, store_id, lane_id, feedback_id, moment)
        return
    kept.forget_moments(uow, store_id, lane_id)
    if row is None:
        kept.open_alert(uow, store_id, lane_id, after.alert)
    else:
        kept.write(uow, row, after.alert)
    _tell(uow, store_id, lane_id)


def reason_heard(
    uow: UnitOfWork, store_id: str, lane_id: str, feedback_id: str, moment: Moment, now_utc: datetime
) -> None:
    """A reason that followed its face: it goes where the face went, if that still alarms anybody."""
    if moment.reason is None or not rule.is_timely(moment.at_utc, now_utc):
        return
    waiting = uow.session.get(FeedbackMomentRow, (store_id, lane_id, feedback_id))
    row = kept.alert_row(uow, store_id, lane_id)
    if waiting is not None:
        waiting.reason = moment.reason.value
        uow.session.add(waiting)
    elif row is not None:
        alert = kept.alert(row)
        kept.write(uow, row, replace(alert, reasons=alert.reasons | {moment.reason}))
        _tell(uow, store_id, lane_id)


def lane_heard(uow: UnitOfWork, store_id: str, message: LaneStateMessage) -> None:
    """A lane says what it shows: perhaps that the shopper has left."""
    row = kept.alert_row(uow, store_id, message.lane_id)
    if row is not None and rule.has_left(kept.alert(row), Seen(message.screen, message.at_utc)):
        row.is_here = False
        uow.session.add(row)


def take(uow: UnitOfWork, store_id: str, alert_id: str, by: str, now_utc: datetime) -> None:
    """`by` sees to it. Raises AlertTakenError when somebody else does, AlertOverError when it is over."""
    row = _by_id(uow, store_id, alert_id, now_utc)
    kept.write(uow, row, rule.taken(kept.alert(row), by, now_utc))
    _tell(uow, store_id, row.lane_id)


def finish(uow: UnitOfWork, store_id: str, alert_id: str, by: str, now_utc: datetime) -> None:
    """It is done; who has not taken it before does so now. Raises what `take` raises."""
    row = _by_id(uow, store_id, alert_id, now_utc)
    _end(uow, row, rule.taken(kept.alert(row), by, now_utc))
    _tell(uow, store_id, row.lane_id)


def standing(uow: UnitOfWork, store_id: str, now_utc: datetime) -> tuple[StandingAlert, ...]:
    """The alerts that somebody should see to, by lane."""
    rows = uow.session.exec(
        select(FeedbackAlertRow)
        .where(FeedbackAlertRow.store_id == store_id)
        .order_by(col(FeedbackAlertRow.lane_id))
    )
    found = (StandingAlert(row.lane_id, row.alert_id, kept.alert(row)) for row in rows)
    return tuple(each for each in found if not each.alert.has_lapsed(now_utc))


def is_sweep_due(uow: UnitOfWork, store_id: str, now_utc: datetime) -> bool:
    """Whether anything is there that `sweep` would end or forget."""
    moment = select(FeedbackMomentRow.feedback_id).where(*kept.old_moments(store_id, now_utc)).limit(1)
    alert = select(FeedbackAlertRow.alert_id).where(*kept.lapsed(store_id, now_utc)).limit(1)
    return any(uow.session.exec(each).first() is not None for each in (moment, alert))


def sweep(uow: UnitOfWork, store_id: str, now_utc: datetime) -> None:
    """Forgets bad faces out of the window, and ends the alerts that have lapsed."""
    uow.session.connection().execute(delete(FeedbackMomentRow).where(*kept.old_moments(store_id, now_utc)))
    for row in uow.session.exec(select(FeedbackAlertRow).where(*kept.lapsed(store_id, now_utc))).all():
        _end(uow, row, kept.alert(row))
        _tell(uow, store_id, row.lane_id)


def past(uow: UnitOfWork, store_id: str, first: date, last: date) -> PastAlerts:
    """The alerts of these days that are over."""
    times = uow.session.exec(
        select(FeedbackAlertPastRow.seen_to_after_s).where(
            FeedbackAlertPastRow.store_id == store_id,
            col(FeedbackAlertPastRow.business_day).between(first.isoformat(), last.isoformat()),
        )
    ).all()
    return PastAlerts(len(times), tuple(sorted(each for each in times if each is not None)))


def _seen(uow: UnitOfWork, store_id: str, lane_id: str, now_utc: datetime) -> Seen | None:
    row = uow.session.get(LaneStateRow, (store_id, lane_id))
    if row is None or now_utc - row.received_at_utc > lanes.SILENCE:
        return None
    message = LaneStateMessage.model_validate_json(row.body)
    return Seen(message.screen, message.at_utc)


def _by_id(uow: UnitOfWork, store_id: str, alert_id: str, now_utc: datetime) -> FeedbackAlertRow:
    row = uow.session.exec(
        select(FeedbackAlertRow)
        .where(FeedbackAlertRow.store_id == store_id, FeedbackAlertRow.alert_id == alert_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None or kept.alert(row).has_lapsed(now_utc):
        raise AlertOverError
    return row


def _end(uow: UnitOfWork, row: FeedbackAlertRow, alert: Alert) -> None:
    """Leaves what is worth counting, without an instant or a name."""
    store = find_store(uow, row.store_id)
    day, hour = business_time(store, alert.opened_at_utc)
    taken_at = alert.taken_at_utc
    after_s = None if taken_at is None else max(0, round((taken_at - alert.opened_at_utc).total_seconds()))
    past = FeedbackAlertPastRow(
        store_id=row.store_id,
        alert_id=row.alert_id,
        lane_id=row.lane_id,
        business_day=day.isoformat(),
        business_hour=hour,
        seen_to_after_s=after_s,
    )
    insert_new(uow.session, past)
    kept.remove(uow, row)
    old = col(FeedbackAlertPastRow.business_day) < (day - KEPT).isoformat()
    of_store = col(FeedbackAlertPastRow.store_id) == row.store_id
    uow.session.connection().execute(delete(FeedbackAlertPastRow).where(of_store, old))


def _tell(uow: UnitOfWork, store_id: str, lane_id: str) -> None:
    uow.announce(store_id, "feedback", message=FeedbackAlertMessage(lane_id=lane_id), audience=STAFF)
