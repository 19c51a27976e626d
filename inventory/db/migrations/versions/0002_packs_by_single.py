"""Owns one change of the tables: the packs of a single are found by its GTIN.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_item_store_id_multipack_of", "item", ["store_id", "multipack_of"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_item_store_id_multipack_of", table_name="item")
