"""Owns one change of the tables: who set how a department speaks of its shelves, and when.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shelf_rule", sa.Column("set_by", sa.String(), server_default="", nullable=False))
    op.add_column("shelf_rule", sa.Column("set_at_utc", sa.String(27), nullable=True))


def downgrade() -> None:
    op.drop_column("shelf_rule", "set_at_utc")
    op.drop_column("shelf_rule", "set_by")
