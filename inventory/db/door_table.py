"""Owns the table of lanes' doors: what staff last ordered from the tablet, one row a lane.

It must not hold what lanes say of themselves: that is in their reports.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class DoorRow(StoreTable, table=True):
    """The newest order for one lane. Older ones stand in the audit trail."""

    __tablename__ = "door"
    store_id: str = Field(primary_key=True)
    lane_id: str = Field(primary_key=True)
    door_id: str
    state: str
    """One of `inventory.domain.doors.DoorWish`."""
    staff_name: str
    ordered_at_utc: datetime = Field(sa_type=UtcInstant)
