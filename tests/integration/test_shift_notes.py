"""Notes at a shift's end: one for each, read by whom and when, and forgotten after 90 days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.floor_work import Work, WorkKind
from inventory.services import shift_notes
from inventory.services.shift_notes import Fact, FactKind, NoteFault, ShiftNote
from tests.support.engines import NewStore
from tests.support.store_samples import LANE_ID, NOW, STORE_ID, opened_store

FACTS = (Fact(FactKind.CALLS, 2), Fact(FactKind.TROUBLE, lane_id=LANE_ID, words="Printer: paper out"))


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def leave(
    database: Database,
    who: str,
    words: str = "All quiet.",
    *,
    at: datetime = NOW,
    facts: tuple[Fact, ...] = FACTS,
) -> str:
    with database.write() as uow:
        return shift_notes.leave(
            uow, STORE_ID, staff_id=who.lower(), staff_name=who, words=words, facts=facts, now_utc=at
        )


def to_read(database: Database, who: str, *, at: datetime = NOW) -> ShiftNote | None:
    with database.read() as uow:
        return shift_notes.to_read(uow, STORE_ID, who.lower(), at)


def read(database: Database, note_id: str, who: str, *, at: datetime = NOW) -> bool:
    with database.write() as uow:
        return shift_notes.read(uow, STORE_ID, note_id, staff_id=who.lower(), staff_name=who, now_utc=at)


def newest(database: Database, *, at: datetime = NOW) -> tuple[ShiftNote, ...]:
    with database.read() as uow:
        return shift_notes.newest(uow, STORE_ID, at)


def test_the_newest_note_of_others_is_read_first_and_each_only_once(database: Database) -> None:
    early = leave(database, "Marco", at=NOW - timedelta(hours=2))
    late = leave(database, "Ada", "Freezer 2 hums.")
    found = to_read(database, "Giulia")
    assert found is not None
    assert (found.note_id, found.staff_name, found.words, found.facts) == (
        late,
        "Ada",
        "Freezer 2 hums.",
        FACTS,
    )
    assert read(database, late, "Giulia")
    assert read(database, late, "Giulia", at=NOW + timedelta(hours=1))
    second = to_read(database, "Giulia")
    assert second is not None
    assert second.note_id == early
    read(database, early, "Giulia")
    assert to_read(database, "Giulia") is None
    assert [(each.name, each.at_utc) for each in newest(database)[0].read_by] == [("Giulia", NOW)]


def test_nobody_reads_their_own_note_nor_one_of_last_week_at_sign_in(database: Database) -> None:
    leave(database, "Marco")
    assert to_read(database, "Marco") is None
    assert to_read(database, "Giulia", at=NOW + timedelta(days=4)) is None


def test_a_shift_has_one_note_and_written_again_it_is_unread_again(database: Database) -> None:
    first = leave(database, "Marco")
    read(database, first, "Giulia")
    again = leave(database, "Marco", "And the cat is back.", at=NOW + timedelta(hours=3), facts=())
    assert again == first
    found = to_read(database, "Giulia", at=NOW + timedelta(hours=3))
    assert found is not None
    assert (found.words, found.facts) == ("And the cat is back.", ())
    next_shift = leave(database, "Marco", at=NOW + timedelta(hours=13))
    assert next_shift != first
    assert len(newest(database, at=NOW + timedelta(hours=13))) == 2
    with database.read() as uow:
        mine = shift_notes.mine(uow, STORE_ID, "marco", NOW + timedelta(hours=14))
        others = shift_notes.mine(uow, STORE_ID, "giulia", NOW + timedelta(hours=14))
    assert mine is not None
    assert (mine.note_id, others) == (next_shift, None)


def test_a_note_is_forgotten_after_ninety_days_with_who_read_it(database: Database) -> None:
    old = leave(database, "Marco")
    read(database, old, "Giulia")
    after = NOW + timedelta(days=90, seconds=1)
    assert newest(database, at=after) == ()
    leave(database, "Ada", at=after)
    assert not read(database, old, "Ada", at=after)
    assert [each.staff_name for each in newest(database, at=NOW)] == ["Ada"]


def test_a_note_nobody_knows_is_not_read(database: Database) -> None:
    assert not read(database, "nobody", "Giulia")


def test_what_is_open_stands_in_the_note_by_itself() -> None:
    works = (
        Work(WorkKind.BRING, "h1", LANE_ID, "Size 42"),
        Work(WorkKind.MONEY, "d1", LANE_ID, "Took €3 more"),
        Work(WorkKind.TROUBLE, "", LANE_ID, "Printer: paper out"),
    )
    assert shift_notes.facts_of(works, 0) == (
        Fact(FactKind.TASKS, 1),
        Fact(FactKind.MONEY, 1),
        Fact(FactKind.TROUBLE, lane_id=LANE_ID, words="Printer: paper out"),
    )
    assert shift_notes.facts_of((), 3) == (Fact(FactKind.CALLS, 3),)


@pytest.mark.parametrize(
    ("words", "facts", "fault"),
    [
        ("x" * 1000, (), None),
        ("x" * 1001, (), NoteFault.TOO_LONG),
        ("", (), NoteFault.NOTHING),
        ("", FACTS, None),
        ("the card 4111111111111111 lies in the drawer", (), NoteFault.CARD_NUMBER),
    ],
)
def test_a_note_is_short_says_something_and_holds_no_card_number(
    words: str, facts: tuple[Fact, ...], fault: NoteFault | None
) -> None:
    assert shift_notes.note_fault(words, facts) is fault
