"""Owns one change of the tables: prices that are planned ahead.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_plan",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("valid_from_utc", sa.String(length=27), nullable=False),
        sa.Column("valid_until_utc", sa.String(length=27), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("made_at_utc", sa.String(length=27), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("former_minor", sa.BigInteger(), nullable=True),
        sa.Column("due_utc", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("store_id", "plan_id", name=op.f("pk_price_plan")),
    )
    for column in ("due_utc", "gtin"):
        op.create_index(f"ix_price_plan_store_id_{column}", "price_plan", ["store_id", column], unique=False)


def downgrade() -> None:
    op.drop_table("price_plan")
