"""Owns the table of what was said in calls: by id with its slots, or as a text with its language.

It must not hold who a shopper is: a call knows its lane alone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class HelpPhraseRow(StoreTable, table=True):
    """One thing said, by one side. Rows older than a season go."""

    __tablename__ = "help_phrase"
    __table_args__ = (
        Index("ix_help_phrase_store_id_lane_id", "store_id", "lane_id", "received_at_utc"),
        Index("ix_help_phrase_store_id_received_at_utc", "store_id", "received_at_utc"),
    )
    store_id: str = Field(primary_key=True)
    help_id: str = Field(primary_key=True)
    phrase_id: str = Field(primary_key=True)
    """Of this one thing, made by who said it."""
    lane_id: str
    side: str
    phrase: str
    """Which phrase, "" for a text."""
    slots: str = Field(sa_type=Text)
    """As JSON."""
    text: str = Field(sa_type=Text)
    language: str
    who: str
    """The name of who answered, "" for the shopper."""
    at_utc: datetime = Field(sa_type=UtcInstant)
    received_at_utc: datetime = Field(sa_type=UtcInstant)
