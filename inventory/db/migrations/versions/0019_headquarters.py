"""Owns one change of the tables: a store and its headquarters, what came, what waits, what is disputed.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = {
    "hq_line": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("behind", sa.BigInteger(), nullable=False),
        sa.Column("reached_at_utc", sa.String(length=27), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("stock_told_utc", sa.String(length=27), nullable=True),
        sa.Column("days_told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_hq_line")),
    ),
    "hq_item": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "gtin", name=op.f("pk_hq_item")),
    ),
    "hq_outbox": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("made_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "message_id", name=op.f("pk_hq_outbox")),
    ),
    "item_conflict": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("conflict_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("theirs", sa.Text(), nullable=False),
        sa.Column("theirs_who", sa.String(), nullable=False),
        sa.Column("theirs_at_utc", sa.String(length=27), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("changed_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "conflict_id", name=op.f("pk_item_conflict")),
    ),
    "hq_quarantine": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "event_id", name=op.f("pk_hq_quarantine")),
    ),
    "branch": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("behind", sa.BigInteger(), nullable=False),
        sa.Column("seen_at_utc", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("store_id", "branch_id", name=op.f("pk_branch")),
    ),
    "branch_price": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "scope", "gtin", name=op.f("pk_branch_price")),
    ),
    "hq_inbox": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("received_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "branch_id", "message_id", name=op.f("pk_hq_inbox")),
    ),
    "branch_day": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("business_day", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("sale_count", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("as_of_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "branch_id", "business_day", name=op.f("pk_branch_day")),
    ),
    "proposal": (
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at_utc", sa.String(length=27), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at_utc", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("store_id", "proposal_id", name=op.f("pk_proposal")),
    ),
}
INDEXES = (
    ("ix_hq_item_store_id_round", "hq_item", ["store_id", "round"], False),
    ("ix_hq_outbox_store_id_state", "hq_outbox", ["store_id", "state"], False),
    ("ix_item_conflict_store_id_state", "item_conflict", ["store_id", "state"], False),
    ("ix_hq_quarantine_store_id_state", "hq_quarantine", ["store_id", "state"], False),
    ("ix_branch_store_id_token_hash", "branch", ["store_id", "token_hash"], True),
    ("ix_proposal_store_id_state", "proposal", ["store_id", "state"], False),
)


def upgrade() -> None:
    for name, parts in TABLES.items():
        op.create_table(name, *parts)
    for name, table, columns, is_unique in INDEXES:
        op.create_index(name, table, columns, unique=is_unique)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
