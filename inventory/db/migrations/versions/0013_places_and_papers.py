"""Owns one change of the tables: where goods lie, the papers that move them, bundles and reorder rules.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OF_MOVEMENTS = ("location", "lot", "expires_on", "document_id")
NEW_TABLES = ("reorder", "stock_document_line", "stock_document", "bundle_part", "stock_at")


def upgrade() -> None:
    # Added in place, never by copying the table: a copy would lose the triggers that keep it append-only.
    for name in OF_MOVEMENTS:
        op.add_column("movement", sa.Column(name, sa.String(), nullable=False, server_default=""))
    _create_sums()
    _create_papers()


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    for name in reversed(OF_MOVEMENTS):
        op.drop_column("movement", name)


def _create_sums() -> None:
    place = ("store_id", "gtin", "location", "lot", "expires_on")
    _table("stock_at", place, _number("quantity_milli"), _moment("as_of_utc"))
    _index("stock_at", "store_id", "location")
    _index("stock_at", "store_id", "expires_on")
    _table("bundle_part", ("store_id", "bundle_gtin", "gtin"), _number("quantity_milli"))
    _index("bundle_part", "store_id", "gtin")
    _table("reorder", ("store_id", "gtin"), _number("point_milli"), _number("target_milli"))


def _create_papers() -> None:
    words = ("kind", "state", "title", "location", "to_location", "partner", "why", "made_by", "posted_by")
    _table(
        "stock_document",
        ("store_id", "document_id"),
        *map(_text, words),
        _moment("made_at_utc"),
        _moment("posted_at_utc", nullable=True),
    )
    _index("stock_document", "store_id", "kind", "made_at_utc")
    _table(
        "stock_document_line",
        ("store_id", "document_id", "line_id"),
        *map(_text, ("gtin", "location", "lot", "expires_on", "actor")),
        _number("expected_milli", nullable=True),
        _number("quantity_milli", nullable=True),
        _moment("at_utc", nullable=True),
    )
    _index("stock_document_line", "store_id", "gtin")


def _table(name: str, keys: tuple[str, ...], *columns: sa.Column[object]) -> None:
    op.create_table(
        name, *map(_text, keys), *columns, sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{name}"))
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length=27), nullable=nullable)
