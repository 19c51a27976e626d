"""Owns the statements of a sale's arrival: its row, its lines, and what was told of it first.

It must not judge a sale, nor know stock. Each takes as many sales as there are, in one statement or a few.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session

from inventory.db.bulk import insert_many, select_many
from inventory.db.tables import StoreTable

SALE: Table = StoreTable.metadata.tables["sale"]
SALE_LINE: Table = StoreTable.metadata.tables["sale_line"]

_FIRST_ANSWERS = "SELECT sale_id, body_hash, answer FROM sale WHERE store_id = {} AND sale_id IN"
_OF_RECEIPTS = (
    "SELECT lane_id, receipt_no, sale_id FROM sale WHERE store_id = {} AND (lane_id, receipt_no) IN"
)


def add_sales(session: Session, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Inserts those sales whose id is new; answers their ids.

    They go in by id: two writers on a server then wait for each other instead of locking each other out.
    """
    ordered = sorted(rows, key=lambda row: str(row["sale_id"]))
    added = insert_many(session, SALE, ordered, tail="ON CONFLICT DO NOTHING RETURNING sale_id")
    return {sale_id for (sale_id,) in added}


def add_lines(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts the lines of sales that are new."""
    insert_many(session, SALE_LINE, rows)


def first_answers(session: Session, store_id: str, sale_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """By sale id: the hash of the body that came first, and the answer it was given, as JSON."""
    found = select_many(session, _FIRST_ANSWERS, store_id, [(sale_id,) for sale_id in sale_ids])
    return {sale_id: (body_hash, answer) for sale_id, body_hash, answer in found}


def sales_of_receipts(
    session: Session, store_id: str, receipts: Sequence[tuple[str, int]]
) -> list[tuple[str, int, str]]:
    """(lane id, receipt number, sale id) of the sales that have one of these numbers."""
    found = select_many(session, _OF_RECEIPTS, store_id, receipts)
    return [(lane_id, receipt_no, sale_id) for lane_id, receipt_no, sale_id in found]
