"""Owns one change of the tables: when a good is in season, and what else people call it.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody said. The next price file may.
    op.add_column("item", sa.Column("season", sa.String(), nullable=False, server_default=""))
    op.add_column("item", sa.Column("aliases", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("item", "aliases")
    op.drop_column("item", "season")
