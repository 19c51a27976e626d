"""A store and its headquarters over HTTP: resumed by position, said exactly once, and shown when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
import pytest
from sqlalchemy import select

from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import Database
from inventory.domain.stock import Movement, Reason
from inventory.hq_link import HqLink, HqProblem
from inventory.opening import prepare
from inventory.services import catalogue, hq_branches, hq_inbox, hq_outbox, sales, stock
from inventory.web.app import create_app
from inventory.web.events import Broker
from tests.support.chain import BRANCH_TOKEN, HQ_ID, Chain, branch_config, hq_config
from tests.support.store_samples import (
    ITEMS,
    MIRROR,
    NOW,
    RATES,
    STORE_ID,
    WATER,
    body_of,
    line_of,
    sale_message,
)
from tests.support.web_store import AsgiTransport

Spoil = Callable[[httpx.Request, httpx.Response], httpx.Response]


class Wire(httpx.BaseTransport):
    """The network between the two: it may lose a question or its answer."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.asked: list[str] = []
        self.lost_questions = self.lost_answers = 0
        self.spoil: Spoil = lambda _request, answer: answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        if self.lost_questions:
            self.lost_questions -= 1
            raise httpx.ConnectError("lost")
        answer = self._inner.handle_request(request)
        if self.lost_answers:
            self.lost_answers -= 1
            raise httpx.ReadTimeout("lost")
        return self.spoil(request, answer)


class Pair(Chain):
    """A headquarters and a store, each with a database of its own."""

    wire: Wire
    link: HqLink
    waited: list[float]

    def wait(self, seconds: float) -> bool:
        """The wait of the link, without the time."""
        self.waited.append(seconds)
        return False

    def state(self) -> hq_outbox.Line:
        with self.store.read() as uow:
            line = hq_outbox.line(uow, STORE_ID)
        assert line is not None
        return line


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    above = hq_config(tmp_path, name="hq.db")
    here = branch_config(tmp_path)
    hq, store = (Database(each.database_url.get_secret_value()) for each in (above, here))
    prepare(above, hq, NOW)
    prepare(here, store, NOW)
    pair = Pair(hq, store)
    pair.push(*ITEMS)
    app = create_app(above, hq, Broker(), clock=lambda: pair.at)
    pair.wire = Wire(AsgiTransport(app, "127.0.0.1"))
    client = httpx.Client(
        transport=pair.wire,
        base_url="http://127.0.0.1",
        headers={"authorization": f"Bearer {BRANCH_TOKEN}"},
    )
    pair.waited = []
    pair.link = HqLink(here, store, clock=lambda: pair.at, client=client, chance=Random(1), wait=pair.wait)
    yield pair
    pair.link.close()
    hq.dispose()
    store.dispose()


def sell(pair: Pair, number: int) -> None:
    message = sale_message(line_of(WATER), sale_id=f"sale-{number}", receipt_no=number)
    with pair.store.write() as uow:
        sales.record(uow, STORE_ID, message, body_of(message), pair.later())


def told(pair: Pair) -> tuple[list[tuple[str, int, int]], dict[str, int]]:
    day, on_hand = StoreTable.metadata.tables["branch_day"].c, StoreTable.metadata.tables["on_hand"].c
    with pair.hq.read() as uow:
        connection = uow.session.connection()
        days = connection.execute(select(day.business_day, day.sale_count, day.total_minor))
        rows = connection.execute(
            select(on_hand.gtin, on_hand.on_hand_milli).where(on_hand.store_id == STORE_ID)
        )
        return [tuple(each) for each in days], {row.gtin: row.on_hand_milli for row in rows}


def test_a_round_hears_the_goods_and_tells_sales_and_stock(pair: Pair) -> None:
    pair.link.round()
    assert pair.items() == {item.gtin: item for item in ITEMS}
    with pair.store.write() as uow:
        moved = Movement(WATER.gtin, Reason.RECEIPT, 10_000, "in-1", "Ada", pair.later())
        stock.post_all(uow, STORE_ID, [moved], as_of_utc=pair.at)
    for number in (1, 2):
        sell(pair, number)
    for _ in range(5):  # the summary is not made in every round
        pair.link.round()
    assert told(pair) == ([("2026-05-04", 2, 228)], {WATER.gtin: 8000})
    state = pair.state()
    assert (state.waiting, state.refused, state.behind, state.problem) == (0, 0, 0, "")
    assert state.reached_at_utc == pair.at
    with pair.hq.read() as uow:
        (branch,) = hq_branches.branches(uow, HQ_ID)
    assert branch.seen_at_utc is not None


def test_a_message_whose_answer_is_lost_is_sent_again_and_taken_once(pair: Pair) -> None:
    pair.link.round()
    pair.fix(WATER.gtin, price_minor=95)
    pair.fix(MIRROR.gtin, price_minor=1888)

    def lose(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if request.method == "PUT":
            raise httpx.ReadTimeout("lost on the way back")
        return answer

    pair.wire.spoil = lose
    with pytest.raises(HqProblem):
        pair.link.round()
    assert pair.state().waiting == 2
    assert "lost" in pair.state().problem
    pair.wire.spoil = lambda _request, answer: answer
    pair.link.round()
    assert pair.state().waiting == 0
    with pair.hq.read() as uow:
        found = [(each.gtin, each.value, each.who) for each in hq_inbox.proposals(uow, HQ_ID)]
    assert sorted(found) == sorted([(WATER.gtin, "95", "Ada"), (MIRROR.gtin, "1888", "Ada")])


def test_a_message_that_headquarters_refuses_does_not_hold_up_the_next(pair: Pair) -> None:
    pair.link.round()
    pair.fix(WATER.gtin, price_minor=95)
    pair.fix(MIRROR.gtin, price_minor=1888)
    refusing = [True]

    def refuse(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if request.method == "PUT" and refusing:
            refusing.clear()
            return httpx.Response(422, text="not like this")
        return answer

    pair.wire.spoil = refuse
    pair.link.round()
    state = pair.state()
    assert (state.waiting, state.refused) == (0, 1)
    with pair.store.write() as uow:
        ((message_id, kind, problem),) = hq_outbox.refusals(uow, STORE_ID)
        assert (kind, problem) == ("proposal", "not like this")
        assert hq_outbox.try_again(uow, STORE_ID, message_id)
    pair.link.round()
    assert pair.state().refused == 0


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"<html>sign in to the hotel</html>"),
        httpx.Response(200, content=b"{}"),
        httpx.Response(302, headers={"location": "/elsewhere"}),
        httpx.Response(503),
        httpx.Response(401),
    ],
)
def test_an_answer_that_is_not_headquarters_changes_nothing_and_is_shown(
    pair: Pair, answer: httpx.Response
) -> None:
    pair.wire.spoil = lambda _request, _answer: answer
    with pytest.raises(HqProblem):
        pair.link.round()
    assert pair.items() == {}
    assert pair.state().problem
    pair.wire.spoil = lambda _request, honest: honest
    pair.link.round()
    assert len(pair.items()) == len(ITEMS)
    assert pair.state().problem == ""


def test_a_store_away_for_weeks_catches_up(pair: Pair) -> None:
    pair.link.round()
    pair.wire.lost_questions = 3
    for number in range(3):
        pair.later(days=20)
        with pair.hq.write() as uow:
            changed = [item for item in ITEMS if item is not MIRROR]
            catalogue.replace_items(uow, HQ_ID, changed, RATES | {"new": number}, pair.at)
        with pytest.raises(HqProblem):
            pair.link.round()
    pair.link.round()
    assert pair.items().keys() == {item.gtin for item in ITEMS if item is not MIRROR}


def test_only_a_branch_hears_the_feed(pair: Pair) -> None:
    client = httpx.Client(transport=pair.wire, base_url="http://127.0.0.1")
    for headers in ({}, {"authorization": "Bearer nobody"}, {"authorization": "Basic x"}):
        assert client.get("/api/v1/hq/feed", headers=headers).status_code == 401
        assert client.put("/api/v1/hq/messages/x", content=b"{}", headers=headers).status_code == 401
    with pair.hq.write() as uow:
        hq_branches.retire(uow, HQ_ID, keep=[])
    with pytest.raises(HqProblem, match="401"):
        pair.link.round()


def test_an_id_used_for_another_message_is_refused(pair: Pair) -> None:
    client = httpx.Client(
        transport=pair.wire,
        base_url="http://127.0.0.1",
        headers={"authorization": f"Bearer {BRANCH_TOKEN}", "content-type": "application/json"},
    )
    day = {"kind": "day", "business_day": "2026-05-04", "currency": "EUR", "sale_count": 1}
    day |= {"total_minor": 5, "as_of_utc": (NOW - timedelta(days=1)).isoformat()}

    def put(**more: object) -> int:
        body = {"message_id": "m-1", "message": day | more}
        return client.put("/api/v1/hq/messages/m-1", json=body).status_code

    assert [put(), put(), put(total_minor=6)] == [201, 200, 409]
    assert put(sale_count=-1) == 422
    assert (
        client.put("/api/v1/hq/messages/other", json={"message_id": "m-2", "message": day}).status_code == 422
    )


def test_a_branch_that_asks_too_often_is_told_when_to_come_again(pair: Pair, tmp_path: Path) -> None:
    above = hq_config(tmp_path, name="hq.db").model_copy(update={"api_burst": 2, "api_per_second": 1})
    app = create_app(above, pair.hq, Broker(), clock=lambda: pair.at)
    branch = httpx.Client(
        transport=AsgiTransport(app, "127.0.0.1"),
        base_url="http://127.0.0.1",
        headers={"authorization": f"Bearer {BRANCH_TOKEN}"},
    )
    answers = [branch.get("/api/v1/hq/feed") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[-1].headers["retry-after"] == "1"
    stranger = [branch.get("/api/v1/hq/feed", headers={"authorization": "Bearer x"}) for _ in range(3)]
    assert [each.status_code for each in stranger] == [401, 401, 429]


@pytest.mark.parametrize(("said", "waits"), [("7", 7.0), ("9999", 60.0), ("soon", 5.0), ("", 5.0)])
def test_a_store_comes_again_when_headquarters_says_so_and_misses_nothing(
    pair: Pair, said: str, waits: float
) -> None:
    later = iter([True, False, True, True, False, True])

    def limited(_request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        return httpx.Response(429, headers={"retry-after": said}) if next(later, False) else answer

    pair.wire.spoil = limited
    sell(pair, 1)
    pair.link.round()
    assert pair.waited == [waits] * 4
    assert pair.items() == {item.gtin: item for item in ITEMS}
    assert (pair.state().waiting, pair.state().problem) == (0, "")


def test_a_headquarters_that_only_ever_says_later_is_shown_as_away(pair: Pair) -> None:
    pair.wire.spoil = lambda _request, _answer: httpx.Response(429)
    with pytest.raises(HqProblem, match="429"):
        pair.link.round()
    assert "429" in pair.state().problem
