"""Owns one change of the tables: the first shape of the store.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "store",
    "catalogue_version",
    "tax_rate",
    "item",
    "item_name",
    "movement",
    "on_hand",
    "sale",
    "sale_line",
    "lane",
    "lane_state",
    "help_request",
    "intervention",
    "staff",
    "session",
    "audit",
)
APPEND_ONLY = ("movement", "sale", "sale_line", "audit")


def upgrade() -> None:
    _create_catalogue()
    _create_stock()
    _create_sales()
    _create_floor()
    _create_staff()
    if op.get_bind().dialect.name == "postgresql":
        _forbid_changes_postgresql()
    else:
        _forbid_changes_sqlite()


def downgrade() -> None:
    # Triggers and indexes go with their tables.
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION lanelight_append_only()")


def _create_catalogue() -> None:
    op.create_table(
        "store",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_store")),
    )
    op.create_table(
        "catalogue_version",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made_at_utc", sa.String(length=27), nullable=False),
        sa.Column("item_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "version", name=op.f("pk_catalogue_version")),
    )
    op.create_table(
        "tax_rate",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("tax_class", sa.String(), nullable=False),
        sa.Column("rate_bp", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "tax_class", name=op.f("pk_tax_rate")),
    )
    op.create_table(
        "item",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("tax_class", sa.String(), nullable=False),
        sa.Column("sold_by", sa.String(), nullable=False),
        sa.Column("plu", sa.String(), nullable=False),
        sa.Column("age_limit", sa.Integer(), nullable=False),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("aisle", sa.String(), nullable=False),
        sa.Column("bay", sa.String(), nullable=False),
        sa.Column("pictogram", sa.String(), nullable=False),
        sa.Column("net_content", sa.String(), nullable=False),
        sa.Column("net_unit", sa.String(), nullable=False),
        sa.Column("label_prefix", sa.String(), nullable=False),
        sa.Column("multipack_of", sa.String(), nullable=False),
        sa.Column("multipack_units", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "gtin", name=op.f("pk_item")),
    )
    op.create_index("ix_item_store_id_department", "item", ["store_id", "department"], unique=False)
    op.create_table(
        "item_name",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "gtin", "language", name=op.f("pk_item_name")),
    )


def _create_stock() -> None:
    op.create_table(
        "movement",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("quantity_milli", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "source_id", name=op.f("pk_movement")),
    )
    op.create_index(
        "ix_movement_store_id_gtin_at_utc", "movement", ["store_id", "gtin", "at_utc"], unique=False
    )
    op.create_table(
        "on_hand",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("on_hand_milli", sa.BigInteger(), nullable=False),
        sa.Column("as_of_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "gtin", name=op.f("pk_on_hand")),
    )


def _create_sales() -> None:
    op.create_table(
        "sale",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("sale_id", sa.String(), nullable=False),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("receipt_no", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("flag_count", sa.Integer(), nullable=False),
        sa.Column("journal_seq", sa.BigInteger(), nullable=False),
        sa.Column("journal_head", sa.String(), nullable=False),
        sa.Column("paid_at_utc", sa.String(length=27), nullable=False),
        sa.Column("received_at_utc", sa.String(length=27), nullable=False),
        sa.Column("business_day", sa.String(), nullable=False),
        sa.Column("business_hour", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "sale_id", name=op.f("pk_sale")),
    )
    op.create_index(
        "ix_sale_store_id_business_day_paid_at_utc",
        "sale",
        ["store_id", "business_day", "paid_at_utc"],
        unique=False,
    )
    op.create_index(
        "ix_sale_store_id_lane_id_receipt_no", "sale", ["store_id", "lane_id", "receipt_no"], unique=False
    )
    op.create_table(
        "sale_line",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("sale_id", sa.String(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("gtin", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sold_by", sa.String(), nullable=False),
        sa.Column("quantity_milli", sa.BigInteger(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_class", sa.String(), nullable=False),
        sa.Column("tax_rate_bp", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "sale_id", "line_no", name=op.f("pk_sale_line")),
    )
    op.create_index("ix_sale_line_store_id_gtin", "sale_line", ["store_id", "gtin"], unique=False)


def _create_floor() -> None:
    op.create_table(
        "lane",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("enrolled_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "lane_id", name=op.f("pk_lane")),
        sa.UniqueConstraint("store_id", "token_hash", name=op.f("uq_lane_store_id_token_hash")),
    )
    op.create_table(
        "lane_state",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("journal_seq", sa.BigInteger(), nullable=False),
        sa.Column("journal_head", sa.String(), nullable=False),
        sa.Column("received_at_utc", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "lane_id", name=op.f("pk_lane_state")),
    )
    op.create_table(
        "help_request",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("help_id", sa.String(), nullable=False),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("staff_name", sa.String(), nullable=False),
        sa.Column("requested_at_utc", sa.String(length=27), nullable=False),
        sa.Column("received_at_utc", sa.String(length=27), nullable=False),
        sa.Column("changed_at_utc", sa.String(length=27), nullable=False),
        sa.Column("accepted_at_utc", sa.String(length=27), nullable=True),
        sa.Column("closed_at_utc", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("store_id", "help_id", name=op.f("pk_help_request")),
    )
    op.create_index("ix_help_request_store_id_state", "help_request", ["store_id", "state"], unique=False)
    op.create_table(
        "intervention",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("intervention_id", sa.String(), nullable=False),
        sa.Column("lane_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("staff_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raised_at_utc", sa.String(length=27), nullable=False),
        sa.Column("received_at_utc", sa.String(length=27), nullable=False),
        sa.Column("decided_at_utc", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("store_id", "intervention_id", name=op.f("pk_intervention")),
    )
    op.create_index("ix_intervention_store_id_state", "intervention", ["store_id", "state"], unique=False)


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until_utc", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("store_id", "staff_id", name=op.f("pk_staff")),
        sa.UniqueConstraint("store_id", "name", name=op.f("uq_staff_store_id_name")),
    )
    op.create_table(
        "session",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("csrf_secret", sa.String(), nullable=False),
        sa.Column("created_at_utc", sa.String(length=27), nullable=False),
        sa.Column("last_seen_at_utc", sa.String(length=27), nullable=False),
        sa.Column("revoked_at_utc", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("store_id", "token_hash", name=op.f("pk_session")),
    )
    op.create_index("ix_session_store_id_staff_id", "session", ["store_id", "staff_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("audit_id", sa.String(), nullable=False),
        sa.Column("at_utc", sa.String(length=27), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "audit_id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_store_id_at_utc", "audit", ["store_id", "at_utc"], unique=False)


def _forbid_changes_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _forbid_changes_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION lanelight_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION lanelight_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION lanelight_append_only()"
        )
