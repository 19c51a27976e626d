"""Owns one change of the tables: the whole life of a call for help.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_WORDS = ("meant_for", "hand_note", "reopens", "cause")
_NUMBERS = ("turn", "level")
_YES_OR_NO = ("is_safety", "is_written")
_INSTANTS = ("ringing_since_utc", "arrived_at_utc")
_INDEXES = ("received_at_utc", "arrived_at_utc")
_STOPS = "ix_intervention_store_id_received_at_utc"
_OF_LANE = {
    "help_request": ("ix_help_request_store_id_lane_id", "changed_at_utc"),
    "intervention": ("ix_intervention_store_id_lane_id", "decided_at_utc"),
}


def upgrade() -> None:
    for name in _WORDS:
        op.add_column("help_request", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in _NUMBERS:
        op.add_column("help_request", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in _YES_OR_NO:
        op.add_column(
            "help_request", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    for name in _INSTANTS:
        op.add_column("help_request", sa.Column(name, sa.String(length=27), nullable=True))
    for name in _INDEXES:
        op.create_index(f"ix_help_request_store_id_{name}", "help_request", ["store_id", name])
    op.create_index(_STOPS, "intervention", ["store_id", "received_at_utc"])
    for table, (index, instant) in _OF_LANE.items():
        op.create_index(index, table, ["store_id", "lane_id", instant])
    op.create_table(
        "help_event",
        sa.Column("store_id", sa.String(), primary_key=True),
        sa.Column("help_id", sa.String(), primary_key=True),
        sa.Column("event_no", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at_utc", sa.String(length=27), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("help_event")
    for table, (index, _instant) in _OF_LANE.items():
        op.drop_index(index, table)
    op.drop_index(_STOPS, "intervention")
    for name in _INDEXES:
        op.drop_index(f"ix_help_request_store_id_{name}", "help_request")
    for name in (*_WORDS, *_NUMBERS, *_YES_OR_NO, *_INSTANTS):
        op.drop_column("help_request", name)
