"""Owns how a request of the API is read and answered: its body, its message.

It must not know who asks, nor what any message does.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError

from inventory.web.problems import Problem
from inventory.wire import CATALOGUE_HEADER, KNOWS, KNOWS_HEADER, MAX_BODY_BYTES, Message, SaleMessage

M = TypeVar("M", bound=Message)
JSON = "application/json"
_DIGITS = 15
"""No catalogue has more versions than that."""
BODY_WITHIN_S = 30.0


async def limited_body(request: Request) -> bytes:
    """The request's body. Raises Problem 413 as soon as it is longer than `MAX_BODY_BYTES`, and 415.

    A body that does not say what it is is read as JSON.
    """
    media_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if media_type != JSON:
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"A body is {JSON}.")
    too_large = Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A body may have {MAX_BODY_BYTES} bytes at most."
    )
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > MAX_BODY_BYTES:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise too_large
    except TimeoutError:
        raise Problem(
            HTTPStatus.REQUEST_TIMEOUT,
            f"A body is sent within {BODY_WITHIN_S:.0f} seconds.",
            headers={"connection": "close"},
        ) from None
    return bytes(body)


Body = Annotated[bytes, Depends(limited_body)]


def parsed(kind: type[M], body: bytes) -> M:
    """The message in a body. Raises Problem 422 that names the first field that is not right."""
    if kind is not SaleMessage and b"\\u0000" in body:
        # PostgreSQL holds no NUL. A sale is a fact and is taken without it; a note can be refused.
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A text of the message holds a NUL character.")
    try:
        # A number in quotes is a mistake of the sender; in a sale it is taken, for a sale is a fact.
        message = kind.model_validate_json(body, strict=kind is not SaleMessage)
        if message.model_dump_json().encode() != body:
            # Not what a lane of today writes, letter for letter. Read once more, for what the first reading
            # cannot tell: of two alike keys it took the last.
            json.loads(body, object_pairs_hook=_keys_differ)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {first['msg']}") from None
    return message


def _keys_differ(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "An object of the body has one key twice.")


def catalogue_in(request: Request) -> int:
    """The catalogue's version that a lane names beside its message; 0 where it names none."""
    told = request.headers.get(CATALOGUE_HEADER, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= _DIGITS else 0


def json_answer(message: Message, *, status: int = HTTPStatus.OK) -> Response:
    """A message as an answer, which says on the way what may be told to this store."""
    return Response(
        message.model_dump_json(),
        status_code=status,
        media_type=JSON,
        headers={KNOWS_HEADER: KNOWS},
    )
