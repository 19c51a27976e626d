"""Owns how the parts of the store's web side become one application.

It must not know any part. FastAPI's own way to include a router makes every route a second time at the first
request, for prefixes and dependencies that no part here has; that took as long as the start itself.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI


def join(app: FastAPI, router: APIRouter) -> None:
    """Adds the router's routes as they are, behind those that are there."""
    app.router.routes.extend(router.routes)
