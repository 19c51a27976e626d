"""Owns what counts of one shelf side by side do to each other: a mistake in the books is corrected once.

It must not post anything. Of two counts of a place the one that looked last is believed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import col

from inventory.db.ledger_table import StockDocumentRow
from inventory.db.repositories import MOVEMENT, place_of
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import Line
from inventory.domain.places import Place
from inventory.domain.stock import Reason

LONGEST_OPEN = timedelta(days=7)
"""A count that was left open for longer before it was posted is no longer looked for."""

_COUNTS = (
    select(
        MOVEMENT.c.gtin,
        MOVEMENT.c.location,
        MOVEMENT.c.lot,
        MOVEMENT.c.expires_on,
        MOVEMENT.c.quantity_milli,
        MOVEMENT.c.at_utc,
        col(StockDocumentRow.posted_at_utc).label("posted_at_utc"),
    )
    .outerjoin(
        StockDocumentRow,
        (col(StockDocumentRow.store_id) == MOVEMENT.c.store_id)
        & (col(StockDocumentRow.document_id) == MOVEMENT.c.document_id),
    )
    .where(
        MOVEMENT.c.store_id == bindparam("store"),
        MOVEMENT.c.gtin.in_(bindparam("gtins", expanding=True)),
        MOVEMENT.c.at_utc > bindparam("since"),
        MOVEMENT.c.reason == Reason.COUNT.value,
    )
)


@dataclass(frozen=True, slots=True)
class _Count:
    """A posted count: when somebody looked, and when the books took it in."""

    place: Place
    milli: int
    at_utc: datetime
    posted_at_utc: datetime


def overtaken(uow: UnitOfWork, store_id: str, lines: Sequence[Line]) -> list[Line]:
    """Those of an open count's lines that other counts have changed since, with what they come to now.

    What an earlier look has corrected since the line was counted is expected by it; after a later look the
    line corrects nothing.
    """
    counted = [line for line in lines if line.at_utc is not None and line.difference_milli is not None]
    if not counted:
        return []
    since = min(line.at_utc for line in counted if line.at_utc is not None) - LONGEST_OPEN
    others = _counts(uow, store_id, sorted({line.gtin for line in counted}), since)
    after = ((line, _after(line, others.get(line.gtin, []))) for line in counted)
    return [line for before, line in after if line != before]


def _after(line: Line, others: Sequence[_Count]) -> Line:
    assert line.at_utc is not None, "it was counted"
    assert line.expected_milli is not None, "it was counted"
    here = list(_of_place(line.place, others))
    if any(other.at_utc > line.at_utc for other in here):
        return replace(line, expected_milli=line.quantity_milli)
    unheard = sum(other.milli for other in here if other.posted_at_utc > line.at_utc)
    return replace(line, expected_milli=line.expected_milli + unheard)


def _of_place(place: Place, others: Sequence[_Count]) -> Iterator[_Count]:
    """Counts of the place; of a location without a lot those of all its lots, for it was counted as one."""
    for other in others:
        if other.place == place or (not place.has_lot and other.place.location == place.location):
            yield other


def _counts(uow: UnitOfWork, store_id: str, gtins: Sequence[str], since: datetime) -> dict[str, list[_Count]]:
    found: defaultdict[str, list[_Count]] = defaultdict(list)
    bind = {"store": store_id, "gtins": gtins, "since": since}
    for row in uow.session.connection().execute(_COUNTS, bind):
        posted_at_utc = row.posted_at_utc or row.at_utc
        found[row.gtin].append(_Count(place_of(row), int(row.quantity_milli), row.at_utc, posted_at_utc))
    return found
