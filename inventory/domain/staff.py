"""Owns who may do what: roles, what a PIN must be, when a name locks, and how long a sign-in lasts.

It must not know hashes, cookies or tables, and reads no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise

MIN_PIN_DIGITS = 6
MAX_PIN_DIGITS = 12
MAX_NAME_LENGTH = 60

FAILURES_TO_WAIT = 5
FAILURES_TO_LOCK = 10
LOCK_WAIT = timedelta(minutes=15)

IDLE_LIMIT = timedelta(minutes=5)
ABSOLUTE_LIMIT = timedelta(hours=12)


class Role(Enum):
    ATTENDANT = "attendant"
    MANAGER = "manager"

    def may_act_as(self, needed: Role) -> bool:
        """Whether this role is enough where `needed` is asked for; a manager may do what an attendant may."""
        return self is needed or self is Role.MANAGER


class PinFault(Enum):
    """Why a PIN is not accepted at enrolment."""

    NOT_DIGITS = "not-digits"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_SIMPLE = "too-simple"


class SignInReason(Enum):
    """Why a sign-in was refused. An unknown name and a wrong PIN are one reason: the answer must not tell."""

    WRONG = "wrong"
    WAIT = "wait"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class LockState:
    """Wrong PINs in a row, and until when the name has to wait (None: no wait set)."""

    failures: int = 0
    wait_until_utc: datetime | None = None


def pin_fault(pin: str) -> PinFault | None:
    """What is wrong with a new PIN: 6 to 12 ASCII digits, not all alike, not one run up or down.

    NIST SP 800-63B-4 section 3.1.1.2 asks to refuse what is guessed first.
    """
    if not (pin.isascii() and pin.isdigit()):
        return PinFault.NOT_DIGITS
    if len(pin) < MIN_PIN_DIGITS:
        return PinFault.TOO_SHORT
    if len(pin) > MAX_PIN_DIGITS:
        return PinFault.TOO_LONG
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return PinFault.TOO_SIMPLE if steps in ({0}, {1}, {9}) else None


def lock_reason(lock: LockState, now_utc: datetime) -> SignInReason | None:
    """Why nobody may sign in under this name now, or None."""
    if lock.failures >= FAILURES_TO_LOCK:
        return SignInReason.LOCKED
    if lock.wait_until_utc is not None and now_utc < lock.wait_until_utc:
        return SignInReason.WAIT
    return None


def after_failure(lock: LockState, now_utc: datetime) -> LockState:
    """The lock after one more wrong PIN: the fifth waits 15 minutes, the tenth needs a manager."""
    failures = lock.failures + 1
    wait = now_utc + LOCK_WAIT if failures == FAILURES_TO_WAIT else None
    return LockState(failures, wait)


def is_session_alive(
    *, created_at_utc: datetime, last_seen_at_utc: datetime, now_utc: datetime, is_revoked: bool
) -> bool:
    """Whether a sign-in still counts: not revoked, seen within 5 minutes, begun within 12 hours."""
    return (
        not is_revoked
        and now_utc - last_seen_at_utc < IDLE_LIMIT
        and now_utc - created_at_utc < ABSOLUTE_LIMIT
    )
