"""Owns the play of the API's whole description: every operation, every caller, good and bad data.

It must not know what an operation does: it judges answers by the description, and by who may ask.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from pydantic import SecretStr
from schemathesis.config import SchemathesisConfig

from inventory.config import BranchConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import Role
from inventory.opening import prepare
from inventory.services import api_tokens, enrolment
from inventory.web.api_document import OPERATIONS
from inventory.web.api_operations import Caller, Operation
from inventory.web.app import create_app
from inventory.web.events import Broker
from tests.support.web_store import (
    APPLES,
    MILK,
    STORE,
    Clock,
    StoreInTest,
    config_for,
    lane_token,
    people,
    stocked,
)

LANE = "lane-1"
CODE = "48217730"
STREAM = "/api/v1/events"
"""It never ends, so it is not played; tests/contract has it."""

BRANCHES = {"harbour": BranchConfig(token=SecretStr("token-of-the-harbour-0001"), zone="coast")}

_MAY = {
    Caller.LANE: {"lane"},
    Caller.SYSTEM: {"attendant", "manager"},
    Caller.MANAGER: {"manager"},
    Caller.KNOWN: {"lane", "attendant", "manager"},
    Caller.BRANCH: {"branch"},
    Caller.NOBODY: {"lane", "attendant", "manager", "session", "nobody"},
}
CALLERS = ("lane", "attendant", "manager", "session", "nobody")
REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
UNREAD = {400, 413, 415, 422}
"""What a caller who may not ask is told of a request that cannot even be read."""

_CONFIG = {
    "generation": {"allow-extra-parameters": False},
    "checks": {
        # A message may be as described and yet say what cannot be: another lane's id, an unknown item.
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "304", "400", "401", "403", "404", "409", "412", "422", "428", "429"]
        },
        "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "422", "428"]},
    },
}


@dataclass(slots=True)
class ApiInTest:
    """A store whose API is played, with a header for each kind of caller."""

    store: StoreInTest
    schema: Any
    headers: dict[str, dict[str, str]]
    answers: Counter[str] = field(default_factory=Counter)


@contextmanager
def api_in_test(folder: Path) -> Iterator[ApiInTest]:
    """A stocked store behind its application, without a socket."""
    clock = Clock()
    config = config_for(folder).model_copy(
        update={"api_per_second": 1_000_000, "api_burst": 1_000_000, "branches": BRANCHES}
    )
    database = Database(config.database_url.get_secret_value())
    prepare(config, database, clock())
    people(database, clock())
    stocked(database, config, clock())
    broker = Broker()
    store = StoreInTest(config, database, create_app(config, database, broker, clock=clock), broker, clock)
    schema = schemathesis.openapi.from_asgi(
        "/api/v1/openapi.json", store.app, config=SchemathesisConfig.from_dict(_CONFIG)
    )
    headers = {
        "lane": {"authorization": f"Bearer {lane_token(LANE)}"},
        "branch": {"authorization": f"Bearer {BRANCHES['harbour'].token.get_secret_value()}"},
        "nobody": {},
    }
    with database.write() as uow:
        for role in Role:
            token = api_tokens.make(uow, STORE, name=role.value, role=role, by="Ada", now_utc=clock())
            headers[role.value] = {"authorization": f"Bearer {token}"}
    ada = store.signed_in("Ada").client
    headers["session"] = {"cookie": "; ".join(f"{name}={value}" for name, value in ada.cookies.items())}
    yield ApiInTest(store, schema, headers)
    database.dispose()


def playable() -> list[Operation]:
    """Every operation but the one whose answer never ends."""
    return [each for each in OPERATIONS if each.path != STREAM]


def may(operation: Operation, caller: str) -> bool:
    """Whether this kind of caller may ask this."""
    return caller in _MAY[operation.caller]


def play(api: ApiInTest, operation: Operation, caller: str, *, examples: int, draw: int, bad: bool) -> None:
    """Plays one operation as one caller. Raises what the checks found."""
    described = api.schema[operation.path][operation.method]
    mode = schemathesis.GenerationMode.NEGATIVE if bad else schemathesis.GenerationMode.POSITIVE
    allowed = may(operation, caller)
    _restock(api)

    @seed(draw)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(described.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        api.store.clock.advance(timedelta(seconds=61))
        if not bad and allowed:
            _steer(case, api)
        headers = api.headers[caller]
        answer = case.call(base_url="https://aurora.example", headers=headers)
        api.answers[f"{operation.method} {operation.path} {answer.status_code}"] += 1
        if allowed or not bad:
            case.validate_response(answer, headers=headers)
        assert answer.status_code < 500, answer.text
        if not allowed:
            told = {status.value for status in REFUSED} | (UNREAD if bad else set())
            assert answer.status_code in told, f"{caller} was answered {answer.status_code}"

    if bad and not (operation.parameters or operation.request):
        return
    one()


def _restock(api: ApiInTest) -> None:
    """Goods to ask about, and a code that lets a lane in."""
    stocked(api.store.database, api.store.config, api.store.clock())
    with api.store.database.write() as uow:
        enrolment.make(uow, STORE, "lane-9", digits=CODE, by="Ada", now_utc=api.store.clock())


def _steer(case: Any, api: ApiInTest) -> None:
    """Makes a drawn case speak of what is there, else it would never pass the door; most texts are tidied."""
    body = case.body if isinstance(case.body, dict) else {}
    if len(repr(body)) % 4:
        body = case.body = _tidy(body) if body else case.body
    body = body if isinstance(body, dict) else {}
    for place in (body, body.get("sale"), body.get("outcome")):
        if isinstance(place, dict) and "lane_id" in place:
            place["lane_id"] = LANE if "code" not in place else "lane-9"
    path = case.path_parameters or {}
    if "lane_id" in path:
        path["lane_id"] = LANE
    for name in set(path) - {"lane_id", "gtin"}:
        body.get("outcome", body)[name] = path[name]
    if "code" in body and len(body["token"]) % 2:
        body["code"] = CODE
    _steer_goods(case, body, api)


def _steer_goods(case: Any, body: dict[str, Any], api: ApiInTest) -> None:
    item = body.get("item")
    if isinstance(item, dict):
        item |= {
            "gtin": MILK,
            "currency": "EUR",
            "tax_class": "standard",
            "names": {"en": item["sku"] or "x"},
        }
        item |= {"price_minor": 1 + abs(item["price_minor"]) % 99_999, "sku": item["sku"] or "S1"}
        for name in (
            "plu",
            "label_prefix",
            "multipack_of",
            "multipack_units",
            "season",
            "shelf",
            "age_limit",
        ):
            item.pop(name, None)
    for price in body.get("prices", ()):
        price["gtin"] = MILK if price is body["prices"][0] else APPLES
    for place in (case.path_parameters, body, case.query):
        if place and "gtin" in place:
            place["gtin"] = MILK
    if case.method in ("PUT", "DELETE") and case.path_parameters and "gtin" in case.path_parameters:
        case.headers["If-Match"] = _tag(api) or '"gone"'
        case.headers.pop("If-None-Match", None)


def _tidy(value: Any) -> Any:
    match value:
        case str():
            return "".join(sign for sign in value if sign.isprintable())[:60]
        case bool() | None | float():
            return value
        case int():
            return max(-1_000_000, min(value, 1_000_000))
        case list():
            return [_tidy(each) for each in value]
        case dict():
            return {name: _tidy(each) for name, each in value.items()}
        case _:
            return value


def _tag(api: ApiInTest) -> str:
    client = api.store.visitor().client
    answer = client.get(f"/api/v1/items/{MILK}", headers=api.headers["manager"])
    return str(answer.headers.get("etag", ""))


def report(api: ApiInTest) -> str:
    """The answers that were given, by operation and status, as JSON."""
    return json.dumps(dict(sorted(api.answers.items())), indent=2)
