"""The tablet's list of what is to be done, as it is seen and pressed."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from inventory.domain.help_desk import HelpReason, HelpState
from inventory.domain.staff import Role
from inventory.services import help_desk, tasks
from inventory.services.tasks import Task
from inventory.wire import HelpMessage
from tests.support.web_store import STORE, SignedIn, StoreInTest, Visitor, as_role

TASKS = "/staff/tasks"


def words(visitor: Visitor, path: str = TASKS) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", visitor.get(path).text)).split())


def write(store: StoreInTest, title: str = "Sweep aisle 4") -> str:
    with store.database.write() as uow:
        return tasks.write_down(uow, STORE, title, who="Ada", now_utc=store.clock())


def difference(store: StoreInTest) -> None:
    with store.database.write() as uow:
        tasks.make(uow, STORE, Task("d1", "differs", "lane-1", "Took €3 more", "EUR", 300), store.clock())


def bring(store: StoreInTest, help_id: str) -> None:
    message = HelpMessage(
        help_id=help_id,
        lane_id="lane-2",
        state=HelpState.REQUESTED,
        reason=HelpReason.BRING,
        note="Running shoe, size 42",
        requested_at_utc=store.clock(),
    )
    with store.database.write() as uow:
        help_desk.receive(uow, STORE, message, store.clock())


def open_ids(store: StoreInTest) -> set[str]:
    with store.database.read() as uow:
        return {each.task_id for each in tasks.open_tasks(uow, STORE)}


def test_the_wall_counts_what_is_to_be_done_and_leads_there(store: StoreInTest, signed_in: SignedIn) -> None:
    marco = signed_in("Marco")
    assert "Tasks 0" in words(marco, "/staff")
    write(store)
    bring(store, "h1")
    store.report("lane-1", "attract", printer="paper low")
    assert "Tasks 3" in words(marco, "/staff")
    page = words(marco)
    for each in ("Running shoe, size 42", "Lane 2", "Sweep aisle 4", "From Ada", "Printer: paper low"):
        assert each in page, each


def test_a_task_is_written_for_a_colleague_and_stands_with_lane_and_urgency(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    answer = marco.submit(
        TASKS,
        page=TASKS,
        title="  Mop   <b>up</b>\n the honey ",
        lane_id="lane-2",
        meant_for="Giulia",
        urgent="yes",
    )
    assert answer.status_code == 303
    assert "Urgent · Lane 2 · For Giulia · From Marco" in words(signed_in("Giulia"))
    assert "Mop &lt;b&gt;up&lt;/b&gt; the honey" in marco.get(TASKS).text


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("", "Write what is to be done."),
        (" \n\0 ", "Write what is to be done."),
        ("x" * 121, "A task has 120 letters at most."),
        ("card 4111 1111 1111 1111", "Please type no card numbers here."),
    ],
)
def test_a_task_that_says_nothing_or_too_much_is_not_written(
    store: StoreInTest, signed_in: SignedIn, title: str, said: str
) -> None:
    assert said in html.unescape(signed_in("Marco").submit(TASKS, page=TASKS, title=title).text)
    assert open_ids(store) == set()


def test_a_lane_or_a_name_that_was_made_up_is_left_out(store: StoreInTest, signed_in: SignedIn) -> None:
    signed_in("Marco").submit(TASKS, page=TASKS, title="Sweep", lane_id="lane-9", meant_for="Nobody")
    with store.database.read() as uow:
        (task,) = tasks.open_tasks(uow, STORE)
    assert (task.lane_id, task.meant_for, task.is_urgent) == ("", "", False)


def test_of_two_who_take_a_task_the_second_hears_who_was_first_and_may_take_it_over(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    task_id = write(store)
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    token = giulia.token_on(TASKS)
    marco.submit(f"{TASKS}/take", page=TASKS, task_id=task_id)
    late = giulia.send(f"{TASKS}/take", {"form_token": token, "task_id": task_id})
    assert "Marco has taken this already." in late.text
    assert "Taken by Marco Take over" in words(giulia)
    assert "Yours" in words(marco)
    giulia.submit(f"{TASKS}/take", page=TASKS, task_id=task_id, after="Marco")
    assert "Taken by Giulia" in words(marco)


def test_a_task_is_done_with_a_note_and_looked_up_by_person(store: StoreInTest, signed_in: SignedIn) -> None:
    first, second = write(store), write(store, "Check the fridge")
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    marco.submit(f"{TASKS}/done", page=TASKS, task_id=first, note="it was <i>honey</i>")
    giulia.submit(f"{TASKS}/done", page=TASKS, task_id=second)
    again = giulia.submit(f"{TASKS}/done", page=TASKS, task_id=first)
    assert "Marco has done this already." in again.text
    assert open_ids(store) == set()
    assert "it was &lt;i&gt;honey&lt;/i&gt;" in marco.get(TASKS).text
    history = words(marco, f"{TASKS}?who=Giulia").partition("Done in the last 7 days")[2]
    assert "Check the fridge Giulia" in history
    assert "Sweep" not in history
    store.clock.advance(timedelta(days=8))
    assert "Nothing yet." in words(signed_in("Marco"))


def test_what_is_about_money_is_taken_here_and_ended_at_the_day_close_alone(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    difference(store)
    marco = signed_in("Marco")
    answer = marco.submit(f"{TASKS}/done", page=TASKS, task_id="d1", note="looked")
    assert "There is no such task." in answer.text
    marco.submit(f"{TASKS}/take", page=TASKS, task_id="d1")
    assert open_ids(store) == {"d1"}
    assert 'href="/staff/day"' in marco.get(TASKS).text


def test_an_errand_is_taken_and_done_from_the_list(store: StoreInTest, signed_in: SignedIn) -> None:
    bring(store, "h1")
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    token = giulia.token_on(TASKS)
    marco.submit(f"{TASKS}/errand", page=TASKS, help_id="h1", turn="0", step="accept")
    late = giulia.send(f"{TASKS}/errand", {"form_token": token, "help_id": "h1", "step": "accept"})
    assert "Marco has taken this call already." in late.text
    marco.submit(f"{TASKS}/errand", page=TASKS, help_id="h1", turn="0", step="resolve")
    assert "Nothing is to be done." in words(marco)
    assert marco.submit(f"{TASKS}/errand", page=TASKS, help_id="h1", step="burn").status_code == 404


@pytest.mark.parametrize("path", [TASKS, f"{TASKS}/take", f"{TASKS}/done", f"{TASKS}/errand"])
def test_a_form_of_somebody_else_does_nothing(store: StoreInTest, signed_in: SignedIn, path: str) -> None:
    task_id = write(store)
    stolen = {"form_token": "stolen", "task_id": task_id, "title": "Steal", "help_id": "h1"}
    assert signed_in("Marco").send(path, stolen).status_code == 403
    assert store.visitor().send(path, stolen).status_code in (303, 401)
    assert open_ids(store) == {task_id}


def test_a_helper_elsewhere_may_write_what_somebody_at_the_lanes_does(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    as_role(store, "Marco", Role.REMOTE)
    assert signed_in("Marco").submit(TASKS, page=TASKS, title="Look at lane 2").status_code == 303
    assert "From Marco" in words(signed_in("Giulia"))


def test_a_helper_elsewhere_sees_what_is_to_be_done_and_does_nothing_of_it(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    task_id = write(store)
    as_role(store, "Marco", Role.REMOTE)
    marco = signed_in("Marco")
    page = marco.get(TASKS).text
    assert task_id in page
    assert f'action="{TASKS}/take"' not in page
    for step in ("take", "done", "errand"):
        answer = marco.submit(f"{TASKS}/{step}", page=TASKS, task_id=task_id, help_id="h1", step="accept")
        assert (answer.status_code, "Somebody at the lanes" in answer.text) == (403, True)
    assert open_ids(store) == {task_id}
