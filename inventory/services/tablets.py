"""Owns the tablets staff sign in from: let in once by a code, known by a token, named, and locked out again.

It must not know cookies or pages, nor how a code is kept (enrolment does).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from inventory.db.access_table import EnrolmentCodeRow
from inventory.db.identity_table import TabletRow
from inventory.db.repositories import ordered_id, write_audit
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.staff import MAX_NAME_LENGTH
from inventory.services import enrolment
from inventory.services.enrolment import Code, Kind
from inventory.services.lanes import token_hash
from inventory.services.sessions import end_sessions_at

_TOKEN_BYTES = 32


class TabletNameError(ValueError):
    """A tablet's name is empty, too long, or has signs that cannot be read."""


@dataclass(frozen=True, slots=True)
class Tablet:
    """One enrolled browser. `used_at_utc` is the last sign-in there."""

    tablet_id: str
    name: str
    enrolled_by: str
    enrolled_at_utc: datetime
    used_at_utc: datetime | None
    revoked_at_utc: datetime | None


@dataclass(frozen=True, slots=True)
class NewTablet:
    """A tablet as it was let in just now. `token` travels in its cookie alone."""

    name: str
    token: str = field(repr=False)


def make_code(uow: UnitOfWork, store_id: str, name: str, *, digits: str, by: str, now_utc: datetime) -> Code:
    """A code that lets one tablet in, under this name. Raises TabletNameError."""
    return enrolment.make(
        uow, store_id, _named(name), digits=digits, by=by, now_utc=now_utc, kind=Kind.TABLET
    )


def enrol(database: Database, store_id: str, *, digits: str, now_utc: datetime) -> NewTablet:
    """Lets in the browser that shows a living code. Raises EnrolmentRefusedError."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)

    def let_in(uow: UnitOfWork, code: EnrolmentCodeRow) -> NewTablet:
        enrolment.spend(uow, code, token, now_utc)
        row = TabletRow(
            store_id=store_id,
            tablet_id=ordered_id(now_utc),
            name=code.lane_id,
            token_hash=token_hash(token),
            enrolled_by=code.made_by,
            enrolled_at_utc=now_utc,
        )
        uow.session.add(row)
        return NewTablet(row.name, token)

    return enrolment.redeem(database, store_id, Kind.TABLET, digits=digits, now_utc=now_utc, let_in=let_in)


def of_token(uow: UnitOfWork, store_id: str, token: str) -> Tablet | None:
    """The tablet whose token this is, or None; a revoked one is none."""
    row = uow.session.exec(
        select(TabletRow).where(
            TabletRow.store_id == store_id,
            TabletRow.token_hash == token_hash(token),
            col(TabletRow.revoked_at_utc).is_(None),
        )
    ).first()
    return _tablet(row) if row is not None else None


def note_use(uow: UnitOfWork, store_id: str, tablet_id: str, now_utc: datetime) -> None:
    """Keeps when somebody signed in there last."""
    row = uow.session.get(TabletRow, (store_id, tablet_id))
    if row is not None:
        row.used_at_utc = now_utc
        uow.session.add(row)


def enrolled(uow: UnitOfWork, store_id: str) -> tuple[Tablet, ...]:
    """Every tablet ever let in, the newest first."""
    rows = uow.session.exec(
        select(TabletRow).where(TabletRow.store_id == store_id).order_by(col(TabletRow.tablet_id).desc())
    )
    return tuple(map(_tablet, rows))


def rename(uow: UnitOfWork, store_id: str, tablet_id: str, *, name: str, by: str, now_utc: datetime) -> None:
    """Gives a tablet another name. Raises TabletNameError; an unknown tablet is passed over."""
    row, wanted = uow.session.get(TabletRow, (store_id, tablet_id)), _named(name)
    if row is None or row.name == wanted:
        return
    detail, row.name = f"{row.name}: {wanted}", wanted
    uow.session.add(row)
    write_audit(uow.session, store_id, who=by, what="tablet.rename", detail=detail, at_utc=now_utc)


def revoke(uow: UnitOfWork, store_id: str, tablet_id: str, *, by: str, now_utc: datetime) -> None:
    """Locks a tablet out for good and ends every sign-in there. An unknown tablet is passed over."""
    row = uow.session.get(TabletRow, (store_id, tablet_id), with_for_update=True)
    if row is None or row.revoked_at_utc is not None:
        return
    row.revoked_at_utc = now_utc
    uow.session.add(row)
    ended = end_sessions_at(uow, store_id, tablet_id, now_utc)
    detail = f"{row.name}: {ended} sign-ins ended" if ended else row.name
    write_audit(uow.session, store_id, who=by, what="tablet.revoke", detail=detail, at_utc=now_utc)


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not (0 < len(plain) <= MAX_NAME_LENGTH and plain.isprintable()):
        raise TabletNameError(f"A name has 1 to {MAX_NAME_LENGTH} characters.")
    return plain


def _tablet(row: TabletRow) -> Tablet:
    return Tablet(
        row.tablet_id, row.name, row.enrolled_by, row.enrolled_at_utc, row.used_at_utc, row.revoked_at_utc
    )
