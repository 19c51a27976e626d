"""Owns one change of the tables: on-hand lies in the order of its key, one step from it instead of two.

It must not import the tables: they go on changing after this change is made. PostgreSQL keeps it as it is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_again(with_rowid=False)


def downgrade() -> None:
    _make_again(with_rowid=True)


def _make_again(*, with_rowid: bool) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    kept = connection.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%on_hand%'")
    ).all()
    for name, _ in kept:
        op.execute(f"DROP TRIGGER {name}")
    op.create_table(
        "on_hand_by_key",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("on_hand_milli", sa.BigInteger(), nullable=False),
        sa.Column("as_of_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "gtin", name=op.f("pk_on_hand")),
        sqlite_with_rowid=with_rowid,
    )
    columns = "store_id, gtin, on_hand_milli, as_of_utc"
    op.execute(f"INSERT INTO on_hand_by_key SELECT {columns} FROM on_hand ORDER BY store_id, gtin")  # noqa: S608
    op.drop_table("on_hand")
    op.rename_table("on_hand_by_key", "on_hand")
    for _, sql in kept:
        op.execute(sql)
