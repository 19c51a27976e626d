"""Owns one change of the tables: a server takes a batch of sales in one call; fewer entries for each line.

It must not import the tables: they go on changing after this change is made.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TEXT, _NUMBER = "text", "bigint"
_OF_SALE = {
    "sale_id": _TEXT,
    "lane_id": _TEXT,
    "receipt_no": _NUMBER,
    "body": _TEXT,
    "body_hash": _TEXT,
    "answer": _TEXT,
    "flag_count": "integer",
    "journal_seq": _NUMBER,
    "journal_head": _TEXT,
    "paid_at_utc": _TEXT,
    "received_at_utc": _TEXT,
    "business_day": _TEXT,
    "business_hour": "integer",
    "currency": _TEXT,
    "total_minor": _NUMBER,
}
_OF_LINE = {
    "sale_id": _TEXT,
    "line_no": "integer",
    "gtin": _TEXT,
    "sku": _TEXT,
    "name": _TEXT,
    "sold_by": _TEXT,
    "quantity_milli": _NUMBER,
    "unit_price_minor": _NUMBER,
    "amount_minor": _NUMBER,
    "deposit_minor": _NUMBER,
    "tax_class": _TEXT,
    "tax_rate_bp": "integer",
}
_OF_MOVE = {
    "sale_id": _TEXT,
    "source_id": _TEXT,
    "gtin": _TEXT,
    "quantity_milli": _NUMBER,
    "actor": _TEXT,
    "at_utc": _TEXT,
}

_BODY = """
#variable_conflict use_column
DECLARE
    new_ids text[];
BEGIN
    IF NOT is_looked AND (
        NOT EXISTS (
            SELECT FROM store s WHERE s.store_id = of_store AND s.timezone = of_timezone AND of_version =
                (SELECT coalesce(max(v.version), 0) FROM catalogue_version v WHERE v.store_id = of_store)
        )
        OR EXISTS (
            SELECT FROM {receipts} JOIN sale s ON s.store_id = of_store AND s.lane_id = came.lane_id
                AND s.receipt_no = came.receipt_no::bigint AND s.sale_id <> came.sale_id
        )
    ) THEN
        RETURN QUERY SELECT 'look', NULL::text, {nothing};
        RETURN;
    END IF;

    WITH added AS (
        INSERT INTO sale (store_id, {sale_names}) SELECT of_store, {sale_values} FROM {sales}
        ON CONFLICT DO NOTHING RETURNING sale_id
    )
    SELECT coalesce(array_agg(sale_id), '{{}}') INTO new_ids FROM added;

    INSERT INTO sale_line (store_id, {line_names}) SELECT of_store, {line_values} FROM {lines}
        WHERE came.sale_id = ANY (new_ids);

    RETURN QUERY WITH ended AS (
        DELETE FROM reservation r WHERE r.store_id = of_store AND r.lane_id IN
            (SELECT came.lane_id FROM {receipts} WHERE came.sale_id = ANY (new_ids))
        RETURNING r.gtin
    )
    SELECT 'freed', ended.gtin::text, {nothing} FROM ended;

    RETURN QUERY WITH posted AS (
        INSERT INTO movement (store_id, source_id, gtin, reason, quantity_milli, actor, at_utc)
        SELECT of_store, came.source_id, came.gtin, 'SALE', came.quantity_milli::bigint, came.actor,
            came.at_utc FROM {moves} WHERE came.sale_id = ANY (new_ids)
        ON CONFLICT DO NOTHING RETURNING gtin, quantity_milli
    ), kept AS (
        INSERT INTO on_hand AS h (store_id, gtin, on_hand_milli, as_of_utc)
        SELECT of_store, gtin, sum(quantity_milli)::bigint, as_of FROM posted GROUP BY gtin ORDER BY gtin
        ON CONFLICT (store_id, gtin) DO UPDATE SET
            on_hand_milli = h.on_hand_milli + excluded.on_hand_milli,
            as_of_utc = greatest(excluded.as_of_utc, h.as_of_utc)
        RETURNING h.gtin, h.on_hand_milli, h.as_of_utc
    )
    SELECT 'moved', k.gtin::text, k.on_hand_milli, k.as_of_utc::text,
        (SELECT coalesce(sum(r.quantity_milli), 0)::bigint FROM reservation r
            WHERE r.store_id = of_store AND r.gtin = k.gtin),
        t.counted_at_utc::text, coalesce(t.doubts, 0)
    FROM kept k LEFT JOIN shelf_trust t ON t.store_id = of_store AND t.gtin = k.gtin;

    RETURN QUERY SELECT 'new', each, {nothing} FROM unnest(new_ids) each;
END
"""


def upgrade() -> None:
    # Only goods the catalogue does not know are ever counted by their lines; they have no SKU.
    op.drop_index("ix_sale_line_store_id_gtin", "sale_line")
    unknown = sa.text("sku = ''")
    op.create_index(
        "ix_sale_line_store_id_gtin",
        "sale_line",
        ["store_id", "gtin"],
        unique=False,
        sqlite_where=unknown,
        postgresql_where=unknown,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_function())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION lanelight_take_sales")
    op.drop_index("ix_sale_line_store_id_gtin", "sale_line")
    op.create_index("ix_sale_line_store_id_gtin", "sale_line", ["store_id", "gtin"], unique=False)


def _function() -> str:
    """One parameter a column, each a JSON array: they are unfolded side by side."""
    given = [f"sale_{name} json" for name in _OF_SALE]
    given += [f"line_{name} json" for name in _OF_LINE]
    given += [f"move_{name} json" for name in _OF_MOVE]
    body = _BODY.format(
        sales=_unfolded("sale", _OF_SALE),
        receipts=_unfolded("sale", ("sale_id", "lane_id", "receipt_no")),
        lines=_unfolded("line", _OF_LINE),
        moves=_unfolded("move", _OF_MOVE),
        sale_names=", ".join(_OF_SALE),
        sale_values=_values(_OF_SALE),
        line_names=", ".join(_OF_LINE),
        line_values=_values(_OF_LINE),
        nothing="NULL::bigint, NULL::text, NULL::bigint, NULL::text, NULL::integer",
    )
    return (
        "CREATE FUNCTION lanelight_take_sales("
        "of_store text, as_of text, is_looked boolean, of_version bigint, of_timezone text, "
        f"{', '.join(given)}) RETURNS TABLE (kind text, id text, on_hand_milli bigint, as_of_utc text, "
        f"reserved_milli bigint, counted_at_utc text, doubts integer) LANGUAGE plpgsql AS $body${body}$body$"
    )


def _unfolded(prefix: str, columns: Iterable[str]) -> str:
    arrays = ", ".join(f"json_array_elements_text({prefix}_{name})" for name in columns)
    return f"ROWS FROM ({arrays}) AS came ({', '.join(columns)})"


def _values(columns: dict[str, str]) -> str:
    return ", ".join(
        f"came.{name}::{kind}" if kind != _TEXT else f"came.{name}" for name, kind in columns.items()
    )
