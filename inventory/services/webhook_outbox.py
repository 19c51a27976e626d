"""Owns what other systems have to be told: written with what it tells of, kept until they have it.

It must not send anything, nor know an address. Nothing is told of a person: lane, reason, wait, level alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import col, select

from inventory.db.feedback_alert_table import FeedbackAlertRow
from inventory.db.help_table import HelpRequestRow
from inventory.db.repositories import insert_new
from inventory.db.tables import LaneRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.db.webhook_table import WebhookMessageRow, WebhookRow
from inventory.domain.help_waiting import Level
from inventory.domain.neighbours import lane_label
from inventory.domain.webhooks import GIVE_UP, WebhookEvent, events_of, wait_s
from inventory.services import store_signal, tasks
from inventory.services.help_rows import waiting_since
from inventory.services.stores import business_time, find_store
from inventory.services.tasks import Task
from inventory.wire import HelpUpdateMessage

LEASE = timedelta(seconds=60)
"""Whoever sends a message has it for so long; then another process may think that it died."""

KEPT = timedelta(days=7)
LONGEST_PROBLEM = 200
_WAITING, _SENT, _GIVEN_UP = "waiting", "sent", "given-up"

Facts = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """One thing to tell one webhook. `tries` counts this one."""

    message_id: str
    event: WebhookEvent
    facts: Facts
    tries: int
    made_at_utc: datetime


def settle(uow: UnitOfWork, store_id: str, wanted: Mapping[str, Iterable[str]]) -> None:
    """Writes down which webhooks the settings name and what each wants; others lose what waits."""
    names = list(wanted)
    for table in (WebhookRow, WebhookMessageRow):
        gone = (col(table.store_id) == store_id, col(table.webhook).not_in(names))
        uow.session.connection().execute(delete(table).where(*gone))
    for name, events in wanted.items():
        row = uow.session.get(WebhookRow, (store_id, name))
        row = row or WebhookRow(store_id=store_id, webhook=name, events="[]")
        row.events = json.dumps(list(events))
        uow.session.add(row)


def note(uow: UnitOfWork, now_utc: datetime) -> None:
    """Writes down what this transaction has to tell; called at the end of every write."""
    told = [each for each in uow.announcements if each.event_name in ("help", "feedback")]
    for store_id in sorted({each.store_id for each in told}):
        wanted = _wanted(uow, store_id)
        if not wanted:
            continue
        messages = [each.message for each in told if each.store_id == store_id]
        for message in messages:
            if isinstance(message, HelpUpdateMessage):
                _note_call(uow, store_id, message, wanted, now_utc)
            else:
                _note_feedback(uow, store_id, getattr(message, "lane_id", ""), wanted, now_utc)
        if any(isinstance(message, HelpUpdateMessage) for message in messages):
            store_signal.watch(uow, store_id, WebhookSignal(), now_utc)


class WebhookSignal:
    """The store's signal as words to whoever drives a real one."""

    def turn(self, uow: UnitOfWork, store_id: str, number: int, now_utc: datetime, *, is_on: bool) -> None:
        facts = _facts(store_id, WebhookEvent.SIGNAL, now_utc) | {"on": is_on}
        wanted = _wanted(uow, store_id)
        _put(uow, store_id, f"signal:{number}", WebhookEvent.SIGNAL, facts, wanted, now_utc)


def claim(uow: UnitOfWork, store_id: str, webhook: str, now_utc: datetime) -> WebhookMessage | None:
    """The next message that is due, for this process alone for a minute; None where none is."""
    row = uow.session.exec(
        select(WebhookMessageRow)
        .where(*_waiting(store_id, webhook), col(WebhookMessageRow.due_at_utc) <= now_utc)
        .order_by(col(WebhookMessageRow.due_at_utc), col(WebhookMessageRow.message_id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    row.tries, row.due_at_utc = row.tries + 1, now_utc + LEASE
    uow.session.add(row)
    facts = json.loads(row.facts)
    return WebhookMessage(row.message_id, WebhookEvent(row.event), facts, row.tries, row.made_at_utc)


def is_due(uow: UnitOfWork, store_id: str, webhook: str, now_utc: datetime) -> bool:
    """Whether there is anything to send."""
    found = select(WebhookMessageRow.message_id).where(
        *_waiting(store_id, webhook), col(WebhookMessageRow.due_at_utc) <= now_utc
    )
    return uow.session.exec(found.limit(1)).first() is not None


def sent(uow: UnitOfWork, store_id: str, webhook: str, message_id: str, now_utc: datetime) -> None:
    """They have it. What they had a week ago is forgotten."""
    row = uow.session.get(WebhookMessageRow, (store_id, webhook, message_id))
    if row is not None:
        row.state, row.problem = _SENT, ""
        uow.session.add(row)
    old = (
        col(WebhookMessageRow.store_id) == store_id,
        col(WebhookMessageRow.state) != _WAITING,
        col(WebhookMessageRow.made_at_utc) < now_utc - KEPT,
    )
    uow.session.connection().execute(delete(WebhookMessageRow).where(*old))


def failed(
    uow: UnitOfWork,
    store_id: str,
    webhook: str,
    message_id: str,
    now_utc: datetime,
    *,
    problem: str,
    chance: float,
) -> None:
    """They do not have it: it waits, or is given up after a day and becomes a task."""
    row = uow.session.get(WebhookMessageRow, (store_id, webhook, message_id))
    if row is None or row.state != _WAITING:
        return
    row.problem = problem[:LONGEST_PROBLEM]
    row.due_at_utc = now_utc + timedelta(seconds=wait_s(row.tries, chance))
    if now_utc - row.made_at_utc >= GIVE_UP:
        row.state = _GIVEN_UP
    uow.session.add(row)
    if row.state == _GIVEN_UP:
        uow.session.flush()
        _make_task(uow, store_id, webhook, row.problem, now_utc)


def given_up(uow: UnitOfWork, store_id: str, webhook: str) -> int:
    """How many messages of the last week one never had."""
    return uow.session.exec(
        select(func.count()).where(
            WebhookMessageRow.store_id == store_id,
            WebhookMessageRow.webhook == webhook,
            WebhookMessageRow.state == _GIVEN_UP,
        )
    ).one()


def _waiting(store_id: str, webhook: str) -> tuple[bool, ...]:
    return (
        WebhookMessageRow.store_id == store_id,
        WebhookMessageRow.webhook == webhook,
        WebhookMessageRow.state == _WAITING,
    )


def _wanted(uow: UnitOfWork, store_id: str) -> dict[str, frozenset[str]]:
    rows = uow.session.exec(select(WebhookRow).where(WebhookRow.store_id == store_id))
    return {row.webhook: frozenset(json.loads(row.events)) for row in rows}


def _note_call(
    uow: UnitOfWork,
    store_id: str,
    message: HelpUpdateMessage,
    wanted: Mapping[str, frozenset[str]],
    now_utc: datetime,
) -> None:
    row = uow.session.get(HelpRequestRow, (store_id, message.help_id))
    if row is None:
        return
    for event in events_of(message.state, message.level):
        facts = _facts(store_id, event, now_utc) | {
            "lane": _lane(uow, store_id, row.lane_id),
            "level": Level(row.level).name.lower(),
            "reason": row.reason,
            "waited_s": max(0, int((now_utc - waiting_since(row)).total_seconds())),
        }
        message_id = f"{message.help_id}:{message.turn}:{event.value}"
        _put(uow, store_id, message_id, event, facts, wanted, now_utc)


def _note_feedback(
    uow: UnitOfWork, store_id: str, lane_id: str, wanted: Mapping[str, frozenset[str]], now_utc: datetime
) -> None:
    row = uow.session.get(FeedbackAlertRow, (store_id, lane_id))
    if row is None or row.taken_by:
        return
    event = WebhookEvent.FEEDBACK
    facts = _facts(store_id, event, now_utc) | {"lane": _lane(uow, store_id, lane_id)}
    _put(uow, store_id, f"feedback:{row.alert_id}", event, facts, wanted, now_utc)


def _facts(store_id: str, event: WebhookEvent, now_utc: datetime) -> dict[str, str | int | bool]:
    return {"at": f"{now_utc:%Y-%m-%dT%H:%M:%SZ}", "event": event.value, "store": store_id}


def _lane(uow: UnitOfWork, store_id: str, lane_id: str) -> str:
    row = uow.session.get(LaneRow, (store_id, lane_id))
    return lane_label(row.name if row is not None else lane_id)


def _put(
    uow: UnitOfWork,
    store_id: str,
    message_id: str,
    event: WebhookEvent,
    facts: Facts,
    wanted: Mapping[str, frozenset[str]],
    now_utc: datetime,
) -> None:
    for webhook in (name for name, events in wanted.items() if event.value in events):
        row = WebhookMessageRow(
            store_id=store_id,
            webhook=webhook,
            message_id=message_id,
            event=event.value,
            facts=json.dumps(facts, sort_keys=True),
            state=_WAITING,
            problem="",
            tries=0,
            made_at_utc=now_utc,
            due_at_utc=now_utc,
        )
        insert_new(uow.session, row)


def _make_task(uow: UnitOfWork, store_id: str, webhook: str, problem: str, now_utc: datetime) -> None:
    store = find_store(uow, store_id)
    day, _hour = business_time(store, now_utc)
    count = given_up(uow, store_id, webhook)
    words = f"The webhook {webhook} did not take {count} messages for 24 hours, the last because {problem}."
    task = Task(f"webhook:{webhook}:{day}", tasks.WEBHOOK, "", words, store.currency)
    tasks.make_or_renew(uow, store_id, task, now_utc)
