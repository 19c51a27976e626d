"""Owns the lanes a store knows: their keys, their last words, and the wall that shows them all.

It must not know screens. A lane's token is kept as its SHA-256 alone: who reads the table
can speak for nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from inventory.db.repositories import put
from inventory.db.tables import LaneRow, LaneStateRow
from inventory.db.unit_of_work import STAFF, UnitOfWork
from inventory.domain.neighbours import OpenLane, lane_label
from inventory.services import doors, help_desk, reservations
from inventory.services import interventions as open_questions
from inventory.services.doors import DoorOrder
from inventory.services.help_desk import HelpRequest
from inventory.services.interventions import Intervention
from inventory.wire import LaneStateMessage

MIN_TOKEN_LENGTH = 22
"""128 random bits in URL-safe base 64."""

SILENCE = timedelta(seconds=25)
"""A lane reports every 10 s: two missed reports and it is shown as offline."""


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


def enrol(
    uow: UnitOfWork, store_id: str, lane_id: str, token: str, now_utc: datetime, *, name: str = ""
) -> None:
    """Lets a lane in by a secret token of at least 128 bits; a new token replaces the old.

    Raises ValueError for a shorter token.
    """
    if len(token) < MIN_TOKEN_LENGTH:
        raise ValueError(f"The token of {lane_id} is shorter than {MIN_TOKEN_LENGTH} characters.")
    put(
        uow.session,
        LaneRow(
            store_id=store_id,
            lane_id=lane_id,
            name=name or lane_id,
            token_hash=_hash(token),
            enrolled_at_utc=now_utc,
        ),
    )


def retire(uow: UnitOfWork, store_id: str, *, keep: Mapping[str, str]) -> None:
    """Locks out every lane that is not in `keep` (lane to token) with the token it has now.

    A lane's sales stay; its old token opens nothing any more.
    """
    rows = uow.session.exec(select(LaneRow).where(LaneRow.store_id == store_id))
    for row in rows.all():
        if row.lane_id not in keep or row.token_hash != _hash(keep[row.lane_id]):
            reservations.end(uow, store_id, [row.lane_id])
            uow.session.delete(row)
    uow.session.flush()


def authenticate(uow: UnitOfWork, store_id: str, token: str) -> str | None:
    """The lane whose token this is, or None."""
    wanted = _hash(token)
    row = uow.session.exec(
        select(LaneRow).where(LaneRow.store_id == store_id, LaneRow.token_hash == wanted)
    ).first()
    if row is None or not hmac.compare_digest(row.token_hash, wanted):
        return None
    return row.lane_id


def report_state(uow: UnitOfWork, store_id: str, message: LaneStateMessage, now_utc: datetime) -> None:
    """Keeps a lane's last words and announces them to the staff."""
    put(
        uow.session,
        LaneStateRow(
            store_id=store_id,
            lane_id=message.lane_id,
            body=message.model_dump_json(),
            journal_seq=message.journal_seq,
            journal_head=message.journal_head,
            received_at_utc=now_utc,
        ),
    )
    uow.announce(store_id, "lane", message=message, audience=STAFF)


def wall(uow: UnitOfWork, store_id: str, now_utc: datetime) -> tuple[LaneOnWall, ...]:
    """Every enrolled lane by id, with what it last said and what waits there."""
    states = {
        row.lane_id: row
        for row in uow.session.exec(select(LaneStateRow).where(LaneStateRow.store_id == store_id))
    }
    requests = help_desk.open_requests(uow, store_id)
    ordered = doors.newest(uow, store_id)
    interventions = open_questions.waiting(uow, store_id)
    lanes = uow.session.exec(
        select(LaneRow).where(LaneRow.store_id == store_id).order_by(col(LaneRow.lane_id))
    )
    return tuple(
        _on_wall(
            lane,
            states.get(lane.lane_id),
            now_utc,
            requests=tuple(each for each in requests if each.lane_id == lane.lane_id),
            interventions=tuple(each for each in interventions if each.lane_id == lane.lane_id),
            door=ordered.get(lane.lane_id),
        )
        for lane in lanes
    )


def _on_wall(
    lane: LaneRow,
    state: LaneStateRow | None,
    now_utc: datetime,
    *,
    requests: tuple[HelpRequest, ...],
    interventions: tuple[Intervention, ...],
    door: DoorOrder | None,
) -> LaneOnWall:
    heard_at_utc = state.received_at_utc if state else None
    return LaneOnWall(
        lane_id=lane.lane_id,
        name=lane.name,
        is_online=heard_at_utc is not None and now_utc - heard_at_utc <= SILENCE,
        heard_at_utc=heard_at_utc,
        state=LaneStateMessage.model_validate_json(state.body) if state else None,
        requests=requests,
        interventions=interventions,
        door=door,
    )


def open_lanes(uow: UnitOfWork, store_id: str, now_utc: datetime) -> tuple[OpenLane, ...]:
    """Lanes that take the next shopper: heard of lately, not closed, and nothing keeps them from selling.

    One whose card reader is lost may sell, but sends people on to a till: nobody is sent there.
    """
    rows = uow.session.exec(
        select(LaneStateRow, LaneRow.name)
        .where(
            LaneStateRow.store_id == store_id,
            LaneRow.store_id == store_id,
            LaneRow.lane_id == LaneStateRow.lane_id,
            col(LaneStateRow.received_at_utc) >= now_utc - SILENCE,
        )
        .order_by(col(LaneStateRow.lane_id))
    )
    return tuple(
        OpenLane(row.lane_id, lane_label(name))
        for row, name in rows
        if _takes_shoppers(LaneStateMessage.model_validate_json(row.body))
    )


def _takes_shoppers(state: LaneStateMessage) -> bool:
    reader = state.devices.get("terminal", "")
    return not state.closed_by and state.screen != "degraded" and reader == "ready"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
