"""Owns what a shift leaves to the next: one note for each person's shift, what was open, who read it.

It must not know screens. A note is kept for 90 days and then forgotten, with who read it.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlmodel import col, delete, select

from inventory.db.note_table import NoteReadingRow, ShiftNoteRow
from inventory.db.repositories import insert_new, write_audit
from inventory.db.unit_of_work import STAFF, UnitOfWork
from inventory.domain.card_digits import holds_card_number
from inventory.domain.floor_work import Work, WorkKind
from inventory.wire import TaskMessage

KEPT = timedelta(days=90)
SHIFT = timedelta(hours=12)
"""Whoever writes again within this time writes the same note: a sign-in lasts no longer either."""
SHOWN = timedelta(days=3)
"""A note that is older is looked up, not shown at the next sign-in."""
MAX_WORDS = 1000
MOST_FACTS = 40
MOST_LISTED = 100


class NoteFault(Enum):
    """Why a note cannot be left so."""

    TOO_LONG = "too-long"
    CARD_NUMBER = "card-number"
    NOTHING = "nothing"


class FactKind(Enum):
    CALLS = "calls"
    TASKS = "tasks"
    MONEY = "money"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was open: how many, or what at which lane."""

    kind: FactKind
    count: int = 0
    lane_id: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    name: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class ShiftNote:
    note_id: str
    staff_id: str
    staff_name: str
    words: str
    facts: tuple[Fact, ...]
    written_at_utc: datetime
    read_by: tuple[Reading, ...] = ()


def facts_of(works: tuple[Work, ...], open_calls: int) -> tuple[Fact, ...]:
    """What a note begins with: how many calls and tasks are open, what is about money, where trouble is."""
    troubles = [each for each in works if each.kind in (WorkKind.TROUBLE, WorkKind.RUNS_LOW)]
    money = sum(each.kind is WorkKind.MONEY for each in works)
    others = len(works) - len(troubles) - money
    counted = ((FactKind.CALLS, open_calls), (FactKind.TASKS, others), (FactKind.MONEY, money))
    facts = [Fact(kind, count) for kind, count in counted if count]
    facts += [Fact(FactKind.TROUBLE, lane_id=each.lane_id, words=each.words) for each in troubles]
    return tuple(facts[:MOST_FACTS])


def note_fault(words: str, facts: tuple[Fact, ...]) -> NoteFault | None:
    """What is wrong with a note, or None."""
    if len(words) > MAX_WORDS:
        return NoteFault.TOO_LONG
    if holds_card_number(words):
        return NoteFault.CARD_NUMBER
    return NoteFault.NOTHING if not words and not facts else None


def leave(
    uow: UnitOfWork,
    store_id: str,
    *,
    staff_id: str,
    staff_name: str,
    words: str,
    facts: tuple[Fact, ...],
    now_utc: datetime,
) -> str:
    """Leaves a note, or writes this shift's anew: then it is unread again. Answers its id.

    `words` have no fault. What is older than is kept is forgotten.
    """
    assert note_fault(words, facts) is None, "the tablet has refused what has a fault"
    forget_old(uow, store_id, now_utc)
    row = _of_this_shift(uow, store_id, staff_id, now_utc)
    if row is None:
        row = ShiftNoteRow(
            store_id=store_id,
            note_id=secrets.token_hex(8),
            staff_id=staff_id,
            staff_name=staff_name,
            words="",
            facts="",
            begun_at_utc=now_utc,
            written_at_utc=now_utc,
        )
    row.words, row.facts = words, json.dumps([_written(each) for each in facts])
    row.written_at_utc = now_utc
    uow.session.add(row)
    _drop_readings(uow, store_id, [row.note_id])
    write_audit(uow.session, store_id, who=staff_name, what="note.left", detail=row.note_id, at_utc=now_utc)
    uow.announce(store_id, "task", message=TaskMessage(task_id=row.note_id), audience=STAFF)
    return row.note_id


def mine(uow: UnitOfWork, store_id: str, staff_id: str, now_utc: datetime) -> ShiftNote | None:
    """The note this person has left in this shift, to write on."""
    row = _of_this_shift(uow, store_id, staff_id, now_utc)
    return None if row is None else _note(row, ())


def to_read(uow: UnitOfWork, store_id: str, staff_id: str, now_utc: datetime) -> ShiftNote | None:
    """The newest note of the last days that this person has neither written nor read."""
    read = select(NoteReadingRow.note_id).where(
        NoteReadingRow.store_id == store_id, NoteReadingRow.staff_id == staff_id
    )
    row = uow.session.exec(
        select(ShiftNoteRow)
        .where(
            ShiftNoteRow.store_id == store_id,
            col(ShiftNoteRow.written_at_utc) >= now_utc - SHOWN,
            ShiftNoteRow.staff_id != staff_id,
            col(ShiftNoteRow.note_id).not_in(read),
        )
        .order_by(col(ShiftNoteRow.written_at_utc).desc(), col(ShiftNoteRow.note_id))
    ).first()
    return None if row is None else _note(row, ())


def read(
    uow: UnitOfWork, store_id: str, note_id: str, *, staff_id: str, staff_name: str, now_utc: datetime
) -> bool:
    """Notes who read it and when, once; False where there is no such note (any more)."""
    if uow.session.get(ShiftNoteRow, (store_id, note_id)) is None:
        return False
    row = NoteReadingRow(
        store_id=store_id, note_id=note_id, staff_id=staff_id, staff_name=staff_name, read_at_utc=now_utc
    )
    insert_new(uow.session, row)
    return True


def newest(uow: UnitOfWork, store_id: str, now_utc: datetime) -> tuple[ShiftNote, ...]:
    """The notes that are kept, the newest first, each with who read it."""
    rows = uow.session.exec(
        select(ShiftNoteRow)
        .where(ShiftNoteRow.store_id == store_id, col(ShiftNoteRow.written_at_utc) >= now_utc - KEPT)
        .order_by(col(ShiftNoteRow.written_at_utc).desc(), col(ShiftNoteRow.note_id))
        .limit(MOST_LISTED)
    ).all()
    readings = uow.session.exec(
        select(NoteReadingRow)
        .where(
            NoteReadingRow.store_id == store_id,
            col(NoteReadingRow.note_id).in_([row.note_id for row in rows]),
        )
        .order_by(col(NoteReadingRow.read_at_utc), col(NoteReadingRow.staff_id))
    ).all()
    return tuple(_note(row, tuple(each for each in readings if each.note_id == row.note_id)) for row in rows)


def forget_old(uow: UnitOfWork, store_id: str, now_utc: datetime) -> None:
    """Notes that are older than is kept, and who read them."""
    old = uow.session.exec(
        select(ShiftNoteRow.note_id).where(
            ShiftNoteRow.store_id == store_id, col(ShiftNoteRow.written_at_utc) < now_utc - KEPT
        )
    ).all()
    if not old:
        return
    _drop_readings(uow, store_id, list(old))
    uow.session.exec(
        delete(ShiftNoteRow).where(col(ShiftNoteRow.store_id) == store_id, col(ShiftNoteRow.note_id).in_(old))
    )


def _drop_readings(uow: UnitOfWork, store_id: str, note_ids: list[str]) -> None:
    uow.session.exec(
        delete(NoteReadingRow).where(
            col(NoteReadingRow.store_id) == store_id, col(NoteReadingRow.note_id).in_(note_ids)
        )
    )


def _of_this_shift(uow: UnitOfWork, store_id: str, staff_id: str, now_utc: datetime) -> ShiftNoteRow | None:
    return uow.session.exec(
        select(ShiftNoteRow)
        .where(
            ShiftNoteRow.store_id == store_id,
            ShiftNoteRow.staff_id == staff_id,
            col(ShiftNoteRow.begun_at_utc) > now_utc - SHIFT,
        )
        .order_by(col(ShiftNoteRow.begun_at_utc).desc())
    ).first()


def _written(fact: Fact) -> list[str | int]:
    return [fact.kind.value, fact.count, fact.lane_id, fact.words]


def _note(row: ShiftNoteRow, readings: tuple[NoteReadingRow, ...]) -> ShiftNote:
    facts = tuple(Fact(FactKind(kind), *rest) for kind, *rest in json.loads(row.facts))
    read_by = tuple(Reading(each.staff_name, each.read_at_utc) for each in readings)
    return ShiftNote(row.note_id, row.staff_id, row.staff_name, row.words, facts, row.written_at_utc, read_by)
