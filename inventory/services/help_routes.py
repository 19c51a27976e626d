"""Owns which calls of a store are put before which desks elsewhere, by the clock and by hand.

It must not decide where (`inventory.domain.routing` does), nor know what a desk does with a call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from inventory.db.desk_table import HelpRouteRow
from inventory.db.repositories import insert_new
from inventory.db.unit_of_work import STAFF, Database, UnitOfWork
from inventory.domain import routing
from inventory.domain.help_desk import HandOver
from inventory.domain.help_waiting import Level
from inventory.domain.routing import Desk, Home, RoutedCall, Target, WhyElsewhere
from inventory.services import desks, help_desk, help_places
from inventory.services.help_desk import ImpossibleStepError, StaleTurnError, UnknownRequestError
from inventory.services.help_rows import HelpRequest
from inventory.wire import DeskNewsMessage


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """What a store's settings say of help from elsewhere. One more desk rings every `each_s` seconds."""

    languages: frozenset[str] = frozenset()
    from_level: Level | None = Level.SUPERVISOR
    each_s: int = 15


class DeskUnableError(Exception):
    """This desk cannot take the call: it is closed, nobody is there, or the call needs hands."""


def route(database: Database, store_id: str, rules: RoutingRules, now_utc: datetime) -> int:
    """Puts every call that is due before one more desk; how many there were."""
    with database.read() as uow:
        is_quiet = not _due(uow, store_id, rules, now_utc)
    if is_quiet:
        return 0
    with database.write() as uow:
        found = _due(uow, store_id, rules, now_utc)
        for call, target in found:
            _put_before(uow, store_id, call, target, by="", now_utc=now_utc)
    return len(found)


def send(
    uow: UnitOfWork,
    store_id: str,
    help_id: str,
    desk_id: str,
    *,
    by: str,
    now_utc: datetime,
    note: str = "",
    turn: int | None = None,
) -> None:
    """Somebody of the store sends a call to a desk; whoever has it gives it on by that, with a note.

    `turn` is the one that was looked at. Raises UnknownRequestError, StaleTurnError, AlreadyTaken,
    ImpossibleStepError once it is over, and DeskUnableError.
    """
    call = help_desk.find(uow, store_id, help_id)
    if call is None:
        raise UnknownRequestError(f"There is no help request {help_id}.")
    if turn not in (None, call.case.turn):
        raise StaleTurnError(f"Request {help_id} was given on.")
    if not call.case.is_open:
        raise ImpossibleStepError(f"The call {help_id} is over.")
    if desk_id not in {desk.desk_id for desk in askable(uow, store_id, call, now_utc)}:
        raise DeskUnableError(desk_id)
    if not call.case.is_waiting:
        help_desk.do(uow, store_id, help_id, HandOver(by), now_utc, note=note)
        call = help_desk.find(uow, store_id, help_id)
        assert call is not None, "it was there a line above"
    if note:
        help_desk.put_note(uow, store_id, help_id, note)
    _put_before(uow, store_id, call, Target(desk_id, WhyElsewhere.SENT), by=by, now_utc=now_utc)


def askable(uow: UnitOfWork, store_id: str, call: HelpRequest, now_utc: datetime) -> tuple[Desk, ...]:
    """The desks a call could be sent to now, the best first."""
    return routing.able(_routed(call, []), desks.serving(uow, store_id, now_utc))


def asked(uow: UnitOfWork, store_id: str, help_id: str) -> list[HelpRouteRow]:
    """Every desk that a call was put before, in any of its turns."""
    rows = uow.session.exec(
        select(HelpRouteRow)
        .where(HelpRouteRow.store_id == store_id, HelpRouteRow.help_id == help_id)
        .order_by(col(HelpRouteRow.routed_at_utc), col(HelpRouteRow.desk_id))
    )
    return list(rows)


def _due(
    uow: UnitOfWork, store_id: str, rules: RoutingRules, now_utc: datetime
) -> list[tuple[HelpRequest, Target]]:
    waiting = [call for call in help_desk.open_requests(uow, store_id) if call.case.is_waiting]
    around = desks.serving(uow, store_id, now_utc) if waiting else ()
    if not around:
        return []
    home = Home(help_places.staff_here(uow, store_id, now_utc), rules.languages, rules.from_level)
    found = []
    for call in waiting:
        rows = asked(uow, store_id, call.help_id)
        ringing = {
            row.desk_id: row.routed_at_utc
            for row in rows
            if row.turn == call.case.turn and row.ended_at_utc is None
        }
        since_s = (now_utc - min(ringing.values(), default=now_utc)).total_seconds()
        wanted = routing.targets(_routed(call, rows), home, around)
        next_ones = routing.due(wanted, ringing, since_s, each_s=rules.each_s)
        found += [(call, target) for target in next_ones]
    return found


def _routed(call: HelpRequest, rows: list[HelpRouteRow]) -> RoutedCall:
    given_back = frozenset(row.desk_id for row in rows if row.is_given_back)
    return RoutedCall(call.reason, call.language, call.case.level, call.is_safety, given_back)


def _put_before(
    uow: UnitOfWork, store_id: str, call: HelpRequest, target: Target, *, by: str, now_utc: datetime
) -> None:
    row = HelpRouteRow(
        store_id=store_id,
        help_id=call.help_id,
        desk_id=target.desk_id,
        lane_id=call.lane_id,
        turn=call.case.turn,
        why=target.why.value,
        sent_by=by,
        is_given_back=False,
        routed_at_utc=now_utc,
    )
    if not insert_new(uow.session, row):
        # It was there in an earlier turn, or another process of the store was faster.
        key = (store_id, call.help_id, target.desk_id)
        known = uow.session.get(HelpRouteRow, key, with_for_update=True, populate_existing=True)
        assert known is not None, "its key exists"
        known.turn, known.why, known.sent_by = row.turn, row.why, by
        known.is_given_back, known.routed_at_utc, known.ended_at_utc = False, now_utc, None
        uow.session.add(known)
    detail = f"{target.desk_id} ({target.why.value})"
    help_desk.note(uow, store_id, call.help_id, "sent-elsewhere", by, detail, now_utc)
    told = DeskNewsMessage(store_id=store_id, lane_id=call.lane_id)
    uow.announce(target.desk_id, "desk", message=told, audience=STAFF)
