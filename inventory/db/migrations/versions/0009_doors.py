"""Owns one change of the tables: lanes opened and closed from the tablet.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WORDS = ("store_id", "lane_id", "door_id", "state", "staff_name")


def upgrade() -> None:
    op.create_table(
        "door",
        *(sa.Column(name, sa.String(), nullable=False) for name in WORDS),
        sa.Column("ordered_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "lane_id", name=op.f("pk_door")),
    )


def downgrade() -> None:
    op.drop_table("door")
