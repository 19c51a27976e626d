"""Owns one change of the tables: what a terminal had printed about an order.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Orders made before have none.
    op.add_column("terminal_order", sa.Column("slip", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("terminal_order", "slip")
