"""Owns one change of the tables: where the stores are that have an item, by the squares of the map.

It must not import the tables: they go on changing after this change is made. It reads how squares are
numbered, which never changes: the numbers lie in databases.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from inventory.domain.distance import Spot
from inventory.domain.map_square import square_of

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_FROM_ON_HAND = "FROM on_hand h JOIN store_place p ON p.store_id = h.store_id WHERE h.on_hand_milli > 0"
_COLUMNS = "h.store_id, h.gtin, p.square, p.latitude_e6, p.longitude_e6"
_PUT = f"INSERT INTO stock_near SELECT {_COLUMNS} {_FROM_ON_HAND}"
_COMES = f"{_PUT} AND h.store_id = new.store_id AND h.gtin = new.gtin ON CONFLICT DO NOTHING;"
_GOES = "DELETE FROM stock_near WHERE store_id = old.store_id AND gtin = old.gtin;"
_SETTLES = f"{_PUT} AND h.store_id = new.store_id ON CONFLICT DO NOTHING;"
_LEAVES = "DELETE FROM stock_near WHERE store_id = old.store_id;"
_MOVES = f"{_LEAVES} {_SETTLES}"
_KEPT = (
    ("on_hand_new", "INSERT ON on_hand", "new.on_hand_milli > 0", _COMES),
    (
        "on_hand_back",
        "UPDATE OF on_hand_milli ON on_hand",
        "old.on_hand_milli <= 0 AND new.on_hand_milli > 0",
        _COMES,
    ),
    (
        "on_hand_out",
        "UPDATE OF on_hand_milli ON on_hand",
        "old.on_hand_milli > 0 AND new.on_hand_milli <= 0",
        _GOES,
    ),
    ("on_hand_gone", "DELETE ON on_hand", "", _GOES),
    ("store_place_new", "INSERT ON store_place", "", _SETTLES),
    (
        "store_place_moved",
        "UPDATE ON store_place",
        "old.latitude_e6 <> new.latitude_e6 OR old.longitude_e6 <> new.longitude_e6",
        _MOVES,
    ),
    ("store_place_gone", "DELETE ON store_place", "", _LEAVES),
)
"""Name of the trigger, after what, when, and what it does."""


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        _drop_areas()
    op.drop_index("ix_store_place_latitude_e6", "store_place")
    op.drop_index("ix_on_hand_gtin", "on_hand")
    op.add_column("store_place", sa.Column("square", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "stock_near",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("square", sa.BigInteger(), nullable=False),
        sa.Column("latitude_e6", sa.Integer(), nullable=False),
        sa.Column("longitude_e6", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "gtin", name=op.f("pk_stock_near")),
        sqlite_with_rowid=False,
    )
    _find_squares()
    op.execute(f"{_PUT} ORDER BY h.store_id, h.gtin")
    covered = ["gtin", "square", "store_id", "latitude_e6", "longitude_e6"]
    op.create_index("ix_stock_near_gtin_square", "stock_near", covered)
    for name, after, when, what in _KEPT:
        _keep(name, after, f" WHEN ({when})" if when else "", what, is_sqlite=is_sqlite)


def _find_squares() -> None:
    connection = op.get_bind()
    places = connection.execute(sa.text("SELECT store_id, latitude_e6, longitude_e6 FROM store_place")).all()
    numbered = [{"store": row[0], "square": square_of(Spot(row[1], row[2]))} for row in places]
    if numbered:
        connection.execute(
            sa.text("UPDATE store_place SET square = :square WHERE store_id = :store"), numbered
        )


def _keep(name: str, after: str, when: str, what: str, *, is_sqlite: bool) -> None:
    if is_sqlite:
        op.execute(f"CREATE TRIGGER {name} AFTER {after}{when} BEGIN {what} END")
        return
    body = f"BEGIN {what} RETURN NULL; END"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    op.execute(f"CREATE TRIGGER {name} AFTER {after} FOR EACH ROW{when} EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, after, _, _ in _KEPT:
        table = after.rpartition(" ")[2]
        op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
        if not is_sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("stock_near")
    op.drop_column("store_place", "square")
    op.create_index("ix_on_hand_gtin", "on_hand", ["gtin", "store_id"])
    op.create_index("ix_store_place_latitude_e6", "store_place", ["latitude_e6"])
    if is_sqlite:
        _make_areas()


def _drop_areas() -> None:
    for name in ("new", "gone", "moved"):
        op.execute(f"DROP TRIGGER store_place_{name}")
    op.execute("DROP TABLE store_area")


def _make_areas() -> None:
    point = "latitude_e6, {0}latitude_e6, {0}longitude_e6, {0}longitude_e6, {0}store_id"
    new = "new." + point.format("new.")
    insert = f"INSERT INTO store_area VALUES (NULL, {new});"  # noqa: S608 - our own columns
    delete = "DELETE FROM store_area WHERE store_id = old.store_id;"
    op.execute("CREATE VIRTUAL TABLE store_area USING rtree_i32(id, south, north, west, east, +store_id)")
    op.execute(f"INSERT INTO store_area SELECT NULL, {point.format('')} FROM store_place")  # noqa: S608
    for name, verb, what in (
        ("new", "INSERT", insert),
        ("gone", "DELETE", delete),
        ("moved", "UPDATE", f"{delete} {insert}"),
    ):
        op.execute(f"CREATE TRIGGER store_place_{name} AFTER {verb} ON store_place BEGIN {what} END")
