"""Owns how well each item sells, as the search uses it: in 32 tiers, renewed from the sales of four weeks.

It must not search. A tier is a power of two of receipts, so that most items stay in theirs from day to day.
"""

from __future__ import annotations

from datetime import date, timedelta

from inventory.db import hot, item_index
from inventory.db.unit_of_work import UnitOfWork

COUNTED = timedelta(days=28)
_SOLD = (
    "SELECT l.gtin, count(*) FROM sale s"
    " JOIN sale_line l ON l.store_id = s.store_id AND l.sale_id = s.sale_id"
    " WHERE s.store_id = ? AND s.business_day >= ? GROUP BY l.gtin"
)


def renew(uow: UnitOfWork, store_id: str, today: date) -> int:
    """Brings the search's order to what was sold lately; answers how many items changed their tier."""
    since = (today - COUNTED).isoformat()
    sold = {gtin: tier_of(count) for gtin, count in hot.each(uow.session, _SOLD, (store_id, since))}
    return item_index.move_entries(uow.session, store_id, sold)


def tier_of(count: int) -> int:
    """The tier of an item on so many receipts: 31 for none, one less for each doubling."""
    return max(0, item_index.LAST_TIER - count.bit_length())
