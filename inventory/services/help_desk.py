"""Owns help requests on the store's side: one truth, moved by whoever acts first.

It must not know screens. Lanes put their side, which may be repeated; staff move a request on, and of two who
do so at once exactly one wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from inventory.db.repositories import insert_new
from inventory.db.tables import HelpRequestRow
from inventory.db.unit_of_work import UnitOfWork, lane_audience
from inventory.domain.help_desk import (
    OPEN_STATES,
    HelpReason,
    HelpState,
    may_become,
)
from inventory.wire import HelpMessage, HelpUpdateMessage

_SHOPPERS_STATES = frozenset({HelpState.REQUESTED, HelpState.CANCELLED})
_HELPERS_STATES = frozenset({HelpState.ACCEPTED, HelpState.EN_ROUTE, HelpState.ARRIVED})


class UnknownRequestError(LookupError):
    """No help request or intervention has this id."""


class ForeignRequestError(Exception):
    """The id belongs to another lane: a lane speaks for itself alone."""


class ImpossibleStepError(Exception):
    """The request cannot move to the wanted state; it ended, or it is further on."""


class AlreadyTaken(Exception):  # noqa: N818 - it names what a colleague is told
    """Somebody else accepted the request first; `by` is their name."""

    def __init__(self, by: str) -> None:
        super().__init__(f"Taken by {by}.")
        self.by = by


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A call for help that is not over. `waiting_since_utc` is never later than its arrival here."""

    help_id: str
    lane_id: str
    state: HelpState
    reason: HelpReason
    language: str
    note: str
    waiting_since_utc: datetime
    staff_name: str
    gtin: str = ""


def receive(uow: UnitOfWork, store_id: str, message: HelpMessage, now_utc: datetime) -> HelpUpdateMessage:
    """Takes the shopper's side of a request; the same message again changes nothing.

    A new request is answered DELIVERED. A cancel wins from open states only. Raises ForeignRequestError, and
    ImpossibleStepError for a state that is not the shopper's to set.
    """
    if message.state not in _SHOPPERS_STATES:
        raise ImpossibleStepError(f"A lane cannot put a request to {message.state.value}.")
    row = _new_help_row(store_id, message, now_utc)
    if not insert_new(uow.session, row):
        row = _help_row(uow, store_id, message.help_id)
        if row.lane_id != message.lane_id:
            raise ForeignRequestError(f"Request {message.help_id} was made by another lane.")
        if not _take_over(row, message, now_utc):
            return _update_of(row)
        uow.session.add(row)
    return _announced(uow, row)


def move(
    uow: UnitOfWork, store_id: str, help_id: str, state: HelpState, staff_name: str, now_utc: datetime
) -> HelpUpdateMessage:
    """Moves a request on, for a member of staff; the same step by the same person again changes nothing.

    Anybody may resolve; every other step belongs to who accepted. Raises UnknownRequestError,
    AlreadyTaken and ImpossibleStepError.
    """
    row = _help_row(uow, store_id, help_id)
    current = HelpState(row.state)
    if state in _HELPERS_STATES and row.staff_name not in ("", staff_name) and current in OPEN_STATES:
        raise AlreadyTaken(row.staff_name)
    if current is state and row.staff_name == staff_name:
        return _update_of(row)
    if not may_become(current, state) or state in (HelpState.DELIVERED, HelpState.CANCELLED):
        raise ImpossibleStepError(f"A request that is {current.value} cannot become {state.value}.")
    row.state = state.value
    row.staff_name = staff_name
    row.changed_at_utc = now_utc
    row.accepted_at_utc = row.accepted_at_utc or now_utc
    row.closed_at_utc = None if state in OPEN_STATES else now_utc
    uow.session.add(row)
    return _announced(uow, row)


def open_requests(uow: UnitOfWork, store_id: str) -> list[HelpRequest]:
    """Requests that are not over, the longest wait first."""
    rows = uow.session.exec(
        select(HelpRequestRow).where(
            HelpRequestRow.store_id == store_id,
            col(HelpRequestRow.state).in_([state.value for state in OPEN_STATES]),
        )
    )
    return sorted(map(_request, rows), key=lambda request: (request.waiting_since_utc, request.help_id))


def requests_of_lane(
    uow: UnitOfWork, store_id: str, lane_id: str, *, since_utc: datetime
) -> list[HelpUpdateMessage]:
    """A lane's open requests, and those that changed since: what a lane that comes back must hear."""
    rows = uow.session.exec(
        select(HelpRequestRow)
        .where(
            HelpRequestRow.store_id == store_id,
            HelpRequestRow.lane_id == lane_id,
            col(HelpRequestRow.state).in_([state.value for state in OPEN_STATES])
            | (col(HelpRequestRow.changed_at_utc) >= since_utc),
        )
        .order_by(col(HelpRequestRow.changed_at_utc), col(HelpRequestRow.help_id))
    )
    return list(map(_update_of, rows))


def find(uow: UnitOfWork, store_id: str, help_id: str) -> HelpRequest | None:
    """The request of this id, open or over."""
    row = uow.session.get(HelpRequestRow, (store_id, help_id))
    return None if row is None else _request(row)


def seconds_to_answer(uow: UnitOfWork, store_id: str, *, since_utc: datetime) -> list[int]:
    """How long each request made since then waited until somebody accepted, in seconds, sorted."""
    rows = uow.session.exec(
        select(HelpRequestRow).where(
            HelpRequestRow.store_id == store_id,
            col(HelpRequestRow.accepted_at_utc).is_not(None),
            HelpRequestRow.received_at_utc >= since_utc,
        )
    )
    return sorted(
        max(0, round((row.accepted_at_utc - _waiting_since(row)).total_seconds()))
        for row in rows
        if row.accepted_at_utc is not None
    )


def _help_row(uow: UnitOfWork, store_id: str, help_id: str) -> HelpRequestRow:
    # FOR UPDATE makes the second of two helpers on a server wait and read what the first has done.
    row = uow.session.exec(
        select(HelpRequestRow)
        .where(HelpRequestRow.store_id == store_id, HelpRequestRow.help_id == help_id)
        .with_for_update()
    ).first()
    if row is None:
        raise UnknownRequestError(f"There is no help request {help_id}.")
    return row


def _new_help_row(store_id: str, message: HelpMessage, now_utc: datetime) -> HelpRequestRow:
    is_open = message.state is HelpState.REQUESTED
    return HelpRequestRow(
        store_id=store_id,
        help_id=message.help_id,
        lane_id=message.lane_id,
        state=(HelpState.DELIVERED if is_open else HelpState.CANCELLED).value,
        reason=message.reason.value,
        language=message.language,
        note=message.note,
        gtin=message.gtin,
        requested_at_utc=message.requested_at_utc,
        received_at_utc=now_utc,
        changed_at_utc=now_utc,
        closed_at_utc=None if is_open else now_utc,
    )


def _take_over(row: HelpRequestRow, message: HelpMessage, now_utc: datetime) -> bool:
    """Takes what the shopper said since the first message; whether that was anything new."""
    if HelpState(row.state) not in OPEN_STATES:
        return False
    said = (message.reason.value, message.language, message.note)
    if message.state is HelpState.REQUESTED and said == (row.reason, row.language, row.note):
        return False
    row.reason, row.language, row.note = said
    row.changed_at_utc = now_utc
    if message.state is HelpState.CANCELLED:
        row.state = HelpState.CANCELLED.value
        row.closed_at_utc = now_utc
    return True


def _announced(uow: UnitOfWork, row: HelpRequestRow) -> HelpUpdateMessage:
    message = _update_of(row)
    uow.announce(row.store_id, "help", message=message, audience=lane_audience(row.lane_id))
    return message


def _update_of(row: HelpRequestRow) -> HelpUpdateMessage:
    return HelpUpdateMessage(
        help_id=row.help_id, lane_id=row.lane_id, state=HelpState(row.state), staff_name=row.staff_name
    )


def _waiting_since(row: HelpRequestRow) -> datetime:
    # A lane's clock may run ahead; nobody has waited since the future.
    return min(row.requested_at_utc, row.received_at_utc)


def _request(row: HelpRequestRow) -> HelpRequest:
    return HelpRequest(
        row.help_id,
        row.lane_id,
        HelpState(row.state),
        HelpReason(row.reason),
        row.language,
        row.note,
        _waiting_since(row),
        row.staff_name,
        row.gtin,
    )
