"""Owns the table of answers that were rated on lanes: questions with their counts, and nobody who asked.

It must not know what is done with them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from inventory.db.tables import StoreTable, UtcInstant


class AnswerCountRow(StoreTable, table=True):
    """How often one answer on a lane came to one end, as one report said; rows older than a season go."""

    __tablename__ = "answer_count"
    __table_args__ = (Index("ix_answer_count_store_id_received_at_utc", "store_id", "received_at_utc"),)
    store_id: str = Field(primary_key=True)
    report_id: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    lane_id: str
    count: int = Field(sa_type=BigInteger)
    received_at_utc: datetime = Field(sa_type=UtcInstant)
