"""Owns badges: given to a person by the house, read at a lane or a tablet, and taken back.

It must not know readers or pages. A badge says who stands there and opens nothing without their PIN; its code
is random and kept as SHA-256, so whoever reads the table can print none.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from inventory.db.identity_table import BadgeRow
from inventory.db.repositories import write_audit
from inventory.db.tables import StaffRow
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.services.lanes import token_hash
from inventory.services.staff_changes import UnknownPersonError

_BADGE = re.compile(r"STAFF-[0-9a-f]{16}", re.ASCII)
_RANDOM_BYTES = 8


@dataclass(frozen=True, slots=True)
class Badge:
    """That a person has a badge; what it says is not kept."""

    given_by: str
    given_at_utc: datetime


def is_badge(text: str) -> bool:
    """Whether a text is one that the house puts on badges."""
    return _BADGE.fullmatch(text) is not None


def give(uow: UnitOfWork, store_id: str, staff_id: str, *, by: str, now_utc: datetime) -> str:
    """A new badge, shown this once; an older one of theirs is worth nothing. Raises UnknownPersonError."""
    person = uow.session.get(StaffRow, (store_id, staff_id), with_for_update=True)
    if person is None:
        raise UnknownPersonError
    text = f"STAFF-{secrets.token_hex(_RANDOM_BYTES)}"
    row = uow.session.get(BadgeRow, (store_id, staff_id)) or BadgeRow(
        store_id=store_id, staff_id=staff_id, badge_hash="", given_by=by, given_at_utc=now_utc
    )
    row.badge_hash, row.given_by, row.given_at_utc = token_hash(text), by, now_utc
    uow.session.add(row)
    write_audit(uow.session, store_id, who=by, what="badge.given", detail=person.name, at_utc=now_utc)
    return text


def take_back(uow: UnitOfWork, store_id: str, staff_id: str, *, by: str, now_utc: datetime) -> None:
    """Makes a person's badge one that nobody has. Without a badge nothing happens."""
    row = uow.session.get(BadgeRow, (store_id, staff_id))
    person = uow.session.get(StaffRow, (store_id, staff_id))
    if row is None or person is None:
        return
    uow.session.delete(row)
    write_audit(uow.session, store_id, who=by, what="badge.taken", detail=person.name, at_utc=now_utc)


def of_person(uow: UnitOfWork, store_id: str, staff_id: str) -> Badge | None:
    """The badge a person has, if any."""
    row = uow.session.get(BadgeRow, (store_id, staff_id))
    return Badge(row.given_by, row.given_at_utc) if row is not None else None


def named(database: Database, store_id: str, who: str) -> str:
    """Whom a name or the text of a badge means; "" for a badge that nobody has."""
    if not is_badge(who):
        return who
    with database.read() as uow:
        name = uow.session.exec(
            select(StaffRow.name).where(
                BadgeRow.store_id == store_id,
                BadgeRow.badge_hash == token_hash(who),
                StaffRow.store_id == store_id,
                StaffRow.staff_id == BadgeRow.staff_id,
            )
        ).first()
    return name or ""
