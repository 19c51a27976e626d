"""Owns one change of the tables: the hour of a face and the alerts about bad ones.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


_INSTANT = sa.String(length=27)


def upgrade() -> None:
    op.add_column("feedback", sa.Column("business_hour", sa.Integer(), nullable=False, server_default="-1"))
    op.create_table(
        "feedback_moment",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("store_id", "lane_id", "feedback_id", "face")
        ),
        sa.Column("at_utc", _INSTANT, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "lane_id", "feedback_id", name=op.f("pk_feedback_moment")),
    )
    op.create_table(
        "feedback_alert",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("store_id", "lane_id", "alert_id")),
        *(
            sa.Column(name, _INSTANT, nullable=False)
            for name in ("opened_at_utc", "changed_at_utc", "last_face_utc")
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("bad", "awful")),
        sa.Column("is_here", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("reasons", "taken_by")),
        sa.Column("taken_at_utc", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("store_id", "lane_id", name=op.f("pk_feedback_alert")),
    )
    op.create_table(
        "feedback_alert_past",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("store_id", "alert_id", "lane_id")),
        sa.Column("business_day", sa.String(), nullable=False),
        sa.Column("business_hour", sa.Integer(), nullable=False),
        sa.Column("seen_to_after_s", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("store_id", "alert_id", name=op.f("pk_feedback_alert_past")),
    )
    op.create_index(
        "ix_feedback_alert_past_store_id_business_day", "feedback_alert_past", ["store_id", "business_day"]
    )


def downgrade() -> None:
    for table in ("feedback_alert_past", "feedback_alert", "feedback_moment"):
        op.drop_table(table)
    op.drop_column("feedback", "business_hour")
