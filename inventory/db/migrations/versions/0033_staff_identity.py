"""Owns one change of the tables: the staff's badges, passkeys and tablets.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

INSTANT = sa.String(length=27)


def upgrade() -> None:
    _add_tablets_and_badges()
    _add_passkeys()
    op.add_column("session", sa.Column("tablet_id", sa.String(), nullable=False, server_default=""))
    op.add_column("session", sa.Column("method", sa.String(), nullable=False, server_default="pin"))
    op.add_column("enrolment_code", sa.Column("kind", sa.String(), nullable=False, server_default="lane"))


def downgrade() -> None:
    op.drop_column("enrolment_code", "kind")
    op.drop_column("session", "method")
    op.drop_column("session", "tablet_id")
    for table in ("passkey_question", "passkey", "badge", "tablet"):
        op.drop_table(table)


def _add_tablets_and_badges() -> None:
    op.create_table(
        "tablet",
        *_words("store_id", "tablet_id", "name", "token_hash", "enrolled_by"),
        sa.Column("enrolled_at_utc", INSTANT, nullable=False),
        sa.Column("used_at_utc", INSTANT, nullable=True),
        sa.Column("revoked_at_utc", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("store_id", "tablet_id", name=op.f("pk_tablet")),
        sa.UniqueConstraint("store_id", "token_hash", name=op.f("uq_tablet_store_id_token_hash")),
    )
    op.create_table(
        "badge",
        *_words("store_id", "staff_id", "badge_hash", "given_by"),
        sa.Column("given_at_utc", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("store_id", "staff_id", name=op.f("pk_badge")),
        sa.UniqueConstraint("store_id", "badge_hash", name=op.f("uq_badge_store_id_badge_hash")),
    )


def _add_passkeys() -> None:
    op.create_table(
        "passkey",
        *_words("store_id", "passkey_id", "staff_id", "name"),
        *_words("credential_hash", "credential", "public_key"),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("made_at_utc", INSTANT, nullable=False),
        sa.Column("used_at_utc", INSTANT, nullable=True),
        sa.Column("revoked_at_utc", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("store_id", "passkey_id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("store_id", "credential_hash", name=op.f("uq_passkey_store_id_credential_hash")),
    )
    op.create_index("ix_passkey_store_id_staff_id", "passkey", ["store_id", "staff_id"])
    op.create_table(
        "passkey_question",
        *_words("store_id", "question_hash", "staff_id"),
        sa.Column("ends_at_utc", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("store_id", "question_hash", name=op.f("pk_passkey_question")),
    )
    op.create_index(
        "ix_passkey_question_store_id_ends_at_utc", "passkey_question", ["store_id", "ends_at_utc"]
    )


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
