"""Owns the shape of a batch of sales on its way into the tables, and of what the tables say to it.

It must not hold a statement, nor judge a sale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SALE_COLUMNS = (
    "sale_id",
    "lane_id",
    "receipt_no",
    "body",
    "body_hash",
    "answer",
    "flag_count",
    "journal_seq",
    "journal_head",
    "paid_at_utc",
    "received_at_utc",
    "business_day",
    "business_hour",
    "currency",
    "total_minor",
    "catalogue_version",
)
LINE_COLUMNS = (
    "sale_id",
    "line_no",
    "gtin",
    "sku",
    "name",
    "sold_by",
    "quantity_milli",
    "unit_price_minor",
    "amount_minor",
    "deposit_minor",
    "tax_class",
    "tax_rate_bp",
)
MOVE_COLUMNS = ("sale_id", "source_id", "gtin", "quantity_milli", "actor", "at_utc")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What sales are judged by: the catalogue's version, the store's clock, and numbers that others have.

    `taken` holds (lane id, receipt number) of those sales asked about whose number another sale has.
    """

    version: int
    timezone: str
    taken: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class SaleBatch:
    """Sales with no id or receipt number twice, as rows of the columns above; instants as tables hold them.

    Lines and moves are those of all the sales; only what belongs to a new one is written.
    """

    store_id: str
    as_of_utc: str
    sales: Sequence[Row]
    lines: Sequence[Row]
    moves: Sequence[Row]

    @property
    def receipts(self) -> dict[tuple[str, int], str]:
        """Sale ids by lane id and receipt number."""
        return {(row[1], row[2]): row[0] for row in self.sales}


@dataclass(frozen=True, slots=True)
class Moved:
    """An item whose running sum moved, and what is known of its shelf; instants as the tables hold them."""

    gtin: str
    on_hand_milli: int
    as_of_utc: str
    reserved_milli: int
    counted_at_utc: str | None
    doubts: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch did: which sales were new, what moved (by GTIN), which reservations ended."""

    new_ids: frozenset[str]
    moved: tuple[Moved, ...]
    freed: frozenset[str]
