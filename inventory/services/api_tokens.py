"""Owns the tokens of managers' other systems: made once, shown once, kept as a hash, revoked for good.

It must not know what a role may do, nor HTTP.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from inventory.db.access_table import ApiTokenRow
from inventory.db.repositories import ordered_id, write_audit
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.staff import Role
from inventory.services.lanes import token_hash

PREFIX = "lanelight_"
"""So that a search for leaked secrets knows one when it sees it."""

MAX_NAME_LENGTH = 60
USE_NOTED = timedelta(minutes=1)
"""How exactly the last use is kept: a busy system does not write at each request."""


class TokenNameError(ValueError):
    """The name is empty, too long or not printable; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One system's token as a list shows it."""

    token_id: str
    name: str
    role: Role
    made_by: str
    made_at_utc: datetime
    used_at_utc: datetime | None
    revoked_at_utc: datetime | None

    def is_use_news(self, now_utc: datetime) -> bool:
        """Whether a use now is worth a note."""
        return self.used_at_utc is None or now_utc - self.used_at_utc >= USE_NOTED


def make(uow: UnitOfWork, store_id: str, *, name: str, role: Role, by: str, now_utc: datetime) -> str:
    """Makes a token of 256 random bits and answers it, this once. Raises TokenNameError."""
    plain = " ".join(name.split())
    if not (0 < len(plain) <= MAX_NAME_LENGTH and plain.isprintable()):
        raise TokenNameError(f"A name has 1 to {MAX_NAME_LENGTH} characters.")
    token = PREFIX + secrets.token_urlsafe(32)
    uow.session.add(
        ApiTokenRow(
            store_id=store_id,
            token_id=ordered_id(now_utc),
            name=plain,
            role=role.value,
            token_hash=token_hash(token),
            made_by=by,
            made_at_utc=now_utc,
        )
    )
    detail = f"{plain}: {role.value}"
    write_audit(uow.session, store_id, who=by, what="token.make", detail=detail, at_utc=now_utc)
    return token


def authenticate(uow: UnitOfWork, store_id: str, token: str) -> ApiToken | None:
    """The system whose token this is, or None; a revoked one is none."""
    wanted = token_hash(token)
    row = uow.session.exec(
        select(ApiTokenRow).where(ApiTokenRow.store_id == store_id, ApiTokenRow.token_hash == wanted)
    ).first()
    if row is None or not hmac.compare_digest(row.token_hash, wanted) or row.revoked_at_utc is not None:
        return None
    return _token(row)


def note_use(uow: UnitOfWork, store_id: str, token_id: str, now_utc: datetime) -> None:
    """Keeps when a token was used last."""
    row = uow.session.get(ApiTokenRow, (store_id, token_id))
    if row is not None:
        row.used_at_utc = now_utc
        uow.session.add(row)


def revoke(uow: UnitOfWork, store_id: str, token_id: str, *, by: str, now_utc: datetime) -> bool:
    """Locks a token out for good; whether there was one that still opened."""
    row = uow.session.get(ApiTokenRow, (store_id, token_id))
    if row is None or row.revoked_at_utc is not None:
        return False
    row.revoked_at_utc = now_utc
    uow.session.add(row)
    write_audit(uow.session, store_id, who=by, what="token.revoke", detail=row.name, at_utc=now_utc)
    return True


def made(uow: UnitOfWork, store_id: str) -> tuple[ApiToken, ...]:
    """Every token ever made, the newest first."""
    rows = uow.session.exec(
        select(ApiTokenRow).where(ApiTokenRow.store_id == store_id).order_by(col(ApiTokenRow.token_id).desc())
    )
    return tuple(map(_token, rows))


def _token(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        row.token_id,
        row.name,
        Role(row.role),
        row.made_by,
        row.made_at_utc,
        row.used_at_utc,
        row.revoked_at_utc,
    )
