"""Owns people and their sign-ins: enrolling, checking PINs, sessions, locks, and the audit trail of all that.

It must not know cookies or pages. PINs are kept as Argon2id hashes, session tokens as SHA-256 (ASVS 5.0
sections 6.2 and 7.2).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
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
    after_failure,
    is_session_alive,
    lock_reason,
    pin_fault,
)

_TOKEN_BYTES = 32
_TOUCH_EVERY = timedelta(seconds=20)
"""A sign-in's last use is written at most this often: pages must not queue behind each other's writes."""

# OWASP's smallest Argon2id setting (19 MiB, one lane) and one more pass: PINs are short, boards slow.
_HASHER = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=19_456, parallelism=1),))


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
class SignInRefused:
    """`wait_until_utc` is set for the reason WAIT alone."""

    reason: SignInReason
    wait_until_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One person as the console lists them."""

    staff_id: str
    name: str
    role: Role
    lock: SignInReason | None
    sessions: int


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
    if _row_named(uow, store_id, shown) is not None:
        raise StaffNameError("Somebody has this name already; add a letter of the surname.")
    fault = pin_fault(pin)
    if fault is not None:
        raise PinError(fault)
    staff_id = secrets.token_hex(8)
    uow.session.add(
        StaffRow(
            store_id=store_id, staff_id=staff_id, name=shown, pin_hash=_HASHER.hash(pin), role=role.value
        )
    )
    write_audit(uow.session, store_id, who=shown, what="staff.added", detail=role.value, at_utc=now_utc)
    return staff_id


def sign_in(
    uow: UnitOfWork, store_id: str, *, name: str, pin: str, now_utc: datetime
) -> Session | SignInRefused:
    """Checks a PIN and begins a session under a new token, or says why not.

    An unknown name costs the same work as a wrong PIN, and is answered the same. While a name waits or is
    locked the PIN is worked on but not looked at, so a guess made then teaches nothing.
    """
    row = _row_named(uow, store_id, " ".join(name.split()))
    is_right = _HASHER.verify(pin, row.pin_hash if row is not None else _hash_of_nobody())
    if row is None:
        return SignInRefused(SignInReason.WRONG)
    lock = LockState(row.failures, row.locked_until_utc)
    reason = lock_reason(lock, now_utc)
    if reason is not None:
        return SignInRefused(reason, lock.wait_until_utc if reason is SignInReason.WAIT else None)
    if not is_right:
        return _refuse(uow, row, after_failure(lock, now_utc), now_utc)
    row.failures, row.locked_until_utc = 0, None
    uow.session.add(row)
    return _begin(uow, row, now_utc)


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
    rows = [row for row in _open_sessions(uow, store_id, now_utc) if row.staff_id == staff_id]
    for row in rows:
        row.revoked_at_utc = now_utc
        uow.session.add(row)
    write_audit(
        uow.session,
        store_id,
        who=by,
        what="staff.sessions-ended",
        detail=_name_of(uow, store_id, staff_id),
        at_utc=now_utc,
    )
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


def _refuse(uow: UnitOfWork, row: StaffRow, lock: LockState, now_utc: datetime) -> SignInRefused:
    row.failures, row.locked_until_utc = lock.failures, lock.wait_until_utc
    uow.session.add(row)
    write_audit(
        uow.session,
        row.store_id,
        who=row.name,
        what="sign-in.refused",
        detail=f"{lock.failures} wrong in a row",
        at_utc=now_utc,
    )
    reason = lock_reason(lock, now_utc) or SignInReason.WRONG
    return SignInRefused(reason, lock.wait_until_utc)


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


def _row_named(uow: UnitOfWork, store_id: str, name: str) -> StaffRow | None:
    # Folded in Python: SQLite's lower() knows ASCII only, and a store has tens of people, not thousands.
    wanted = name.casefold()
    staff_id = next((row.staff_id for row in _rows(uow, store_id) if row.name.casefold() == wanted), None)
    if staff_id is None:
        return None
    return uow.session.get(StaffRow, (store_id, staff_id), with_for_update=True)


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


@cache
def _hash_of_nobody() -> str:
    """A hash to work on for names nobody has."""
    return _HASHER.hash(secrets.token_urlsafe(_TOKEN_BYTES))
