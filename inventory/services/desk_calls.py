"""Owns what a desk sees and does of other stores' calls: those put before it, while they are open, no more.

It must not know screens, nor who sits there. Every deed is written down in both stores.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from inventory.db.desk_table import HelpRouteRow
from inventory.db.help_table import HelpRequestRow
from inventory.db.repositories import write_audit
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.approving import Place
from inventory.domain.help_desk import OPEN_STATES, Decision, HandOver, Resolve, Take
from inventory.domain.help_waiting import in_order
from inventory.domain.routing import RoutedCall, WhyElsewhere
from inventory.domain.staff import Role
from inventory.services import approvals, desks, help_desk, help_terms, interventions, lanes, stores
from inventory.services.approvals import Decider
from inventory.services.help_desk import HelpRequest, UnknownRequestError
from inventory.services.help_rows import request_of
from inventory.services.interventions import Intervention
from inventory.services.lanes import LaneOnWall
from inventory.services.stores import Store

AfarDeed = Take | Resolve
"""What somebody at a desk may do with a call; giving it back is `give_back`, writing `before_writing`."""


@dataclass(frozen=True, slots=True)
class DeskCall:
    """One call of another store before a desk, and the lane it comes from with no other call but this."""

    store: Store
    call: HelpRequest
    lane: LaneOnWall
    why: WhyElsewhere
    sent_by: str

    def is_of(self, desk_id: str) -> bool:
        """Whether somebody at this desk has it; else it waits for anybody."""
        return self.call.case.desk == desk_id


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who sits at a desk."""

    desk_id: str
    name: str


def queue(uow: UnitOfWork, desk_id: str, now_utc: datetime) -> list[DeskCall]:
    """The calls of all stores before this desk: whose turn it is first, then those its people have.

    One that somebody else has is not among them: its lane is no business of the desk's any more. Nor is one
    that has come to need hands since it was put before the desk.
    """
    rows = _shown(uow, desk_id)
    calls = {
        f"{route.store_id} {call.help_id}": _desk_call(uow, route, call, now_utc) for route, call in rows
    }
    in_line = {key: replace(each.call.in_line, help_id=key) for key, each in calls.items()}
    waiting = in_order(in_line[key] for key, each in calls.items() if each.call.case.is_waiting)
    taken = in_order(in_line[key] for key, each in calls.items() if not each.call.case.is_waiting)
    return [calls[each.help_id] for each in (*waiting, *taken)]


def count(uow: UnitOfWork, desk_id: str) -> int:
    """How many calls of other stores wait here or are in hand; 0 where this is no desk."""
    return len(_shown(uow, desk_id))


def do(
    uow: UnitOfWork,
    helper: Helper,
    store_id: str,
    help_id: str,
    deed: AfarDeed,
    now_utc: datetime,
    *,
    turn: int | None = None,
) -> None:
    """Does something to a call that is before this desk.

    `turn` is the one that was looked at. Raises UnknownRequestError for any other call, and what
    `help_desk.do` raises.
    """
    assert (deed.by, deed.desk) == (helper.name, helper.desk_id), "nobody acts for somebody else"
    route = _route(uow, helper.desk_id, store_id, help_id)
    _answerable(uow, store_id, help_id)
    help_desk.do(uow, store_id, help_id, deed, now_utc, turn=turn)
    _write_audit(uow, helper, route, type(deed).__name__.lower(), now_utc)


def give_back(
    uow: UnitOfWork,
    helper: Helper,
    store_id: str,
    help_id: str,
    now_utc: datetime,
    *,
    note: str = "",
    turn: int | None = None,
) -> None:
    """The call is the store's own again, and this desk is not asked for it once more by the clock.

    Raises what `do` raises.
    """
    route = _route(uow, helper.desk_id, store_id, help_id)
    call = help_desk.find(uow, store_id, help_id)
    assert call is not None, "it is before this desk"
    if call.case.is_waiting:
        help_desk.note(uow, store_id, help_id, "given-back", helper.name, f"({helper.desk_id})", now_utc)
    else:
        given_back = HandOver(helper.name, desk=helper.desk_id)
        help_desk.do(uow, store_id, help_id, given_back, now_utc, note=note, turn=turn)
    route.is_given_back, route.ended_at_utc = True, now_utc
    uow.session.add(route)
    _write_audit(uow, helper, route, "give-back", now_utc)


def question(
    uow: UnitOfWork, helper: Helper, store_id: str, intervention_id: str, now_utc: datetime
) -> Intervention | None:
    """What a lane waits for, if this desk has that lane's call; None for any other."""
    asked = interventions.find(uow, store_id, intervention_id)
    mine = [each for each in queue(uow, helper.desk_id, now_utc) if each.is_of(helper.desk_id)]
    is_ours = asked is not None and any(
        (each.store.store_id, each.call.lane_id) == (store_id, asked.lane_id) for each in mine
    )
    return asked if is_ours else None


def decide(
    uow: UnitOfWork,
    helper: Helper,
    store_id: str,
    asked: Intervention,
    decision: Decision,
    now_utc: datetime,
    *,
    has_shown_pin: bool = False,
) -> None:
    """Decides a `question`, as far as the store's own policy lets people elsewhere.

    Raises NotAllowed, AlreadyDecided, and ImpossibleStepError once the lane withdrew it.
    """
    policy = help_terms.terms_of(uow, store_id).policy
    decider = Decider(helper.name, Role.REMOTE, Place.AFAR, has_shown_pin=has_shown_pin)
    words = f"({helper.desk_id})"
    approvals.decide(uow, store_id, asked, decision, decider, policy, now_utc, reason=words)
    detail = f"{store_id} {asked.lane_id}: {asked.kind.value} ({asked.intervention_id})"
    what = f"intervention.{decision.value}"
    write_audit(uow.session, helper.desk_id, who=helper.name, what=what, detail=detail, at_utc=now_utc)


def before_writing(uow: UnitOfWork, helper: Helper, store_id: str, help_id: str, now_utc: datetime) -> None:
    """Lets somebody at a desk write in a call that is before it; who writes first has the call.

    Raises UnknownRequestError for any other call.
    """
    route = _route(uow, helper.desk_id, store_id, help_id)
    if _answerable(uow, store_id, help_id):
        _write_audit(uow, helper, route, "write", now_utc)


def _answerable(uow: UnitOfWork, store_id: str, help_id: str) -> bool:
    """Whether nobody has answered yet. Raises UnknownRequestError for a call that has come to need hands."""
    call = help_desk.find(uow, store_id, help_id)
    is_waiting = call is not None and call.case.is_waiting
    if call is not None and is_waiting and not _may_wait_here(call):
        raise UnknownRequestError(f"The call {help_id} of {store_id} needs hands.")
    return is_waiting


def _shown(uow: UnitOfWork, desk_id: str) -> list[tuple[HelpRouteRow, HelpRequest]]:
    """The calls before this desk that its people may look at."""
    return [
        (route, request_of(row))
        for row, route in _rows(uow, desk_id)
        if row.desk == desk_id or _may_wait_here(request_of(row))
    ]


def _may_wait_here(call: HelpRequest) -> bool:
    needs_hands = RoutedCall(call.reason, call.language, is_safety=call.is_safety).needs_hands
    return call.case.is_waiting and not needs_hands


def _rows(uow: UnitOfWork, desk_id: str) -> list[tuple[HelpRequestRow, HelpRouteRow]]:
    """Open calls before this desk in their present turn, of the stores it serves as its settings are now."""
    terms = desks.terms_of(uow, desk_id)
    if terms is None:
        return []
    rows = uow.session.exec(
        select(HelpRequestRow, HelpRouteRow)
        .where(
            HelpRouteRow.desk_id == desk_id,
            col(HelpRouteRow.ended_at_utc).is_(None),
            HelpRequestRow.store_id == HelpRouteRow.store_id,
            HelpRequestRow.help_id == HelpRouteRow.help_id,
            HelpRequestRow.turn == HelpRouteRow.turn,
            col(HelpRequestRow.state).in_([state.value for state in OPEN_STATES]),
        )
        .order_by(col(HelpRouteRow.store_id), col(HelpRouteRow.help_id))
    )
    return [(row, route) for row, route in rows if terms.serve(row.store_id)]


def _route(uow: UnitOfWork, desk_id: str, store_id: str, help_id: str) -> HelpRouteRow:
    """How an open call came before this desk, even if somebody else has it by now."""
    for row, route in _rows(uow, desk_id):
        if (row.store_id, row.help_id) == (store_id, help_id):
            return route
    raise UnknownRequestError(f"The call {help_id} of {store_id} is not before {desk_id}.")


def _desk_call(uow: UnitOfWork, route: HelpRouteRow, call: HelpRequest, now_utc: datetime) -> DeskCall:
    lane = lanes.one(uow, route.store_id, call.lane_id, now_utc)
    store = stores.find_store(uow, route.store_id)
    shown = replace(lane, requests=(call,), door=None)
    return DeskCall(store, call, shown, WhyElsewhere(route.why), route.sent_by)


def _write_audit(uow: UnitOfWork, helper: Helper, route: HelpRouteRow, deed: str, now_utc: datetime) -> None:
    detail = f"{route.store_id} {route.lane_id}: {deed} ({route.help_id})"
    what = "help.afar"
    who = f"{helper.name} ({helper.desk_id})"
    write_audit(uow.session, route.store_id, who=who, what=what, detail=detail, at_utc=now_utc)
    write_audit(uow.session, helper.desk_id, who=helper.name, what=what, detail=detail, at_utc=now_utc)
