"""Owns the proof that the API's description has every route, and that what was agreed of it still holds.

It must not judge what a route does.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.routing import BaseRoute, Route

from inventory.config import BranchConfig
from inventory.db.unit_of_work import Database
from inventory.web.api_document import document
from inventory.web.app import create_app
from inventory.web.events import Broker
from tests.architecture.api_shape import AGREED, shape
from tests.support.web_store import config_for


@pytest.fixture(params=[False, True], ids=["store", "headquarters"])
def is_headquarters(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def app(tmp_path: Path, is_headquarters: bool) -> FastAPI:
    branches = {"harbour": BranchConfig(token=SecretStr("token-of-the-harbour-0001"))}
    config = config_for(tmp_path)
    if is_headquarters:
        config = config.model_copy(update={"branches": branches})
    return create_app(config, Database(config.database_url.get_secret_value()), Broker())


def test_every_route_below_the_api_is_described_and_no_other(app: FastAPI, is_headquarters: bool) -> None:
    """A route that is missing here is to be added to `inventory/web/api_operations.py`."""
    described = {
        (method.upper(), path)
        for path, operations in document("a store", is_headquarters=is_headquarters)["paths"].items()
        for method in operations
        if path.startswith("/api/")
    }
    served = {
        (method, route.path)
        for route in _routes(app.routes)
        if route.path.startswith("/api/")
        for method in set(route.methods or ()) - {"HEAD"}
    }
    assert described == served


def test_what_was_agreed_of_the_api_still_holds() -> None:
    """Whoever breaks this breaks a shop's own systems: the older shape must go on working (docs/api.md)."""
    agreed = set(AGREED.read_text("utf-8").splitlines())
    made = set(shape(document("a store", is_headquarters=True)))
    assert sorted(agreed - made) == []


def test_nothing_new_is_wanted_of_who_asked_before() -> None:
    agreed = set(AGREED.read_text("utf-8").splitlines())
    known = {line.split(" wants ")[0].split(" answers ")[0].split(" has ")[0] for line in agreed}
    wanted = {line for line in shape(document("a store", is_headquarters=True)) if " wants " in line}
    assert sorted(line for line in wanted - agreed if line.split(" wants ")[0] in known) == []


def _routes(routes: list[BaseRoute]) -> list[Route]:
    """Every route with a path, through routers that are put into routers."""
    found: list[Route] = []
    for route in routes:
        if isinstance(route, Route):
            found.append(route)
        else:
            inner = getattr(route, "routes", None) or getattr(
                getattr(route, "original_router", None), "routes", []
            )
            found += _routes(list(inner))
    return found
