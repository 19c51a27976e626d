"""Owns the tasks: what a person must look at or do, until somebody has; found by the store or written down.

It must not know how a task came about, and never ends one by itself: who did it, when, and their note stay.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.repositories import insert_new, write_audit
from inventory.db.tables import TaskRow
from inventory.db.unit_of_work import STAFF, UnitOfWork
from inventory.domain.card_digits import holds_card_number
from inventory.services.stores import business_time, find_store
from inventory.wire import TaskMessage

ORDER_UNCLEAR = "order-unclear"
GOODS = "goods"
UNKNOWN_ITEM = "unknown-item"
WEBHOOK = "webhook"
WRITTEN = "written"
"""Kinds that are no difference between the books; the first two end with an answer, not a mere "done"."""

MAX_NOTE_LENGTH = 500
MAX_TITLE_LENGTH = 120
MOST_OF_HISTORY = 100
_OPEN, _DONE = "open", "done"


class TaskGone(Exception):  # noqa: N818 - it names what a colleague is told
    """There is no such open task; `by` is who did it, "" where it never was one."""

    def __init__(self, by: str = "") -> None:
        super().__init__(f"{by} has done this already." if by else "There is no such task.")
        self.by = by


class TaskTaken(Exception):  # noqa: N818 - it names what a colleague is told
    """Somebody has it; `by` is their name."""

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} has taken this already.")
        self.by = by


class TitleFault(Enum):
    """Why a task cannot be written down so."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    CARD_NUMBER = "card-number"


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
    made_by: str = ""
    meant_for: str = ""
    taken_by: str = ""
    is_urgent: bool = False
    done_by: str = ""
    done_at_utc: datetime | None = None
    note: str = ""

    @property
    def is_about_money(self) -> bool:
        return self.kind not in (GOODS, UNKNOWN_ITEM, WEBHOOK, WRITTEN)


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
        made_by=task.made_by,
        meant_for=task.meant_for,
        is_urgent=task.is_urgent,
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


def title_fault(title: str) -> TitleFault | None:
    """What is wrong with the words of a task, or None."""
    if not title:
        return TitleFault.EMPTY
    if len(title) > MAX_TITLE_LENGTH:
        return TitleFault.TOO_LONG
    return TitleFault.CARD_NUMBER if holds_card_number(title) else None


def write_down(
    uow: UnitOfWork,
    store_id: str,
    title: str,
    *,
    who: str,
    now_utc: datetime,
    lane_id: str = "",
    meant_for: str = "",
    is_urgent: bool = False,
) -> str:
    """Writes a task for a colleague (`meant_for`) or for anybody; answers its id.

    `title` has no fault, and is one line.
    """
    assert title_fault(title) is None, "the tablet has refused what has a fault"
    task = Task(
        f"{WRITTEN}:{secrets.token_hex(8)}",
        WRITTEN,
        lane_id,
        title,
        "",
        made_by=who,
        meant_for=meant_for,
        is_urgent=is_urgent,
    )
    make(uow, store_id, task, now_utc)
    detail = f"{title} – for {meant_for}" if meant_for else title
    write_audit(uow.session, store_id, who=who, what="task.written", detail=detail, at_utc=now_utc)
    return task.task_id


def take(
    uow: UnitOfWork, store_id: str, task_id: str, *, who: str, now_utc: datetime, after: str = ""
) -> None:
    """Somebody will do it. `after` is who had it on the page that was tapped, "" for nobody.

    Raises TaskGone, and TaskTaken where another has it by now: of two at once one wins.
    """
    row = _open_row(uow, store_id, task_id)
    if row.taken_by == who:
        return
    if row.taken_by != after:
        raise TaskTaken(row.taken_by)
    row.taken_by, row.taken_at_utc = who, now_utc
    uow.session.add(row)
    uow.announce(store_id, "task", message=TaskMessage(task_id=task_id), audience=STAFF)


def done_since(uow: UnitOfWork, store_id: str, since_utc: datetime, *, who: str = "") -> tuple[Task, ...]:
    """What was done since then, the newest first; by one person, or by all."""
    asked = select(TaskRow).where(TaskRow.store_id == store_id, col(TaskRow.done_at_utc) >= since_utc)
    if who:
        asked = asked.where(TaskRow.done_by == who)
    rows = uow.session.exec(
        asked.order_by(col(TaskRow.done_at_utc).desc(), col(TaskRow.task_id)).limit(MOST_OF_HISTORY)
    )
    return tuple(map(_task, rows))


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
    row = _open_row(uow, store_id, task_id)
    if not note.split() and row.kind != WRITTEN:
        raise NoteMissing
    row.state, row.done_by, row.done_at_utc = _DONE, who, now_utc
    row.note = " ".join(note.split())[:MAX_NOTE_LENGTH]
    uow.session.add(row)
    detail = f"{row.words} – {row.note}" if row.note else row.words
    write_audit(uow.session, store_id, who=who, what="task.done", detail=detail, at_utc=now_utc)
    uow.announce(store_id, "task", message=TaskMessage(task_id=task_id), audience=STAFF)


def _open_row(uow: UnitOfWork, store_id: str, task_id: str) -> TaskRow:
    row = uow.session.get(TaskRow, (store_id, task_id), with_for_update=True)
    if row is None:
        raise TaskGone
    if row.state != _OPEN:
        raise TaskGone(row.done_by)
    return row


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
        row.made_by,
        row.meant_for,
        row.taken_by,
        row.is_urgent,
        row.done_by,
        row.done_at_utc,
        row.note,
    )
