"""Owns the least a server can do: `python -m tests.benchmarks.bare PORT` answers GET and POST with a word.

It must not know the store. The same server program and framework as the store's, nothing else.
"""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def word(_request: Request) -> Response:
    return Response(b'{"outcome":"created"}', media_type="application/json")


async def taken(request: Request) -> Response:
    await request.body()
    return Response(b'{"outcome":"created"}', media_type="application/json")


if __name__ == "__main__":
    routes = [Route("/", word), Route("/", taken, methods=["POST"])]
    uvicorn.run(Starlette(routes=routes), port=int(sys.argv[1]), log_level="warning", access_log=False)
