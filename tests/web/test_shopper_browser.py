"""The phone's pages in a real browser: found, opened, told of news, with no script, and their weight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from assets import ROOT as ASSETS
from inventory.db.unit_of_work import Database
from inventory.domain.availability import ShelfRule
from inventory.domain.stock import BandLimits, Movement, Reason
from inventory.services import availability, stock
from inventory.web.server import RunningStore
from tests.support.web_store import MILK, STORE, config_for, stocked
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import browser

__all__ = ["browser"]
pytestmark = [*tablet.pytestmark, pytest.mark.xdist_group("phone")]

MOST_BYTES = 50_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Database]]:
    folder = tmp_path_factory.mktemp("phone")
    database = Database(f"sqlite:///{folder / 'store.db'}")
    config = config_for(folder, port=0).model_copy(update={"plan": ASSETS / "demo" / "plan.toml"})
    running = RunningStore(config, database)
    stocked(database, config, datetime.now(UTC))
    book(database, 12_000, Reason.RECEIPT, "opening")
    yield running.url, database
    running.close()
    database.dispose()


def book(database: Database, milli: int, reason: Reason, source: str) -> None:
    now = datetime.now(UTC)
    with database.write() as uow:
        stock.post_all(uow, STORE, [Movement(MILK, reason, milli, source, "Ada", now)], as_of_utc=now)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="it-IT")
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def weight(shop: str, page: Page, path: str) -> int:
    """Every byte that one page brings with it, heads included."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks what it calls
    page.goto(shop + path, wait_until="load")
    assert all(answer.ok for answer in answers), [answer.url for answer in answers if not answer.ok]
    sizes = [answer.request.sizes() for answer in answers if "/news" not in answer.url]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


def test_a_shopper_types_finds_and_opens_an_item(shop: tuple[str, Database], phone: Page) -> None:
    phone.goto(f"{shop[0]}/find?lang=en&lane=lane-3")
    phone.get_by_label("Find an item").fill("whole mlik")
    phone.keyboard.press("Enter")
    phone.get_by_role("link", name="Whole milk 1 L").click()
    expect(phone.get_by_role("heading", name="Whole milk 1 L")).to_be_visible()
    expect(phone.locator("path.way")).to_be_attached()


def test_the_first_page_and_an_item_s_weigh_less_than_50_kilobytes(
    shop: tuple[str, Database], phone: Page
) -> None:
    assert weight(shop[0], phone, "/find?lang=ar") < MOST_BYTES
    assert weight(shop[0], phone, "/find?q=milk&lang=ar") < MOST_BYTES
    assert weight(shop[0], phone, f"/find/{MILK}?lane=lane-3&lang=ar") < MOST_BYTES


def test_news_of_stock_reach_an_open_page_by_themselves(shop: tuple[str, Database], phone: Page) -> None:
    phone.goto(f"{shop[0]}/find/{MILK}?lang=en")
    expect(phone.locator("[data-news]")).to_contain_text("Plenty")
    phone.wait_for_timeout(300)
    book(shop[1], -7_000, Reason.WASTE, "broken")
    expect(phone.locator("[data-news]")).to_contain_text("A few left", timeout=3_000)
    book(shop[1], 7_000, Reason.RECEIPT, "more")
    expect(phone.locator("[data-news]")).to_contain_text("Plenty", timeout=3_000)


def test_how_a_department_speaks_reaches_an_open_page_by_itself(
    shop: tuple[str, Database], phone: Page
) -> None:
    phone.goto(f"{shop[0]}/find/{MILK}?lang=en")
    phone.wait_for_timeout(300)
    with shop[1].write() as uow:
        rule = ShelfRule(BandLimits(plenty_milli=90_000, a_few_milli=4_000))
        availability.set_rule_by_hand(uow, STORE, "Dairy", rule, who="Ada", now_utc=datetime.now(UTC))
    expect(phone.locator("[data-news]")).to_contain_text("A few left", timeout=3_000)
    with shop[1].write() as uow:
        settled = ShelfRule()
        availability.give_rule_back(uow, STORE, "Dairy", settled, who="Ada", now_utc=datetime.now(UTC))
    expect(phone.locator("[data-news]")).to_contain_text("Plenty", timeout=3_000)


def test_without_a_script_every_page_says_the_same(shop: tuple[str, Database], browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{shop[0]}/find?q=milk&lang=en")
    page.get_by_role("link", name="Whole milk 1 L").click()
    expect(page.locator("[data-news]")).to_contain_text("Plenty")
    assert context.cookies() == []
    context.close()


def test_the_phone_s_own_language_is_spoken_unless_another_is_chosen(
    shop: tuple[str, Database], phone: Page
) -> None:
    phone.goto(f"{shop[0]}/find")
    expect(phone.locator("html")).to_have_attribute("lang", "it")
    phone.locator("summary").click()
    phone.get_by_role("link", name="العربية").click()
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")


def test_nothing_is_wider_than_a_small_phone(shop: tuple[str, Database], phone: Page) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    for path in (
        "/find?lang=de",
        "/find?department=Dairy&lang=ar",
        "/find?q=milk&lang=de",
        f"/find/{MILK}?lane=lane-3&lang=ar",
    ):
        phone.goto(shop[0] + path)
        width, room = phone.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width <= room, path
