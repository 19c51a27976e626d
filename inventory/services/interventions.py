"""Owns interventions on the store's side: what a lane waits for, decided once by whoever is first.

It must not know screens or PINs. Lanes put their side, which may be repeated; of two people who decide at
once exactly one wins.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import col, select

from inventory.db.repositories import insert_new, write_audit
from inventory.db.tables import InterventionRow
from inventory.db.unit_of_work import STAFF, UnitOfWork, lane_audience
from inventory.domain.approving import Place
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.help_waiting import waiting_since
from inventory.domain.one_line import one_line
from inventory.domain.pricing import GivenPrice, price_fault
from inventory.services.help_desk import (
    MAX_LANGUAGE,
    ForeignRequestError,
    ImpossibleStepError,
    UnknownRequestError,
)
from inventory.wire import DecisionMessage, InterventionMessage

_OPEN = "open"
_WITHDRAWN = "withdrawn"
_FROM = {Place.AFAR: "from the tablet", Place.IN_SIGHT: "in sight", Place.AT_LANE: "at the lane"}


MOST_FACTS = 200
LONGEST_FACT = 400
"""Facts of a question that are kept, and letters of one: goods may have names of any length."""


class AlreadyDecided(Exception):  # noqa: N818 - it names what a colleague is told
    """Somebody decided first; `by` is their name, `decision` what they decided."""

    def __init__(self, by: str, decision: Decision) -> None:
        super().__init__(f"{by} has {decision.value} this already.")
        self.by = by
        self.decision = decision


@dataclass(frozen=True, slots=True)
class Intervention:
    """A lane that waits for a decision."""

    intervention_id: str
    lane_id: str
    kind: InterventionKind
    language: str
    facts: tuple[str, ...]
    waiting_since_utc: datetime


def receive(
    uow: UnitOfWork, store_id: str, message: InterventionMessage, now_utc: datetime
) -> DecisionMessage | None:
    """Takes a lane's intervention or its withdrawal; answers the decision once there is one.

    Raised again before its decision it may bring other facts: they replace the older ones. Raises
    ForeignRequestError. A withdrawal after a decision changes nothing.
    """
    if insert_new(uow.session, _new_row(store_id, message, now_utc)):
        uow.announce(store_id, "intervention", message=message, audience=STAFF)
        return None
    row = _row(uow, store_id, message.intervention_id)
    if row.lane_id != message.lane_id:
        raise ForeignRequestError(f"Intervention {message.intervention_id} was raised by another lane.")
    facts = _facts(message)
    if row.state == _OPEN and (message.withdrawn or facts != row.facts):
        if message.withdrawn:
            row.state = _WITHDRAWN
        else:
            row.facts = facts
        uow.session.add(row)
        uow.announce(store_id, "intervention", message=message, audience=STAFF)
    return _decision_of(row)


def waiting(uow: UnitOfWork, store_id: str) -> list[Intervention]:
    """Interventions that wait for a decision, the longest wait first."""
    rows = uow.session.exec(
        select(InterventionRow).where(InterventionRow.store_id == store_id, InterventionRow.state == _OPEN)
    )
    found = map(_intervention, rows)
    return sorted(found, key=lambda each: (each.waiting_since_utc, each.intervention_id))


def find(uow: UnitOfWork, store_id: str, intervention_id: str) -> Intervention | None:
    """The intervention of this id, whether it still waits or not."""
    row = uow.session.get(InterventionRow, (store_id, intervention_id))
    return None if row is None else _intervention(row)


def find_to_decide(uow: UnitOfWork, store_id: str, intervention_id: str) -> Intervention:
    """The same, kept as it is until the end of this transaction.

    Raises UnknownRequestError, AlreadyDecided, and ImpossibleStepError once the lane withdrew it.
    """
    return _intervention(_open_row(uow, store_id, intervention_id))


def decide(
    uow: UnitOfWork,
    store_id: str,
    intervention_id: str,
    decision: Decision,
    staff_name: str,
    reason: str,
    now_utc: datetime,
    *,
    price: GivenPrice | None = None,
    place: Place = Place.AFAR,
) -> DecisionMessage:
    """Decides an intervention, once; the audit trail keeps who, what about, from where and when.

    Whether they may, `approvals` asks before. A price is approved with what was given, and only then. Raises
    UnknownRequestError, AlreadyDecided, and ImpossibleStepError once the lane withdrew it.
    """
    row = _open_row(uow, store_id, intervention_id)
    wants_price = row.kind == InterventionKind.PRICE.value and decision is Decision.APPROVED
    assert wants_price == (price is not None), "an approved price says which, nothing else has one"
    assert price is None or price_fault(price) is None, "the tablet has refused what breaks a limit"
    row.state = decision.value
    row.staff_name = staff_name
    row.reason = reason
    row.decided_at_utc = now_utc
    row.place = place.value
    row.answer = json.dumps(asdict(price)) if price else ""
    uow.session.add(row)
    write_audit(
        uow.session,
        store_id,
        who=staff_name,
        what=f"intervention.{decision.value}",
        detail=_audit_words(row),
        at_utc=now_utc,
    )
    message = _decision_of(row)
    assert message is not None, "it was decided just now"
    uow.announce(store_id, "decision", message=message, audience=lane_audience(row.lane_id))
    return message


def decisions_of_lane(
    uow: UnitOfWork, store_id: str, lane_id: str, *, since_utc: datetime
) -> list[DecisionMessage]:
    """Decisions made for a lane since then, oldest first."""
    rows = uow.session.exec(
        select(InterventionRow)
        .where(
            InterventionRow.store_id == store_id,
            InterventionRow.lane_id == lane_id,
            col(InterventionRow.decided_at_utc) >= since_utc,
        )
        .order_by(col(InterventionRow.decided_at_utc), col(InterventionRow.intervention_id))
    )
    return [message for row in rows if (message := _decision_of(row)) is not None]


def _row(uow: UnitOfWork, store_id: str, intervention_id: str) -> InterventionRow:
    row = uow.session.exec(
        select(InterventionRow)
        .where(InterventionRow.store_id == store_id, InterventionRow.intervention_id == intervention_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise UnknownRequestError(f"There is no intervention {intervention_id}.")
    return row


def _open_row(uow: UnitOfWork, store_id: str, intervention_id: str) -> InterventionRow:
    row = _row(uow, store_id, intervention_id)
    first = _decision_of(row)
    if first is not None:
        raise AlreadyDecided(first.staff_name, first.decision)
    if row.state != _OPEN:
        raise ImpossibleStepError("The lane no longer waits for this decision.")
    return row


def _new_row(store_id: str, message: InterventionMessage, now_utc: datetime) -> InterventionRow:
    return InterventionRow(
        store_id=store_id,
        intervention_id=message.intervention_id,
        lane_id=message.lane_id,
        kind=message.kind.value,
        language=one_line(message.language)[:MAX_LANGUAGE],
        facts=_facts(message),
        state=_WITHDRAWN if message.withdrawn else _OPEN,
        raised_at_utc=message.raised_at_utc,
        received_at_utc=now_utc,
    )


def _facts(message: InterventionMessage) -> str:
    return json.dumps([one_line(fact)[:LONGEST_FACT] for fact in message.facts[:MOST_FACTS]])


def _intervention(row: InterventionRow) -> Intervention:
    return Intervention(
        row.intervention_id,
        row.lane_id,
        InterventionKind(row.kind),
        row.language,
        tuple(json.loads(row.facts)),
        waiting_since(row.raised_at_utc, row.received_at_utc),
    )


def _audit_words(row: InterventionRow) -> str:
    facts = "; ".join(filter(None, json.loads(row.facts)))
    words = f"{row.kind} on {row.lane_id} ({row.intervention_id}), {_FROM[Place(row.place)]}: {facts}"
    return f"{words} – {row.reason}" if row.reason else words


def _decision_of(row: InterventionRow) -> DecisionMessage | None:
    if row.state in (_OPEN, _WITHDRAWN):
        return None
    return DecisionMessage(
        intervention_id=row.intervention_id,
        lane_id=row.lane_id,
        decision=Decision(row.state),
        staff_name=row.staff_name,
        reason=row.reason,
        price=GivenPrice(**json.loads(row.answer)) if row.answer else None,
    )
