"""Owns the list of a store's lanes with what each said last, for those who look after them.

It must not know pages, nor read what a lane said: a state is handed on as it was kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.services.listing import By, Field, Kind, Listing, Order

_LANE: Any = StoreTable.metadata.tables["lane"]
_STATE: Any = StoreTable.metadata.tables["lane_state"]

LANES = Listing(
    source=_LANE.outerjoin(
        _STATE, and_(_STATE.c.store_id == _LANE.c.store_id, _STATE.c.lane_id == _LANE.c.lane_id)
    ),
    scope=_LANE.c.store_id,
    key=(_LANE.c.lane_id,),
    fields=(
        Field("name", _LANE.c.name, filter=By.PART, sorted_by=func.lower(_LANE.c.name)),
        Field("state", _STATE.c.body, is_sortable=False),
        Field("devices", _STATE.c.body, is_sortable=False),
        Field("waiting", _STATE.c.body, is_sortable=False),
        Field("catalogue", _STATE.c.catalogue_version, Kind.NUMBER, is_nullable=True),
        Field("journal", _STATE.c.journal_seq, Kind.NUMBER, is_nullable=True),
        Field("heard", _STATE.c.received_at_utc, Kind.MOMENT, filter=By.RANGE, is_nullable=True),
        Field("enrolled", _LANE.c.enrolled_at_utc, Kind.MOMENT),
        Field("lane_id", _LANE.c.lane_id, is_sortable=False),
    ),
    default=Order("name"),
)

_VERSION: Any = StoreTable.metadata.tables["catalogue_version"]


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a lane's prices are behind: versions of the catalogue, and when the first of them was made."""

    versions: int
    since_utc: datetime


def lags(uow: UnitOfWork, store_id: str) -> Mapping[int, Lag]:
    """By the version that lanes sell from, for those that are not the newest."""
    connection = uow.session.connection()
    newest = connection.execute(select(func.max(_VERSION.c.version)).where(_VERSION.c.store_id == store_id))
    top = newest.scalar() or 0
    sold_from = select(_STATE.c.catalogue_version).where(
        _STATE.c.store_id == store_id, _STATE.c.catalogue_version > 0
    )
    nexts = [each + 1 for each in connection.execute(sold_from.distinct()).scalars()]
    made = select(_VERSION.c.version, _VERSION.c.made_at_utc).where(
        _VERSION.c.store_id == store_id, _VERSION.c.version.in_(nexts)
    )
    return {row.version - 1: Lag(top - row.version + 1, row.made_at_utc) for row in connection.execute(made)}
