"""Owns the console's routes: which page answers which address. Role manager throughout.

It must not know what a page shows; each is a module of its own (console_*).
"""

from __future__ import annotations

from fastapi import APIRouter

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import Permission
from inventory.web.auth import Guard
from inventory.web.console_devices import DevicesPage
from inventory.web.console_edit import EditPage
from inventory.web.console_floor import FloorPages
from inventory.web.console_frame import add_routes
from inventory.web.console_help import HelpPage
from inventory.web.console_import import add_imports
from inventory.web.console_items import ItemPages
from inventory.web.console_person import PersonPage
from inventory.web.console_prices import PricePages
from inventory.web.console_sales import SalesPage
from inventory.web.console_staff import StaffPage
from inventory.web.console_today import TodayPage
from inventory.web.events import Broker
from inventory.web.pages import Clock, pages_for, utc_now


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /manager."""
    del broker
    guard = Guard(config, database, clock=clock)
    router = APIRouter(prefix="/manager", include_in_schema=False)
    for add in (_add_figures, _add_goods, _add_people):
        add(router, guard, config, database, clock)
    return router


def _add_figures(
    router: APIRouter, guard: Guard, config: StoreConfig, database: Database, clock: Clock
) -> None:
    """Today, sales, help, lanes and tasks."""
    pages = pages_for(config.name, config.language)
    today = TodayPage(config, database, pages=pages, clock=clock)
    sold = SalesPage(config, database, pages=pages, clock=clock)
    floor = FloorPages(config, database, pages=pages, clock=clock)
    called = HelpPage(config, database, pages=pages, clock=clock)
    add_routes(
        router,
        guard,
        reads=[
            ("", today.today),
            ("/sales", sold.sales),
            ("/help", called.numbers),
            ("/help/calls", called.calls),
            ("/lanes", floor.lanes),
            ("/tasks", floor.tasks),
        ],
    )


def _add_goods(
    router: APIRouter, guard: Guard, config: StoreConfig, database: Database, clock: Clock
) -> None:
    """Items, their stock, their prices, and the files they come in."""
    pages = pages_for(config.name, config.language)
    goods = ItemPages(config, database, pages=pages, clock=clock)
    hands = EditPage(config, database, pages=pages, clock=clock)
    planned = PricePages(config, database, goods, pages=pages, clock=clock)
    add_imports(router, guard, config, database, pages=pages, clock=clock)
    add_routes(
        router,
        guard,
        reads=[
            ("/items", goods.items),
            ("/stock", goods.stock),
            ("/stock/{gtin}", goods.item),
            ("/stock/{gtin}/edit", hands.form),
            ("/prices", planned.prices),
        ],
        posts=[
            ("/stock/{gtin}/edit", hands.change),
            ("/stock/{gtin}/prices", planned.plan),
            ("/stock/{gtin}/prices/{plan_id}/off", planned.call_off),
        ],
        needed=Permission.CHANGE_GOODS,
    )


def _add_people(
    router: APIRouter, guard: Guard, config: StoreConfig, database: Database, clock: Clock
) -> None:
    """Who and what may sign in, and what was done."""
    pages = pages_for(config.name, config.language)
    staff = StaffPage(config, database, pages=pages, clock=clock)
    one = PersonPage(config, database, pages=pages, clock=clock)
    devices = DevicesPage(config, database, pages=pages, clock=clock)
    add_routes(
        router,
        guard,
        reads=[
            ("/staff", staff.staff),
            ("/audit", staff.audit),
            ("/staff/{staff_id}", one.person),
        ],
        posts=[
            ("/staff", staff.add_staff),
            ("/staff/{staff_id}/pin", one.pin),
            ("/staff/{staff_id}/role", one.role),
            ("/staff/{staff_id}/leave", one.leave),
            ("/staff/{staff_id}/back", one.come_back),
            ("/staff/{staff_id}/unlock", one.unlock),
            ("/staff/{staff_id}/revoke", one.revoke),
            ("/staff/{staff_id}/sessions/{session_id}/end", one.end_session),
            ("/staff/{staff_id}/passkeys/{passkey_id}/revoke", one.revoke_passkey),
            ("/staff/{staff_id}/badge", one.give_badge),
            ("/staff/{staff_id}/badge/back", one.take_badge),
        ],
        needed=Permission.MANAGE_PEOPLE,
    )
    add_routes(
        router,
        guard,
        reads=[("/devices", devices.devices)],
        posts=[
            ("/devices/codes", devices.make_code),
            ("/devices/lanes/{lane_id}/revoke", devices.revoke_lane),
            ("/devices/tablets", devices.make_tablet_code),
            ("/devices/tablets/{tablet_id}/rename", devices.rename_tablet),
            ("/devices/tablets/{tablet_id}/revoke", devices.revoke_tablet),
            ("/devices/tokens", devices.make_token),
            ("/devices/tokens/{token_id}/revoke", devices.revoke_token),
        ],
        needed=Permission.MANAGE_DEVICES,
    )
