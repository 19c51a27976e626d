"""What lanes send most is answered on a shorter way, and differs in nothing else."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from threading import Thread

import pytest
from sqlalchemy.exc import OperationalError

from inventory.services import lanes
from inventory.web import problems
from inventory.web.loop_answers import LoopAnswers
from inventory.wire import CATALOGUE_HEADER
from tests.support.store_samples import WATER, line_of, sale_message
from tests.support.web_store import MILK, STORE, SignedIn, StoreInTest, Visitor, lane_token

LANE = {"authorization": f"Bearer {lane_token('lane-1')}"}


@pytest.fixture
def lane(store: StoreInTest) -> Visitor:
    return store.visitor()


def guards_of(headers: dict[str, str]) -> dict[str, str]:
    """All that is not of this one answer."""
    own = {"content-length", "content-type", "www-authenticate", "lanelight-knows", "vary"}
    return {name: value for name, value in headers.items() if name not in own}


@pytest.mark.parametrize("token", [LANE, {}], ids=["answered", "refused"])
def test_the_short_way_sends_the_headers_of_the_long_one(lane: Visitor, token: dict[str, str]) -> None:
    short = lane.client.get(f"/api/v1/stock/{MILK}", headers=token)
    longer = lane.client.get("/api/v1/catalogue", headers={**token, "accept-encoding": "identity"})
    assert short.status_code == longer.status_code == (200 if token else 401)
    assert guards_of(dict(short.headers)) == guards_of(dict(longer.headers))
    assert "content-security-policy" in short.headers
    https = Visitor(lane.client).client.get(f"https://127.0.0.1:8480/api/v1/stock/{MILK}", headers=token)
    assert "strict-transport-security" in https.headers


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/sales", "POST"),
        ("POST", f"/api/v1/stock/{MILK}", "GET"),
        ("HEAD", "/api/v1/events", "GET"),
    ],
)
def test_other_methods_are_told_which_one_there_is(
    lane: Visitor, method: str, path: str, allowed: str
) -> None:
    answer = lane.client.request(method, path, headers=LANE)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_other_spellings_of_an_address_come_to_the_same(lane: Visitor) -> None:
    plain = lane.client.get(f"/api/v1/stock/{MILK}", headers=LANE)
    spelled = lane.client.get(f"/api/v1/stock/%30{MILK[1:]}", headers=LANE)
    assert spelled.status_code == 200
    assert spelled.content == plain.content
    assert lane.client.get("/api/v1/stock/", headers=LANE).status_code == 404
    assert lane.client.get(f"/api/v1/stock/{MILK}/more", headers=LANE).status_code == 404


def test_a_lane_that_was_locked_out_is_refused_at_once_on_the_short_way(
    lane: Visitor, store: StoreInTest
) -> None:
    assert lane.client.get(f"/api/v1/stock/{MILK}", headers=LANE).status_code == 200
    with store.database.write() as uow:
        lanes.revoke(uow, STORE, "lane-1", by="Ada", now_utc=store.clock())
    assert lane.client.get(f"/api/v1/stock/{MILK}", headers=LANE).status_code == 401


def test_a_lost_database_is_a_refusal_and_a_fault_of_ours_is_not() -> None:
    lost = problems.refusal_of(OperationalError("SELECT", {}, Exception("gone")))
    assert lost is not None
    assert (lost.status_code, lost.headers["retry-after"]) == (503, "2")
    assert problems.refusal_of(ZeroDivisionError()) is None


def test_a_sale_may_be_spelled_in_any_way_but_not_with_one_key_twice(lane: Visitor) -> None:
    body = sale_message(line_of(WATER), lane_id="lane-1").model_dump_json()
    headers = {**LANE, "content-type": "application/json"}
    twice = body[:-1] + ',"journal_seq":1}'
    refused = lane.client.post("/api/v1/sales", content=twice, headers=headers)
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "An object of the body has one key twice.",
    )
    assert lane.client.post("/api/v1/sales", content=f" {body} ", headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({CATALOGUE_HEADER: "2"}, "2"),
        ({}, "–"),
        ({CATALOGUE_HEADER: "9" * 40}, "–"),
        ({CATALOGUE_HEADER: "²"}, "–"),
    ],
)
def test_a_sale_shows_the_price_list_it_was_sold_from_where_its_lane_says_so(
    lane: Visitor, signed_in: SignedIn, told: dict[str, str], shown: str
) -> None:
    body = sale_message(line_of(WATER), lane_id="lane-1").model_dump_json()
    headers = {**LANE, "content-type": "application/json", **told}
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert lane.client.post("/api/v1/sales", content=body, headers=sent).status_code == 201
    assert lane.client.post("/api/v1/sales", content=body, headers={**LANE}).status_code == 200
    page = signed_in("Ada").get("/staff/day/sale?id=sale-1").text
    assert f'<dt>Price list</dt><dd class="v num small">{shown}</dd>' in page


def test_answers_of_one_commit_wake_the_loop_once() -> None:
    wakes = 0

    async def play() -> list[object]:
        nonlocal wakes
        loop = asyncio.get_running_loop()
        answers = LoopAnswers()
        asked: list[Future[int]] = [Future() for _ in range(5)]
        waiting = [answers.of(each) for each in asked]
        waiting[3].cancel()
        wake = loop.call_soon_threadsafe

        def commit() -> None:
            for number, each in enumerate(asked[:4]):
                each.set_result(number)
            asked[4].set_exception(ValueError("kept back"))

        def counted(*words: object, **named: object) -> object:
            nonlocal wakes
            wakes += 1
            return wake(*words, **named)  # type: ignore[arg-type]

        loop.call_soon_threadsafe = counted  # type: ignore[assignment]
        thread = Thread(target=commit)
        thread.start()
        thread.join()
        loop.call_soon_threadsafe = wake  # type: ignore[method-assign]
        return await asyncio.gather(*waiting, return_exceptions=True)

    told = asyncio.run(play())
    assert wakes == 1
    assert told[:3] == [0, 1, 2]
    assert isinstance(told[3], asyncio.CancelledError)
    assert isinstance(told[4], ValueError)
