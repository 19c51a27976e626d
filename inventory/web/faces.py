"""Owns the one line that puts every staff-facing page, its guards and its files into an application.

It must not know what the pages do. The lane API stands beside it and is not touched.
"""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.store_plan import StorePlan
from inventory.web import (
    auth,
    branch_prices_page,
    console_stock,
    day_close,
    exchange_page,
    feedback_page,
    manager,
    pages,
    passkey_page,
    problems,
    security,
    shopper,
    sign_in,
    staff,
    tablet_app,
    tablet_page,
    words_page,
)
from inventory.web.events import Broker
from inventory.web.joining import join
from inventory.web.pages import Clock, PageRefused, SignInNeeded, utc_now

_FACES: Final = (
    *(sign_in, passkey_page, tablet_page, tablet_app, staff, day_close, manager, console_stock),
    *(feedback_page, exchange_page, branch_prices_page, words_page),
)


def install(
    app: FastAPI,
    config: StoreConfig,
    *,
    database: Database,
    broker: Broker,
    plan: StorePlan | None = None,
    clock: Clock = utc_now,
) -> None:
    """Adds sign-in, tablet, console and static files, and the headers every answer carries."""
    guard = auth.Guard(config, database, clock=clock)
    security.protect(app, may_upload=guard.is_manager)
    refusals = pages.pages_for(config.name, config.language)

    def refuse(_request: Request, refused: Exception) -> Response:
        assert isinstance(refused, PageRefused), "registered for this class alone"
        return pages.refusal_page(refusals, refused)

    def ask_to_sign_in(_request: Request, needed: Exception) -> Response:
        assert isinstance(needed, SignInNeeded), "registered for this class alone"
        return pages.sign_in_answer(needed)

    async def miss(request: Request, error: Exception) -> Response:
        wants_page = "text/html" in request.headers.get("accept", "")
        if request.url.path.startswith(problems.API_PREFIX) or not wants_page:
            return await problems.on_http_exception(request, error)
        text = refusals.texts.text
        nowhere = PageRefused(
            404, text("There is no such page."), way_on="/staff", way_on_label=text("To the lanes")
        )
        return pages.refusal_page(refusals, nowhere)

    app.add_exception_handler(PageRefused, refuse)
    app.add_exception_handler(404, miss)
    app.add_exception_handler(SignInNeeded, ask_to_sign_in)
    for face in _FACES:
        join(app, face.router_for(config, database, broker, clock=clock))
    join(app, shopper.router_for(config, database, broker, plan=plan, clock=clock))
    join(app, pages.router_for())
