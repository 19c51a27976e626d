"""Owns one change of the tables: which items each catalogue version touched, and who set a field last.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("mark", "checksum"):
        op.add_column("catalogue_version", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("catalogue_version", sa.Column("change_count", sa.BigInteger(), nullable=True))
    op.create_table(
        "item_change",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False, server_default=""),
        sa.Column("kind", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "version", "gtin", name=op.f("pk_item_change")),
    )
    op.create_table(
        "item_field",
        *(sa.Column(key, sa.String(), nullable=False) for key in ("store_id", "gtin", "field")),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at_utc", sa.String(length=27), nullable=False),
        sa.Column("hq_value", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("store_id", "gtin", "field", name=op.f("pk_item_field")),
    )
    op.create_index("ix_item_field_store_id_origin", "item_field", ["store_id", "origin"], unique=False)


def downgrade() -> None:
    op.drop_table("item_field")
    op.drop_table("item_change")
    for name in ("change_count", "checksum", "mark"):
        op.drop_column("catalogue_version", name)
