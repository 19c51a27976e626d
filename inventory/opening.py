"""Owns what a store does before it opens: tables, its own line, its lanes' keys, its tax rates.

It must not know the web. Safe to repeat: the configuration says what shall be, the database follows.
"""

from __future__ import annotations

from datetime import datetime

from inventory.config import StoreConfig
from inventory.db import item_index
from inventory.db.repositories import all_items
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.distance import Spot
from inventory.domain.store_plan import MAX_PLAN_BYTES, PlanError, StorePlan, read_plan
from inventory.services import (
    availability,
    catalogue,
    desks,
    help_terms,
    hq_branches,
    hq_outbox,
    lanes,
    link_keys,
    nearby,
    webhook_outbox,
)
from inventory.services.desks import DeskTerms
from inventory.services.help_routes import RoutingRules
from inventory.services.help_terms import HelpTerms
from inventory.services.stores import Store, open_store


def plan_of(config: StoreConfig) -> StorePlan | None:
    """The plan in the file that the settings name, or None where they name none. Raises PlanError."""
    if config.plan is None:
        return None
    try:
        with config.plan.open("rb") as file:
            text = file.read(MAX_PLAN_BYTES + 1).decode("utf-8")
    except OSError as error:
        raise PlanError(f"{config.plan}: the plan cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise PlanError(f"{config.plan}: this is not UTF-8 text.") from None
    return read_plan(text, source=str(config.plan))


def prepare(config: StoreConfig, database: Database, now_utc: datetime) -> None:
    """Brings the database to what the configuration says. Lanes it no longer names are locked out.

    New tax rates make a new catalogue version, so that every lane learns them.
    """
    database.migrate()
    with database.write() as uow:
        open_store(uow, Store(config.store_id, config.name, config.currency, config.timezone))
        link_keys.make(uow, config.store_id)
        if config.place is not None:
            latitude, longitude = config.place
            spot = Spot(round(latitude * 1_000_000), round(longitude * 1_000_000))
            nearby.settle(uow, config.store_id, spot, config.address)
        rules = {department: limits.rule for department, limits in config.shelves.items()}
        availability.keep_rules(uow, config.store_id, rules)
        tokens = {lane_id: token.get_secret_value() for lane_id, token in config.lanes.items()}
        lanes.retire(uow, config.store_id, keep=tokens)
        for lane_id, token in tokens.items():
            lanes.enrol(uow, config.store_id, lane_id, token, now_utc)
        _open_to_others(uow, config)
        desks.settle(uow, config.store_id, desk_terms(config))
        policy = config.approvals.policy(config.currency)
        help_terms.settle(uow, config.store_id, HelpTerms(policy, config.help.call_link))
        wanted = {each.name: each.events for each in config.help.webhooks}
        webhook_outbox.settle(uow, config.store_id, wanted)
        if catalogue.tax_rates(uow, config.store_id) != config.tax_rates_bp:
            items = all_items(uow.session, config.store_id)
            catalogue.replace_items(uow, config.store_id, items, config.tax_rates_bp, now_utc)
        if not item_index.is_begun(uow.session, config.store_id):
            item_index.put_entries(uow.session, config.store_id, all_items(uow.session, config.store_id))


def desk_terms(config: StoreConfig) -> DeskTerms | None:
    """What the settings say of the desk; None where people here answer no other store's calls."""
    desk = config.desk
    return None if desk is None else DeskTerms(desk.serves, desk.skills, desk.languages, desk.hours)


def routing_rules(config: StoreConfig) -> RoutingRules:
    """What the settings say of help from elsewhere."""
    asked = config.help
    return RoutingRules(frozenset(asked.languages), asked.elsewhere_from, asked.again_s)


def _open_to_others(uow: UnitOfWork, config: StoreConfig) -> None:
    """The line to a headquarters, and the keys of branches, as the settings have them."""
    if config.headquarters is None:
        hq_outbox.close_line(uow, config.store_id)
    else:
        hq_outbox.open_line(uow, config.store_id)
    hq_branches.retire(uow, config.store_id, keep=config.branches)
    for branch_id, branch in config.branches.items():
        token = branch.token.get_secret_value()
        hq_branches.enrol(uow, config.store_id, branch_id, token=token, zone=branch.zone)
