"""Owns what only a real browser can prove of a price that store and headquarters have both set."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from inventory.db.unit_of_work import Database
from inventory.services import hq_outbox
from inventory.web.server import RunningStore
from inventory.wire import CatalogueMessage
from tests.support.hq_push import push
from tests.support.web_store import MILK, STORE, config_for, item, lane_token, stocked
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import browser, database, page, store

__all__ = ["browser", "database", "page", "store"]
pytestmark = tablet.pytestmark

BASE = item(MILK, "Whole milk 1 L")


@pytest.fixture
def branch(database: Database, store: RunningStore, tmp_path: Path) -> RunningStore:
    """The store follows a headquarters, which has sent milk at 1.29."""
    now = datetime.now(UTC)
    stocked(database, config_for(tmp_path), now)
    with database.write() as uow:
        hq_outbox.open_line(uow, STORE)
    push(database, "", "1", BASE, now)
    return store


def fix_the_price(page: Page, price: str) -> None:
    """Ada sets milk's price on the item's form."""
    tablet.sign_in(page, "Ada", place="/manager")
    page.goto(f"/manager/stock/{MILK}/edit")
    page.locator("#edit-price_minor").fill(price)
    page.locator("#edit-price_minor").press("Enter")
    page.wait_for_url(f"**/manager/stock/{MILK}*")


def lane_price(store: RunningStore) -> int:
    """What a lane that fetches its catalogue now sells milk at."""
    answer = httpx.get(
        f"{store.url}/api/v1/catalogue", headers={"authorization": f"Bearer {lane_token('lane-1')}"}
    )
    catalogue = CatalogueMessage.model_validate_json(answer.content)
    return next(each.price_minor for each in catalogue.items if each.gtin == MILK)


def test_a_price_fixed_at_the_store_is_not_overwritten_and_the_conflict_is_decided_for_ours(
    page: Page, branch: RunningStore, database: Database
) -> None:
    fix_the_price(page, "1.45")
    assert lane_price(branch) == 145
    push(database, "1", "2", replace(BASE, price_minor=119), datetime.now(UTC))
    assert lane_price(branch) == 145
    page.goto("/manager/exchange")
    ours = page.locator(".versus > div", has_text="In this store")
    theirs = page.locator(".versus > div", has_text="Headquarters")
    for side, value, who in ((ours, "€1.45", "Ada"), (theirs, "€1.19", "Harriet")):
        expect(side).to_contain_text(value)
        expect(side).to_contain_text(re.compile(rf"{who}, \d?\d \w+ \d{{4}} \d\d:\d\d"))
    page.get_by_role("button", name="Keep ours").click()
    expect(page.get_by_text("Nothing is disputed.")).to_be_visible()
    assert lane_price(branch) == 145
    push(database, "2", "3", replace(BASE, price_minor=119, aisle="9"), datetime.now(UTC))
    assert lane_price(branch) == 145
    page.reload()
    expect(page.get_by_text("Nothing is disputed.")).to_be_visible()


def test_theirs_is_sold_on_every_lane_once_a_manager_takes_it(
    page: Page, branch: RunningStore, database: Database
) -> None:
    fix_the_price(page, "1.45")
    push(database, "1", "2", replace(BASE, price_minor=119), datetime.now(UTC))
    page.goto("/manager/exchange")
    page.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_text("Nothing is disputed.")).to_be_visible()
    assert lane_price(branch) == 119
