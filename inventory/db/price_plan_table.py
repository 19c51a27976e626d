"""Owns the table of planned prices: what an item will cost, from when to when, why, and who said so.

It must not know how a plan is carried out.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class PricePlanRow(StoreTable, table=True):
    """One planned price."""

    __tablename__ = "price_plan"
    __table_args__ = (
        Index("ix_price_plan_store_id_due_utc", "store_id", "due_utc"),
        Index("ix_price_plan_store_id_gtin", "store_id", "gtin"),
    )
    store_id: str = Field(primary_key=True)
    plan_id: str = Field(primary_key=True)
    gtin: str
    price_minor: int = Field(sa_type=BigInteger)
    valid_from_utc: datetime = Field(sa_type=UtcInstant)
    valid_until_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    reason: str = ""
    who: str
    made_at_utc: datetime = Field(sa_type=UtcInstant)
    state: str
    """planned, running, over or called off."""
    former_minor: int | None = Field(default=None, sa_type=BigInteger)
    """The price it took the place of; NULL before it began."""
    due_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    """When the clock next has something to do with it; NULL when it has not."""
