"""Owns the shape of the store's tables: columns, keys and nothing else.

It must not know what the rows mean, nor who reads them. `store_id` comes first in every key: one schema for
a file, a server, and a server sharded by store. GTINs are 14 digits, amounts minor units.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, MetaData, Text, UniqueConstraint, text
from sqlalchemy import false as sa_false
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from inventory.db.instants import UtcInstant as UtcInstant  # noqa: PLC0414 - what columns are made of
from inventory.db.instants import as_utc as as_utc  # noqa: PLC0414

_HAS_PLU = text("plu <> ''")
_HAS_PREFIX = text("label_prefix <> ''")
_NO_SKU = text("sku = ''")
_NONE = {"server_default": ""}


class StoreTable(
    SQLModel,
    registry=registry(
        metadata=MetaData(
            naming_convention={
                "pk": "pk_%(table_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            }
        )
    ),
):
    """Mother of the rows below: their own register, so the lane's journal never mixes with the store's."""


class StoreRow(StoreTable, table=True):
    __tablename__ = "store"
    store_id: str = Field(primary_key=True)
    name: str
    currency: str
    timezone: str = "UTC"
    """IANA name: the wall clock that cuts business days and hours."""


class CatalogueVersionRow(StoreTable, table=True):
    __tablename__ = "catalogue_version"
    store_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    made_at_utc: datetime = Field(sa_type=UtcInstant)
    item_count: int = Field(sa_type=BigInteger)
    mark: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Made anew for each version: two histories that share a number do not share a mark."""
    checksum: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The sum of the item set (`inventory.domain.item_sets`); "" where nobody worked it out."""
    change_count: int | None = Field(default=None, sa_type=BigInteger)
    """How many `item_change` rows say what it changed; None where they do not say it (any more)."""


class TaxRateRow(StoreTable, table=True):
    __tablename__ = "tax_rate"
    store_id: str = Field(primary_key=True)
    tax_class: str = Field(primary_key=True)
    rate_bp: int


class ItemRow(StoreTable, table=True):
    __tablename__ = "item"
    __table_args__ = (
        Index("ix_item_store_id_department_aisle_gtin", "store_id", "department", "aisle", "gtin"),
        Index("ix_item_store_id_multipack_of", "store_id", "multipack_of"),
        Index("ix_item_store_id_sku", "store_id", "sku"),
        Index("ix_item_store_id_price_minor_gtin", "store_id", "price_minor", "gtin"),
        Index("ix_item_store_id_plu", "store_id", "plu", sqlite_where=_HAS_PLU, postgresql_where=_HAS_PLU),
        Index(
            "ix_item_store_id_label_prefix",
            "store_id",
            "label_prefix",
            sqlite_where=_HAS_PREFIX,
            postgresql_where=_HAS_PREFIX,
        ),
    )
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    sku: str
    price_minor: int = Field(sa_type=BigInteger)
    currency: str
    tax_class: str
    sold_by: str
    plu: str
    age_limit: int
    deposit_minor: int = Field(sa_type=BigInteger)
    department: str
    aisle: str
    bay: str
    pictogram: str
    net_content: str
    net_unit: str
    label_prefix: str
    multipack_of: str
    multipack_units: int
    shelf: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    season: str = Field(default="", sa_column_kwargs={"server_default": ""})
    aliases: str = Field(default="", sa_column_kwargs={"server_default": ""})


class ItemNameRow(StoreTable, table=True):
    __tablename__ = "item_name"
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    name: str


class MovementRow(StoreTable, table=True):
    """Append-only: triggers refuse UPDATE and DELETE."""

    __tablename__ = "movement"
    __table_args__ = (Index("ix_movement_store_id_gtin_at_utc", "store_id", "gtin", "at_utc"),)
    store_id: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    gtin: str
    reason: str
    quantity_milli: int = Field(sa_type=BigInteger)
    actor: str
    at_utc: datetime = Field(sa_type=UtcInstant)
    location: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Empty: the item's own shelf."""
    lot: str = Field(default="", sa_column_kwargs={"server_default": ""})
    expires_on: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """ISO date, or empty where nobody said."""
    document_id: str = Field(default="", sa_column_kwargs={"server_default": ""})


class OnHandRow(StoreTable, table=True):
    """A running sum of the movements, kept in their transaction and checked against them by the audit."""

    __tablename__ = "on_hand"
    __table_args__ = {"sqlite_with_rowid": False}
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    on_hand_milli: int = Field(sa_type=BigInteger)
    as_of_utc: datetime = Field(sa_type=UtcInstant)


class SaleRow(StoreTable, table=True):
    """Append-only. `body` is what the lane sent, byte for byte; `answer` what it was told first."""

    __tablename__ = "sale"
    __table_args__ = (
        Index("ix_sale_store_id_business_day_paid_at_utc", "store_id", "business_day", "paid_at_utc"),
        Index("ix_sale_store_id_lane_id_receipt_no", "store_id", "lane_id", "receipt_no"),
    )
    store_id: str = Field(primary_key=True)
    sale_id: str = Field(primary_key=True)
    lane_id: str
    receipt_no: int = Field(sa_type=BigInteger)
    body: str = Field(sa_type=Text)
    body_hash: str
    answer: str = Field(sa_type=Text)
    flag_count: int
    journal_seq: int = Field(sa_type=BigInteger)
    journal_head: str
    paid_at_utc: datetime = Field(sa_type=UtcInstant)
    received_at_utc: datetime = Field(sa_type=UtcInstant)
    business_day: str
    business_hour: int
    currency: str
    total_minor: int = Field(sa_type=BigInteger)
    catalogue_version: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """The catalogue's version the lane sold from; 0 where it did not say."""


class SaleLineRow(StoreTable, table=True):
    __tablename__ = "sale_line"
    __table_args__ = (
        # Goods the catalogue does not know alone: every sale pays for every index of its lines.
        Index(
            "ix_sale_line_store_id_gtin", "store_id", "gtin", sqlite_where=_NO_SKU, postgresql_where=_NO_SKU
        ),
    )
    store_id: str = Field(primary_key=True)
    sale_id: str = Field(primary_key=True)
    line_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    gtin: str
    sku: str
    name: str
    sold_by: str
    quantity_milli: int = Field(sa_type=BigInteger)
    unit_price_minor: int = Field(sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)
    deposit_minor: int = Field(sa_type=BigInteger)
    tax_class: str
    tax_rate_bp: int


class InterventionRow(StoreTable, table=True):
    __tablename__ = "intervention"
    __table_args__ = (
        Index("ix_intervention_store_id_state", "store_id", "state"),
        Index("ix_intervention_store_id_received_at_utc", "store_id", "received_at_utc"),
        Index("ix_intervention_store_id_lane_id", "store_id", "lane_id", "decided_at_utc"),
    )
    store_id: str = Field(primary_key=True)
    intervention_id: str = Field(primary_key=True)
    lane_id: str
    kind: str
    language: str
    facts: str = Field(sa_type=Text)
    state: str
    """open, withdrawn, approved or refused."""
    staff_name: str = ""
    reason: str = ""
    answer: str = Field(default="", sa_type=Text)
    """The price that was given, as JSON; "" where the decision alone says all."""
    place: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """One of `inventory.domain.approving.Place`, "" until it is decided."""
    raised_at_utc: datetime = Field(sa_type=UtcInstant)
    received_at_utc: datetime = Field(sa_type=UtcInstant)
    decided_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)


class LaneRow(StoreTable, table=True):
    __tablename__ = "lane"
    __table_args__ = (UniqueConstraint("store_id", "token_hash"),)
    store_id: str = Field(primary_key=True)
    lane_id: str = Field(primary_key=True)
    name: str
    token_hash: str
    enrolled_at_utc: datetime = Field(sa_type=UtcInstant)
    enrolled_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who made the code it was enrolled with; empty for a lane that the settings name."""
    revoked_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)


class LaneStateRow(StoreTable, table=True):
    __tablename__ = "lane_state"
    store_id: str = Field(primary_key=True)
    lane_id: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    journal_seq: int = Field(sa_type=BigInteger)
    journal_head: str
    received_at_utc: datetime = Field(sa_type=UtcInstant)
    catalogue_version: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """The catalogue's version the lane sells from; 0 where it does not say."""


class StaffRow(StoreTable, table=True):
    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("store_id", "name"),)
    store_id: str = Field(primary_key=True)
    staff_id: str = Field(primary_key=True)
    name: str
    pin_hash: str
    role: str
    failures: int = 0
    locked_until_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    left_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)


class SessionRow(StoreTable, table=True):
    __tablename__ = "session"
    __table_args__ = (Index("ix_session_store_id_staff_id", "store_id", "staff_id"),)
    store_id: str = Field(primary_key=True)
    token_hash: str = Field(primary_key=True)
    staff_id: str
    csrf_secret: str
    created_at_utc: datetime = Field(sa_type=UtcInstant)
    last_seen_at_utc: datetime = Field(sa_type=UtcInstant)
    revoked_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    tablet_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    method: str = Field(default="pin", sa_column_kwargs={"server_default": "pin"})


class AuditRow(StoreTable, table=True):
    """Append-only: who did what, when."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_store_id_at_utc", "store_id", "at_utc"),)
    store_id: str = Field(primary_key=True)
    audit_id: str = Field(primary_key=True)
    at_utc: datetime = Field(sa_type=UtcInstant)
    who: str
    what: str
    detail: str = Field(sa_type=Text)


class TerminalOrderRow(StoreTable, table=True):
    """What staff ordered of a lane's terminal, and how far it came."""

    __tablename__ = "terminal_order"
    __table_args__ = (
        Index("ix_terminal_order_store_id_lane_id_state", "store_id", "lane_id", "state"),
        Index("ix_terminal_order_store_id_sale_id", "store_id", "sale_id"),
    )
    store_id: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)
    lane_id: str
    kind: str
    state: str
    """open, sent, done, failed or unclear."""
    sale_id: str = ""
    terminal_id: str = ""
    receipt_no: str = ""
    amount_minor: int = Field(default=0, sa_type=BigInteger)
    currency: str = ""
    reason: str = ""
    slip: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    """What the terminal had printed about it, as its lane told it, lines parted by line feeds."""
    ordered_by: str
    settled_by: str = ""
    ordered_at_utc: datetime = Field(sa_type=UtcInstant)
    changed_at_utc: datetime = Field(sa_type=UtcInstant)


class ClosingRow(StoreTable, table=True):
    """Append-only: one end of day of one lane, with the figures of all three books."""

    __tablename__ = "closing"
    __table_args__ = (
        Index("ix_closing_store_id_lane_id_closed_at_utc", "store_id", "lane_id", "closed_at_utc"),
    )
    store_id: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)
    lane_id: str
    business_day: str
    currency: str
    closed_at_utc: datetime = Field(sa_type=UtcInstant)
    body: str = Field(sa_type=Text)
    """What the lane reported."""
    last_receipt_no: int = Field(sa_type=BigInteger)
    lane_count: int = Field(sa_type=BigInteger)
    lane_minor: int = Field(sa_type=BigInteger)
    terminal_count: int | None = Field(default=None, sa_type=BigInteger)
    terminal_minor: int | None = Field(default=None, sa_type=BigInteger)
    store_count: int = Field(sa_type=BigInteger)
    store_minor: int = Field(sa_type=BigInteger)
    reversed_minor: int = Field(sa_type=BigInteger)
    task_count: int


class SaleEventRow(StoreTable, table=True):
    """Append-only: what became of a sale afterwards. The sale's own row is never touched (TRUST I13)."""

    __tablename__ = "sale_event"
    store_id: str = Field(primary_key=True)
    sale_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    """reversed or goods, each at most once."""
    detail: str
    order_id: str
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    who: str
    at_utc: datetime = Field(sa_type=UtcInstant)


class TaskRow(StoreTable, table=True):
    """Something a person must look at; its id follows from what it is about, so it is made once."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_store_id_state", "store_id", "state"),
        Index("ix_task_store_id_done_at_utc", "store_id", "done_at_utc"),
    )
    store_id: str = Field(primary_key=True)
    task_id: str = Field(primary_key=True)
    kind: str
    lane_id: str
    business_day: str
    words: str = Field(sa_type=Text)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    order_id: str = ""
    sale_id: str = ""
    state: str
    """open or done."""
    note: str = Field(default="", sa_type=Text)
    done_by: str = ""
    made_at_utc: datetime = Field(sa_type=UtcInstant)
    done_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    made_by: str = Field(default="", sa_column_kwargs=_NONE)
    """Who wrote it, "" for what the store found by itself."""
    meant_for: str = Field(default="", sa_column_kwargs=_NONE)
    """The colleague it was written for, "" for anybody."""
    taken_by: str = Field(default="", sa_column_kwargs=_NONE)
    taken_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    is_urgent: bool = Field(default=False, sa_column_kwargs={"server_default": sa_false()})
