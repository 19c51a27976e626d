"""Owns the tables of help from elsewhere: the desks of a database, and which call was put before which desk.

It must not know why a call goes anywhere; `inventory.domain.routing` does.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class DeskRow(StoreTable, table=True):
    """A store, or a place with no lanes, whose people answer calls of other stores; as its settings say."""

    __tablename__ = "desk"
    store_id: str = Field(primary_key=True)
    serves: str = Field(sa_type=Text)
    """JSON: ids of stores, or the one word `*`."""
    skills: str = Field(sa_type=Text)
    """JSON: the reasons it answers; empty for all."""
    languages: str = Field(sa_type=Text)
    hours: str


class HelpTermsRow(StoreTable, table=True):
    """What a store's settings say that a desk has to keep to; as they were when it last started."""

    __tablename__ = "help_terms"
    store_id: str = Field(primary_key=True)
    policy: str = Field(sa_type=Text)
    """JSON: who may decide what (`inventory.domain.approving.Policy`)."""
    call_link: str


class HelpRouteRow(StoreTable, table=True):
    """One call that was put before one desk. `store_id` is the call's own store."""

    __tablename__ = "help_route"
    __table_args__ = (
        Index("ix_help_route_store_id_ended_at_utc_lane_id", "store_id", "ended_at_utc", "lane_id"),
        Index("ix_help_route_desk_id_ended_at_utc", "desk_id", "ended_at_utc"),
    )
    store_id: str = Field(primary_key=True)
    help_id: str = Field(primary_key=True)
    desk_id: str = Field(primary_key=True)
    lane_id: str
    turn: int
    """The call's turn: one that was given on since is routed anew."""
    why: str
    sent_by: str
    """Who sent it there, "" for the clock."""
    is_given_back: bool
    routed_at_utc: datetime = Field(sa_type=UtcInstant)
    ended_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
