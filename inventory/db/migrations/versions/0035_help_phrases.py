"""Owns one change of the tables: the phrases of a call.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_KEYS = ("store_id", "help_id", "phrase_id")
_WORDS = ("lane_id", "side", "phrase", "language", "who")
_LONG = ("slots", "text")
_INSTANTS = ("at_utc", "received_at_utc")


def upgrade() -> None:
    op.create_table(
        "help_phrase",
        *(sa.Column(name, sa.String(), nullable=False) for name in (*_KEYS, *_WORDS)),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _LONG),
        *(sa.Column(name, sa.String(length=27), nullable=False) for name in _INSTANTS),
        sa.PrimaryKeyConstraint(*_KEYS, name=op.f("pk_help_phrase")),
    )
    op.create_index(
        "ix_help_phrase_store_id_lane_id",
        "help_phrase",
        ["store_id", "lane_id", "received_at_utc"],
        unique=False,
    )
    op.create_index(
        "ix_help_phrase_store_id_received_at_utc",
        "help_phrase",
        ["store_id", "received_at_utc"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("help_phrase")
