"""Owns what the store knows of shoppers' faces: each word once, counted by lane and day.

It must not know who said it, nor how a page shows it.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import delete, func
from sqlmodel import col, select

from inventory.db.feedback_table import FeedbackRow
from inventory.db.repositories import insert_new
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.feedback import BAD_FACES, KEPT, Face, FeedbackReason, FeedbackSummary
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


def of_day(uow: UnitOfWork, store_id: str, day: date) -> tuple[FeedbackSummary, ...]:
    """Each lane at which anybody said anything that day, by its id."""
    key = (FeedbackRow.lane_id, FeedbackRow.face, FeedbackRow.reason)
    statement = (
        select(*key, func.count())
        .where(FeedbackRow.store_id == store_id, FeedbackRow.business_day == day.isoformat())
        .group_by(*key)
    )
    faces: dict[str, Counter[Face]] = {}
    reasons: dict[str, Counter[FeedbackReason]] = {}
    for lane_id, face, reason, count in uow.session.exec(statement):
        faces.setdefault(lane_id, Counter())[Face(face)] += int(count)
        if reason:
            reasons.setdefault(lane_id, Counter())[FeedbackReason(reason)] += int(count)
    return tuple(
        FeedbackSummary(lane_id, dict(faces[lane_id]), dict(reasons.get(lane_id, Counter())))
        for lane_id in sorted(faces)
    )
