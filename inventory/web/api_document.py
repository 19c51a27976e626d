"""Owns the API's own description: OpenAPI 3.1, made from the list of operations and the wire's models.

It must not know handlers. What it says of a body is what the wire's models check, because they make it.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from inventory.web.api_operations import (
    LANE_OPERATIONS,
    OPEN_OPERATIONS,
    PREFIX,
    Caller,
    File,
    Operation,
    Text,
)
from inventory.web.hq_operations import HQ_EVENT, HQ_OPERATIONS
from inventory.web.import_operations import IMPORT_OPERATIONS
from inventory.web.problems import PROBLEM_TYPES
from inventory.web.store_operations import STORE_OPERATIONS
from inventory.wire import (
    CatalogueChangedMessage,
    DecisionMessage,
    DoorMessage,
    HelpUpdateMessage,
    OrderMessage,
    ProblemMessage,
    StaffPhraseMessage,
    StockMessage,
)
from inventory.wire_stock import ShelvesMessage

VERSION = "1.0"
"""Of the API, not of the program: grows by the rules in docs/api.md."""

OPERATIONS: tuple[Operation, ...] = (
    *LANE_OPERATIONS,
    *STORE_OPERATIONS,
    *IMPORT_OPERATIONS,
    *OPEN_OPERATIONS,
)

EVENTS: dict[str, type[BaseModel]] = {
    "catalogue": CatalogueChangedMessage,
    "help": HelpUpdateMessage,
    "phrase": StaffPhraseMessage,
    "decision": DecisionMessage,
    "door": DoorMessage,
    "order": OrderMessage,
    "stock": StockMessage,
    "shelves": ShelvesMessage,
}
"""What a lane may hear on the event stream, by the event's name."""

_REF = "#/components/schemas/{model}"
_WITH_BODY = (
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


def operations_of(*, is_headquarters: bool) -> tuple[Operation, ...]:
    """What a store serves, and a headquarters besides."""
    return (*OPERATIONS, *HQ_OPERATIONS) if is_headquarters else OPERATIONS


def document(store_name: str, *, is_headquarters: bool = False) -> dict[str, Any]:
    """The whole description of the API."""
    operations = operations_of(is_headquarters=is_headquarters)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{store_name} – store", "version": VERSION, "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": _schemas(is_headquarters=is_headquarters),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _TOKEN}},
        },
    }


def router_for(store_name: str, *, is_headquarters: bool) -> APIRouter:
    """The route that hands the document out; it is made once."""
    made = document(store_name, is_headquarters=is_headquarters)
    router = APIRouter()

    def openapi() -> Response:
        return JSONResponse(made)

    router.add_api_route(f"{PREFIX}/openapi.json", openapi, methods=["GET"], response_model=None)
    return router


def refusals_of(operation: Operation) -> list[HTTPStatus]:
    """Every status of 400 and above that the operation may answer."""
    found = {*operation.refusals, HTTPStatus.SERVICE_UNAVAILABLE}
    if operation.caller is not Caller.NOBODY:
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
    if operation.caller not in (Caller.KNOWN, Caller.BRANCH, Caller.NOBODY):
        found.add(HTTPStatus.FORBIDDEN)
    match operation.request:
        case None:
            pass
        case File():
            found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
        case _:
            found |= set(_WITH_BODY)
    if operation.parameters:
        found.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    return sorted(found)


def _described(operation: Operation) -> dict[str, Any]:
    responses = {str(status): _answer(status, kind) for status, kind in operation.answers.items()}
    responses |= {str(status.value): _refusal(status) for status in refusals_of(operation)}
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": _operation_id(operation),
        "tags": [operation.caller.value],
        "responses": responses,
        "security": [] if operation.caller is Caller.NOBODY else [{"token": []}],
    }
    if operation.parameters:
        described["parameters"] = [
            {
                "name": each.name,
                "in": each.place,
                "required": each.required,
                "description": each.words,
                "schema": dict(each.schema),
            }
            for each in operation.parameters
        ]
    match operation.request:
        case None:
            pass
        case File(words):
            described["requestBody"] = {"required": True, "description": words, "content": _ANY_FILE}
        case kind:
            described["requestBody"] = {"required": True, "content": _json(kind)}
    if operation.has_etag:
        for status in operation.answers:
            responses[str(status)]["headers"] = {"ETag": _ETAG}
    if operation.path == f"{PREFIX}/events":
        described["x-events"] = {name: _reference(kind) for name, kind in EVENTS.items()}
    return described


def _operation_id(operation: Operation) -> str:
    words = operation.path.removeprefix(PREFIX).replace("{", "by_").replace("}", "").replace(".", "_")
    return "_".join([operation.method.lower(), *filter(None, words.split("/"))]).replace("-", "_")


def _answer(status: int, kind: type[BaseModel] | Text | None) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase
    match kind:
        case None:
            return {"description": phrase}
        case Text():
            return {"description": kind.words, "content": {kind.media_type: {}}}
        case _:
            return {"description": phrase, "content": _json(kind)}


def _refusal(status: HTTPStatus) -> dict[str, Any]:
    words = PROBLEM_TYPES[status].words
    answer = {
        "description": words,
        "content": {"application/problem+json": {"schema": _reference(ProblemMessage)}},
    }
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        answer["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        }
    return answer


def _json(kind: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": _reference(kind)}}


def _reference(kind: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=kind.__name__)}


@cache
def _schemas(*, is_headquarters: bool) -> dict[str, Any]:
    """Made once: it takes a quarter of a store's start."""
    kinds: set[type[BaseModel]] = {ProblemMessage, *EVENTS.values()}
    kinds |= {HQ_EVENT} if is_headquarters else set()
    for operation in operations_of(is_headquarters=is_headquarters):
        kinds |= {operation.request} if isinstance(operation.request, type) else set()
        kinds |= {kind for kind in operation.answers.values() if isinstance(kind, type)}
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    _, made = models_json_schema([(kind, "validation") for kind in ordered], ref_template=_REF)
    schemas: dict[str, Any] = made["$defs"]
    return schemas


_ABOUT = " ".join(
    (
        "What lanes and the managers' own systems may ask of a store.",
        "Times are UTC, money is in the smallest unit of the currency, quantities are thousandths of a piece",
        "or grams. Every refusal is a problem (RFC 9457) whose `type` says what kind it is.",
        "A method that a path does not have is answered 405 with `Allow`, a path that is not there 404.",
    )
)
_ANY_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_ETAG = {"description": "The entity tag of the item.", "schema": {"type": "string"}, "required": True}
_TOKEN = "A lane's token, a branch's, or a system's (made on the console or by `lanelight api token add`)."  # noqa: S105
