"""Owns staff at a lane's own screen, on the store's side: the check of their PIN, and what they did there.

It must not know screens or how a lane works; it counts wrong PINs as any sign-in does, and never tells a name
that nobody has from a wrong PIN.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from inventory.db.repositories import insert_new, write_audit
from inventory.db.tables import AuditRow
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.staff import Permission, Role, SignInReason, may
from inventory.services import badges, pins
from inventory.services.pins import PinRefused
from inventory.wire import StaffActionMessage, StaffPinAnswer, StaffPinMessage

NO_CUTS: Mapping[Role, int] = MappingProxyType({})


def check_pin(
    database: Database,
    store_id: str,
    message: StaffPinMessage,
    now_utc: datetime,
    *,
    price_cuts_percent: Mapping[Role, int] = NO_CUTS,
) -> StaffPinAnswer:
    """Whether the PIN is that of whoever is named. Wrong ones count towards the wait and the lock."""
    name = badges.named(database, store_id, message.who)
    checked = pins.check(database, store_id, name=name, pin=message.pin)
    with database.write() as uow:
        settled = pins.settle(uow, store_id, checked, what="lane.pin-refused", now_utc=now_utc)
        if isinstance(settled, PinRefused):
            return _refused(settled.reason)
        if not may(Role(settled.role), Permission.WORK_AT_LANE):
            # A helper elsewhere stands before no lane: the answer tells no more than a wrong PIN would.
            detail = f"{message.lane_id}: {settled.role}"
            write_audit(
                uow.session, store_id, who=settled.name, what="lane.not-here", detail=detail, at_utc=now_utc
            )
            return StaffPinAnswer(outcome="wrong")
        cut = price_cuts_percent.get(Role(settled.role), 0)
        return StaffPinAnswer(outcome="right", staff_name=settled.name, price_cut_percent=cut)


def record(uow: UnitOfWork, store_id: str, message: StaffActionMessage, now_utc: datetime) -> None:
    """Puts what staff did into the audit trail, once: under the id that the lane gave it.

    A lane whose clock runs ahead does not write into the future.
    """
    detail = f"{message.lane_id}: {message.detail}" if message.detail else message.lane_id
    row = AuditRow(
        store_id=store_id,
        audit_id=f"{message.lane_id}:{message.action_id}",
        at_utc=min(message.at_utc, now_utc),
        who=message.staff_name,
        what=message.what,
        detail=detail,
    )
    insert_new(uow.session, row)


def _refused(reason: SignInReason) -> StaffPinAnswer:
    match reason:
        case SignInReason.WRONG:
            return StaffPinAnswer(outcome="wrong")
        case SignInReason.WAIT:
            return StaffPinAnswer(outcome="wait")
        case SignInReason.LOCKED:
            return StaffPinAnswer(outcome="locked")
