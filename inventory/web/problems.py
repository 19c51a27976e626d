"""Owns how the lane API says no: problem details in JSON (RFC 9457).

It must not know routes; pages have their own way to refuse.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException

_log = logging.getLogger(__name__)

API_PREFIX = "/api/"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of refusal: the last part of its URN, and what it means."""

    slug: str
    words: str

    @property
    def urn(self) -> str:
        """What stands as `type` in the answer; docs/api.md lists them all."""
        return f"urn:lanelight:problem:{self.slug}"


PROBLEM_TYPES: Mapping[HTTPStatus, ProblemType] = {
    HTTPStatus.BAD_REQUEST: ProblemType("bad-request", "The request cannot be read at all."),
    HTTPStatus.UNAUTHORIZED: ProblemType("no-token", "No token, or one that is not known here."),
    HTTPStatus.FORBIDDEN: ProblemType("not-allowed", "The token is known, but may not do this."),
    HTTPStatus.NOT_FOUND: ProblemType("not-found", "There is nothing under this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ProblemType("wrong-method", "The address has other methods; see Allow."),
    HTTPStatus.REQUEST_TIMEOUT: ProblemType("too-slow", "The body did not come; send it again."),
    HTTPStatus.CONFLICT: ProblemType("conflict", "The id was used before with other contents."),
    HTTPStatus.PRECONDITION_FAILED: ProblemType("changed", "It has changed since it was read."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ProblemType("too-large", "The body is larger than it may be."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ProblemType("not-json", "The body is not application/json."),
    HTTPStatus.UNPROCESSABLE_ENTITY: ProblemType("not-valid", "The request does not say what can be done."),
    HTTPStatus.PRECONDITION_REQUIRED: ProblemType("say-which", "If-Match or If-None-Match is wanted."),
    HTTPStatus.TOO_MANY_REQUESTS: ProblemType("too-many", "Too many requests; wait as Retry-After says."),
    HTTPStatus.SERVICE_UNAVAILABLE: ProblemType(
        "unavailable", "The database does not answer; send it again."
    ),
}
"""Every status below the API's path that refuses, each with its type (RFC 9457 section 3.1.1)."""


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """An answer of status 4xx or 5xx. `detail` is one sentence for whoever reads the lane's log."""

    def __init__(self, status: HTTPStatus, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def problem_answer(problem: Problem) -> Response:
    """The problem as an HTTP answer."""
    kind = PROBLEM_TYPES.get(problem.status)
    return JSONResponse(
        {
            "type": kind.urn if kind else "about:blank",
            "title": problem.status.phrase,
            "status": problem.status.value,
        }
        | {"detail": problem.detail},
        status_code=problem.status,
        headers=problem.headers,
        media_type="application/problem+json",
    )


def install(app: FastAPI) -> None:
    """Makes every refusal below the API's path a problem answer; pages keep the framework's."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(OperationalError, _on_lost_database)
    app.add_exception_handler(DataError, _on_what_no_table_holds)


async def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem), "registered for this class alone"
    return problem_answer(error)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """A problem below the API's path, elsewhere what the framework answers."""
    assert isinstance(error, HTTPException), "registered for this class alone"
    if not request.url.path.startswith(API_PREFIX):
        return await http_exception_handler(request, error)
    return problem_answer(Problem(HTTPStatus(error.status_code), str(error.detail), headers=error.headers))


def refusal_of(error: Exception) -> Response | None:
    """The refusal that a request of the API gets for an error; None for one that nobody foresaw."""
    match error:
        case Problem():
            return problem_answer(error)
        case OperationalError():
            return problem_answer(_lost_database(error))
        case DataError():
            return problem_answer(_not_holdable())
        case _:
            return None


def _lost_database(error: Exception) -> Problem:
    _log.error("The database does not answer.", exc_info=error)
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The store's database does not answer at the moment; send this again.",
        headers={"retry-after": "2"},
    )


def _not_holdable() -> Problem:
    """PostgreSQL holds no NUL in a text and no number past its column, wherever they slipped through."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request holds what cannot be kept.")


async def _on_lost_database(request: Request, error: Exception) -> Response:
    problem = _lost_database(error)
    if request.url.path.startswith((API_PREFIX, "/readyz")):
        return problem_answer(problem)
    return PlainTextResponse(problem.detail, status_code=problem.status, headers=problem.headers)


async def _on_what_no_table_holds(request: Request, _error: Exception) -> Response:
    problem = _not_holdable()
    if request.url.path.startswith(API_PREFIX):
        return problem_answer(problem)
    return PlainTextResponse(problem.detail, status_code=problem.status)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError), "registered for this class alone"
    if not request.url.path.startswith(API_PREFIX):
        return await request_validation_exception_handler(request, error)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return problem_answer(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {first['msg']}"))
