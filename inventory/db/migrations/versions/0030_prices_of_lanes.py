"""Owns one change of the tables: which prices a lane sells from, and what counts need to know of late sales.

It must not import the tables: they go on changing after this change is made. A server's way in for sales
takes the new column, and ends in a lane's baskets only what was sold.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
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
    "catalogue_version": _NUMBER,
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

    {ended}

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


_ENDED = """RETURN QUERY WITH sold AS (
        SELECT came.actor AS lane_id, came.gtin, -sum(came.quantity_milli::bigint) AS milli FROM {moves}
        WHERE came.sale_id = ANY (new_ids) GROUP BY came.actor, came.gtin
        HAVING sum(came.quantity_milli::bigint) < 0
    ), less AS (
        UPDATE reservation r SET quantity_milli = r.quantity_milli - s.milli FROM sold s
        WHERE r.store_id = of_store AND r.lane_id = s.lane_id AND r.gtin = s.gtin
            AND r.quantity_milli > s.milli
        RETURNING r.gtin
    ), gone AS (
        DELETE FROM reservation r USING sold s
        WHERE r.store_id = of_store AND r.lane_id = s.lane_id AND r.gtin = s.gtin
            AND r.quantity_milli <= s.milli
        RETURNING r.gtin
    )
    SELECT 'freed', ended.gtin::text, {nothing} FROM (TABLE less UNION TABLE gone) ended;"""
_ENDED_BEFORE = """RETURN QUERY WITH ended AS (
        DELETE FROM reservation r WHERE r.store_id = of_store AND r.lane_id IN
            (SELECT came.lane_id FROM {receipts} WHERE came.sale_id = ANY (new_ids))
        RETURNING r.gtin
    )
    SELECT 'freed', ended.gtin::text, {nothing} FROM ended;"""
_DROP = "DROP FUNCTION lanelight_take_sales"
_TOLD_LATE = """
INSERT INTO late_sale (store_id, source_id, gtin, lane_id, quantity_milli, paid_at_utc, received_at_utc)
SELECT m.store_id, m.source_id, m.gtin, m.actor, m.quantity_milli, m.at_utc, s.received_at_utc
FROM sale s JOIN movement m ON m.store_id = s.store_id AND m.reason = 'SALE'
    AND m.source_id >= 'sale:' || s.sale_id || ':' AND m.source_id < 'sale:' || s.sale_id || ';'
WHERE substr(s.received_at_utc, 1, 16) > substr(s.paid_at_utc, 1, 16) AND s.received_at_utc > :since
"""


def upgrade() -> None:
    for table in ("sale", "lane_state"):
        op.add_column(
            table, sa.Column("catalogue_version", sa.BigInteger(), server_default="0", nullable=False)
        )
    op.create_table(
        "late_sale",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("store_id", "source_id")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("gtin", "lane_id")),
        sa.Column("quantity_milli", sa.BigInteger(), nullable=False),
        *(_moment(name) for name in ("paid_at_utc", "received_at_utc")),
        sa.PrimaryKeyConstraint("store_id", "source_id", name=op.f("pk_late_sale")),
    )
    op.create_table(
        "count_look",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("store_id", "source_id", "gtin")),
        *(_moment(name) for name in ("counted_at_utc", "known_at_utc")),
        sa.Column("in_baskets", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "source_id", name=op.f("pk_count_look")),
    )
    for table in ("late_sale", "count_look"):
        op.create_index(f"ix_{table}_store_id_gtin", table, ["store_id", "gtin"], unique=False)
    _remember_late_sales()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_DROP)
        op.execute(_function(_OF_SALE, _ENDED))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        of_sale = {name: kind for name, kind in _OF_SALE.items() if name != "catalogue_version"}
        op.execute(_DROP)
        op.execute(_function(of_sale, _ENDED_BEFORE))
    for table in ("count_look", "late_sale"):
        op.drop_index(f"ix_{table}_store_id_gtin", table)
        op.drop_table(table)
    for table in ("lane_state", "sale"):
        op.drop_column(table, "catalogue_version")


def _moment(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=27), nullable=False)


def _remember_late_sales() -> None:
    """Sales of the last week that came in a minute late or more: a count may have missed them."""
    newest = op.get_bind().execute(sa.text("SELECT max(received_at_utc) FROM sale")).scalar()
    if newest is not None:
        week_before = datetime.fromisoformat(newest) - timedelta(days=7)
        since = f"{week_before.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
        op.get_bind().execute(sa.text(_TOLD_LATE), {"since": since})


def _function(of_sale: dict[str, str], ended: str) -> str:
    """One parameter a column, each a JSON array: they are unfolded side by side."""
    given = [f"sale_{name} json" for name in of_sale]
    given += [f"line_{name} json" for name in _OF_LINE]
    given += [f"move_{name} json" for name in _OF_MOVE]
    nothing = "NULL::bigint, NULL::text, NULL::bigint, NULL::text, NULL::integer"
    receipts, moves = _unfolded("sale", ("sale_id", "lane_id", "receipt_no")), _unfolded("move", _OF_MOVE)
    body = _BODY.format(
        ended=ended.format(receipts=receipts, moves=moves, nothing=nothing),
        sales=_unfolded("sale", of_sale),
        receipts=receipts,
        lines=_unfolded("line", _OF_LINE),
        moves=moves,
        sale_names=", ".join(of_sale),
        sale_values=_values(of_sale),
        line_names=", ".join(_OF_LINE),
        line_values=_values(_OF_LINE),
        nothing=nothing,
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
