"""Owns how bad faces and alerts are kept in their rows, and how they come out of them again.

It must not decide anything: when a face alarms is the domain's, who sees to it the service's.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_
from sqlmodel import col, select

from inventory.db.feedback_alert_table import FeedbackAlertRow, FeedbackMomentRow
from inventory.db.repositories import insert_new
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.feedback import Face, FeedbackReason
from inventory.domain.feedback_alerts import AHEAD, WINDOW, Alert, Moment


def moments(uow: UnitOfWork, store_id: str, lane_id: str) -> tuple[Moment, ...]:
    """The bad faces of a lane that are no alert yet."""
    rows = uow.session.exec(
        select(FeedbackMomentRow).where(
            FeedbackMomentRow.store_id == store_id, FeedbackMomentRow.lane_id == lane_id
        )
    )
    return tuple(Moment(Face(row.face), row.at_utc, _reason(row.reason)) for row in rows)


def keep_moment(uow: UnitOfWork, store_id: str, lane_id: str, feedback_id: str, moment: Moment) -> None:
    """Remembers a bad face for as long as it may count."""
    row = FeedbackMomentRow(
        store_id=store_id,
        lane_id=lane_id,
        feedback_id=feedback_id,
        face=moment.face.value,
        at_utc=moment.at_utc,
        reason=moment.reason.value if moment.reason else "",
    )
    insert_new(uow.session, row)


def forget_moments(uow: UnitOfWork, store_id: str, lane_id: str) -> None:
    """What has become an alert is remembered by it alone."""
    of_lane = (col(FeedbackMomentRow.store_id) == store_id, col(FeedbackMomentRow.lane_id) == lane_id)
    uow.session.connection().execute(delete(FeedbackMomentRow).where(*of_lane))


def old_moments(store_id: str, now_utc: datetime) -> tuple[ColumnElement[bool], ...]:
    """Which bad faces are out of the window."""
    at = col(FeedbackMomentRow.at_utc)
    return (
        col(FeedbackMomentRow.store_id) == store_id,
        or_(at <= now_utc - WINDOW, at > now_utc + AHEAD),
    )


def lapsed(store_id: str, now_utc: datetime) -> tuple[ColumnElement[bool], ...]:
    """Which alerts stood long enough."""
    return (
        col(FeedbackAlertRow.store_id) == store_id,
        col(FeedbackAlertRow.changed_at_utc) <= now_utc - WINDOW,
    )


def alert_row(uow: UnitOfWork, store_id: str, lane_id: str) -> FeedbackAlertRow | None:
    """The alert of a lane, held until the end of this unit of work."""
    return uow.session.exec(
        select(FeedbackAlertRow)
        .where(FeedbackAlertRow.store_id == store_id, FeedbackAlertRow.lane_id == lane_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def alert(row: FeedbackAlertRow) -> Alert:
    """The alert that a row holds."""
    return Alert(
        opened_at_utc=row.opened_at_utc,
        changed_at_utc=row.changed_at_utc,
        last_face_utc=row.last_face_utc,
        bad=row.bad,
        awful=row.awful,
        is_here=row.is_here,
        reasons=frozenset(FeedbackReason(each) for each in row.reasons.split()),
        taken_by=row.taken_by,
        taken_at_utc=row.taken_at_utc,
    )


def open_alert(uow: UnitOfWork, store_id: str, lane_id: str, alert: Alert) -> None:
    """Keeps a new alert under an id of its own; the lane has none yet."""
    row = FeedbackAlertRow(
        store_id=store_id,
        lane_id=lane_id,
        alert_id=secrets.token_hex(8),
        opened_at_utc=alert.opened_at_utc,
        changed_at_utc=alert.changed_at_utc,
        last_face_utc=alert.last_face_utc,
        bad=alert.bad,
        awful=alert.awful,
        is_here=alert.is_here,
        reasons=_reason_text(alert.reasons),
    )
    insert_new(uow.session, row)


def write(uow: UnitOfWork, row: FeedbackAlertRow, alert: Alert) -> None:
    """Puts an alert back into its row."""
    row.changed_at_utc = alert.changed_at_utc
    row.last_face_utc = alert.last_face_utc
    row.bad, row.awful = alert.bad, alert.awful
    row.is_here = alert.is_here
    row.reasons = _reason_text(alert.reasons)
    row.taken_by, row.taken_at_utc = alert.taken_by, alert.taken_at_utc
    uow.session.add(row)


def remove(uow: UnitOfWork, row: FeedbackAlertRow) -> None:
    """Takes an alert away; somebody else may have done so in the same moment."""
    uow.session.expunge(row)
    key = (col(FeedbackAlertRow.store_id) == row.store_id, col(FeedbackAlertRow.alert_id) == row.alert_id)
    uow.session.connection().execute(delete(FeedbackAlertRow).where(*key))


def _reason(text: str) -> FeedbackReason | None:
    return FeedbackReason(text) if text else None


def _reason_text(reasons: Iterable[FeedbackReason]) -> str:
    return " ".join(sorted(each.value for each in reasons))
