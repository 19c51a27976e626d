"""Owns the table of news that several processes share: one row for what one transaction announced.

It must not keep news for long: a row is read within seconds and dropped within the hour.
"""

from __future__ import annotations

from sqlalchemy import Text
from sqlmodel import Field

from inventory.db.tables import StoreTable


class NewsRow(StoreTable, table=True):
    """Written with the change it tells of. `origin` is the process that wrote it and told its own streams."""

    __tablename__ = "news"
    store_id: str = Field(primary_key=True)
    news_id: str = Field(primary_key=True)
    """Sorts by time, but rows may become visible in another order: who reads on looks a little back."""
    origin: str
    body: str = Field(sa_type=Text)
    """JSON: a list of event name, audience, the message's kind, the message."""
