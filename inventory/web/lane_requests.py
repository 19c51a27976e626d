"""Owns how a lane's request is read and answered: whose token it shows, its body, its message.

It must not know what any message does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError

from inventory.db.unit_of_work import Database
from inventory.services import lanes
from inventory.web.problems import Problem
from inventory.wire import KNOWS_HEADER, KNOWS_SHELF, MAX_BODY_BYTES, Message, SaleMessage

M = TypeVar("M", bound=Message)
Clock = Callable[[], datetime]
JSON = "application/json"


def utc_now() -> datetime:
    """The clock of a running store."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Reception:
    """What every handler of the lane API shares: the store, its database, its clock, and who is speaking."""

    store_id: str
    database: Database
    clock: Clock

    def lane(self, request: Request) -> str:
        """The id of the lane whose token the request shows. Raises Problem 401."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        lane_id = None
        if scheme.lower() == "bearer" and token:
            with self.database.read() as uow:
                lane_id = lanes.authenticate(uow, self.store_id, token.strip())
        if lane_id is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "A lane must show its token.",
                headers={"www-authenticate": 'Bearer realm="lanelight"'},
            )
        return lane_id


async def limited_body(request: Request) -> bytes:
    """The request's body. Raises Problem 413 as soon as it is longer than `MAX_BODY_BYTES`, and 415.

    A body that does not say what it is is read as JSON.
    """
    media_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if media_type != JSON:
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"A body is {JSON}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A body may have {MAX_BODY_BYTES} bytes at most."
            )
    return bytes(body)


Body = Annotated[bytes, Depends(limited_body)]


def parsed(kind: type[M], body: bytes) -> M:
    """The message in a body. Raises Problem 422 that names the first field that is not right."""
    if kind is not SaleMessage and b"\\u0000" in body:
        # PostgreSQL holds no NUL. A sale is a fact and is taken without it; a note can be refused.
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A text of the message holds a NUL character.")
    try:
        message = kind.model_validate_json(body)
        # Read once more, for what the first reading cannot tell: of two alike keys it took the last.
        json.loads(body, object_pairs_hook=_keys_differ)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {first['msg']}") from None
    return message


def _keys_differ(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "An object of the body has one key twice.")


def json_answer(message: Message, *, status: int = HTTPStatus.OK) -> Response:
    """A message as an answer, which says on the way what may be told to this store."""
    return Response(
        message.model_dump_json(),
        status_code=status,
        media_type=JSON,
        headers={KNOWS_HEADER: KNOWS_SHELF},
    )
