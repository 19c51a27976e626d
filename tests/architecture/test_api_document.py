"""Owns the proof that the API's description has every route.

It must not judge what a route does.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Route

from inventory.db.unit_of_work import Database
from inventory.web.api_document import document
from inventory.web.app import create_app
from inventory.web.events import Broker
from tests.support.web_store import config_for


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    config = config_for(tmp_path)
    return create_app(config, Database(config.database_url.get_secret_value()), Broker())


def test_every_route_below_the_api_is_described_and_no_other(app: FastAPI) -> None:
    """A route that is missing here is to be added to `inventory/web/api_operations.py`."""
    described = {
        (method.upper(), path)
        for path, operations in document("a store")["paths"].items()
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
