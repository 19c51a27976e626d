"""Owns the tables beside the ledger: sums by place, papers of stock with their lines, bundles, reorder rules.

It must not know what a paper does to the stock; the movements say that.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class StockAtRow(StoreTable, table=True):
    """A running sum of the movements of one place that is not the plain shelf, checked by the audit.

    The plain shelf (location, lot and expiry empty) has no row: it is what is left of on-hand.
    """

    __tablename__ = "stock_at"
    __table_args__ = (
        Index("ix_stock_at_store_id_location", "store_id", "location"),
        Index("ix_stock_at_store_id_expires_on", "store_id", "expires_on"),
    )
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    location: str = Field(primary_key=True)
    lot: str = Field(primary_key=True)
    expires_on: str = Field(primary_key=True)
    quantity_milli: int = Field(sa_type=BigInteger)
    as_of_utc: datetime = Field(sa_type=UtcInstant)


class BundlePartRow(StoreTable, table=True):
    """One part of a bundle: how much of `gtin` leaves the shelf when one `bundle_gtin` is sold."""

    __tablename__ = "bundle_part"
    __table_args__ = (Index("ix_bundle_part_store_id_gtin", "store_id", "gtin"),)
    store_id: str = Field(primary_key=True)
    bundle_gtin: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    quantity_milli: int = Field(sa_type=BigInteger)


class StockDocumentRow(StoreTable, table=True):
    """A paper about stock: a delivery, a transfer, a count, waste. Its lines lie beside it."""

    __tablename__ = "stock_document"
    __table_args__ = (
        Index("ix_stock_document_store_id_kind_made_at_utc", "store_id", "kind", "made_at_utc"),
    )
    store_id: str = Field(primary_key=True)
    document_id: str = Field(primary_key=True)
    kind: str
    state: str
    """open, posted or cancelled."""
    title: str
    """The supplier, or what is counted."""
    location: str
    to_location: str
    partner: str
    """The other store of a transfer; else empty."""
    why: str
    made_by: str
    made_at_utc: datetime = Field(sa_type=UtcInstant)
    posted_by: str = ""
    posted_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    paper_number: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The number on the supplier's note; else empty."""
    expected_on: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The day (ISO 8601) an announced delivery should come; else empty."""


class StockDocumentLineRow(StoreTable, table=True):
    """One line of a paper; it may change until the paper is posted."""

    __tablename__ = "stock_document_line"
    __table_args__ = (Index("ix_stock_document_line_store_id_gtin", "store_id", "gtin"),)
    store_id: str = Field(primary_key=True)
    document_id: str = Field(primary_key=True)
    line_id: str = Field(primary_key=True)
    gtin: str
    location: str
    lot: str
    expires_on: str
    expected_milli: int | None = Field(default=None, sa_type=BigInteger)
    """What was announced; of a count, what the books held when the line was counted."""
    quantity_milli: int | None = Field(default=None, sa_type=BigInteger)
    """What came, moved or was found; empty until somebody said."""
    actor: str = ""
    at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    in_baskets: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Of a count: JSON of what each lane held then, in thousandths by its id; empty for nothing."""


class ReorderRow(StoreTable, table=True):
    """When to order an item again, and up to how much."""

    __tablename__ = "reorder"
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    point_milli: int = Field(sa_type=BigInteger)
    target_milli: int = Field(sa_type=BigInteger)


class LateSaleRow(StoreTable, table=True):
    """A movement of a sale that was told to the store well after it was paid; kept for two weeks."""

    __tablename__ = "late_sale"
    __table_args__ = (Index("ix_late_sale_store_id_gtin", "store_id", "gtin"),)
    store_id: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    gtin: str
    lane_id: str
    quantity_milli: int = Field(sa_type=BigInteger)
    """Below nothing: it left the shelf."""
    paid_at_utc: datetime = Field(sa_type=UtcInstant)
    received_at_utc: datetime = Field(sa_type=UtcInstant)


class CountLookRow(StoreTable, table=True):
    """What a count without a paper was taken against, a tap's or a file's; kept for two weeks."""

    __tablename__ = "count_look"
    __table_args__ = (Index("ix_count_look_store_id_gtin", "store_id", "gtin"),)
    store_id: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    """The count's own movement."""
    gtin: str
    counted_at_utc: datetime = Field(sa_type=UtcInstant)
    known_at_utc: datetime = Field(sa_type=UtcInstant)
    """Until when the books had heard of sales, when the count was held against them."""
    in_baskets: str
    """JSON of what each lane held then, in thousandths by its id; empty for nothing."""
