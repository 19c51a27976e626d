"""Owns the lanes a store knows: their keys, their last words, and the wall that shows them all.

It must not know screens. A lane's token is kept as its SHA-256 alone: who reads the table
can speak for nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.repositories import put, write_audit
from inventory.db.tables import LaneRow, LaneStateRow
from inventory.db.unit_of_work import SHUT_OUT, STAFF, Database, UnitOfWork, lane_audience
from inventory.domain.neighbours import OpenLane, lane_label
from inventory.services import doors, help_desk, reservations
from inventory.services import interventions as open_questions
from inventory.services.doors import DoorOrder
from inventory.services.help_desk import HelpRequest
from inventory.services.interventions import Intervention
from inventory.wire import LaneStateMessage, ShutOutMessage

MIN_TOKEN_LENGTH = 22
"""128 random bits in URL-safe base 64."""

SILENCE = timedelta(seconds=25)
"""A lane reports every 10 s: two missed reports and it is shown as offline."""

_OF_THE_SAME_LANE = and_(
    col(LaneStateRow.store_id) == col(LaneRow.store_id), col(LaneStateRow.lane_id) == col(LaneRow.lane_id)
)
_OF_TOKEN = select_columns(col(LaneRow.lane_id), col(LaneRow.token_hash), col(LaneRow.revoked_at_utc)).where(
    col(LaneRow.store_id) == bindparam("store"), col(LaneRow.token_hash) == bindparam("hash")
)


@dataclass(frozen=True, slots=True)
class LaneOnWall:
    """One lane as the wall shows it. `state` is None until it first reports."""

    lane_id: str
    name: str
    is_online: bool
    heard_at_utc: datetime | None
    state: LaneStateMessage | None
    requests: tuple[HelpRequest, ...]
    interventions: tuple[Intervention, ...]
    door: DoorOrder | None = None
    catalogue_version: int = 0
    """The one it sells from; 0 where it does not say."""


@dataclass(frozen=True, slots=True)
class EnrolledLane:
    """One lane's key. `enrolled_by` is "" for a lane of the settings; `heard_at_utc` its last report."""

    lane_id: str
    enrolled_by: str
    enrolled_at_utc: datetime
    heard_at_utc: datetime | None
    revoked_at_utc: datetime | None


def enrol(
    uow: UnitOfWork,
    store_id: str,
    lane_id: str,
    token: str,
    now_utc: datetime,
    *,
    name: str = "",
    by: str = "",
) -> None:
    """Lets a lane in by a secret token of at least 128 bits; a new token replaces the old.

    `by` is who let it in, "" for the settings. A token that was revoked opens nothing again. Raises
    ValueError for a shorter token.
    """
    if len(token) < MIN_TOKEN_LENGTH:
        raise ValueError(f"The token of {lane_id} is shorter than {MIN_TOKEN_LENGTH} characters.")
    known = uow.session.get(LaneRow, (store_id, lane_id))
    hashed = token_hash(token)
    is_same = known is not None and known.token_hash == hashed
    put(
        uow.session,
        LaneRow(
            store_id=store_id,
            lane_id=lane_id,
            name=name or lane_id,
            token_hash=hashed,
            enrolled_at_utc=now_utc,
            enrolled_by=by,
            revoked_at_utc=known.revoked_at_utc if known is not None and is_same else None,
        ),
    )
    if known is not None:
        uow.session.expire(known)


def retire(uow: UnitOfWork, store_id: str, *, keep: Mapping[str, str]) -> None:
    """Locks out every lane that is neither in `keep` (lane to token) nor was let in by a code.

    A lane's sales stay; its old token opens nothing any more.
    """
    rows = uow.session.exec(select(LaneRow).where(LaneRow.store_id == store_id))
    for row in rows.all():
        is_by_code = bool(row.enrolled_by) and row.lane_id not in keep
        is_kept = row.lane_id in keep and row.token_hash == token_hash(keep[row.lane_id])
        if not (is_by_code or is_kept):
            reservations.end(uow, store_id, [row.lane_id])
            uow.session.delete(row)
    uow.session.flush()


def authenticate(uow: UnitOfWork, store_id: str, token: str) -> str | None:
    """The lane whose token this is, or None; a revoked one is none."""
    wanted = token_hash(token)
    row = uow.session.connection().execute(_OF_TOKEN, {"store": store_id, "hash": wanted}).first()
    return _lane_of(row, wanted)


def authenticate_now(database: Database, store_id: str, token: str) -> str | None:
    """As `authenticate`, without a transaction around it: every request begins with this question."""
    wanted = token_hash(token)
    return _lane_of(database.glance(_OF_TOKEN, {"store": store_id, "hash": wanted}), wanted)


def _lane_of(row: Any, wanted: str) -> str | None:
    if row is None or not hmac.compare_digest(row.token_hash, wanted) or row.revoked_at_utc is not None:
        return None
    lane_id: str = row.lane_id
    return lane_id


def holder(uow: UnitOfWork, store_id: str, token: str) -> str | None:
    """The lane that has or had this token, revoked or not."""
    wanted = token_hash(token)
    return uow.session.exec(
        select(LaneRow.lane_id).where(LaneRow.store_id == store_id, LaneRow.token_hash == wanted)
    ).first()


def revoke(uow: UnitOfWork, store_id: str, lane_id: str, *, by: str, now_utc: datetime) -> None:
    """Locks a lane's token out for good; a new one lets the lane in again. Unknown lanes are passed over."""
    row = uow.session.get(LaneRow, (store_id, lane_id))
    if row is None or row.revoked_at_utc is not None:
        return
    row.revoked_at_utc = now_utc
    uow.session.add(row)
    reservations.end(uow, store_id, [lane_id])
    uow.announce(store_id, SHUT_OUT, message=ShutOutMessage(lane_id=lane_id), audience=lane_audience(lane_id))
    write_audit(uow.session, store_id, who=by, what="lane.revoke", detail=lane_id, at_utc=now_utc)


def enrolled(uow: UnitOfWork, store_id: str) -> tuple[EnrolledLane, ...]:
    """Every lane that has or had a token, by its id, and when each was last heard of."""
    rows = uow.session.exec(
        select(LaneRow, LaneStateRow.received_at_utc)
        .join(LaneStateRow, _OF_THE_SAME_LANE, isouter=True)
        .where(LaneRow.store_id == store_id)
        .order_by(col(LaneRow.lane_id))
    )
    return tuple(
        EnrolledLane(row.lane_id, row.enrolled_by, row.enrolled_at_utc, heard_at_utc, row.revoked_at_utc)
        for row, heard_at_utc in rows
    )


def report_state(
    uow: UnitOfWork,
    store_id: str,
    message: LaneStateMessage,
    now_utc: datetime,
    *,
    catalogue_version: int = 0,
) -> None:
    """Keeps a lane's last words and announces them to the staff.

    `catalogue_version` is the one the lane sells from, 0 where it does not say.
    """
    put(
        uow.session,
        LaneStateRow(
            store_id=store_id,
            lane_id=message.lane_id,
            body=message.model_dump_json(),
            journal_seq=message.journal_seq,
            journal_head=message.journal_head,
            received_at_utc=now_utc,
            catalogue_version=catalogue_version,
        ),
    )
    uow.announce(store_id, "lane", message=message, audience=STAFF)


def wall(
    uow: UnitOfWork, store_id: str, now_utc: datetime, *, only: str | None = None
) -> tuple[LaneOnWall, ...]:
    """Every enrolled lane by id, with what it last said and what waits there; `only` asks for one of them."""
    requests, interventions = _by_lane(uow, store_id)
    ordered = doors.newest(uow, store_id)
    rows = uow.session.connection().execute(
        select_columns(
            col(LaneRow.lane_id),
            col(LaneRow.name),
            col(LaneStateRow.body),
            col(LaneStateRow.received_at_utc),
            col(LaneStateRow.catalogue_version),
        )
        .join(LaneStateRow, _OF_THE_SAME_LANE, isouter=True)
        .where(col(LaneRow.store_id) == store_id, *(() if only is None else (col(LaneRow.lane_id) == only,)))
        .order_by(col(LaneRow.lane_id))
    )
    return tuple(
        LaneOnWall(
            lane_id=lane_id,
            name=name,
            is_online=heard_at_utc is not None and now_utc - heard_at_utc <= SILENCE,
            heard_at_utc=heard_at_utc,
            state=said_in(body) if body is not None else None,
            requests=tuple(requests[lane_id]),
            interventions=tuple(interventions[lane_id]),
            door=ordered.get(lane_id),
            catalogue_version=version or 0,
        )
        for lane_id, name, body, heard_at_utc, version in rows
    )


def one(uow: UnitOfWork, store_id: str, lane_id: str, now_utc: datetime) -> LaneOnWall:
    """One lane with what it last said and the questions that wait there; its calls are left out."""
    found = next(iter(wall(uow, store_id, now_utc, only=lane_id)), None)
    if found is not None:
        return replace(found, requests=(), door=None)
    asked = tuple(each for each in open_questions.waiting(uow, store_id) if each.lane_id == lane_id)
    nothing = LaneOnWall(
        lane_id, lane_id, is_online=False, heard_at_utc=None, state=None, requests=(), interventions=()
    )
    return replace(nothing, interventions=asked)


def _by_lane(
    uow: UnitOfWork, store_id: str
) -> tuple[Mapping[str, list[HelpRequest]], Mapping[str, list[Intervention]]]:
    requests: defaultdict[str, list[HelpRequest]] = defaultdict(list)
    for request in help_desk.open_requests(uow, store_id):
        requests[request.lane_id].append(request)
    interventions: defaultdict[str, list[Intervention]] = defaultdict(list)
    for intervention in open_questions.waiting(uow, store_id):
        interventions[intervention.lane_id].append(intervention)
    return requests, interventions


@lru_cache(maxsize=2048)
def said_in(body: str) -> LaneStateMessage:
    """A lane's last words, read once: tablets and lanes ask for all of them, and most have not changed."""
    return LaneStateMessage.model_validate_json(body)


def open_lanes(uow: UnitOfWork, store_id: str, now_utc: datetime) -> tuple[OpenLane, ...]:
    """Lanes that take the next shopper: heard of lately, not closed, and nothing keeps them from selling.

    One whose card reader is lost may sell, but sends people on to a till: nobody is sent there.
    """
    rows = uow.session.exec(
        select(LaneStateRow.lane_id, LaneStateRow.body, LaneRow.name)
        .join(LaneRow, _OF_THE_SAME_LANE)
        .where(
            LaneStateRow.store_id == store_id,
            col(LaneStateRow.received_at_utc) >= now_utc - SILENCE,
        )
        .order_by(col(LaneStateRow.lane_id))
    )
    return tuple(
        OpenLane(lane_id, lane_label(name)) for lane_id, body, name in rows if _takes_shoppers(said_in(body))
    )


def _takes_shoppers(state: LaneStateMessage) -> bool:
    reader = state.devices.get("terminal", "")
    return not state.closed_by and state.screen != "degraded" and reader == "ready"


def token_hash(token: str) -> str:
    """A token as it is kept: its SHA-256, for it is random and long."""
    return hashlib.sha256(token.encode()).hexdigest()
