"""Owns the lists of people, of what was done, and of tasks, for those who look them up.

It must not know pages, nor change anybody.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from inventory.db.tables import StoreTable
from inventory.domain.staff import ABSOLUTE_LIMIT, IDLE_LIMIT
from inventory.services.listing import By, Field, Kind, Listing, Order

_tables = StoreTable.metadata.tables
_STAFF: Any = _tables["staff"]
_SESSION: Any = _tables["session"]
_AUDIT: Any = _tables["audit"]
_TASK: Any = _tables["task"]

HERE, LEFT = "here", "left"
"""Whether somebody may sign in at all."""


def people(now_utc: datetime) -> Listing:
    """Everybody of the store, those who left too, with the sign-ins that are open at this moment."""
    sessions = (
        select(func.count())
        .select_from(_SESSION)
        .where(
            _SESSION.c.store_id == _STAFF.c.store_id,
            _SESSION.c.staff_id == _STAFF.c.staff_id,
            _SESSION.c.revoked_at_utc.is_(None),
            _SESSION.c.last_seen_at_utc > now_utc - IDLE_LIMIT,
            _SESSION.c.created_at_utc > now_utc - ABSOLUTE_LIMIT,
        )
        .scalar_subquery()
    )
    return Listing(
        source=_STAFF,
        scope=_STAFF.c.store_id,
        key=(_STAFF.c.staff_id,),
        fields=(
            Field("name", _STAFF.c.name, filter=By.PART, sorted_by=func.lower(_STAFF.c.name)),
            Field("role", _STAFF.c.role, filter=By.VALUE),
            Field("state", case((_STAFF.c.left_at_utc.is_(None), HERE), else_=LEFT), filter=By.VALUE),
            Field("staff_id", _STAFF.c.staff_id),
            Field("sessions", sessions, Kind.NUMBER),
            Field("failures", _STAFF.c.failures, is_sortable=False),
            Field("locked_until", _STAFF.c.locked_until_utc, Kind.MOMENT, is_sortable=False),
        ),
        default=Order("name"),
    )


AUDIT = Listing(
    source=_AUDIT,
    scope=_AUDIT.c.store_id,
    key=(_AUDIT.c.audit_id,),
    fields=(
        Field("at", _AUDIT.c.at_utc, Kind.MOMENT, filter=By.RANGE),
        Field("who", _AUDIT.c.who, filter=By.PART),
        Field("what", _AUDIT.c.what, filter=By.VALUE),
        Field("detail", _AUDIT.c.detail, filter=By.PART, is_sortable=False),
    ),
    default=Order("at", is_down=True),
)

TASKS = Listing(
    source=_TASK,
    scope=_TASK.c.store_id,
    key=(_TASK.c.task_id,),
    fields=(
        Field("made", _TASK.c.made_at_utc, Kind.MOMENT, filter=By.RANGE),
        Field("state", _TASK.c.state, filter=By.VALUE),
        Field("lane", _TASK.c.lane_id, filter=By.VALUE),
        Field("words", _TASK.c.words, filter=By.PART, is_sortable=False),
        Field("amount", _TASK.c.amount_minor, Kind.MONEY),
        Field("done_by", _TASK.c.done_by, filter=By.PART),
        Field("done", _TASK.c.done_at_utc, Kind.MOMENT, is_nullable=True),
        Field("note", _TASK.c.note, is_sortable=False),
        Field("currency", _TASK.c.currency, is_sortable=False),
        Field("sale_id", _TASK.c.sale_id, is_sortable=False),
    ),
    default=Order("made", is_down=True),
)
