"""Owns one change of the tables: the words that shoppers searched for and that found nothing.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEYS = ("store_id", "report_id", "term", "language")


def upgrade() -> None:
    op.create_table(
        "search_count",
        *(sa.Column(key, sa.String(), nullable=False) for key in KEYS),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("received_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint(*KEYS, name=op.f("pk_search_count")),
    )
    op.create_index(
        "ix_search_count_store_id_received_at_utc",
        "search_count",
        ["store_id", "received_at_utc"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("search_count")
