"""Owns how a call for help is kept: its row as a value, a value written into its row, its deeds in order.

It must not decide anything; `inventory.services.help_desk` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import select

from inventory.db.help_table import HelpEventRow, HelpRequestRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain import help_waiting
from inventory.domain.help_desk import Cause, HelpCase, HelpReason, HelpState
from inventory.domain.help_waiting import InLine, Level
from inventory.wire import HelpUpdateMessage


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A call for help. `waiting_since_utc` is never later than its arrival here.

    `ringing_since_utc` is when it last began to wait for an answer: at its arrival, or when it was given on.
    """

    help_id: str
    lane_id: str
    case: HelpCase
    reason: HelpReason
    language: str
    note: str
    waiting_since_utc: datetime
    ringing_since_utc: datetime
    gtin: str = ""
    hand_note: str = ""
    is_safety: bool = False

    @property
    def state(self) -> HelpState:
        return self.case.state

    @property
    def staff_name(self) -> str:
        return self.case.staff_name

    @property
    def in_line(self) -> InLine:
        """What decides whose turn it is."""
        return InLine(
            self.help_id,
            self.waiting_since_utc,
            is_safety=self.is_safety,
            is_reopened=self.case.is_reopened,
            can_wait=self.reason is HelpReason.SHELF_EMPTY,
        )


def request_of(row: HelpRequestRow) -> HelpRequest:
    """The row as a value."""
    return HelpRequest(
        row.help_id,
        row.lane_id,
        case_of(row),
        HelpReason(row.reason),
        row.language,
        row.note,
        waiting_since(row),
        row.ringing_since_utc or row.received_at_utc,
        row.gtin,
        row.hand_note,
        is_safety=row.is_safety,
    )


def case_of(row: HelpRequestRow) -> HelpCase:
    """What of the row moves."""
    return HelpCase(
        HelpState(row.state),
        row.staff_name,
        turn=row.turn,
        level=Level(row.level),
        meant_for=row.meant_for,
        is_reopened=row.reopens != "",
        is_written=row.is_written,
        cause=Cause(row.cause) if row.cause else None,
        desk=row.desk,
    )


def keep(row: HelpRequestRow, case: HelpCase, now_utc: datetime) -> None:
    """Writes a call that moved into its row, with the instants that follow from it."""
    row.state, row.staff_name = case.state.value, case.staff_name
    row.turn, row.level, row.meant_for = case.turn, int(case.level), case.meant_for
    row.is_written, row.desk = case.is_written, case.desk
    row.cause = case.cause.value if case.cause is not None else ""
    row.changed_at_utc = now_utc
    if case.staff_name:
        row.accepted_at_utc = row.accepted_at_utc or now_utc
    if case.state is HelpState.ARRIVED:
        row.arrived_at_utc = row.arrived_at_utc or now_utc
    row.closed_at_utc = None if case.is_open else now_utc


def update_of(row: HelpRequestRow) -> HelpUpdateMessage:
    """A call as its lane is told of it."""
    return HelpUpdateMessage(
        help_id=row.help_id,
        lane_id=row.lane_id,
        state=HelpState(row.state),
        staff_name=row.staff_name,
        turn=row.turn,
        level=Level(row.level),
        is_afar=row.desk != "",
    )


def write_down(
    uow: UnitOfWork, row: HelpRequestRow, what: str, who: str, detail: str, now_utc: datetime
) -> None:
    """Adds a deed to the call's history; `who` is "" for its lane and for the clock."""
    of_call = (HelpEventRow.store_id == row.store_id, HelpEventRow.help_id == row.help_id)
    count = uow.session.exec(select(func.count()).select_from(HelpEventRow).where(*of_call)).one()
    uow.session.add(
        HelpEventRow(
            store_id=row.store_id,
            help_id=row.help_id,
            event_no=count,
            what=what,
            who=who,
            detail=detail,
            at_utc=now_utc,
        )
    )


def waiting_since(row: HelpRequestRow) -> datetime:
    """Since when the shopper waits."""
    return help_waiting.waiting_since(row.requested_at_utc, row.received_at_utc)
