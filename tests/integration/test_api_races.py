"""Who asks at the same moment as another: one is first, and the other hears so. On each engine."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.domain.staff import Role
from inventory.services import api_tokens, catalogue, stock
from inventory.web.app import create_app
from inventory.web.events import Broker
from tests.support.engines import NewStore
from tests.support.store_samples import (
    LANE_ID,
    NOW,
    STORE_ID,
    TOKENS,
    WATER,
    line_of,
    opened_store,
    sale_message,
    store_config,
)

TOGETHER = range(6)
URL = "http://127.0.0.1/api/v1"
_ITEM = TypeAdapter(Item)


@pytest.fixture
def database(new_store: NewStore, tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


@dataclass
class Caller:
    """Somebody with a token, who asks one thing after the other or several at once."""

    app: FastAPI
    token: str

    def ask(self, *requests: httpx.Request) -> list[httpx.Response]:
        """The answers to requests that are on their way together."""
        return asyncio.run(self._ask(requests))

    async def _ask(self, requests: tuple[httpx.Request, ...]) -> list[httpx.Response]:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        for request in requests:
            request.headers.update(headers)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app)) as client:
            return await asyncio.gather(*map(client.send, requests))


@pytest.fixture
def app(database: Database, tmp_path: Path) -> FastAPI:
    return create_app(store_config(tmp_path), database, Broker(), clock=lambda: NOW)


@pytest.fixture
def system(app: FastAPI, database: Database) -> Caller:
    with database.write() as uow:
        token = api_tokens.make(uow, STORE_ID, name="till", role=Role.MANAGER, by="Ada", now_utc=NOW)
    return Caller(app, token)


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def tag_of_water(system: Caller) -> str:
    (answer,) = system.ask(httpx.Request("GET", f"{URL}/items/{WATER.gtin}"))
    return answer.headers["etag"]


def put(price_minor: int, **headers: str) -> httpx.Request:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    item = _ITEM.dump_python(replace(WATER, price_minor=price_minor), mode="json")
    return httpx.Request("PUT", f"{URL}/items/{WATER.gtin}", json={"item": item}, headers=sent)


def first_of(answers: list[httpx.Response]) -> int:
    """Whose request was carried out; all others were told that another came first."""
    (first,) = [number for number, answer in enumerate(answers) if answer.is_success]
    return first


def test_one_key_with_several_bodies_makes_one_change(system: Caller, database: Database) -> None:
    tag = tag_of_water(system)
    answers = system.ask(*(put(200 + number, idempotency_key="k", if_match=tag) for number in TOGETHER))
    assert statuses(answers) == {200: 1, 409: len(TOGETHER) - 1}
    with database.read() as uow:
        kept = catalogue.find_item(uow, STORE_ID, WATER.gtin)
    assert kept is not None
    assert kept.price_minor == 200 + first_of(answers)


def test_of_several_who_saw_the_same_item_one_changes_it(system: Caller, database: Database) -> None:
    tag = tag_of_water(system)
    answers = system.ask(
        *(put(300 + number, idempotency_key=f"k{number}", if_match=tag) for number in TOGETHER)
    )
    assert statuses(answers) == {200: 1, 412: len(TOGETHER) - 1}
    with database.read() as uow:
        assert catalogue.version(uow, STORE_ID) == answers[first_of(answers)].json()["version"]


def test_one_source_with_several_contents_moves_stock_once(system: Caller, database: Database) -> None:
    delivery = {"source_id": "delivery-7", "gtin": WATER.gtin, "reason": "RECEIPT"}
    answers = system.ask(
        *(
            httpx.Request(
                "POST", f"{URL}/movements", json={**delivery, "quantity_milli": 1000 * (number + 1)}
            )
            for number in TOGETHER
        )
    )
    assert statuses(answers) == {201: 1, 409: len(TOGETHER) - 1}
    assert on_hand_milli(database) == 1000 * (first_of(answers) + 1)


def test_one_sale_id_with_several_baskets_is_one_sale(app: FastAPI, database: Database) -> None:
    bodies = [
        sale_message(line_of(WATER, 1000 * (number + 1)), sale_id="s").model_dump_json()
        for number in TOGETHER
    ]
    lane = Caller(app, TOKENS[LANE_ID])
    answers = lane.ask(*(httpx.Request("POST", f"{URL}/sales", content=body) for body in bodies))
    assert statuses(answers) == {201: 1, 409: len(TOGETHER) - 1}
    assert on_hand_milli(database) == -1000 * (first_of(answers) + 1)


def on_hand_milli(database: Database) -> int:
    with database.read() as uow:
        level = stock.on_hand(uow, STORE_ID, WATER.gtin)
    assert level is not None
    return level.on_hand_milli
