"""Owns the tables of help: each call as it stands, and every deed on it in the order they were done.

It must not know what a column means to whom; `inventory.services.help_desk` does.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy import false as sa_false
from sqlmodel import Field

from inventory.db.instants import UtcInstant
from inventory.db.tables import StoreTable

_NONE = {"server_default": ""}
_ZERO = {"server_default": "0"}


class HelpRequestRow(StoreTable, table=True):
    __tablename__ = "help_request"
    __table_args__ = (
        Index("ix_help_request_store_id_state", "store_id", "state"),
        Index("ix_help_request_store_id_received_at_utc", "store_id", "received_at_utc"),
        Index("ix_help_request_store_id_arrived_at_utc", "store_id", "arrived_at_utc"),
        Index("ix_help_request_store_id_lane_id", "store_id", "lane_id", "changed_at_utc"),
    )
    store_id: str = Field(primary_key=True)
    help_id: str = Field(primary_key=True)
    lane_id: str
    state: str
    reason: str
    language: str
    note: str
    gtin: str = Field(default="", sa_column_kwargs=_NONE)
    """The good it is about, "" where it is about none."""
    staff_name: str = ""
    requested_at_utc: datetime = Field(sa_type=UtcInstant)
    received_at_utc: datetime = Field(sa_type=UtcInstant)
    changed_at_utc: datetime = Field(sa_type=UtcInstant)
    ringing_since_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    """Since when nobody of the present turn has answered; None of calls older than the ladder."""
    accepted_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    """When somebody first answered; a hand-over does not change it."""
    arrived_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    closed_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    turn: int = Field(default=0, sa_column_kwargs=_ZERO)
    level: int = Field(default=0, sa_column_kwargs=_ZERO)
    meant_for: str = Field(default="", sa_column_kwargs=_NONE)
    hand_note: str = Field(default="", sa_column_kwargs=_NONE)
    """What whoever gave it on wrote for whoever takes it."""
    reopens: str = Field(default="", sa_column_kwargs=_NONE)
    """The id of the call that was not solved after all, "" for a first call."""
    is_safety: bool = Field(default=False, sa_column_kwargs={"server_default": sa_false()})
    is_written: bool = Field(default=False, sa_column_kwargs={"server_default": sa_false()})
    cause: str = Field(default="", sa_column_kwargs=_NONE)
    """One of `inventory.domain.help_desk.Cause`, "" where nobody said."""
    desk: str = Field(default="", sa_column_kwargs=_NONE)
    """From which desk elsewhere it was answered or ended, "" where at home."""


class HelpEventRow(StoreTable, table=True):
    """Append-only: one deed on one call."""

    __tablename__ = "help_event"
    store_id: str = Field(primary_key=True)
    help_id: str = Field(primary_key=True)
    event_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    what: str
    who: str
    """"" for the lane and for the clock."""
    detail: str = Field(sa_type=Text)
    at_utc: datetime = Field(sa_type=UtcInstant)
