"""Owns one change of the tables: where questions were decided, who has a task, notes of shifts.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_OF_TASKS = ("made_by", "meant_for", "taken_by")


def upgrade() -> None:
    op.add_column("intervention", sa.Column("place", sa.String(), nullable=False, server_default=""))
    for name in _OF_TASKS:
        op.add_column("task", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("task", sa.Column("is_urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("task", sa.Column("taken_at_utc", sa.String(length=27), nullable=True))
    op.create_index("ix_task_store_id_done_at_utc", "task", ["store_id", "done_at_utc"])
    op.create_table(
        "shift_note",
        sa.Column("store_id", sa.String(), primary_key=True),
        sa.Column("note_id", sa.String(), primary_key=True),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("staff_name", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("begun_at_utc", sa.String(length=27), nullable=False),
        sa.Column("written_at_utc", sa.String(length=27), nullable=False),
    )
    op.create_index("ix_shift_note_store_id_written_at_utc", "shift_note", ["store_id", "written_at_utc"])
    op.create_table(
        "note_reading",
        sa.Column("store_id", sa.String(), primary_key=True),
        sa.Column("note_id", sa.String(), primary_key=True),
        sa.Column("staff_id", sa.String(), primary_key=True),
        sa.Column("staff_name", sa.String(), nullable=False),
        sa.Column("read_at_utc", sa.String(length=27), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("note_reading")
    op.drop_table("shift_note")
    op.drop_index("ix_task_store_id_done_at_utc", "task")
    for name in ("taken_at_utc", "is_urgent", *reversed(_OF_TASKS)):
        op.drop_column("task", name)
    op.drop_column("intervention", "place")
