"""Owns what only a browser can prove of a delivery: announced by name, ticked off, booked, on a telephone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from inventory.db.unit_of_work import Database
from inventory.services import stock
from inventory.web.server import RunningStore
from tests.support.web_store import MILK, STORE, config_for, stocked
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import browser, database, page, store

__all__ = ["browser", "database", "page", "store"]
pytestmark = tablet.pytestmark


def test_a_delivery_is_announced_by_name_and_ticked_off_on_a_telephone(
    store: RunningStore, database: Database, page: Page, tmp_path: Path
) -> None:
    stocked(database, config_for(tmp_path), datetime.now(UTC))
    page.set_viewport_size({"width": 390, "height": 844})
    tablet.sign_in(page, "Marco", place="/staff")
    page.goto("/staff/deliveries")
    page.get_by_label("Supplier").fill("Aurora Dairy")
    page.locator("#number").fill("LS-7")
    page.locator("#expected").fill("2030-01-31")
    page.get_by_role("button", name="Announce").click()
    page.get_by_label("Barcode, PLU, SKU or name").fill("mlik")
    page.get_by_label("Quantity").fill("24")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Which item do you mean?")
    page.get_by_role("button", name="Whole milk 1 L").click()
    expect(page.locator("tbody tr")).to_contain_text("24")
    page.get_by_role("link", name="It is here: receive it").click()
    expect(page.locator("main")).to_contain_text("Expected on 31 Jan 2030")
    page.get_by_role("button", name="As announced", exact=True).click()
    expect(page.get_by_role("link", name="Change what is announced")).to_have_count(0)
    page.get_by_role("button", name="Book it").click()
    expect(page.locator("main .pill").first).to_contain_text("booked")
    with database.read() as uow:
        level = stock.on_hand(uow, STORE, MILK)
    assert level is not None
    assert level.on_hand_milli == 24_000
    page.locator("summary", has_text="Deliveries").click()  # the rail, folded away on a telephone
    expect(page.get_by_role("link", name="Day close")).to_be_visible()
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room
