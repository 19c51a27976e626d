"""Owns one change of the tables: what lay in which lane's basket when a shelf was counted.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "stock_document_line", sa.Column("in_baskets", sa.String(), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("stock_document_line", "in_baskets")
