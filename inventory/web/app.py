"""Owns the putting together of the store's web side: lane API, staff pages, news.

It must not do anything of its own; each part is a module beside it.
"""

from __future__ import annotations

from fastapi import FastAPI

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.import_desk import ImportDesk
from inventory.opening import plan_of
from inventory.services import desk_news, webhook_outbox
from inventory.web import (
    api_document,
    enrolment_api,
    faces,
    hq_api,
    import_api,
    lane_api,
    problems,
    store_api,
)
from inventory.web.events import Broker
from inventory.web.hot_door import HotDoor, routes_of
from inventory.web.hot_routes import HotRoutes
from inventory.web.joining import join
from inventory.web.reception import Clock, Reception, utc_now
from inventory.web.throttle import Buckets


def create_app(config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now) -> FastAPI:
    """The store's application on a prepared database (see `inventory.opening.prepare`).

    The broker begins to hear the database's announcements here. Raises PlanError.
    """
    plan = plan_of(config)
    database.before_commit(lambda uow: webhook_outbox.note(uow, clock()))
    database.before_commit(lambda uow: desk_news.tell(uow, clock()))
    database.listen(broker.hear)
    app = FastAPI(
        title=f"{config.name} – store",
        openapi_url=None,  # described from a list of our own, see api_document
        docs_url=None,  # the pages behind these two load scripts from elsewhere, which our headers forbid
        redoc_url=None,
    )
    problems.install(app)
    buckets = Buckets(per_second=config.api_per_second, burst=config.api_burst)
    reception = Reception(config.store_id, database, clock, buckets)
    hot = HotRoutes(reception, broker)
    app.router.routes.extend(routes_of(hot.handlers))
    join(app, lane_api.router_for(config, reception, plan=plan))
    join(app, store_api.router_for(reception))
    desk = ImportDesk(config, database, clock=clock)
    join(app, import_api.router_for(reception, desk))
    join(app, enrolment_api.router_for(config, reception))
    if config.branches:
        join(app, hq_api.router_for(reception))
    join(app, api_document.router_for(config.name, is_headquarters=bool(config.branches)))
    faces.install(app, config, database=database, broker=broker, plan=plan, clock=clock)
    app.add_middleware(HotDoor, handlers=hot.handlers)  # the last one added stands first
    return app
