"""Owns people and their sign-ins: enrolling, sessions, unlocking, and the audit trail of all that.

It must not know cookies or pages, nor how a PIN is checked (pins does). Session tokens are kept as SHA-256
(ASVS 5.0 section 7.2).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, delete, desc, select

from inventory.db.repositories import write_audit
from inventory.db.tables import AuditRow, SessionRow, StaffRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.staff import (
    ABSOLUTE_LIMIT,
    MAX_NAME_LENGTH,
    MIN_PIN_DIGITS,
    LockState,
    PinFault,
    Role,
    SignInReason,
    is_session_alive,
    lock_reason,
    pin_fault,
)
from inventory.services import pins
from inventory.services.pins import PinCheck, PinRefused

_TOKEN_BYTES = 32
_TOUCH_EVERY = timedelta(seconds=20)
"""A sign-in's last use is written at most this often: pages must not queue behind each other's writes."""


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
class Session:
    """One sign-in. `token` travels in the cookie only, `form_token` in every form (against CSRF)."""

    token: str = field(repr=False)
    form_token: str = field(repr=False)
    store_id: str
    staff_id: str
    name: str
    role: Role
    last_seen_at_utc: datetime


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


def sign_in(uow: UnitOfWork, store_id: str, checked: PinCheck, *, now_utc: datetime) -> Session | PinRefused:
    """Counts a PIN that `pins.check` worked on; begins a session under a new token, or says why not."""
    person = pins.settle(uow, store_id, checked, what="sign-in.refused", now_utc=now_utc)
    return person if isinstance(person, PinRefused) else _begin(uow, person, now_utc)


def session(uow: UnitOfWork, store_id: str, *, token: str, now_utc: datetime) -> Session | None:
    """The living session behind a token, or None. Reads only; `touch` keeps it alive."""
    found = uow.session.exec(
        select(SessionRow, StaffRow)
        .where(SessionRow.store_id == store_id, SessionRow.token_hash == _token_hash(token))
        .where(StaffRow.store_id == store_id, StaffRow.staff_id == SessionRow.staff_id)
    ).first()
    if found is None:
        return None
    row, person = found
    is_alive = is_session_alive(
        created_at_utc=row.created_at_utc,
        last_seen_at_utc=row.last_seen_at_utc,
        now_utc=now_utc,
        is_revoked=row.revoked_at_utc is not None,
    )
    return _session_of(row, person, token) if is_alive else None


def needs_touch(current: Session, now_utc: datetime) -> bool:
    """Whether the session's last use is old enough to be written again."""
    return now_utc - current.last_seen_at_utc >= _TOUCH_EVERY


def touch(uow: UnitOfWork, store_id: str, *, token: str, now_utc: datetime) -> None:
    """Notes that a person used the session just now."""
    row = uow.session.get(SessionRow, (store_id, _token_hash(token)))
    if row is not None:
        row.last_seen_at_utc = now_utc
        uow.session.add(row)


def sign_out(uow: UnitOfWork, store_id: str, *, token: str, now_utc: datetime) -> None:
    """Ends one session at the server; a token that is unknown or ended already is left as it is."""
    row = uow.session.get(SessionRow, (store_id, _token_hash(token)))
    if row is not None and row.revoked_at_utc is None:
        row.revoked_at_utc = now_utc
        uow.session.add(row)


def revoke_all(uow: UnitOfWork, store_id: str, *, staff_id: str, by: str, now_utc: datetime) -> int:
    """Ends every session of a person; returns how many were open."""
    count = end_sessions(uow, store_id, staff_id, now_utc)
    write_audit(
        uow.session,
        store_id,
        who=by,
        what="staff.sessions-ended",
        detail=_name_of(uow, store_id, staff_id),
        at_utc=now_utc,
    )
    return count


def end_sessions(uow: UnitOfWork, store_id: str, staff_id: str, now_utc: datetime) -> int:
    """Ends every session of a person as part of something else; returns how many were open."""
    rows = [row for row in _open_sessions(uow, store_id, now_utc) if row.staff_id == staff_id]
    for row in rows:
        row.revoked_at_utc = now_utc
        uow.session.add(row)
    return len(rows)


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
    open_sessions = [row.staff_id for row in _open_sessions(uow, store_id, now_utc)]
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


def _begin(uow: UnitOfWork, person: StaffRow, now_utc: datetime) -> Session:
    # Sessions past their longest life are of no more use; the audit trail keeps that they were.
    uow.session.execute(
        delete(SessionRow).where(
            col(SessionRow.store_id) == person.store_id,
            col(SessionRow.created_at_utc) < now_utc - ABSOLUTE_LIMIT,
        )
    )
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = SessionRow(
        store_id=person.store_id,
        token_hash=_token_hash(token),
        staff_id=person.staff_id,
        csrf_secret=secrets.token_urlsafe(_TOKEN_BYTES),
        created_at_utc=now_utc,
        last_seen_at_utc=now_utc,
    )
    uow.session.add(row)
    write_audit(
        uow.session, person.store_id, who=person.name, what="sign-in.done", detail=person.role, at_utc=now_utc
    )
    return _session_of(row, person, token)


def _session_of(row: SessionRow, person: StaffRow, token: str) -> Session:
    return Session(
        token=token,
        form_token=row.csrf_secret,
        store_id=person.store_id,
        staff_id=person.staff_id,
        name=person.name,
        role=Role(person.role),
        last_seen_at_utc=row.last_seen_at_utc,
    )


def _rows(uow: UnitOfWork, store_id: str) -> list[StaffRow]:
    return list(uow.session.exec(select(StaffRow).where(StaffRow.store_id == store_id)).all())


def _open_sessions(uow: UnitOfWork, store_id: str, now_utc: datetime) -> list[SessionRow]:
    rows = uow.session.exec(
        select(SessionRow).where(SessionRow.store_id == store_id, col(SessionRow.revoked_at_utc).is_(None))
    ).all()
    return [
        row
        for row in rows
        if is_session_alive(
            created_at_utc=row.created_at_utc,
            last_seen_at_utc=row.last_seen_at_utc,
            now_utc=now_utc,
            is_revoked=False,
        )
    ]


def _name_of(uow: UnitOfWork, store_id: str, staff_id: str) -> str:
    row = uow.session.get(StaffRow, (store_id, staff_id))
    return row.name if row is not None else staff_id


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
