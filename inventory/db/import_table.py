"""Owns the tables of imports: each file that was brought, and what taking it changed, for an undo.

It must not hold a file's rows before they are taken: those wait in a staging file.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class ImportBatchRow(StoreTable, table=True):
    """One file on its way in. `options` and `summary` are JSON; `version` is what it made, or 0."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_store_id_state", "store_id", "state"),)
    store_id: str = Field(primary_key=True)
    batch_id: str = Field(primary_key=True)
    state: str
    file_name: str
    digest: str
    """SHA-256 of the file."""
    options: str = Field(sa_type=Text)
    summary: str = Field(sa_type=Text)
    made_by: str
    """The staff_id of who brought it, "" from the command line."""
    made_by_name: str
    made_at_utc: datetime = Field(sa_type=UtcInstant)
    changed_at_utc: datetime = Field(sa_type=UtcInstant)
    version: int = Field(sa_type=BigInteger)


class ImportChangeRow(StoreTable, table=True):
    """One item or movement that a taken import changed. `before` is "" for what was new."""

    __tablename__ = "import_change"
    store_id: str = Field(primary_key=True)
    batch_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    """item or movement."""
    key: str = Field(primary_key=True)
    """The item's GTIN-14, or the movement's source."""
    before: str = Field(sa_type=Text)
    after: str = Field(sa_type=Text)
