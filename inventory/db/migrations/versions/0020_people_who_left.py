"""Owns one change of the tables: since when a person may sign in no more.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("left_at_utc", sa.String(length=27), nullable=True))


def downgrade() -> None:
    op.drop_column("staff", "left_at_utc")
