"""Owns the proof that the API's description has every route, and that its shape changes only on purpose.

It must not judge what a route does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Route

from inventory.db.unit_of_work import Database
from inventory.web.api_document import document
from inventory.web.app import create_app
from inventory.web.events import Broker
from tests.support.web_store import config_for

SUMMARY = Path(__file__).with_name("api_v1.txt")


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
        for method in (route.methods or ()) - {"HEAD"}
    }
    assert described == served


def test_the_shape_of_the_api_is_the_one_that_was_agreed() -> None:
    """A change here is read by somebody who knows docs/api.md: the older shape must go on working."""
    made = "\n".join(summary(document("a store"))) + "\n"
    assert made == SUMMARY.read_text("utf-8"), f"agreed? then write this to {SUMMARY.name}:\n{made}"


def summary(described: dict[str, Any]) -> list[str]:
    lines = []
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            statuses = " ".join(operation["responses"])
            wanted = [
                f"{each['in']} {each['name']}{'!' if each['required'] else ''}"
                for each in operation.get("parameters", ())
            ]
            body = _kind(operation.get("requestBody", {}))
            answer = "/".join(
                sorted({_kind(each) for code, each in operation["responses"].items() if code < "300"})
            )
            lines.append(f"{method.upper()} {path} ({', '.join([*wanted, body])}) {answer} [{statuses}]")
    for name, schema in sorted(described["components"]["schemas"].items()):
        required = set(schema.get("required", ()))
        fields = [f"{field}{'!' if field in required else ''}" for field in schema.get("properties", ())]
        lines.append(f"{name}: {' '.join(fields) or '|'.join(map(str, schema.get('enum', ())))}")
    return lines


def _kind(part: dict[str, Any]) -> str:
    for media_type, content in part.get("content", {}).items():
        reference = content.get("schema", {}).get("$ref", media_type)
        return str(reference).rpartition("/")[2] if "$ref" in content.get("schema", {}) else media_type
    return "-"


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
