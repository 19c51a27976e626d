"""Owns one change of the tables: the number of a supplier's note and the day its goods are expected.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_COLUMNS = ("paper_number", "expected_on")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("stock_document", sa.Column(name, sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column("stock_document", name)
