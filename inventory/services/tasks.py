"""Owns the tasks: what a person must look at about money or goods, until somebody has.

It must not know how a task came about, and never ends one by itself: who did it, when, and their note stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.repositories import insert_new, write_audit
from inventory.db.tables import TaskRow
from inventory.db.unit_of_work import STAFF, UnitOfWork
from inventory.services.stores import business_time, find_store
from inventory.wire import TaskMessage

ORDER_UNCLEAR = "order-unclear"
GOODS = "goods"
UNKNOWN_ITEM = "unknown-item"
WEBHOOK = "webhook"
"""Kinds that are no difference between the books; the first two end with an answer, not a mere "done"."""

MAX_NOTE_LENGTH = 500
_OPEN, _DONE = "open", "done"


class TaskGone(Exception):  # noqa: N818 - it names what a colleague is told
    """There is no such open task; `by` is who did it, "" where it never was one."""

    def __init__(self, by: str = "") -> None:
        super().__init__(f"{by} has done this already." if by else "There is no such task.")
        self.by = by


class NoteMissing(ValueError):  # noqa: N818 - it names what is asked for
    """A difference is ended by saying what was found, not by a click."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to look at. `words` are English and hold the amount; `amount_minor` is signed."""

    task_id: str
    kind: str
    lane_id: str
    words: str
    currency: str
    amount_minor: int = 0
    order_id: str = ""
    sale_id: str = ""
    made_at_utc: datetime | None = None

    @property
    def is_about_money(self) -> bool:
        return self.kind not in (GOODS, UNKNOWN_ITEM, WEBHOOK)


def make(uow: UnitOfWork, store_id: str, task: Task, now_utc: datetime) -> bool:
    """Opens a task; False when one of this id was there before, open or done."""
    day, _ = business_time(find_store(uow, store_id), now_utc)
    row = TaskRow(
        store_id=store_id,
        task_id=task.task_id,
        kind=task.kind,
        lane_id=task.lane_id,
        business_day=day.isoformat(),
        words=task.words,
        amount_minor=task.amount_minor,
        currency=task.currency,
        order_id=task.order_id,
        sale_id=task.sale_id,
        state=_OPEN,
        made_at_utc=now_utc,
    )
    is_new = insert_new(uow.session, row)
    if is_new:
        uow.announce(store_id, "task", message=TaskMessage(task_id=task.task_id), audience=STAFF)
    return is_new


def make_or_renew(uow: UnitOfWork, store_id: str, task: Task, now_utc: datetime) -> None:
    """Opens a task, or says it anew while it is open; one that was done stays done under its id."""
    if make(uow, store_id, task, now_utc):
        return
    row = uow.session.get(TaskRow, (store_id, task.task_id), with_for_update=True)
    if row is not None and row.state == _OPEN and row.words != task.words:
        row.words, row.sale_id = task.words, task.sale_id
        uow.session.add(row)
        uow.announce(store_id, "task", message=TaskMessage(task_id=task.task_id), audience=STAFF)


def open_tasks(uow: UnitOfWork, store_id: str) -> tuple[Task, ...]:
    """Every open task, the oldest first."""
    rows = uow.session.exec(
        select(TaskRow)
        .where(TaskRow.store_id == store_id, TaskRow.state == _OPEN)
        .order_by(col(TaskRow.made_at_utc), col(TaskRow.task_id))
    )
    return tuple(map(_task, rows))


def find(uow: UnitOfWork, store_id: str, task_id: str) -> Task | None:
    """The task of this id, open or done."""
    row = uow.session.get(TaskRow, (store_id, task_id))
    return None if row is None else _task(row)


def open_count(uow: UnitOfWork, store_id: str) -> int:
    """How many tasks are open."""
    counted = select_columns(func.count()).where(
        col(TaskRow.store_id) == store_id, col(TaskRow.state) == _OPEN
    )
    return int(uow.session.connection().execute(counted).scalar_one())


def tick_off(uow: UnitOfWork, store_id: str, task_id: str, *, who: str, note: str, now_utc: datetime) -> None:
    """Ends a task that asks no question. Raises TaskGone, also for one that wants an answer."""
    task = find(uow, store_id, task_id)
    if task is None or task.kind in (ORDER_UNCLEAR, GOODS):
        raise TaskGone
    finish(uow, store_id, task_id, who=who, note=note, now_utc=now_utc)


def finish(uow: UnitOfWork, store_id: str, task_id: str, *, who: str, note: str, now_utc: datetime) -> None:
    """Ends a task, once; the audit trail keeps who, what and the note. Raises TaskGone, NoteMissing."""
    row = uow.session.get(TaskRow, (store_id, task_id), with_for_update=True)
    if row is None:
        raise TaskGone
    if row.state != _OPEN:
        raise TaskGone(row.done_by)
    if not note.split():
        raise NoteMissing
    row.state, row.done_by, row.done_at_utc = _DONE, who, now_utc
    row.note = " ".join(note.split())[:MAX_NOTE_LENGTH]
    uow.session.add(row)
    detail = f"{row.words} – {row.note}" if row.note else row.words
    write_audit(uow.session, store_id, who=who, what="task.done", detail=detail, at_utc=now_utc)
    uow.announce(store_id, "task", message=TaskMessage(task_id=task_id), audience=STAFF)


def _task(row: TaskRow) -> Task:
    return Task(
        row.task_id,
        row.kind,
        row.lane_id,
        row.words,
        row.currency,
        row.amount_minor,
        row.order_id,
        row.sale_id,
        row.made_at_utc,
    )
