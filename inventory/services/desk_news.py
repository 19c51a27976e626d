"""Owns the news that leaves its store: what changed about a routed call is told to the desks it is before.

It must not carry what changed: a desk asks for what it may see. Called at the end of every write, in its
transaction, whoever made the change and from wherever.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from inventory.db import hot
from inventory.db.desk_table import HelpRouteRow
from inventory.db.unit_of_work import STAFF, UnitOfWork
from inventory.domain.help_desk import OPEN_STATES
from inventory.wire import DeskNewsMessage, HelpUpdateMessage

TOLD = frozenset({"help", "lane", "intervention", "decision", "phrase"})
"""What a desk's page shows of a lane. Sales, stock and prices are no part of it."""


_ANY = "SELECT 1 FROM help_route WHERE store_id = ? AND ended_at_utc IS NULL LIMIT 1"


def tell(uow: UnitOfWork, now_utc: datetime) -> None:
    """Adds news for the desks concerned, and takes calls that are over off their lists."""
    told = [each for each in uow.announcements if each.event_name in TOLD]
    lanes = {(each.store_id, getattr(each.message, "lane_id", "")) for each in told}
    for store_id in {store_id for store_id, _lane_id in lanes}:
        if hot.row(uow.session, _ANY, (store_id,)) is None:
            continue  # as nearly always, and lanes report often
        wanted = [lane_id for each, lane_id in lanes if each == store_id and lane_id]
        routes = uow.session.exec(
            select(HelpRouteRow).where(
                HelpRouteRow.store_id == store_id,
                col(HelpRouteRow.lane_id).in_(wanted),
                col(HelpRouteRow.ended_at_utc).is_(None),
            )
        ).all()
        for desk_id, lane_id in sorted({(route.desk_id, route.lane_id) for route in routes}):
            message = DeskNewsMessage(store_id=store_id, lane_id=lane_id)
            uow.announce(desk_id, "desk", message=message, audience=STAFF)
        over = {
            each.message.help_id
            for each in told
            if each.store_id == store_id
            and isinstance(each.message, HelpUpdateMessage)
            and each.message.state not in OPEN_STATES
        }
        for route in routes:
            if route.help_id in over:
                route.ended_at_utc = now_utc
                uow.session.add(route)
