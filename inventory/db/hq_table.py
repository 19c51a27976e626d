"""Owns the tables between a store and its headquarters: what came, what waits, what is disputed.

It must not know how any of it travels. In a headquarters' database `store_id` is the headquarters' own, and
its stores are branches.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class HqLineRow(StoreTable, table=True):
    """How far a store has followed its headquarters. There is one where the settings name one."""

    __tablename__ = "hq_line"
    store_id: str = Field(primary_key=True)
    position: str
    """Where the feed goes on, as headquarters wrote it; "" before the first page."""
    round: str
    """The whole that is being told, or was last."""
    behind: int = Field(sa_type=BigInteger)
    """How many items headquarters had to tell still at the last page."""
    reached_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    problem: str
    """Why headquarters was not reached at the last try; "" where it was."""
    stock_told_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    days_told: str = Field(sa_type=Text)
    """JSON: business day to the number and sum of its sales as headquarters was told them."""


class HqItemRow(StoreTable, table=True):
    """An item as headquarters last sent it: what tells a change of theirs from one of ours."""

    __tablename__ = "hq_item"
    __table_args__ = (Index("ix_hq_item_store_id_round", "store_id", "round"),)
    store_id: str = Field(primary_key=True)
    gtin: str = Field(primary_key=True)
    round: str
    body: str = Field(sa_type=Text)


class HqOutboxRow(StoreTable, table=True):
    """What a store says to its headquarters; its id is made once and sent until headquarters has it."""

    __tablename__ = "hq_outbox"
    __table_args__ = (Index("ix_hq_outbox_store_id_state", "store_id", "state"),)
    store_id: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    kind: str
    body: str = Field(sa_type=Text)
    state: str
    """waiting, sent or refused."""
    problem: str
    made_at_utc: datetime = Field(sa_type=UtcInstant)


class ItemConflictRow(StoreTable, table=True):
    """A field that both the store and headquarters have changed. Ours is sold until somebody decides."""

    __tablename__ = "item_conflict"
    __table_args__ = (Index("ix_item_conflict_store_id_state", "store_id", "state"),)
    store_id: str = Field(primary_key=True)
    conflict_id: str = Field(primary_key=True)
    gtin: str
    field: str
    """"" where headquarters drops the item itself."""
    theirs: str = Field(sa_type=Text)
    """As JSON."""
    theirs_who: str
    theirs_at_utc: datetime = Field(sa_type=UtcInstant)
    state: str
    """open, kept, taken, proposed or agreed."""
    decided_by: str
    changed_at_utc: datetime = Field(sa_type=UtcInstant)


class HqQuarantineRow(StoreTable, table=True):
    """One event of headquarters that the store cannot use, and why. It holds nothing up."""

    __tablename__ = "hq_quarantine"
    __table_args__ = (Index("ix_hq_quarantine_store_id_state", "store_id", "state"),)
    store_id: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    gtin: str
    body: str = Field(sa_type=Text)
    reason: str
    state: str
    """waiting, used, dropped or overtaken."""
    at_utc: datetime = Field(sa_type=UtcInstant)


class BranchRow(StoreTable, table=True):
    """A store of a headquarters."""

    __tablename__ = "branch"
    __table_args__ = (Index("ix_branch_store_id_token_hash", "store_id", "token_hash", unique=True),)
    store_id: str = Field(primary_key=True)
    branch_id: str = Field(primary_key=True)
    zone: str
    token_hash: str
    behind: int = Field(sa_type=BigInteger)
    seen_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)


class BranchPriceRow(StoreTable, table=True):
    """Another price than the item's own, in one zone or one branch: an exception, never a matrix."""

    __tablename__ = "branch_price"
    store_id: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    """`zone:…` or `store:…`; the latter wins."""
    gtin: str = Field(primary_key=True)
    price_minor: int = Field(sa_type=BigInteger)
    who: str
    at_utc: datetime = Field(sa_type=UtcInstant)


class HqInboxRow(StoreTable, table=True):
    """Messages of branches that were taken, each once."""

    __tablename__ = "hq_inbox"
    store_id: str = Field(primary_key=True)
    branch_id: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    body_hash: str
    received_at_utc: datetime = Field(sa_type=UtcInstant)


class BranchDayRow(StoreTable, table=True):
    """The sales of one branch on one business day, as it last told them."""

    __tablename__ = "branch_day"
    store_id: str = Field(primary_key=True)
    branch_id: str = Field(primary_key=True)
    business_day: str = Field(primary_key=True)
    currency: str
    sale_count: int = Field(sa_type=BigInteger)
    total_minor: int = Field(sa_type=BigInteger)
    as_of_utc: datetime = Field(sa_type=UtcInstant)


class ProposalRow(StoreTable, table=True):
    """A value that a branch has set for itself and proposes to headquarters."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_store_id_state", "store_id", "state"),)
    store_id: str = Field(primary_key=True)
    proposal_id: str = Field(primary_key=True)
    branch_id: str
    gtin: str
    field: str
    value: str = Field(sa_type=Text)
    who: str
    at_utc: datetime = Field(sa_type=UtcInstant)
    state: str
    """open, accepted or refused."""
    decided_by: str
    decided_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
