"""Owns calls for help on the store's side: one truth, moved by whoever acts first, every deed written down.

It must not know screens, nor what a deed does (`inventory.domain.help_desk` does). Lanes put their side,
which may be repeated; of two people who take a call at once exactly one has it.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from inventory.db.help_table import HelpEventRow, HelpRequestRow
from inventory.db.repositories import insert_new
from inventory.db.unit_of_work import UnitOfWork, lane_audience
from inventory.domain.help_desk import (
    OPEN_STATES,
    Cancel,
    Deed,
    Escalate,
    HandOver,
    HelpCase,
    HelpState,
    Refusal,
    Resolve,
    Take,
    act,
)
from inventory.domain.help_waiting import in_order, waiting_since
from inventory.domain.one_line import one_line
from inventory.services import help_places, on_shift
from inventory.services.help_rows import HelpRequest as HelpRequest  # noqa: PLC0414 - what this desk answers with
from inventory.services.help_rows import case_of, keep, request_of, update_of, write_down
from inventory.wire import HelpMessage, HelpUpdateMessage

_SHOPPERS_STATES = frozenset({HelpState.REQUESTED, HelpState.CANCELLED})

MAX_HAND_NOTE = 200
"""Letters of what a colleague writes to the next one."""
MAX_NOTE = 400
"""Letters of a lane's note that are kept: a call is taken whatever stands in it."""
MAX_LANGUAGE = 35
"""No tag of a language is longer (RFC 5646 section 4.4.1)."""


class UnknownRequestError(LookupError):
    """No help request or intervention has this id."""


class ForeignRequestError(Exception):
    """The id belongs to another lane: a lane speaks for itself alone."""


class ImpossibleStepError(Exception):
    """The request cannot move to the wanted state; it ended, or it is further on."""


class StaleTurnError(Exception):
    """The request was given on since whoever acts has looked at it."""


class AlreadyTaken(Exception):  # noqa: N818 - it names what a colleague is told
    """Somebody else accepted the request first; `by` is their name."""

    def __init__(self, by: str) -> None:
        super().__init__(f"Taken by {by}.")
        self.by = by


def receive(uow: UnitOfWork, store_id: str, message: HelpMessage, now_utc: datetime) -> HelpUpdateMessage:
    """Takes the shopper's side of a request; the same message again changes nothing.

    A new request is answered DELIVERED. A cancel wins from open states only. One that reopens another of this
    lane stands at the front, meant for whoever was there and is here still. Raises ForeignRequestError, and
    ImpossibleStepError for a state that is not the shopper's to set.
    """
    if message.state not in _SHOPPERS_STATES:
        raise ImpossibleStepError(f"A lane cannot put a request to {message.state.value}.")
    row = _new_help_row(uow, store_id, message, now_utc)
    if not insert_new(uow.session, row):
        row = _help_row(uow, store_id, message.help_id)
        if row.lane_id != message.lane_id:
            raise ForeignRequestError(f"Request {message.help_id} was made by another lane.")
        said = _take_over(row, message, now_utc)
        if not said:
            return update_of(row)
        uow.session.add(row)
    else:
        said = "called" if row.state == HelpState.DELIVERED.value else "cancelled"
    write_down(uow, row, said, "", message.reason.value, now_utc)
    return _announced(uow, row, now_utc)


def do(
    uow: UnitOfWork,
    store_id: str,
    help_id: str,
    deed: Deed,
    now_utc: datetime,
    *,
    note: str = "",
    turn: int | None = None,
) -> HelpUpdateMessage:
    """Does something to a call, for a member of staff or the clock; done already, it changes nothing.

    `note` is what a hand-over says to the next one, `turn` the one that was looked at, None where nobody
    looked. Raises UnknownRequestError, StaleTurnError, AlreadyTaken and ImpossibleStepError.
    """
    row = _help_row(uow, store_id, help_id)
    if turn is not None and turn != row.turn:
        raise StaleTurnError(f"Request {help_id} was given on.")
    before = case_of(row)
    after = act(before, deed)
    match after:
        case Refusal.TAKEN:
            raise AlreadyTaken(row.staff_name)
        case Refusal.OVER | Refusal.NOT_A_STEP:
            raise ImpossibleStepError(f"A request that is {row.state} cannot take this step.")
        case HelpCase() if after == before:
            return update_of(row)
        case HelpCase():
            keep(row, after, now_utc)
    if isinstance(deed, HandOver):
        row.ringing_since_utc, row.hand_note = now_utc, note[:MAX_HAND_NOTE]
    uow.session.add(row)
    what, who, detail = _words_of(deed)
    desk = getattr(deed, "desk", "")
    detail = " ".join(filter(None, (note[:MAX_HAND_NOTE] or detail, f"({desk})" if desk else "")))
    write_down(uow, row, what, who, detail, now_utc)
    return _announced(uow, row, now_utc)


def put_first(uow: UnitOfWork, store_id: str, help_id: str, now_utc: datetime) -> None:
    """Somebody may come to harm: the call stands before all others. Raises UnknownRequestError.

    Whoever has it elsewhere cannot walk there: it rings at home again.
    """
    row = _help_row(uow, store_id, help_id)
    if row.is_safety:
        return
    row.is_safety, row.changed_at_utc = True, now_utc
    if row.desk:
        at_home = act(case_of(row), HandOver(row.staff_name, desk=row.desk))
        assert isinstance(at_home, HelpCase), "whoever has a call may give it on"
        keep(row, at_home, now_utc)
        row.ringing_since_utc = now_utc
    uow.session.add(row)
    write_down(uow, row, "safety", "", "", now_utc)
    _announced(uow, row, now_utc)


def put_note(uow: UnitOfWork, store_id: str, help_id: str, note: str) -> None:
    """What whoever takes the call is to know. Raises UnknownRequestError."""
    row = _help_row(uow, store_id, help_id)
    row.hand_note = note[:MAX_HAND_NOTE]
    uow.session.add(row)


def note(
    uow: UnitOfWork, store_id: str, help_id: str, what: str, who: str, detail: str, now_utc: datetime
) -> None:
    """Writes into a call's history what moved nothing. Raises UnknownRequestError."""
    write_down(uow, _help_row(uow, store_id, help_id), what, who, detail, now_utc)


def open_requests(uow: UnitOfWork, store_id: str) -> list[HelpRequest]:
    """Requests that are not over: whose turn it is first, then those that somebody has answered."""
    rows = uow.session.exec(_open_of(store_id))
    found = {row.help_id: request_of(row) for row in rows}
    turns = in_order(each.in_line for each in found.values() if each.case.is_waiting)
    answered = in_order(each.in_line for each in found.values() if not each.case.is_waiting)
    return [found[each.help_id] for each in (*turns, *answered)]


def requests_of_lane(
    uow: UnitOfWork, store_id: str, lane_id: str, *, since_utc: datetime
) -> list[HelpUpdateMessage]:
    """A lane's open requests, and those that changed since: what a lane that comes back must hear."""
    # Two questions, each with an index of its own: as one it goes through all that the lane ever called.
    changed = select(HelpRequestRow).where(
        HelpRequestRow.store_id == store_id,
        HelpRequestRow.lane_id == lane_id,
        col(HelpRequestRow.changed_at_utc) >= since_utc,
    )
    found = (*uow.session.exec(_open_of(store_id)), *uow.session.exec(changed))
    rows = {row.help_id: row for row in found if row.lane_id == lane_id}
    return list(map(update_of, sorted(rows.values(), key=lambda row: (row.changed_at_utc, row.help_id))))


def _open_of(store_id: str) -> SelectOfScalar[HelpRequestRow]:
    is_open = col(HelpRequestRow.state).in_([state.value for state in OPEN_STATES])
    return select(HelpRequestRow).where(HelpRequestRow.store_id == store_id, is_open)


def find(uow: UnitOfWork, store_id: str, help_id: str) -> HelpRequest | None:
    """The request of this id, open or over."""
    row = uow.session.get(HelpRequestRow, (store_id, help_id))
    return None if row is None else request_of(row)


def seconds_to_answer(uow: UnitOfWork, store_id: str, *, since_utc: datetime) -> list[int]:
    """How long each request made since then waited until somebody accepted, in seconds, sorted."""
    rows = uow.session.exec(
        select(
            HelpRequestRow.requested_at_utc,
            HelpRequestRow.received_at_utc,
            HelpRequestRow.accepted_at_utc,
        ).where(
            HelpRequestRow.store_id == store_id,
            col(HelpRequestRow.accepted_at_utc).is_not(None),
            HelpRequestRow.received_at_utc >= since_utc,
        )
    )
    return sorted(
        max(0, round((accepted_utc - waiting_since(requested_utc, received_utc)).total_seconds()))
        for requested_utc, received_utc, accepted_utc in rows
        if accepted_utc is not None
    )


def history(uow: UnitOfWork, store_id: str, help_id: str) -> list[HelpEventRow]:
    """Every deed on one call, in the order they were done."""
    rows = uow.session.exec(
        select(HelpEventRow)
        .where(HelpEventRow.store_id == store_id, HelpEventRow.help_id == help_id)
        .order_by(col(HelpEventRow.event_no))
    )
    return list(rows)


def _help_row(uow: UnitOfWork, store_id: str, help_id: str) -> HelpRequestRow:
    # FOR UPDATE makes the second of two helpers on a server wait for the first, populate_existing makes it
    # read what the first has done, even where this unit of work had seen the row before.
    row = uow.session.exec(
        select(HelpRequestRow)
        .where(HelpRequestRow.store_id == store_id, HelpRequestRow.help_id == help_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise UnknownRequestError(f"There is no help request {help_id}.")
    return row


def _new_help_row(uow: UnitOfWork, store_id: str, message: HelpMessage, now_utc: datetime) -> HelpRequestRow:
    is_open = message.state is HelpState.REQUESTED
    earlier = uow.session.get(HelpRequestRow, (store_id, message.reopens)) if message.reopens else None
    if earlier is not None and earlier.lane_id != message.lane_id:
        raise ForeignRequestError(f"Request {message.reopens} was made by another lane.")
    return HelpRequestRow(
        store_id=store_id,
        help_id=message.help_id,
        lane_id=message.lane_id,
        state=(HelpState.DELIVERED if is_open else HelpState.CANCELLED).value,
        reason=message.reason.value,
        language=_language(message),
        note=_note(message),
        gtin=message.gtin,
        requested_at_utc=message.requested_at_utc,
        received_at_utc=now_utc,
        changed_at_utc=now_utc,
        ringing_since_utc=now_utc,
        closed_at_utc=None if is_open else now_utc,
        reopens=message.reopens if earlier is not None else "",
        meant_for=_helper_of(uow, earlier, now_utc) if earlier is not None else "",
    )


def _helper_of(uow: UnitOfWork, earlier: HelpRequestRow, now_utc: datetime) -> str:
    """Who was there before and is here now: a call meant for somebody who is not rings nowhere at first."""
    is_here = not earlier.desk and any(
        each.name == earlier.staff_name for each in on_shift.colleagues(uow, earlier.store_id, now_utc)
    )
    return earlier.staff_name if is_here else ""


def _take_over(row: HelpRequestRow, message: HelpMessage, now_utc: datetime) -> str:
    """Takes what the shopper said since the first message; what that was, "" where it was nothing new."""
    case = case_of(row)
    if not case.is_open:
        return ""
    said = (message.reason.value, _language(message), _note(message), message.gtin)
    is_cancel = message.state is HelpState.CANCELLED
    if not is_cancel and said == (row.reason, row.language, row.note, row.gtin):
        return ""
    row.changed_at_utc = now_utc
    if not is_cancel:
        row.reason, row.language, row.note, row.gtin = said
        return "said"
    ended = act(case, Cancel())
    assert isinstance(ended, HelpCase), "a cancel wins from every open state"
    keep(row, ended, now_utc)
    return "cancelled"


def _language(message: HelpMessage) -> str:
    return one_line(message.language)[:MAX_LANGUAGE]


def _note(message: HelpMessage) -> str:
    return one_line(message.note)[:MAX_NOTE]


def _words_of(deed: Deed) -> tuple[str, str, str]:
    """What a deed is called in the history, who did it, and what is to be known of it."""
    match deed:
        case Take(by=by, step=step):
            return step.value, by, ""
        case Resolve(by=by, cause=cause):
            return "resolved", by, cause.value if cause is not None else ""
        case Escalate(by=by, level=level):
            return "escalated", by, level.name.lower()
        case HandOver(by=by, to=to):
            return "handed-over", by, to
        case _:
            return type(deed).__name__.lower(), getattr(deed, "by", ""), ""


def _announced(uow: UnitOfWork, row: HelpRequestRow, now_utc: datetime) -> HelpUpdateMessage:
    message = update_of(row)
    uow.announce(row.store_id, "help", message=message, audience=lane_audience(row.lane_id))
    uow.session.flush()
    open_now = open_requests(uow, row.store_id)
    help_places.announce(uow, row.store_id, open_now, request_of(row), now_utc)
    return message
