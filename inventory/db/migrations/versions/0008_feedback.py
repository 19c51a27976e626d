"""Owns one change of the tables: what shoppers said of their visits.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEYS = ("store_id", "lane_id", "feedback_id")


def upgrade() -> None:
    op.create_table(
        "feedback",
        *(sa.Column(name, sa.String(), nullable=False) for name in (*KEYS, "business_day", "face", "reason")),
        sa.PrimaryKeyConstraint(*KEYS, name=op.f("pk_feedback")),
    )
    op.create_index(
        "ix_feedback_store_id_business_day", "feedback", ["store_id", "business_day"], unique=False
    )


def downgrade() -> None:
    op.drop_table("feedback")
