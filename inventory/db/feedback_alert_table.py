"""Owns the tables of bad faces while they may alarm somebody, of alerts, and of what became of them.

It must not keep an instant of what is over: only the day, the hour, and how long it took.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class FeedbackMomentRow(StoreTable, table=True):
    """A bad face that is no alert yet. It goes as part of one, or after a quarter of an hour."""

    __tablename__ = "feedback_moment"
    store_id: str = Field(primary_key=True)
    lane_id: str = Field(primary_key=True)
    feedback_id: str = Field(primary_key=True)
    face: str
    at_utc: datetime = Field(sa_type=UtcInstant)
    reason: str = ""


class FeedbackAlertRow(StoreTable, table=True):
    """The alert of a lane: at most one, by its key. It goes when it is done or has lapsed."""

    __tablename__ = "feedback_alert"
    store_id: str = Field(primary_key=True)
    lane_id: str = Field(primary_key=True)
    alert_id: str
    opened_at_utc: datetime = Field(sa_type=UtcInstant)
    changed_at_utc: datetime = Field(sa_type=UtcInstant)
    last_face_utc: datetime = Field(sa_type=UtcInstant)
    bad: int
    awful: int
    is_here: bool
    reasons: str = ""
    """The reasons given with its faces, with a space between."""
    taken_by: str = ""
    taken_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)


class FeedbackAlertPastRow(StoreTable, table=True):
    """What became of an alert: no instant, no name. Rows older than a season go."""

    __tablename__ = "feedback_alert_past"
    __table_args__ = (Index("ix_feedback_alert_past_store_id_business_day", "store_id", "business_day"),)
    store_id: str = Field(primary_key=True)
    alert_id: str = Field(primary_key=True)
    lane_id: str
    business_day: str
    business_hour: int
    seen_to_after_s: int | None = None
    """None where nobody saw to it."""
