"""Owns the routes of the door: signing in with a PIN or a passkey, signing out, and the bell beside it.

It must not know what any of them does.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import Permission
from inventory.web import passkey_door
from inventory.web.auth import Guard
from inventory.web.events import Broker
from inventory.web.pages import Clock, pages_for, utc_now
from inventory.web.sign_in_page import SignInPages


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes for signing in and out, and the number of open calls for a signed-out tablet."""
    del broker
    here = SignInPages(config, database, pages=pages_for(config.name, config.language), clock=clock)
    guard = Guard(config, database, clock=clock)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", here.home, methods=["GET"], response_model=None)
    router.add_api_route("/sign-in", here.form, methods=["GET"], response_model=None)
    router.add_api_route("/sign-in", here.sign_in, methods=["POST"], response_model=None)
    router.add_api_route(
        "/sign-out",
        here.sign_out,
        methods=["POST"],
        response_model=None,
        dependencies=[Depends(guard.posts(Permission.SEE_LANES))],
    )
    if config.public_url:
        passkey_door.add_routes(router, config, database, pages=here, clock=clock)
    router.add_api_route("/staff/bell", here.bell, methods=["GET"])
    return router
