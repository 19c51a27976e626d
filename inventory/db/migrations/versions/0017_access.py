"""Owns one change of the tables: tokens of systems, codes that enrol lanes, answers kept under a key.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.String(length=27)


def upgrade() -> None:
    op.create_table(
        "api_token",
        *_words("store_id", "token_id", "name", "role", "token_hash", "made_by"),
        sa.Column("made_at_utc", INSTANT, nullable=False),
        sa.Column("used_at_utc", INSTANT, nullable=True),
        sa.Column("revoked_at_utc", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("store_id", "token_id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("store_id", "token_hash", name=op.f("uq_api_token_store_id_token_hash")),
    )
    op.create_table(
        "enrolment_code",
        *_words("store_id", "code_id", "lane_id", "code_hash", "made_by"),
        sa.Column("made_at_utc", INSTANT, nullable=False),
        sa.Column("ends_at_utc", INSTANT, nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("used_at_utc", INSTANT, nullable=True),
        *_words("token_hash"),
        sa.PrimaryKeyConstraint("store_id", "code_id", name=op.f("pk_enrolment_code")),
    )
    op.create_table(
        "api_answer",
        *_words("store_id", "caller", "request_key", "fingerprint"),
        sa.Column("status", sa.Integer(), nullable=False),
        *_words("etag"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at_utc", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("store_id", "caller", "request_key", name=op.f("pk_api_answer")),
    )
    op.create_index("ix_api_answer_store_id_made_at_utc", "api_answer", ["store_id", "made_at_utc"])
    op.add_column("lane", sa.Column("enrolled_by", sa.String(), nullable=False, server_default=""))
    op.add_column("lane", sa.Column("revoked_at_utc", INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column("lane", "revoked_at_utc")
    op.drop_column("lane", "enrolled_by")
    for table in ("api_answer", "enrolment_code", "api_token"):
        op.drop_table(table)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
