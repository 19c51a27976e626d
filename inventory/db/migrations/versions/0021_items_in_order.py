"""Owns one change of the tables: the index that lists items as they stand in the store.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SHORT, WHOLE = "ix_item_store_id_department", "ix_item_store_id_department_aisle_gtin"


def upgrade() -> None:
    op.drop_index(SHORT, table_name="item")
    op.create_index(WHOLE, "item", ["store_id", "department", "aisle", "gtin"], unique=False)


def downgrade() -> None:
    op.drop_index(WHOLE, table_name="item")
    op.create_index(SHORT, "item", ["store_id", "department"], unique=False)
