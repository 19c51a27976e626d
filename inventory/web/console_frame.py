"""Owns what every page of the console begins with: its rail, its person, the store's zone and currency.

It must not know what any page shows. A page of the console is a class on this one with its own routes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import Permission, may
from inventory.web import table_export
from inventory.web.auth import Guard, session_of
from inventory.web.pages import Clock, Pages
from inventory.web.rail import places, stock_tabs
from inventory.web.table_view import Table, show
from inventory.web.texts import Texts

Handler = Callable[..., Response]


class ConsolePage:
    """One place of the console. The zone and the currency are the store's, as its settings name them."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._store_id = config.store_id
        self._currency = config.currency
        self._zone = ZoneInfo(config.timezone)
        self._database = database
        self._pages = pages
        self._clock = clock

    @property
    def texts(self) -> Texts:
        """The words of the console's language."""
        return self._pages.texts

    def page(
        self, request: Request, template: str, *, here: str, status: int = 200, **values: Any
    ) -> Response:
        """A page from templates/manager with the rail on `here`."""
        person = session_of(request)
        is_manager = may(person.role, Permission.SEE_CONSOLE)
        frame = self._pages.frame(form_token=person.form_token, staff_name=person.name, is_manager=is_manager)
        rail = places(here, self.texts, role=person.role)
        tabs = stock_tabs(here, self.texts, role=person.role)
        return self._pages.answer(
            f"manager/{template}.html",
            frame,
            status=status,
            places=rail,
            tabs=tabs if any(tab.is_here for tab in tabs) else (),
            **values,
        )

    def table_page(
        self, request: Request, template: str, table: Table, *, here: str, **values: Any
    ) -> Response:
        """A page around one table, or the table as a file where the address asks for one."""
        query = request.query_params
        file = table_export.answer(self._database, self._store_id, table, query)
        if file is not None:
            return file
        with self._database.read() as uow:
            shown = show(uow, self._store_id, table, query)
        return self.page(request, template, here=here, table=shown, **values)


def to(path: str) -> Response:
    """Where a form leads when it did what was asked: reloading does it no second time."""
    return RedirectResponse(path, status_code=303)


def add_routes(
    router: APIRouter,
    guard: Guard,
    *,
    reads: Sequence[tuple[str, Handler]] = (),
    posts: Sequence[tuple[str, Handler]] = (),
    needed: Permission = Permission.SEE_CONSOLE,
) -> None:
    """Puts pages and forms on a router, all of them for managers or for whoever may do what is `needed`."""
    for path, handler in reads:
        router.add_api_route(
            path,
            handler,
            methods=["GET"],
            response_model=None,
            dependencies=[Depends(guard.reads(needed))],
        )
    for path, handler in posts:
        router.add_api_route(
            path,
            handler,
            methods=["POST"],
            response_model=None,
            dependencies=[Depends(guard.posts(needed))],
        )
