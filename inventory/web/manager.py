"""Owns the console's routes: which page answers which address. Role manager throughout.

It must not know what a page shows; each is a module of its own (console_*).
"""

from __future__ import annotations

from fastapi import APIRouter

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.web.auth import Guard
from inventory.web.console_devices import DevicesPage
from inventory.web.console_frame import add_routes
from inventory.web.console_import import ImportPage
from inventory.web.console_items import ItemPages
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
    pages = pages_for(config.name, config.language)
    guard = Guard(config, database, clock=clock)
    router = APIRouter(prefix="/manager", include_in_schema=False)
    today = TodayPage(config, database, pages=pages, clock=clock)
    add_routes(router, guard, reads=[("", today.today)])
    goods = ItemPages(config, database, pages=pages, clock=clock)
    add_routes(
        router, guard, reads=[("/items", goods.items), ("/stock", goods.stock), ("/stock/{gtin}", goods.item)]
    )
    sold = SalesPage(config, database, pages=pages, clock=clock)
    add_routes(router, guard, reads=[("/sales", sold.sales)])
    planned = PricePages(config, database, goods, pages=pages, clock=clock)
    add_routes(
        router,
        guard,
        reads=[("/prices", planned.prices)],
        posts=[
            ("/stock/{gtin}/prices", planned.plan),
            ("/stock/{gtin}/prices/{plan_id}/off", planned.call_off),
        ],
    )
    files = ImportPage(config, database, pages=pages, clock=clock)
    add_routes(
        router,
        guard,
        reads=[("/import", files.import_form)],
        posts=[("/import", files.import_preview), ("/import/confirm", files.import_confirm)],
    )
    staff = StaffPage(config, database, pages=pages, clock=clock)
    add_routes(
        router,
        guard,
        reads=[("/staff", staff.staff)],
        posts=[
            ("/staff", staff.add_staff),
            ("/staff/{staff_id}/unlock", staff.unlock),
            ("/staff/{staff_id}/revoke", staff.revoke),
        ],
    )
    devices = DevicesPage(config, database, pages=pages, clock=clock)
    add_routes(
        router,
        guard,
        reads=[("/devices", devices.devices)],
        posts=[
            ("/devices/codes", devices.make_code),
            ("/devices/lanes/{lane_id}/revoke", devices.revoke_lane),
            ("/devices/tokens", devices.make_token),
            ("/devices/tokens/{token_id}/revoke", devices.revoke_token),
        ],
    )
    return router
