"""Owns one change of the tables: orders to terminals, closings, what became of sales, and tasks.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("closing", "sale_event")


def upgrade() -> None:
    _orders()
    _closings()
    _sale_events()
    _tasks()
    if op.get_bind().dialect.name == "postgresql":
        _forbid_changes_postgresql()
    else:
        _forbid_changes_sqlite()


def downgrade() -> None:
    for table in ("task", "sale_event", "closing", "terminal_order"):
        op.drop_table(table)


def _orders() -> None:
    op.create_table(
        "terminal_order",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sale_id", sa.String(), nullable=False),
        sa.Column("terminal_id", sa.String(), nullable=False),
        sa.Column("receipt_no", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("ordered_at_utc", sa.String(length=27), nullable=False),
        sa.Column("changed_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "order_id", name=op.f("pk_terminal_order")),
    )
    op.create_index(
        "ix_terminal_order_store_id_lane_id_state",
        "terminal_order",
        ["store_id", "lane_id", "state"],
        unique=False,
    )
    op.create_index(
        "ix_terminal_order_store_id_sale_id", "terminal_order", ["store_id", "sale_id"], unique=False
    )


def _closings() -> None:
    op.create_table(
        "closing",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("business_day", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("closed_at_utc", sa.String(length=27), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("last_receipt_no", sa.BigInteger(), nullable=False),
        sa.Column("lane_count", sa.BigInteger(), nullable=False),
        sa.Column("lane_minor", sa.BigInteger(), nullable=False),
        sa.Column("terminal_count", sa.BigInteger(), nullable=True),
        sa.Column("terminal_minor", sa.BigInteger(), nullable=True),
        sa.Column("store_count", sa.BigInteger(), nullable=False),
        sa.Column("store_minor", sa.BigInteger(), nullable=False),
        sa.Column("reversed_minor", sa.BigInteger(), nullable=False),
        sa.Column("task_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "order_id", name=op.f("pk_closing")),
    )
    op.create_index(
        "ix_closing_store_id_lane_id_closed_at_utc",
        "closing",
        ["store_id", "lane_id", "closed_at_utc"],
        unique=False,
    )


def _sale_events() -> None:
    op.create_table(
        "sale_event",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("sale_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "sale_id", "kind", name=op.f("pk_sale_event")),
    )


def _tasks() -> None:
    op.create_table(
        "task",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("business_day", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("sale_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("made_at_utc", sa.String(length=27), nullable=False),
        sa.Column("done_at_utc", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("store_id", "task_id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_store_id_state", "task", ["store_id", "state"], unique=False)


def _forbid_changes_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _forbid_changes_postgresql() -> None:
    """The function was made with the first tables."""
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION lanelight_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION lanelight_append_only()"
        )
