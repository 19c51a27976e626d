"""Owns one change of the tables: what became of the answers shoppers read on a lane.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEYS = ("store_id", "report_id", "question", "language", "outcome")


def upgrade() -> None:
    op.create_table(
        "answer_count",
        *(sa.Column(key, sa.String(), nullable=False) for key in KEYS),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("received_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint(*KEYS, name=op.f("pk_answer_count")),
    )
    op.create_index(
        "ix_answer_count_store_id_received_at_utc",
        "answer_count",
        ["store_id", "received_at_utc"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("answer_count")
