"""Owns the table of what shoppers said of their visits: a lane, a day, an hour, a face, perhaps a reason.

It must not hold an instant, a sale or a language: a face is not to be laid beside a person.
"""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field

from inventory.db.tables import StoreTable


class FeedbackRow(StoreTable, table=True):
    """One shopper’s word. Rows older than a season go."""

    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_store_id_business_day", "store_id", "business_day"),)
    store_id: str = Field(primary_key=True)
    lane_id: str = Field(primary_key=True)
    feedback_id: str = Field(primary_key=True)
    """The lane's own, without a time in it."""
    business_day: str
    business_hour: int = Field(default=-1, sa_column_kwargs={"server_default": "-1"})
    """0 to 23 of the store's clock; -1 of faces from before it was kept."""
    face: str
    reason: str = ""
