"""Owns how the lane API says no: problem details in JSON (RFC 9457).

It must not know routes; pages have their own way to refuse.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

_log = logging.getLogger(__name__)

API_PREFIX = "/api/"


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """An answer of status 4xx or 5xx. `detail` is one sentence for whoever reads the lane's log."""

    def __init__(self, status: HTTPStatus, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def problem_answer(problem: Problem) -> Response:
    """The problem as an HTTP answer."""
    return JSONResponse(
        {"type": "about:blank", "title": problem.status.phrase, "status": problem.status.value}
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


async def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem), "registered for this class alone"
    return problem_answer(error)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """A problem below the API's path, elsewhere what the framework answers."""
    assert isinstance(error, HTTPException), "registered for this class alone"
    if not request.url.path.startswith(API_PREFIX):
        return await http_exception_handler(request, error)
    return problem_answer(Problem(HTTPStatus(error.status_code), str(error.detail), headers=error.headers))


async def _on_lost_database(request: Request, error: Exception) -> Response:
    _log.error("The database does not answer.", exc_info=error)
    problem = Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The store's database does not answer at the moment; send this again.",
        headers={"retry-after": "2"},
    )
    if request.url.path.startswith((API_PREFIX, "/readyz")):
        return problem_answer(problem)
    return PlainTextResponse(problem.detail, status_code=problem.status, headers=problem.headers)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError), "registered for this class alone"
    if not request.url.path.startswith(API_PREFIX):
        return await request_validation_exception_handler(request, error)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return problem_answer(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {first['msg']}"))
