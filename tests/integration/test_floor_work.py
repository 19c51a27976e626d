"""The one list of what is to be done: written tasks taken once, errands, devices; and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.floor_work import WorkKind
from inventory.domain.help_desk import HelpReason, HelpState
from inventory.services import floor_work, help_desk, lanes, staff, tasks
from inventory.services.tasks import Task, TaskGone, TaskTaken, TitleFault
from inventory.wire import HelpMessage, LaneStateMessage
from tests.support.engines import NewStore
from tests.support.store_samples import LANE_ID, NOW, OTHER_LANE_ID, STORE_ID, heard, opened_store


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def write(database: Database, title: str = "Sweep aisle 4", **more: object) -> str:
    with database.write() as uow:
        return tasks.write_down(uow, STORE_ID, title, who="Ada", now_utc=NOW, **more)  # type: ignore[arg-type]


def take(database: Database, task_id: str, who: str, *, after: str = "") -> None:
    with database.write() as uow:
        tasks.take(uow, STORE_ID, task_id, who=who, now_utc=NOW, after=after)


def finish(database: Database, task_id: str, who: str, note: str = "", *, after_h: int = 0) -> None:
    now_utc = NOW + timedelta(hours=after_h)
    with database.write() as uow:
        tasks.tick_off(uow, STORE_ID, task_id, who=who, note=note, now_utc=now_utc)


def report(database: Database, lane_id: str, **devices: str) -> None:
    message = LaneStateMessage(
        lane_id=lane_id,
        screen="attract",
        language="it",
        currency="EUR",
        total_minor=0,
        devices=devices,
        at_utc=NOW,
    )
    with database.write() as uow:
        lanes.report_state(uow, STORE_ID, message, NOW)


def errand(database: Database, help_id: str, reason: HelpReason, note: str) -> None:
    message = HelpMessage(
        help_id=help_id,
        lane_id=LANE_ID,
        state=HelpState.REQUESTED,
        reason=reason,
        note=note,
        requested_at_utc=NOW,
    )
    with database.write() as uow:
        help_desk.receive(uow, STORE_ID, message, NOW)


def open_work(database: Database, *, after_s: int = 0) -> list[tuple[WorkKind, str, str]]:
    with database.read() as uow:
        found = floor_work.open_work(uow, STORE_ID, NOW + timedelta(seconds=after_s))
    return [(each.kind, each.lane_id, each.words) for each in found]


def test_one_list_holds_tasks_errands_and_what_lanes_say_of_their_devices(database: Database) -> None:
    write(database, lane_id=OTHER_LANE_ID)
    errand(database, "h1", HelpReason.BRING, "Size 42")
    errand(database, "h2", HelpReason.SHELF_EMPTY, "Milk")
    errand(database, "h3", HelpReason.PRICE, "no errand")
    report(database, LANE_ID, scanner="ready", printer="paper low", terminal="lost")
    with database.write() as uow:
        tasks.make(uow, STORE_ID, Task("d1", "differs", LANE_ID, "Took €3 more", "EUR", 300), NOW)
    assert sorted(open_work(database), key=str) == sorted(
        [
            (WorkKind.BRING, LANE_ID, "Size 42"),
            (WorkKind.TROUBLE, LANE_ID, "Terminal: lost"),
            (WorkKind.MONEY, LANE_ID, "Took €3 more"),
            (WorkKind.SHELF_EMPTY, LANE_ID, "Milk"),
            (WorkKind.WRITTEN, OTHER_LANE_ID, "Sweep aisle 4"),
            (WorkKind.RUNS_LOW, LANE_ID, "Printer: paper low"),
        ],
        key=str,
    )
    assert open_work(database)[0] == (WorkKind.BRING, LANE_ID, "Size 42")
    late = [kind for kind, _, _ in open_work(database, after_s=60)]
    assert WorkKind.TROUBLE not in late, "an old word about a device says nothing"


def test_of_two_who_take_a_task_one_has_it_and_a_third_may_take_it_over(database: Database) -> None:
    task_id = write(database)
    take(database, task_id, "Marco")
    take(database, task_id, "Marco")
    with pytest.raises(TaskTaken) as second:
        take(database, task_id, "Giulia")
    assert second.value.by == "Marco"
    take(database, task_id, "Giulia", after="Marco")
    with pytest.raises(TaskTaken, match="Giulia"):
        take(database, task_id, "Ada", after="Marco")
    with database.read() as uow:
        (task,) = tasks.open_tasks(uow, STORE_ID)
    assert (task.taken_by, task.made_by) == ("Giulia", "Ada")


def test_a_written_task_is_done_once_with_or_without_a_note_and_kept_by_person(database: Database) -> None:
    first, second = write(database), write(database, "Check the fridge", meant_for="Giulia")
    finish(database, first, "Marco", "  was  only   dust ")
    finish(database, second, "Giulia", after_h=1)
    with pytest.raises(TaskGone) as gone:
        finish(database, first, "Giulia")
    assert gone.value.by == "Marco"
    with pytest.raises(TaskGone):
        take(database, first, "Giulia")
    with database.read() as uow:
        everybody = tasks.done_since(uow, STORE_ID, NOW - timedelta(days=7))
        marco = tasks.done_since(uow, STORE_ID, NOW - timedelta(days=7), who="Marco")
        trail = [each.what for each in staff.audit_trail(uow, STORE_ID, limit=20)]
        assert tasks.done_since(uow, STORE_ID, NOW + timedelta(hours=2)) == ()
    assert [each.task_id for each in everybody] == [second, first]
    assert [(each.words, each.note, each.done_by) for each in marco] == [
        ("Sweep aisle 4", "was only dust", "Marco")
    ]
    assert (trail.count("task.written"), trail.count("task.done")) == (2, 2)


def test_a_task_is_announced_when_it_is_written_taken_and_done(database: Database) -> None:
    news = heard(database)
    task_id = write(database)
    take(database, task_id, "Marco")
    finish(database, task_id, "Marco")
    assert [each.event_name for each in news] == ["task"] * 3


def test_a_difference_between_books_still_wants_words(database: Database) -> None:
    with database.write() as uow:
        tasks.make(uow, STORE_ID, Task("d1", "differs", LANE_ID, "Took €3 more", "EUR", 300), NOW)
    with pytest.raises(tasks.NoteMissing):
        finish(database, "d1", "Marco")


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("", TitleFault.EMPTY),
        ("x" * 121, TitleFault.TOO_LONG),
        ("x" * 120, None),
        ("Card 4111 1111 1111 1111 was left", TitleFault.CARD_NUMBER),
        ("Sweep aisle 4", None),
    ],
)
def test_a_title_is_short_and_holds_no_card_number(title: str, fault: TitleFault | None) -> None:
    assert tasks.title_fault(title) is fault
