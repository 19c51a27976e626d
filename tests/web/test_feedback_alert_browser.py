"""Owns what only two real browsers can prove of an alert: it chimes by itself, and who took it is seen."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, expect

from inventory.web.server import RunningStore
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import Lane, browser, database, lane, on_the_wall, page, sign_in, store

__all__ = ["browser", "database", "lane", "page", "store"]
pytestmark = tablet.pytestmark


def touch(lane: Lane, face: str) -> None:
    at = datetime.now(UTC).isoformat()
    body = f'{{"feedback_id": "f1", "lane_id": "lane-1", "face": "{face}", "at_utc": "{at}"}}'
    lane.put("/feedback/f1", body)


def test_a_bad_face_chimes_on_an_open_tablet_and_who_sees_to_it_is_seen_on_the_next(
    browser: Browser, store: RunningStore, page: Page, lane: Lane
) -> None:
    lane.report()
    on_the_wall(page)
    page.evaluate(
        "window.rung = 0; window.chimed = 0;"
        "ring = (kinds) => { for (const kind of kinds) kind === 'chime' ? chimed++ : rung++; }; null"
    )
    other = browser.new_context(base_url=store.url, viewport={"width": 390, "height": 844})
    second = other.new_page()
    second.set_default_timeout(10_000)
    sign_in(second, "Ada", place="/manager")
    second.goto("/staff")
    touch(lane, "awful")
    tile = page.locator(".tile.unhappy")
    expect(tile).to_contain_text("1 · Feedback", timeout=2_000)
    expect(tile).to_contain_text("The shopper is still at the lane.")
    expect(page.locator("#news")).to_have_text("Lane 1: a shopper is not happy")
    assert page.evaluate("[rung, chimed]") == [0, 1]
    page.get_by_role("button", name="I see to it: 1 · Feedback").focus()
    page.keyboard.press("Enter")
    there = second.locator("[id^=alert-]")
    expect(there).to_contain_text("Taken by Marco")
    expect(there.get_by_role("button")).to_have_count(0)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Done: 1 · Feedback").click()
    expect(there).to_have_count(0)
    other.close()
