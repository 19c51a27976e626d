"""Owns what must hold for PINs, locks and sessions, without hashes or tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.approving import ABOUT_ONE_ROW
from inventory.domain.help_desk import InterventionKind
from inventory.domain.staff import (
    ABSOLUTE_LIMIT,
    IDLE_LIMIT,
    LOCK_WAIT,
    LockState,
    Permission,
    PinFault,
    Role,
    SignInReason,
    after_failure,
    is_session_alive,
    lock_reason,
    may,
    needed_to_decide,
    pin_fault,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pin", "fault"),
    [
        ("", PinFault.NOT_DIGITS),
        ("12a456", PinFault.NOT_DIGITS),
        ("٠١٢٣٤٥", PinFault.NOT_DIGITS),
        ("20518", PinFault.TOO_SHORT),
        ("2051893746205", PinFault.TOO_LONG),
        ("777777", PinFault.TOO_SIMPLE),
        ("123456", PinFault.TOO_SIMPLE),
        ("890123", PinFault.TOO_SIMPLE),
        ("654321", PinFault.TOO_SIMPLE),
        ("205189", None),
        ("205189374620", None),
    ],
)
def test_a_pin_is_six_to_twelve_digits_and_not_the_first_guess(pin: str, fault: PinFault | None) -> None:
    assert pin_fault(pin) is fault


@given(st.text(max_size=20))
def test_any_text_is_judged_and_only_plain_digits_pass(pin: str) -> None:
    if pin_fault(pin) is None:
        assert 6 <= len(pin) <= 12
        assert set(pin) <= set("0123456789")


def allowed(role: Role) -> set[Permission]:
    return {permission for permission in Permission if may(role, permission)}


def test_each_role_may_do_more_than_the_one_below_and_a_manager_everything() -> None:
    ladder = [Role.REMOTE, Role.ATTENDANT, Role.SUPERVISOR, Role.MANAGER]
    assert all(allowed(below) < allowed(above) for below, above in pairwise(ladder))
    assert allowed(Role.MANAGER) == set(Permission)


def test_a_helper_elsewhere_answers_and_approves_and_touches_nothing_of_the_lanes() -> None:
    assert allowed(Role.REMOTE) == {
        Permission.SEE_LANES,
        Permission.ANSWER_CALLS,
        Permission.HAND_OVER,
        Permission.APPROVE_FROM_AFAR,
    }


def test_only_managers_see_the_console_the_people_and_their_names_in_numbers() -> None:
    for permission in (Permission.SEE_CONSOLE, Permission.MANAGE_PEOPLE, Permission.SEE_NAMES_IN_NUMBERS):
        assert [role for role in Role if may(role, permission)] == [Role.MANAGER]


@pytest.mark.parametrize("kind", [kind for kind in InterventionKind if kind not in ABOUT_ONE_ROW])
def test_no_question_that_needs_eyes_or_money_is_decided_from_afar(kind: InterventionKind) -> None:
    assert not may(Role.REMOTE, needed_to_decide(kind))
    assert may(Role.ATTENDANT, needed_to_decide(kind))


def fail(lock: LockState, *, times: int, at: datetime = NOON) -> LockState:
    for _ in range(times):
        lock = after_failure(lock, at)
    return lock


def test_four_failures_do_not_lock_the_fifth_waits_fifteen_minutes() -> None:
    assert lock_reason(fail(LockState(), times=4), NOON) is None
    waiting = fail(LockState(), times=5)
    assert lock_reason(waiting, NOON + LOCK_WAIT - timedelta(seconds=1)) is SignInReason.WAIT
    assert lock_reason(waiting, NOON + LOCK_WAIT) is None


def test_the_tenth_failure_locks_for_good() -> None:
    locked = fail(LockState(), times=10)
    assert lock_reason(locked, NOON + timedelta(days=365)) is SignInReason.LOCKED


@given(st.integers(min_value=0, max_value=30))
def test_failures_only_ever_bring_a_name_nearer_to_its_lock(count: int) -> None:
    assert fail(LockState(), times=count).failures == count
    assert (lock_reason(fail(LockState(), times=count), NOON) is SignInReason.LOCKED) == (count >= 10)


@pytest.mark.parametrize(
    ("idle", "age", "is_revoked", "is_alive"),
    [
        (timedelta(), timedelta(), False, True),
        (IDLE_LIMIT - timedelta(seconds=1), timedelta(hours=1), False, True),
        (IDLE_LIMIT, timedelta(hours=1), False, False),
        (timedelta(), ABSOLUTE_LIMIT - timedelta(seconds=1), False, True),
        (timedelta(), ABSOLUTE_LIMIT, False, False),
        (timedelta(), timedelta(), True, False),
    ],
)
def test_a_session_ends_when_idle_old_or_revoked(
    idle: timedelta, age: timedelta, is_revoked: bool, is_alive: bool
) -> None:
    found = is_session_alive(
        created_at_utc=NOON - age, last_seen_at_utc=NOON - idle, now_utc=NOON, is_revoked=is_revoked
    )
    assert found is is_alive
