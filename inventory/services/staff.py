"""Owns people: enrolling and unlocking them, who there is, and the audit trail.

It must not know cookies or pages, nor how a PIN is checked (pins does) or a sign-in lives (sessions does).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, desc, select

from inventory.db.repositories import write_audit
from inventory.db.tables import AuditRow, StaffRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.staff import (
    MAX_NAME_LENGTH,
    MIN_PIN_DIGITS,
    LockState,
    PinFault,
    Role,
    SignInReason,
    lock_reason,
    pin_fault,
)
from inventory.services import pins, sessions


class StaffError(ValueError):
    """A person cannot be enrolled so; the sentence says why."""


class PinError(StaffError):
    """The PIN breaks a rule of inventory.domain.staff."""

    def __init__(self, fault: PinFault) -> None:
        super().__init__(f"The PIN is refused: {fault.value}.")
        self.fault = fault


class StaffNameError(StaffError):
    """The name is empty, too long, or somebody has it already."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One person as the console lists them."""

    staff_id: str
    name: str
    role: Role
    lock: SignInReason | None
    sessions: int
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class AuditEntry:
    at_utc: datetime
    who: str
    what: str
    detail: str


def random_pin() -> str:
    """Six digits that the rules accept, for a person who gets their PIN from the house."""
    while True:
        pin = f"{secrets.randbelow(10**MIN_PIN_DIGITS):0{MIN_PIN_DIGITS}d}"
        if pin_fault(pin) is None:
            return pin


def add(uow: UnitOfWork, store_id: str, *, name: str, pin: str, role: Role, now_utc: datetime) -> str:
    """Enrols a person and returns their staff id. Raises StaffNameError or PinError."""
    shown = " ".join(name.split())
    if not shown or len(shown) > MAX_NAME_LENGTH or not shown.isprintable():
        raise StaffNameError(f"A name has 1 to {MAX_NAME_LENGTH} printable characters.")
    if pins.person_named(uow, store_id, shown) is not None:
        raise StaffNameError("Somebody has this name already; add a letter of the surname.")
    fault = pin_fault(pin)
    if fault is not None:
        raise PinError(fault)
    staff_id = secrets.token_hex(8)
    pin_hash = pins.hash_of(pin)
    uow.session.add(
        StaffRow(store_id=store_id, staff_id=staff_id, name=shown, pin_hash=pin_hash, role=role.value)
    )
    write_audit(uow.session, store_id, who=shown, what="staff.added", detail=role.value, at_utc=now_utc)
    return staff_id


def unlock(uow: UnitOfWork, store_id: str, *, staff_id: str, by: str, now_utc: datetime) -> None:
    """Lets a locked or waiting name try again."""
    row = uow.session.get(StaffRow, (store_id, staff_id))
    if row is None:
        return
    row.failures, row.locked_until_utc = 0, None
    uow.session.add(row)
    write_audit(uow.session, store_id, who=by, what="staff.unlocked", detail=row.name, at_utc=now_utc)


def members(uow: UnitOfWork, store_id: str, *, now_utc: datetime) -> tuple[StaffMember, ...]:
    """Everybody of the store by name, with their lock and open sessions."""
    open_sessions = [row.staff_id for row in sessions.open_rows(uow, store_id, now_utc)]
    people = sorted(_rows(uow, store_id), key=lambda row: row.name.casefold())
    return tuple(
        StaffMember(
            row.staff_id,
            row.name,
            Role(row.role),
            lock_reason(LockState(row.failures, row.locked_until_utc), now_utc),
            open_sessions.count(row.staff_id),
            row.left_at_utc is not None,
        )
        for row in people
    )


def audit_trail(uow: UnitOfWork, store_id: str, *, limit: int) -> tuple[AuditEntry, ...]:
    """The newest `limit` entries, newest first."""
    rows = uow.session.exec(
        select(AuditRow)
        .where(AuditRow.store_id == store_id)
        .order_by(desc(col(AuditRow.at_utc)))
        .limit(limit)
    ).all()
    return tuple(AuditEntry(row.at_utc, row.who, row.what, row.detail) for row in rows)


def _rows(uow: UnitOfWork, store_id: str) -> list[StaffRow]:
    return list(uow.session.exec(select(StaffRow).where(StaffRow.store_id == store_id)).all())
