"""Owns what the console's pages of lanes and of tasks must show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from inventory.services import catalogue, tasks
from inventory.services.tasks import Task
from inventory.wire import CATALOGUE_HEADER, LaneStateMessage
from tests.support.web_store import MILK, STORE, SignedIn, StoreInTest, lane_token


def test_every_lane_is_listed_with_what_it_said_last(store: StoreInTest, signed_in: SignedIn) -> None:
    store.report("lane-1", "basket", terminal="ready")
    store.report("lane-2", "attract", printer="out of paper")
    page = signed_in("Ada").get("/manager/lanes").text
    for words in ("Lane 1", "Scanning", "All is well", "Printer: out of paper", "has never reported"):
        assert words in page, words
    store.clock.advance(timedelta(minutes=2))
    assert signed_in("Ada").get("/manager/lanes?name=lane-1").text.count("Offline") == 1


def test_a_lane_with_older_prices_says_how_far_behind_it_is_and_since_when(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    lane = store.visitor().client

    def heard(lane_id: str, **headers: str) -> None:
        state = LaneStateMessage(
            lane_id=lane_id,
            screen="attract",
            language="en",
            currency="EUR",
            total_minor=0,
            outbox_waiting=7,
            at_utc=store.clock(),
        )
        sent = {"authorization": f"Bearer {lane_token(lane_id)}", "content-type": "application/json"}
        path = f"/api/v1/lanes/{lane_id}/state"
        answer = lane.post(path, content=state.model_dump_json(), headers=sent | headers)
        assert answer.status_code == 200, answer.text

    for _ in range(2):
        store.clock.advance(timedelta(hours=1))
        with store.database.write() as uow:
            milk = catalogue.find_item(uow, STORE, MILK)
            assert milk is not None
            dearer = replace(milk, price_minor=milk.price_minor + 1)
            catalogue.change_items(uow, STORE, put=[dearer], now_utc=store.clock())
    heard("lane-1", **{CATALOGUE_HEADER: "2"})
    heard("lane-2", **{CATALOGUE_HEADER: "4"})
    heard("lane-3", **{CATALOGUE_HEADER: "nonsense"})
    ada = signed_in("Ada")
    page = ada.get("/manager/lanes").text
    assert page.count("2 behind since 21 Nov 2026 14:00") == 1
    assert page.count("behind since") == 1
    exchange = ada.get("/manager/exchange").text
    assert exchange.count("2 behind since") == exchange.count("behind since") == 1


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
