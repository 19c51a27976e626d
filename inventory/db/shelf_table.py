"""Owns the tables behind what a shopper is told of a shelf: open baskets, trust, and how a department speaks.

It must not hold on-hand: that is the ledger's.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class ReservationRow(StoreTable, table=True):
    """What lies in the open baskets of one lane, of one item; the lane's own word, replaced by its next."""

    __tablename__ = "reservation"
    __table_args__ = (Index("ix_reservation_store_id_gtin", "store_id", "gtin"),)
    store_id: str = Field(primary_key=True)
    lane_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    """As the ledger books it: a pack is its singles."""
    quantity_milli: int = Field(sa_type=BigInteger)


class ShelfTrustRow(StoreTable, table=True):
    """How far the records of one item may be believed."""

    __tablename__ = "shelf_trust"
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    counted_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    doubts: int = 0
    """Reports of an empty shelf since staff last looked."""


class ShelfRuleRow(StoreTable, table=True):
    """How a department speaks of its goods, and how often its records were right of late."""

    __tablename__ = "shelf_rule"
    store_id: str = Field(primary_key=True)
    department: str = Field(primary_key=True)
    plenty_milli: int = Field(sa_type=BigInteger)
    a_few_milli: int = Field(sa_type=BigInteger)
    certain_for_h: int
    counted: int = 0
    """Counts that were judged; halved together with `agreed` now and then, so that old ones fade."""
    agreed: int = 0
    set_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who set it on the console; empty where the settings or what most do holds."""
    set_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)


class StorePlaceRow(StoreTable, table=True):
    """Where a store stands, in millionths of a degree (WGS 84), and the address a shopper may read."""

    __tablename__ = "store_place"
    store_id: str = Field(primary_key=True)
    latitude_e6: int
    longitude_e6: int
    address: str = ""
    square: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """The smallest square of the map it stands in, see `domain.map_square`."""


class StockNearRow(StoreTable, table=True):
    """That a store has some of an item, and where it stands: what the search for the nearest store reads.

    Triggers keep it in the transaction that changes on-hand or a place; a row comes with the first piece and
    goes with the last. A store whose place nobody said has none.
    """

    __tablename__ = "stock_near"
    __table_args__ = (
        Index("ix_stock_near_gtin_square", "gtin", "square", "store_id", "latitude_e6", "longitude_e6"),
        {"sqlite_with_rowid": False},
    )
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    square: int = Field(sa_type=BigInteger)
    latitude_e6: int
    longitude_e6: int


class LinkKeyRow(StoreTable, table=True):
    """The key that signs links shoppers keep; made once, at random."""

    __tablename__ = "link_key"
    store_id: str = Field(primary_key=True)
    key: str
