"""Owns what the store knows of shoppers' faces: each word once, counted by lane, day and hour.

It must not know who said it, nor how a page shows it.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import delete, func
from sqlalchemy import select as select_columns
from sqlmodel import col

from inventory.db.feedback_table import FeedbackRow
from inventory.db.repositories import insert_new
from inventory.db.tables import SaleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.feedback import BAD_FACES, KEPT, Face, FeedbackReason, FeedbackSummary, Hours
from inventory.domain.feedback_alerts import Moment
from inventory.services import feedback_alerts
from inventory.services.stores import business_time, find_store
from inventory.wire import FeedbackMessage


def receive(uow: UnitOfWork, store_id: str, message: FeedbackMessage, now_utc: datetime) -> None:
    """Keeps a face once; a reason may still come to a bad one. A clock that runs ahead is not believed.

    The lane's id holds the time of the touch, so only its digest is kept. A new bad face may alarm staff.
    """
    store = find_store(uow, store_id)
    day, hour = business_time(store, min(message.at_utc, now_utc))
    reason = message.reason if message.reason and message.face in BAD_FACES else None
    key = sha256(message.feedback_id.encode()).hexdigest()
    row = FeedbackRow(
        store_id=store_id,
        lane_id=message.lane_id,
        feedback_id=key,
        business_day=day.isoformat(),
        business_hour=hour,
        face=message.face.value,
        reason=reason.value if reason else "",
    )
    moment = Moment(message.face, message.at_utc, reason)
    if insert_new(uow.session, row):
        feedback_alerts.face_heard(uow, store_id, message.lane_id, key, moment, now_utc)
    elif reason is not None:
        known = uow.session.get(FeedbackRow, (store_id, message.lane_id, key))
        if known is not None and not known.reason and known.face == message.face.value:
            known.reason = reason.value
            uow.session.add(known)
            feedback_alerts.reason_heard(uow, store_id, message.lane_id, key, moment, now_utc)
    today, _hour = business_time(store, now_utc)
    old = col(FeedbackRow.business_day) < (today - KEPT).isoformat()
    uow.session.connection().execute(delete(FeedbackRow).where(col(FeedbackRow.store_id) == store_id, old))


def by_hour(uow: UnitOfWork, store_id: str, first: date, last: date) -> Hours:
    """What was said on these days at each lane in each hour of the store's clock, -1 for one not known."""
    key = (
        col(FeedbackRow.lane_id),
        col(FeedbackRow.business_hour),
        col(FeedbackRow.face),
        col(FeedbackRow.reason),
    )
    statement = (
        select_columns(*key, func.count())
        .where(
            col(FeedbackRow.store_id) == store_id,
            col(FeedbackRow.business_day).between(first.isoformat(), last.isoformat()),
        )
        .group_by(*key)
    )
    faces: dict[tuple[str, int], Counter[Face]] = {}
    reasons: dict[tuple[str, int], Counter[FeedbackReason]] = {}
    for lane_id, hour, face, reason, count in uow.session.connection().execute(statement):
        faces.setdefault((lane_id, hour), Counter())[Face(face)] += int(count)
        if reason:
            reasons.setdefault((lane_id, hour), Counter())[FeedbackReason(reason)] += int(count)
    return {
        (lane_id, hour): FeedbackSummary(lane_id, dict(found), dict(reasons.get((lane_id, hour), {})))
        for (lane_id, hour), found in sorted(faces.items())
    }


def sales_by_lane(uow: UnitOfWork, store_id: str, first: date, last: date) -> dict[str, int]:
    """How many sales of these days each lane has told of: so many might have said something."""
    lane = col(SaleRow.lane_id) + ""  # the bare column would have SQLite walk all sales in the order of lanes
    statement = (
        select_columns(lane, func.count())
        .where(
            col(SaleRow.store_id) == store_id,
            col(SaleRow.business_day).between(first.isoformat(), last.isoformat()),
        )
        .group_by(lane)
    )
    return {lane_id: int(count) for lane_id, count in uow.session.connection().execute(statement)}
