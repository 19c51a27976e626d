"""Owns the tables of machines' access: tokens of systems, codes that enrol lanes, answers kept under a key.

It must not hold any secret itself: tokens and codes are here as hashes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class ApiTokenRow(StoreTable, table=True):
    """One system that may ask the store's API, with the role of what it may do."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("store_id", "token_hash"),)
    store_id: str = Field(primary_key=True)
    token_id: str = Field(primary_key=True)
    name: str
    role: str
    token_hash: str
    made_by: str
    made_at_utc: datetime = Field(sa_type=UtcInstant)
    used_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    revoked_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)


class EnrolmentCodeRow(StoreTable, table=True):
    """A code that one device may exchange once. `token_hash` is that of the token it was exchanged for.

    `lane_id` is whom it was made for; of a tablet, whose `kind` is "tablet", the name it will have.
    """

    __tablename__ = "enrolment_code"
    store_id: str = Field(primary_key=True)
    code_id: str = Field(primary_key=True)
    lane_id: str
    code_hash: str
    made_by: str
    made_at_utc: datetime = Field(sa_type=UtcInstant)
    ends_at_utc: datetime = Field(sa_type=UtcInstant)
    wrong_tries: int = 0
    used_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    token_hash: str = ""
    kind: str = Field(default="lane", sa_column_kwargs={"server_default": "lane"})


class ApiAnswerRow(StoreTable, table=True):
    """What a caller was told under a key of its own, and a digest of what it had asked."""

    __tablename__ = "api_answer"
    __table_args__ = (Index("ix_api_answer_store_id_made_at_utc", "store_id", "made_at_utc"),)
    store_id: str = Field(primary_key=True)
    caller: str = Field(primary_key=True)
    request_key: str = Field(primary_key=True)
    fingerprint: str
    status: int
    etag: str = ""
    body: str = Field(sa_type=Text)
    made_at_utc: datetime = Field(sa_type=UtcInstant)
