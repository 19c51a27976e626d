"""Owns one change of the tables: calls that other stores answer, and words to other systems.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_TABLES = ("store_signal", "webhook_message", "webhook", "help_route", "help_terms", "desk")


def upgrade() -> None:
    op.add_column("help_request", sa.Column("desk", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "desk",
        _key("store_id"),
        *(_text(name) for name in ("serves", "skills", "languages")),
        _word("hours"),
    )
    op.create_table("help_terms", _key("store_id"), _text("policy"), _word("call_link"))
    op.create_table(
        "help_route",
        *(_key(name) for name in ("store_id", "help_id", "desk_id")),
        _word("lane_id"),
        sa.Column("turn", sa.Integer(), nullable=False),
        _word("why"),
        _word("sent_by"),
        sa.Column("is_given_back", sa.Boolean(), nullable=False),
        _instant("routed_at_utc"),
        sa.Column("ended_at_utc", sa.String(length=27), nullable=True),
    )
    op.create_index(
        "ix_help_route_store_id_ended_at_utc_lane_id", "help_route", ["store_id", "ended_at_utc", "lane_id"]
    )
    op.create_index("ix_help_route_desk_id_ended_at_utc", "help_route", ["desk_id", "ended_at_utc"])
    op.create_table("webhook", _key("store_id"), _key("webhook"), _text("events"))
    op.create_table(
        "webhook_message",
        *(_key(name) for name in ("store_id", "webhook", "message_id")),
        _word("event"),
        _text("facts"),
        _word("state"),
        _word("problem"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _instant("made_at_utc"),
        _instant("due_at_utc"),
    )
    op.create_index(
        "ix_webhook_message_store_id_state_due", "webhook_message", ["store_id", "state", "due_at_utc"]
    )
    op.create_table(
        "store_signal",
        _key("store_id"),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("help_request", "desk")


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=True)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _instant(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=27), nullable=False)
