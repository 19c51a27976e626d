"""Owns the routes of the pages about stock: for managers under /manager, on the floor under /staff.

It must not know what the pages show.
"""

from __future__ import annotations

from fastapi import APIRouter

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import Permission
from inventory.web.auth import Guard
from inventory.web.console_announced import AnnouncedPages
from inventory.web.console_bundles import PATH as BUNDLES
from inventory.web.console_bundles import BundlePages
from inventory.web.console_frame import add_routes
from inventory.web.console_goods import MOVES, WASTE, GoodsPages
from inventory.web.console_papers import ANNOUNCED, PaperPages, Room
from inventory.web.console_shelves import EXPIRY, PLACES, REORDER, ShelfPages
from inventory.web.console_spoken import PATH as SPOKEN
from inventory.web.console_spoken import SpokenPages
from inventory.web.events import Broker
from inventory.web.pages import Clock, pages_for, utc_now


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /manager and /staff."""
    del broker
    pages = pages_for(config.name, config.language)
    guard = Guard(config, database, clock=clock)
    router = APIRouter(include_in_schema=False)
    for room in Room:
        needed = Permission.SEE_CONSOLE if room is Room.TRANSFERS else Permission.KEEP_STOCK
        papers = PaperPages(config, database, room, pages=pages, clock=clock)
        one = f"{room.value}/{{paper_id}}"
        add_routes(
            router,
            guard,
            reads=[(room.value, papers.papers), (one, papers.paper)],
            posts=[
                (room.value, papers.open),
                (f"{one}/line", papers.line),
                (f"{one}/rest", papers.rest),
                (f"{one}/post", papers.post),
                (f"{one}/cancel", papers.cancel),
            ],
            needed=needed,
        )
    announced = AnnouncedPages(config, database, Room.DELIVERIES, pages=pages, clock=clock)
    one = f"{Room.DELIVERIES.value}/{{paper_id}}{ANNOUNCED}"
    add_routes(
        router,
        guard,
        reads=[(one, announced.announced)],
        posts=[(one, announced.change), (f"{one}/line", announced.announce)],
        needed=Permission.KEEP_STOCK,
    )
    goods = GoodsPages(config, database, pages=pages, clock=clock)
    add_routes(
        router,
        guard,
        reads=[(WASTE, goods.waste)],
        posts=[(WASTE, goods.throw_away)],
        needed=Permission.KEEP_STOCK,
    )
    add_routes(router, guard, reads=[(MOVES, goods.moves)], posts=[(MOVES, goods.move)])
    lists = ShelfPages(config, database, pages=pages, clock=clock)
    add_routes(
        router,
        guard,
        reads=[(PLACES, lists.places), (EXPIRY, lists.expiry), (REORDER, lists.low_stock)],
        posts=[(REORDER, lists.set_rule), (f"{REORDER}/suggestions", lists.take_suggestions)],
    )
    sets = BundlePages(config, database, pages=pages, clock=clock)
    add_routes(router, guard, reads=[(BUNDLES, sets.bundles)], posts=[(BUNDLES, sets.put)])
    spoken = SpokenPages(config, database, pages=pages, clock=clock)
    add_routes(router, guard, reads=[(SPOKEN, spoken.rules)], posts=[(SPOKEN, spoken.set_rule)])
    return router
