"""Owns sign-ins: begun, found by their token, kept alive, and ended, from here or from elsewhere.

It must not know cookies or pages, nor how a PIN or a passkey is checked. Session tokens are kept as SHA-256
(ASVS 5.0 section 7.2).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from inventory.db.identity_table import TabletRow
from inventory.db.repositories import write_audit
from inventory.db.tables import SessionRow, StaffRow
from inventory.db.unit_of_work import STAFF, UnitOfWork
from inventory.domain.staff import ABSOLUTE_LIMIT, Role, SignInMethod, is_session_alive
from inventory.services import pins
from inventory.services.pins import PinCheck, PinRefused
from inventory.wire_staff import SignedOutMessage

_TOKEN_BYTES = 32
_TOUCH_EVERY = timedelta(seconds=20)
"""A sign-in's last use is written at most this often: pages must not queue behind each other's writes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody signs in: an enrolled tablet, or a browser that is none."""

    tablet_id: str = ""
    name: str = ""


ANYWHERE = Place()


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
    tablet_id: str = ""
    """The enrolled tablet it was begun on; it lives nowhere else. "" for a browser that is not enrolled."""

    method: SignInMethod = SignInMethod.PIN


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One open session as the console lists it. `session_id` opens nothing; `tablet` is "" elsewhere."""

    session_id: str
    tablet: str
    method: SignInMethod
    began_at_utc: datetime
    seen_at_utc: datetime


def sign_in(
    uow: UnitOfWork,
    store_id: str,
    checked: PinCheck,
    *,
    now_utc: datetime,
    place: Place = ANYWHERE,
    method: SignInMethod = SignInMethod.PIN,
) -> Session | PinRefused:
    """Counts a PIN that `pins.check` worked on; begins a session under a new token, or says why not."""
    person = pins.settle(uow, store_id, checked, what="sign-in.refused", now_utc=now_utc)
    if isinstance(person, PinRefused):
        return person
    return begin(uow, person, place, method, now_utc)


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
        who = _name_of(uow, store_id, row.staff_id)
        write_audit(uow.session, store_id, who=who, what="sign-in.out", detail="", at_utc=now_utc)


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
    return _end(uow, [row for row in open_rows(uow, store_id, now_utc) if row.staff_id == staff_id], now_utc)


def end_sessions_by(
    uow: UnitOfWork, store_id: str, staff_id: str, method: SignInMethod, now_utc: datetime
) -> int:
    """Ends every session a person began in this way, as part of something else; returns how many."""
    rows = [row for row in open_rows(uow, store_id, now_utc) if row.staff_id == staff_id]
    return _end(uow, [row for row in rows if row.method == method.value], now_utc)


def end_sessions_at(uow: UnitOfWork, store_id: str, tablet_id: str, now_utc: datetime) -> int:
    """Ends every session of a tablet, as part of something else; returns how many were open."""
    rows = [row for row in open_rows(uow, store_id, now_utc) if row.tablet_id == tablet_id]
    return _end(uow, rows, now_utc)


def open_of(uow: UnitOfWork, store_id: str, staff_id: str, now_utc: datetime) -> tuple[OpenSession, ...]:
    """The open sessions of a person, the newest first."""
    rows = [row for row in open_rows(uow, store_id, now_utc) if row.staff_id == staff_id]
    tablets = uow.session.exec(select(TabletRow).where(TabletRow.store_id == store_id))
    names = {row.tablet_id: row.name for row in tablets}
    return tuple(
        OpenSession(
            _session_id(row),
            names.get(row.tablet_id, ""),
            SignInMethod(row.method),
            row.created_at_utc,
            row.last_seen_at_utc,
        )
        for row in sorted(rows, key=lambda row: row.created_at_utc, reverse=True)
    )


def end_one(
    uow: UnitOfWork, store_id: str, staff_id: str, session_id: str, *, by: str, now_utc: datetime
) -> None:
    """Ends one session of a person; one that is over already is left as it is."""
    rows = [row for row in open_rows(uow, store_id, now_utc) if row.staff_id == staff_id]
    if _end(uow, [row for row in rows if _session_id(row) == session_id], now_utc):
        who = _name_of(uow, store_id, staff_id)
        write_audit(uow.session, store_id, who=by, what="staff.session-ended", detail=who, at_utc=now_utc)


def end_stolen(uow: UnitOfWork, store_id: str, *, token: str, seen_at: Place, now_utc: datetime) -> None:
    """Ends a session whose token came from another tablet than its own, and says so in the trail, once."""
    row = uow.session.get(SessionRow, (store_id, _token_hash(token)), with_for_update=True)
    if row is None or row.revoked_at_utc is not None:
        return
    _end(uow, [row], now_utc)
    write_audit(
        uow.session,
        store_id,
        who=_name_of(uow, store_id, row.staff_id),
        what="sign-in.elsewhere",
        detail=seen_at.name,
        at_utc=now_utc,
    )


def begin(
    uow: UnitOfWork, person: StaffRow, place: Place, method: SignInMethod, now_utc: datetime
) -> Session:
    """Begins a session of somebody who has shown who they are."""
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
        tablet_id=place.tablet_id,
        method=method.value,
    )
    uow.session.add(row)
    detail = ", ".join(part for part in (person.role, method.value, place.name) if part)
    write_audit(
        uow.session, person.store_id, who=person.name, what="sign-in.done", detail=detail, at_utc=now_utc
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
        tablet_id=row.tablet_id,
        method=SignInMethod(row.method),
    )


def _end(uow: UnitOfWork, rows: list[SessionRow], now_utc: datetime) -> int:
    """Ends sessions; open pages of theirs are told at once."""
    for row in rows:
        row.revoked_at_utc = now_utc
        uow.session.add(row)
        message = SignedOutMessage(staff_id=row.staff_id)
        uow.announce(row.store_id, "signed-out", message=message, audience=STAFF)
    return len(rows)


def open_rows(uow: UnitOfWork, store_id: str, now_utc: datetime) -> list[SessionRow]:
    """Every session that still counts."""
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


def _session_id(row: SessionRow) -> str:
    return row.token_hash[:16]


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
