"""Owns one change of the tables: the index that lists items by their price.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_NAME = "ix_item_store_id_price_minor_gtin"


def upgrade() -> None:
    op.create_index(_NAME, "item", ["store_id", "price_minor", "gtin"], unique=False)


def downgrade() -> None:
    op.drop_index(_NAME, table_name="item")
