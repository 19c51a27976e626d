"""Owns one change of the tables: the index of in-store numbers by what they begin with.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_NAME = "ix_item_store_id_label_prefix"
_HAS_PREFIX = sa.text("label_prefix <> ''")


def upgrade() -> None:
    op.create_index(
        _NAME,
        "item",
        ["store_id", "label_prefix"],
        sqlite_where=_HAS_PREFIX,
        postgresql_where=_HAS_PREFIX,
    )


def downgrade() -> None:
    op.drop_index(_NAME, "item")
