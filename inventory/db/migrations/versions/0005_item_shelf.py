"""Owns one change of the tables: the board an item stands on, counted from the floor.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # 0: nobody said. The next price file may.
    op.add_column("item", sa.Column("shelf", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("item", "shelf")
