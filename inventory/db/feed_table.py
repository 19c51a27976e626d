"""Owns the tables of the change feed: which items each version touched, and who set a field last.

It must not hold the items themselves: a change is read together with what the item is now.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class ItemChangeRow(StoreTable, table=True):
    """One item that one version put or dropped. Rows of old versions go."""

    __tablename__ = "item_change"
    store_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    gtin: str = Field(primary_key=True)
    scope: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """"" where it concerns everybody; at headquarters else `zone:…` or `store:…`, whose price it is."""
    kind: str
    """put or dropped."""


class ItemFieldRow(StoreTable, table=True):
    """The last change of one field of one item; none where the field is as it came with its item."""

    __tablename__ = "item_field"
    __table_args__ = (Index("ix_item_field_store_id_origin", "store_id", "origin"),)
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    origin: str
    """hq or store."""
    value: str = Field(sa_type=Text)
    """As JSON."""
    version: int = Field(sa_type=BigInteger)
    """The catalogue's version that brought it."""
    who: str
    at_utc: datetime = Field(sa_type=UtcInstant)
    hq_value: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    """Of a store's own value: what headquarters had when it was set or last decided about, as JSON."""
