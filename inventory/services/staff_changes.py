"""Owns what managers change of people: a new PIN, another role, leaving and coming back.

It must not know pages. A store always keeps one manager who may sign in: nobody can lock everybody out.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from inventory.db.repositories import write_audit
from inventory.db.tables import StaffRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.staff import Role, pin_fault
from inventory.services import pins
from inventory.services.sessions import end_sessions
from inventory.services.staff import PinError, StaffError


class LastManagerError(StaffError):
    """Nobody but this person may change anything here; somebody must be made a manager first."""

    def __init__(self) -> None:
        super().__init__("This is the last manager.")


class UnknownPersonError(StaffError):
    """The store has no such person."""

    def __init__(self) -> None:
        super().__init__("There is no such person.")


def set_pin(uow: UnitOfWork, store_id: str, staff_id: str, *, pin: str, by: str, now_utc: datetime) -> None:
    """Gives a person another PIN: their sign-ins end, and a lock on their name is taken off.

    Raises PinError and UnknownPersonError.
    """
    row = _person(uow, store_id, staff_id)
    fault = pin_fault(pin)
    if fault is not None:
        raise PinError(fault)
    row.pin_hash, row.failures, row.locked_until_utc = pins.hash_of(pin), 0, None
    uow.session.add(row)
    end_sessions(uow, store_id, staff_id, now_utc)
    _note(uow, row, "staff.pin-changed", "", by=by, now_utc=now_utc)


def set_role(
    uow: UnitOfWork, store_id: str, staff_id: str, *, role: Role, by: str, now_utc: datetime
) -> None:
    """Gives a person another role, in force at once on every screen they are signed in at.

    Raises LastManagerError and UnknownPersonError.
    """
    row = _person(uow, store_id, staff_id)
    if row.role == role.value:
        return
    if role is not Role.MANAGER:
        _keep_a_manager(uow, store_id, without=staff_id)
    row.role = role.value
    uow.session.add(row)
    _note(uow, row, "staff.role-changed", role.value, by=by, now_utc=now_utc)


def deactivate(uow: UnitOfWork, store_id: str, staff_id: str, *, by: str, now_utc: datetime) -> None:
    """Ends a person's sign-ins and lets them in no more, here or at a lane. What they did stays theirs.

    Raises LastManagerError and UnknownPersonError.
    """
    row = _person(uow, store_id, staff_id)
    if row.left_at_utc is not None:
        return
    _keep_a_manager(uow, store_id, without=staff_id)
    row.left_at_utc = now_utc
    uow.session.add(row)
    end_sessions(uow, store_id, staff_id, now_utc)
    _note(uow, row, "staff.left", "", by=by, now_utc=now_utc)


def reactivate(uow: UnitOfWork, store_id: str, staff_id: str, *, by: str, now_utc: datetime) -> None:
    """Lets a person in again, with the PIN and the role they had. Raises UnknownPersonError."""
    row = _person(uow, store_id, staff_id)
    if row.left_at_utc is None:
        return
    row.left_at_utc = None
    uow.session.add(row)
    _note(uow, row, "staff.came-back", row.role, by=by, now_utc=now_utc)


def _person(uow: UnitOfWork, store_id: str, staff_id: str) -> StaffRow:
    row = uow.session.get(StaffRow, (store_id, staff_id), with_for_update=True)
    if row is None:
        raise UnknownPersonError
    return row


def _keep_a_manager(uow: UnitOfWork, store_id: str, *, without: str) -> None:
    # All of them are locked: two managers who end each other at once are told apart by who came first.
    managers = uow.session.exec(
        select(StaffRow)
        .where(
            StaffRow.store_id == store_id,
            StaffRow.role == Role.MANAGER.value,
            col(StaffRow.left_at_utc).is_(None),
        )
        .order_by(col(StaffRow.staff_id))
        .with_for_update()
    ).all()
    if all(row.staff_id == without for row in managers):
        raise LastManagerError


def _note(uow: UnitOfWork, row: StaffRow, what: str, detail: str, *, by: str, now_utc: datetime) -> None:
    words = f"{row.name}: {detail}" if detail else row.name
    write_audit(uow.session, row.store_id, who=by, what=what, detail=words, at_utc=now_utc)
