"""Owns the tables of what a shift leaves to the next: one note for each person's shift, and who has read it.

It must not know what a fact means; `inventory.services.shift_notes` does.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from inventory.db.instants import UtcInstant
from inventory.db.tables import StoreTable


class ShiftNoteRow(StoreTable, table=True):
    __tablename__ = "shift_note"
    __table_args__ = (Index("ix_shift_note_store_id_written_at_utc", "store_id", "written_at_utc"),)
    store_id: str = Field(primary_key=True)
    note_id: str = Field(primary_key=True)
    staff_id: str
    staff_name: str
    words: str = Field(sa_type=Text)
    facts: str = Field(sa_type=Text)
    """What was open when it was written, as JSON."""
    begun_at_utc: datetime = Field(sa_type=UtcInstant)
    """When it was first written; its shift begins no later."""
    written_at_utc: datetime = Field(sa_type=UtcInstant)


class NoteReadingRow(StoreTable, table=True):
    __tablename__ = "note_reading"
    store_id: str = Field(primary_key=True)
    note_id: str = Field(primary_key=True)
    staff_id: str = Field(primary_key=True)
    staff_name: str
    read_at_utc: datetime = Field(sa_type=UtcInstant)
