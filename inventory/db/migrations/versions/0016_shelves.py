"""Owns one change of the tables: open baskets, trust in records, how departments speak, where stores stand.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _text(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.String(), nullable=False) for name in names)


def upgrade() -> None:
    op.create_table(
        "reservation",
        *_text("store_id", "lane_id", "gtin"),
        sa.Column("quantity_milli", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "lane_id", "gtin", name=op.f("pk_reservation")),
    )
    op.create_index("ix_reservation_store_id_gtin", "reservation", ["store_id", "gtin"], unique=False)
    op.create_table(
        "shelf_trust",
        *_text("store_id", "gtin"),
        sa.Column("counted_at_utc", sa.String(length=27), nullable=True),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "gtin", name=op.f("pk_shelf_trust")),
    )
    op.create_table(
        "shelf_rule",
        *_text("store_id", "department"),
        sa.Column("plenty_milli", sa.BigInteger(), nullable=False),
        sa.Column("a_few_milli", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("certain_for_h", "counted", "agreed")),
        sa.PrimaryKeyConstraint("store_id", "department", name=op.f("pk_shelf_rule")),
    )
    op.create_table(
        "store_place",
        *_text("store_id"),
        sa.Column("latitude_e6", sa.Integer(), nullable=False),
        sa.Column("longitude_e6", sa.Integer(), nullable=False),
        *_text("address"),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_store_place")),
    )
    op.create_index("ix_store_place_latitude_e6", "store_place", ["latitude_e6"], unique=False)
    op.create_table(
        "link_key",
        *_text("store_id", "key"),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_link_key")),
    )
    op.create_index("ix_on_hand_gtin", "on_hand", ["gtin", "store_id"])
    if op.get_bind().dialect.name == "sqlite":
        _make_areas()
    op.add_column("help_request", sa.Column("gtin", sa.String(), nullable=False, server_default=""))


def _make_areas() -> None:
    """An R*Tree of the places, kept in step by triggers: the nearest stores are found by their areas."""
    point = "new.latitude_e6, new.latitude_e6, new.longitude_e6, new.longitude_e6, new.store_id"
    insert = f"INSERT INTO store_area VALUES (NULL, {point});"  # noqa: S608 - our own columns
    delete = "DELETE FROM store_area WHERE store_id = old.store_id;"
    op.execute("CREATE VIRTUAL TABLE store_area USING rtree_i32(id, south, north, west, east, +store_id)")
    for name, verb, what in (
        ("new", "INSERT", insert),
        ("gone", "DELETE", delete),
        ("moved", "UPDATE", f"{delete} {insert}"),
    ):
        op.execute(f"CREATE TRIGGER store_place_{name} AFTER {verb} ON store_place BEGIN {what} END")


def downgrade() -> None:
    op.drop_column("help_request", "gtin")
    op.drop_index("ix_on_hand_gtin", "on_hand")
    if op.get_bind().dialect.name == "sqlite":
        for name in ("new", "gone", "moved"):
            op.execute(f"DROP TRIGGER store_place_{name}")
        op.execute("DROP TABLE store_area")
    for table in ("link_key", "store_place", "shelf_rule", "shelf_trust", "reservation"):
        op.drop_table(table)
