"""Owns one change of the tables: imports, and what each of them changed.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_batch",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("store_id", "batch_id", "state")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("file_name", "digest")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("options", "summary")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("made_by", "made_by_name")),
        *(
            sa.Column(name, sa.String(length=27), nullable=False)
            for name in ("made_at_utc", "changed_at_utc")
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "batch_id", name=op.f("pk_import_batch")),
    )
    op.create_index("ix_import_batch_store_id_state", "import_batch", ["store_id", "state"], unique=False)
    op.create_table(
        "import_change",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("store_id", "batch_id", "kind", "key")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("before", "after")),
        sa.PrimaryKeyConstraint("store_id", "batch_id", "kind", "key", name=op.f("pk_import_change")),
    )


def downgrade() -> None:
    op.drop_table("import_change")
    op.drop_table("import_batch")
