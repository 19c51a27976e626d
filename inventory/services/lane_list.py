"""Owns the list of a store's lanes with what each said last, for those who look after them.

It must not know pages, nor read what a lane said: a state is handed on as it was kept.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func

from inventory.db.tables import StoreTable
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
        Field("journal", _STATE.c.journal_seq, Kind.NUMBER, is_nullable=True),
        Field("heard", _STATE.c.received_at_utc, Kind.MOMENT, filter=By.RANGE, is_nullable=True),
        Field("enrolled", _LANE.c.enrolled_at_utc, Kind.MOMENT),
        Field("lane_id", _LANE.c.lane_id, is_sortable=False),
    ),
    default=Order("name"),
)
