"""Owns what the console's pages of lanes and of tasks must show."""

from __future__ import annotations

from datetime import timedelta

from inventory.services import tasks
from inventory.services.tasks import Task
from tests.support.web_store import STORE, SignedIn, StoreInTest


def test_every_lane_is_listed_with_what_it_said_last(store: StoreInTest, signed_in: SignedIn) -> None:
    store.report("lane-1", "basket", terminal="ready")
    store.report("lane-2", "attract", printer="out of paper")
    page = signed_in("Ada").get("/manager/lanes").text
    for words in ("Lane 1", "Scanning", "All is well", "Printer: out of paper", "has never reported"):
        assert words in page, words
    store.clock.advance(timedelta(minutes=2))
    assert signed_in("Ada").get("/manager/lanes?name=lane-1").text.count("Offline") == 1


def test_tasks_stay_listed_when_they_are_done(store: StoreInTest, signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    assert "There was never a task." in ada.get("/manager/tasks").text
    with store.database.write() as uow:
        task = Task("t1", "gone", "lane-1", "12.00 EUR differ", "EUR", 1200, sale_id="sale/1")
        tasks.make(uow, STORE, task, store.clock())
        tasks.make(uow, STORE, Task("t2", "gone", "lane-2", "Look at the scale", ""), store.clock())
        tasks.finish(uow, STORE, "t1", who="Ada", note="Slip found", now_utc=store.clock())
    done = ada.get("/manager/tasks?state=done").text
    for words in ("€12.00", "Slip found", "Ada", 'href="/staff/day/sale?id=sale%2F1"'):
        assert words in done, words
    assert "Look at the scale" not in done
    assert "Look at the scale" in ada.get("/manager/tasks?state=open&export=csv").text
