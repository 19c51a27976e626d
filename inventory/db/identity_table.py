"""Owns the tables of who staff are: enrolled tablets, badges, passkeys, and what a passkey is asked to sign.

It must not hold a secret: tokens, badges and questions are here as hashes, of passkeys the public half alone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class TabletRow(StoreTable, table=True):
    """One browser that a manager let staff sign in from."""

    __tablename__ = "tablet"
    __table_args__ = (UniqueConstraint("store_id", "token_hash"),)
    store_id: str = Field(primary_key=True)
    tablet_id: str = Field(primary_key=True)
    name: str
    token_hash: str
    enrolled_by: str
    enrolled_at_utc: datetime = Field(sa_type=UtcInstant)
    used_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    revoked_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)


class BadgeRow(StoreTable, table=True):
    """The badge of one person; a new one takes its place."""

    __tablename__ = "badge"
    __table_args__ = (UniqueConstraint("store_id", "badge_hash"),)
    store_id: str = Field(primary_key=True)
    staff_id: str = Field(primary_key=True)
    badge_hash: str
    given_by: str
    given_at_utc: datetime = Field(sa_type=UtcInstant)


class PasskeyRow(StoreTable, table=True):
    """A passkey of one person. `credential` and `public_key` are base 64 without padding."""

    __tablename__ = "passkey"
    __table_args__ = (
        UniqueConstraint("store_id", "credential_hash"),
        Index("ix_passkey_store_id_staff_id", "store_id", "staff_id"),
    )
    store_id: str = Field(primary_key=True)
    passkey_id: str = Field(primary_key=True)
    staff_id: str
    name: str
    credential_hash: str
    """Its SHA-256: an authenticator may choose up to 1023 bytes, too long for an index."""

    credential: str
    public_key: str
    sign_count: int = 0
    made_at_utc: datetime = Field(sa_type=UtcInstant)
    used_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)
    revoked_at_utc: datetime | None = Field(default=None, sa_type=UtcInstant)


class PasskeyQuestionRow(StoreTable, table=True):
    """What a passkey was asked to sign, until it is answered or too old. `staff_id` is "" at a sign-in."""

    __tablename__ = "passkey_question"
    __table_args__ = (Index("ix_passkey_question_store_id_ends_at_utc", "store_id", "ends_at_utc"),)
    store_id: str = Field(primary_key=True)
    question_hash: str = Field(primary_key=True)
    staff_id: str
    ends_at_utc: datetime = Field(sa_type=UtcInstant)
