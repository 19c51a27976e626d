"""Owns what only a real browser can prove of the price tile: typing survives news, Enter sends it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from inventory.db.unit_of_work import Database
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.services import interventions
from inventory.web.server import RunningStore
from inventory.wire import InterventionMessage
from tests.support.web_store import STORE, config_for, stocked
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import Lane, browser, database, lane, on_the_wall, page, store

__all__ = ["browser", "database", "lane", "page", "store"]
pytestmark = tablet.pytestmark


@pytest.fixture
def asked(lane: Lane, database: Database, tmp_path: Path) -> str:
    stocked(database, config_for(tmp_path), datetime.now(UTC))
    lane.report("Milk")
    message = InterventionMessage(
        intervention_id="price-u",
        lane_id="lane-1",
        kind=InterventionKind.PRICE,
        raised_at_utc=datetime.now(UTC),
        facts=("04006381333931", "1"),
    )
    lane.put("/interventions/price-u", message.model_dump_json())
    return "#decision-price-u"


def test_what_is_typed_survives_news_and_the_price_reaches_the_lane(
    page: Page, lane: Lane, asked: str, store: RunningStore, database: Database
) -> None:
    on_the_wall(page)
    tile = page.locator(asked)
    expect(tile).to_contain_text("4006381333931")
    tile.get_by_label("Name").fill("Rye bread")
    tile.get_by_label("Price for one").fill("3.40")
    lane.call("h1")
    expect(page.locator("#help-h1")).to_be_visible()
    expect(tile.get_by_label("Price for one")).to_have_value("3.40")
    tile.get_by_label("Price for one").press("Enter")
    expect(tile).to_have_count(0)
    with database.read() as uow:
        (told,) = interventions.decisions_of_lane(
            uow, STORE, "lane-1", since_utc=datetime(2000, 1, 1, tzinfo=UTC)
        )
    assert told.decision is Decision.APPROVED
    assert told.price is not None
    assert (told.price.name, told.price.price_minor) == ("Rye bread", 340)


def test_goods_that_are_not_for_sale_need_no_fields(page: Page, asked: str) -> None:
    on_the_wall(page)
    page.locator(asked).get_by_role("button", name="Not for sale").click()
    expect(page.locator(asked)).to_have_count(0)
