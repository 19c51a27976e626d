"""Owns what only a real browser can prove of feedback: a face is on the console within five seconds."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.support.web_store import PINS
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import Lane, browser, database, lane, page, store

__all__ = ["browser", "database", "lane", "page", "store"]
pytestmark = tablet.pytestmark


def say(lane: Lane, number: int) -> None:
    at = datetime.now(UTC).isoformat()
    body = f'{{"feedback_id": "f{number}", "lane_id": "lane-1", "face": "good", "at_utc": "{at}"}}'
    lane.put(f"/feedback/f{number}", body)


def test_a_face_is_on_the_console_within_five_seconds_without_a_reload(page: Page, lane: Lane) -> None:
    for number in range(9):
        say(lane, number)
    page.goto("/sign-in")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Your PIN").fill(PINS["Ada"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/manager")
    page.goto("/manager/feedback")
    expect(page.locator("main")).to_contain_text("Too few yet")
    page.evaluate("window.neverReloaded = true")
    say(lane, 9)
    begun = time.monotonic()
    expect(page.locator("main")).to_contain_text("72% to 100%", timeout=5_000)
    assert time.monotonic() - begun < 5
    assert page.evaluate("window.neverReloaded")
