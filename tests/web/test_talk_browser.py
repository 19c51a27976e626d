"""Owns what only a browser can prove of a conversation: it is live, by key too, and nothing typed runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

from inventory.db.unit_of_work import Database
from inventory.web.server import RunningStore
from kiosk.store_line import events
from tests.support.web_store import PINS, config_for, lane_token, people
from tests.web.test_tablet_browser import ARGUMENTS, CHROMIUM, HOSTILE, Lane

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Shopper:
    """An Italian at a lane, by the lane's own API; hears the stream of its news."""

    def __init__(self, url: str) -> None:
        self.lane = Lane(url, "lane-1")
        self._count = 0
        headers = {"authorization": f"Bearer {lane_token('lane-1')}"}
        self._news = httpx.Client(base_url=url, headers=headers, timeout=10)

    def says(self, **what: Any) -> None:
        self._count += 1
        body = {
            "phrase_id": f"p{self._count}",
            "help_id": "h1",
            "lane_id": "lane-1",
            "language": "it",
            "at_utc": datetime.now(UTC).isoformat(),
        }
        self.lane.put(f"/help/h1/phrases/p{self._count}", json.dumps(body | what))

    def hears(self, until: int) -> list[dict[str, Any]]:
        """The first answers of the staff, as a lane that has just come back hears them."""
        told: list[dict[str, Any]] = []
        with self._news.stream("GET", "/api/v1/events") as stream:
            for name, data in events(stream):
                told += [json.loads(data)] if name == "phrase" else []
                if len(told) == until:
                    break
        return told

    def close(self) -> None:
        self.lane.close()
        self._news.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunningStore]:
    database = Database(f"sqlite:///{tmp_path / 'store.db'}")
    config = config_for(tmp_path, port=0).model_copy(update={"language": "fil"})
    running = RunningStore(config, database)
    people(database, datetime.now(UTC))
    yield running
    running.close()
    database.dispose()


@pytest.fixture
def shopper(store: RunningStore) -> Iterator[Shopper]:
    shopper = Shopper(store.url)
    yield shopper
    shopper.close()


@pytest.fixture
def page(browser: Browser, store: RunningStore) -> Iterator[Page]:
    context = browser.new_context(base_url=store.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/sign-in")
    page.locator("input[name=name]").fill("Marco")
    page.locator("input[name=pin]").fill(PINS["Marco"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")
    yield page
    context.close()


def test_an_italian_and_a_filipino_understand_each_other_at_once(page: Page, shopper: Shopper) -> None:
    shopper.lane.call("h1")
    talk = page.locator("#talk-h1")
    expect(talk).to_be_visible()
    shopper.says(phrase="card_declined")
    expect(talk.locator(".said")).to_contain_text("Hindi tinanggap ang card ko", timeout=1_000)
    shopper.says(text="Ho solo questa carta.")
    typed = talk.locator(".said p[lang=it]")
    expect(typed).to_have_text("Ho solo questa carta.", timeout=1_000)
    expect(talk.locator(".said .tag")).to_have_text("IT")

    minutes = page.locator("#fill-h1-coming")
    minutes.fill("3")
    page.keyboard.press("Enter")
    expect(talk.locator(".said .us")).to_have_count(1)
    page.wait_for_timeout(500)
    text = talk.get_by_role("textbox").last
    text.fill("Sandali lang po")
    shopper.says(phrase="thanks")  # the wall is drawn again around the half-written text
    expect(talk.locator(".said")).to_contain_text("Salamat po")
    expect(text).to_have_value("Sandali lang po")
    page.keyboard.press("Enter")
    expect(talk.locator(".said .us")).to_have_count(2)
    expect(talk.get_by_role("textbox").last).to_have_value("")

    told = shopper.hears(2)
    assert [(each["phrase"], each["slots"], each["text"], each["language"]) for each in told] == [
        ("coming", {"min": 3}, "", "fil"),
        ("", {}, "Sandali lang po", "fil"),
    ]


def test_nothing_a_shopper_types_runs_on_the_tablet(page: Page, shopper: Shopper) -> None:
    ran: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    shopper.lane.call("h1")
    some = HOSTILE[::3]
    for text in some:
        shopper.says(text=text)
    said = page.locator("#talk-h1 .said p[lang=it]")
    expect(said).to_have_count(len(some))
    assert said.all_text_contents() == list(some)
    page.locator("#talk-h1").hover()
    assert ran == []
