"""Owns the one call by which a batch of sales enters a server: the function `lanelight_take_sales`.

It must not judge a sale. Rows travel as JSON, one array a column: the server unfolds them side by side, and
neither end touches a value by itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from inventory.db.sale_batch import (
    LINE_COLUMNS,
    MOVE_COLUMNS,
    SALE_COLUMNS,
    Look,
    Moved,
    Row,
    SaleBatch,
    Written,
)

_WIDTH = 5 + len(SALE_COLUMNS) + len(LINE_COLUMNS) + len(MOVE_COLUMNS)
_TAKE = f"SELECT * FROM lanelight_take_sales({', '.join(['%s'] * _WIDTH)})"  # noqa: S608 - marks alone
_LOOK_AGAIN, _NEW, _FREED = "look", "new", "freed"


def write(session: Session, batch: SaleBatch, seen: Look, *, is_looked: bool) -> Written | None:
    """Writes what is new in a batch; None, and nothing is written, where `seen` is no longer so."""
    driver: Any = session.connection().connection.driver_connection
    # Two servers' writers then wait for each other instead of locking each other out.
    sales = sorted(batch.sales)
    values = (
        batch.store_id,
        batch.as_of_utc,
        is_looked or bool(seen.taken),
        seen.version,
        seen.timezone,
        *_columns(sales, len(SALE_COLUMNS)),
        *_columns(batch.lines, len(LINE_COLUMNS)),
        *_columns(sorted(batch.moves, key=lambda row: row[1]), len(MOVE_COLUMNS)),
    )
    rows = driver.execute(_TAKE, values, prepare=True).fetchall()
    if rows and rows[0][0] == _LOOK_AGAIN:
        return None
    return Written(
        frozenset(row[1] for row in rows if row[0] == _NEW),
        tuple(
            sorted(
                (Moved(*row[1:]) for row in rows if row[0] not in (_NEW, _FREED)), key=lambda each: each.gtin
            )
        ),
        frozenset(row[1] for row in rows if row[0] == _FREED),
    )


def _columns(rows: Sequence[Row], width: int) -> list[str]:
    if not rows:
        return ["[]"] * width
    return [json.dumps(column) for column in zip(*rows, strict=True)]
