"""Owns PINs: their hashes, the check of one, and how wrong ones are counted until a name waits or locks.

It must not know sessions, cookies or what a PIN was given for. A PIN is worked on outside any transaction,
for that takes tens of milliseconds in which nobody could sell; what came of it is counted in a short one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select

from inventory.db.repositories import write_audit
from inventory.db.tables import StaffRow
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.staff import (
    LockState,
    SignInReason,
    after_failure,
    lock_reason,
)

# OWASP's smallest Argon2id setting (19 MiB, one lane) and one more pass: PINs are short, boards slow.
_HASHER = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=19_456, parallelism=1),))


@dataclass(frozen=True, slots=True)
class PinCheck:
    """A PIN that was worked on and is not counted yet. `staff_id` is "" for a name nobody has."""

    staff_id: str
    pin_hash: str = field(repr=False)
    is_right: bool


@dataclass(frozen=True, slots=True)
class PinRefused:
    """`wait_until_utc` is set where the name has to wait."""

    reason: SignInReason
    wait_until_utc: datetime | None = None


def hash_of(pin: str) -> str:
    """The PIN as it is kept (Argon2id, ASVS 5.0 section 6.2)."""
    return _HASHER.hash(pin)


def is_right(typed: str, kept: str) -> bool:
    """Whether `typed` is what `hash_of` made `kept` of; takes tens of milliseconds."""
    return _HASHER.verify(typed, kept)


def check(database: Database, store_id: str, *, name: str, pin: str) -> PinCheck:
    """Works on a PIN without holding anybody up. Counts nothing: `settle` must follow.

    An unknown name, or one of somebody who has left, costs the same work as a wrong PIN.
    """
    with database.read() as uow:
        row = person_named(uow, store_id, " ".join(name.split()))
        is_known = row is not None and row.left_at_utc is None
        staff_id, pin_hash = (row.staff_id, row.pin_hash) if row and is_known else ("", _hash_of_nobody())
    is_right = _HASHER.verify(pin, pin_hash)
    return PinCheck(staff_id, pin_hash, is_right and staff_id != "")


def settle(
    uow: UnitOfWork, store_id: str, checked: PinCheck, *, what: str, now_utc: datetime
) -> StaffRow | PinRefused:
    """Counts what came of a check, and answers the person or why not. `what` names it in the audit trail.

    The counter and the lock are read again here: of many guesses at once each is counted, and none is told
    more than the lock allows. While a name waits or is locked nothing is counted, and a right PIN is not told
    from a wrong one.
    """
    row = uow.session.get(StaffRow, (store_id, checked.staff_id), with_for_update=True)
    if row is None or row.left_at_utc is not None:
        return PinRefused(SignInReason.WRONG)
    lock = LockState(row.failures, row.locked_until_utc)
    reason = lock_reason(lock, now_utc)
    if reason is not None:
        return PinRefused(reason, lock.wait_until_utc if reason is SignInReason.WAIT else None)
    # A PIN that was changed since the check is no longer the right one.
    if not checked.is_right or checked.pin_hash != row.pin_hash:
        return _refuse(uow, row, after_failure(lock, now_utc), what=what, now_utc=now_utc)
    row.failures, row.locked_until_utc = 0, None
    uow.session.add(row)
    return row


def person_named(uow: UnitOfWork, store_id: str, name: str) -> StaffRow | None:
    """Whoever has this name, whatever its capitals."""
    # Folded in Python: SQLite's lower() knows ASCII only, and a store has tens of people, not thousands.
    wanted = name.casefold()
    people = uow.session.exec(select(StaffRow).where(StaffRow.store_id == store_id))
    return next((row for row in people if row.name.casefold() == wanted), None)


def _refuse(uow: UnitOfWork, row: StaffRow, lock: LockState, *, what: str, now_utc: datetime) -> PinRefused:
    row.failures, row.locked_until_utc = lock.failures, lock.wait_until_utc
    uow.session.add(row)
    detail = f"{lock.failures} wrong in a row"
    write_audit(uow.session, row.store_id, who=row.name, what=what, detail=detail, at_utc=now_utc)
    return PinRefused(lock_reason(lock, now_utc) or SignInReason.WRONG, lock.wait_until_utc)


@cache
def _hash_of_nobody() -> str:
    """A hash to work on for names nobody has."""
    return _HASHER.hash(secrets.token_urlsafe(32))
