"""Owns the tables of words to other systems: who wants to hear what, what waits to be said, and the signal.

It must not hold an address or a secret: those stand in the settings alone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class WebhookRow(StoreTable, table=True):
    """One webhook of the settings, and the events it wants."""

    __tablename__ = "webhook"
    store_id: str = Field(primary_key=True)
    webhook: str = Field(primary_key=True)
    events: str = Field(sa_type=Text)
    """JSON: a list of event names."""


class WebhookMessageRow(StoreTable, table=True):
    """What one webhook is told, written with what it tells of."""

    __tablename__ = "webhook_message"
    __table_args__ = (Index("ix_webhook_message_store_id_state_due", "store_id", "state", "due_at_utc"),)
    store_id: str = Field(primary_key=True)
    webhook: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    """Of what it tells: told twice by two processes it is one message."""
    event: str
    facts: str = Field(sa_type=Text)
    state: str
    """waiting, sent or given-up."""
    problem: str
    tries: int
    made_at_utc: datetime = Field(sa_type=UtcInstant)
    due_at_utc: datetime = Field(sa_type=UtcInstant)


class StoreSignalRow(StoreTable, table=True):
    """Whether the store's signal is on: somebody has waited for so long that the whole house shall know."""

    __tablename__ = "store_signal"
    store_id: str = Field(primary_key=True)
    is_on: bool
    count: int
    """How often it changed: each change is told once."""
