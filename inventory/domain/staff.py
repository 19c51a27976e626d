"""Owns who may do what: roles, what a PIN must be, when a name locks, and how long a sign-in lasts.

It must not know hashes, cookies or tables, and reads no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise
from typing import assert_never

from inventory.domain.help_desk import InterventionKind

MIN_PIN_DIGITS = 6
MAX_PIN_DIGITS = 12
MAX_NAME_LENGTH = 60

FAILURES_TO_WAIT = 5
FAILURES_TO_LOCK = 10
LOCK_WAIT = timedelta(minutes=15)

IDLE_LIMIT = timedelta(minutes=5)
ABSOLUTE_LIMIT = timedelta(hours=12)


class Role(Enum):
    """REMOTE is a helper at a desk elsewhere, who stands before no lane."""

    ATTENDANT = "attendant"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    REMOTE = "remote"


SYSTEM_ROLES = (Role.ATTENDANT, Role.MANAGER)
"""What another system's token may be: one that reads, or one that also changes."""


class Permission(Enum):
    """One thing that somebody may do. What each role may is one table, `may`."""

    SEE_LANES = "see-lanes"
    ANSWER_CALLS = "answer-calls"
    HAND_OVER = "hand-over"
    APPROVE_FROM_AFAR = "approve-from-afar"
    """Questions of low risk, as the store's policy says."""

    WORK_AT_LANE = "work-at-lane"
    """Sign in at a lane's own screen."""

    CHECK_AGE = "check-age"
    SET_PRICE = "set-price"
    DECIDE_PAYMENT = "decide-payment"
    MOVE_DOORS = "move-doors"
    CLOSE_DAY = "close-day"
    KEEP_STOCK = "keep-stock"
    """Receive, count, throw away, put back: what is done with goods in one's hands."""

    LEAD_FLOOR = "lead-floor"
    """Be called when nobody else came."""

    SEE_NUMBERS = "see-numbers"
    HOLD_PASSKEY = "hold-passkey"
    SEE_CONSOLE = "see-console"
    CHANGE_GOODS = "change-goods"
    MANAGE_PEOPLE = "manage-people"
    MANAGE_DEVICES = "manage-devices"
    SEE_NAMES_IN_NUMBERS = "see-names-in-numbers"


_FROM_AFAR = frozenset(
    {
        Permission.SEE_LANES,
        Permission.ANSWER_CALLS,
        Permission.HAND_OVER,
        Permission.APPROVE_FROM_AFAR,
    }
)
_ON_THE_FLOOR = _FROM_AFAR | {
    Permission.WORK_AT_LANE,
    Permission.CHECK_AGE,
    Permission.SET_PRICE,
    Permission.DECIDE_PAYMENT,
    Permission.MOVE_DOORS,
    Permission.CLOSE_DAY,
    Permission.KEEP_STOCK,
}
_LEADING = _ON_THE_FLOOR | {Permission.LEAD_FLOOR, Permission.SEE_NUMBERS, Permission.HOLD_PASSKEY}
_ALLOWED = {
    Role.REMOTE: _FROM_AFAR,
    Role.ATTENDANT: _ON_THE_FLOOR,
    Role.SUPERVISOR: _LEADING,
    Role.MANAGER: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether this role may do this."""
    return permission in _ALLOWED[role]


def needed_to_decide(kind: InterventionKind) -> Permission:
    """What somebody must be allowed to do to answer this question of a lane."""
    match kind:
        case InterventionKind.AGE_CHECK:
            return Permission.CHECK_AGE
        case InterventionKind.PAYMENT_IN_DOUBT:
            return Permission.DECIDE_PAYMENT
        case InterventionKind.PRICE:
            return Permission.SET_PRICE
        case (
            InterventionKind.CHARGE_CONTRADICTED
            | InterventionKind.BASKET_LEFT
            | InterventionKind.ITEMS_REMOVED
        ):
            return Permission.WORK_AT_LANE
        case (
            InterventionKind.WEIGHT
            | InterventionKind.VOID
            | InterventionKind.QUANTITY
            | InterventionKind.COUPON
        ):
            return Permission.APPROVE_FROM_AFAR
        case _ as never:
            assert_never(never)


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


class SignInMethod(Enum):
    """How somebody showed who they are. A badge is never enough without the PIN."""

    PIN = "pin"
    BADGE = "badge"
    PASSKEY = "passkey"


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
