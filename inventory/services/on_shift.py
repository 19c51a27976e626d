"""Owns who is there: the people with a living sign-in, whatever they signed in on.

It must not know what anybody is asked to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from inventory.db.tables import SessionRow, StaffRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.staff import IDLE_LIMIT, Role, is_session_alive


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is signed in."""

    name: str
    role: Role


def colleagues(uow: UnitOfWork, store_id: str, now_utc: datetime) -> tuple[Colleague, ...]:
    """Everybody with a living sign-in, by name."""
    rows = uow.session.exec(
        select(SessionRow, StaffRow)
        .where(SessionRow.store_id == store_id, col(SessionRow.revoked_at_utc).is_(None))
        .where(col(SessionRow.last_seen_at_utc) > now_utc - IDLE_LIMIT)
        .where(StaffRow.store_id == store_id, StaffRow.staff_id == SessionRow.staff_id)
    )
    found = {
        Colleague(person.name, Role(person.role))
        for row, person in rows
        if is_session_alive(
            created_at_utc=row.created_at_utc,
            last_seen_at_utc=row.last_seen_at_utc,
            now_utc=now_utc,
            is_revoked=False,
        )
    }
    return tuple(sorted(found, key=lambda each: each.name.casefold()))
