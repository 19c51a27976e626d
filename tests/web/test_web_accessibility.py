"""Owns what a checker and a browser can prove of every page, left to right and right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.support.furnished_store import OPEN_TO_ALL, PAGES, SHEET, Furnished, furnished
from tests.support.web_store import PINS
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import browser

__all__ = ["browser"]
pytestmark = [*tablet.pytestmark, pytest.mark.xdist_group("checker")]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
FAULTS = """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
    .filter(found => found.impact === 'serious' || found.impact === 'critical')
    .flatMap(found => found.nodes.map(node =>
        `${found.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))"""

WHOLE = ViewportSize(width=1280, height=800)
TWICE_THE_SIZE = ViewportSize(width=640, height=400)
"""What 200 % zoom leaves of it."""
CHECKED_IN_ARABIC = OPEN_TO_ALL | {"lanes", "today"}

CUT = """() => [...document.querySelectorAll('body *')]
    .filter(each => !each.closest('.sr, .skip, [aria-hidden=true], svg') && each.clientWidth > 1
        && getComputedStyle(each).overflowX !== 'visible'
        && !['auto', 'scroll'].includes(getComputedStyle(each).overflowX)
        && !['INPUT', 'SELECT'].includes(each.tagName)
        && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1))
    .map(each => each.outerHTML.slice(0, 160))"""


@pytest.fixture(scope="module", params=["en", "ar"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    language = str(request.param)
    with furnished(tmp_path_factory.mktemp(f"shop-{language}"), language) as shop:
        yield shop


@pytest.fixture(scope="module")
def context(browser: Browser, shop: Furnished) -> Iterator[BrowserContext]:
    """Ada, signed in; the checker may be put into her pages past their policy."""
    context = browser.new_context(viewport=WHOLE, bypass_csp=True)
    page = context.new_page()
    page.goto(shop.address("sign-in"))
    page.locator("#name").fill("Ada")
    page.locator("#pin").fill(PINS["Ada"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/manager")
    page.close()
    yield context
    context.close()


@pytest.fixture
def ada(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    page.close()


@pytest.fixture
def anybody(browser: Browser, shop: Furnished) -> Iterator[Page]:
    context = browser.new_context(viewport=WHOLE, bypass_csp=True)
    yield context.new_page()
    context.close()


def visit(shop: Furnished, name: str, ada: Page, anybody: Page) -> Page:
    page = anybody if name in OPEN_TO_ALL else ada
    page.goto(shop.address(name))
    if name in ("lanes", "one lane"):
        expect(page.locator("#link.on")).to_be_visible()
    return page


def faults_of(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: list[str] = page.evaluate(FAULTS)
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """What one visit to a page showed, first as it is and then at twice its size.

    `faults` is None where nobody asked the checker: it looks at every page from left to right, and from right
    to left at some. Its rules are about names, roles and colours, which do not turn.
    """

    direction: str | None
    faults: list[str] | None
    width_px: int
    room_px: int
    cut: list[str]


@pytest.fixture(scope="module")
def seen(shop: Furnished, context: BrowserContext, browser: Browser) -> Iterator[Callable[[str], Seen]]:
    """Visits a page once for all that is asked of it."""
    stranger = browser.new_context(viewport=WHOLE, bypass_csp=True)
    pages = {True: stranger.new_page(), False: context.new_page()}

    @cache
    def look(name: str) -> Seen:
        page = pages[name in OPEN_TO_ALL]
        page.set_viewport_size(WHOLE)
        visit(shop, name, page, page)
        direction = page.locator("html").get_attribute("dir")
        faults = None
        if shop.language == "en" or name in CHECKED_IN_ARABIC:
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            faults = faults_of(page)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
        page.set_viewport_size(TWICE_THE_SIZE)
        width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        cut = page.evaluate(CUT)
        return Seen(direction, faults, width, room, cut)

    yield look
    pages[False].close()
    stranger.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_checker_finds_no_serious_fault_on_any_page(
    shop: Furnished, seen: Callable[[str], Seen], name: str
) -> None:
    assert seen(name).direction == ("rtl" if shop.language == "ar" else "ltr")
    assert not seen(name).faults


@pytest.mark.parametrize("name", PAGES)
def test_at_twice_the_size_no_page_scrolls_sideways_and_nothing_is_cut(
    seen: Callable[[str], Seen], name: str
) -> None:
    assert seen(name).width_px <= seen(name).room_px
    assert seen(name).cut == []


def test_a_checker_finds_no_serious_fault_where_something_was_refused(
    shop: Furnished, ada: Page, anybody: Page, tmp_path: Path
) -> None:
    anybody.goto(shop.address("sign-in"))
    anybody.locator("#name").fill("Marco")
    anybody.locator("#pin").fill("000000")
    anybody.keyboard.press("Enter")
    expect(anybody.get_by_role("alert")).to_be_visible()
    assert faults_of(anybody) == []
    ada.goto(shop.address("import"))
    sheet = tmp_path / "prices.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    ada.locator("input[type=file]").set_input_files(sheet)
    ada.locator("main form button").first.click()
    expect(ada.locator("main table").first).to_be_visible()
    assert faults_of(ada) == []


def test_a_checker_finds_no_serious_fault_when_signed_out_in_mid_work(shop: Furnished, ada: Page) -> None:
    ada.goto(shop.address("lanes"))
    expect(ada.locator("#link.on")).to_be_visible()
    ada.evaluate("signedOut()")
    expect(ada.locator("#live .out")).to_be_visible()
    assert faults_of(ada) == []


def test_a_checker_finds_no_serious_fault_on_the_wall_in_the_dark_with_all_menus_open(
    shop: Furnished, ada: Page
) -> None:
    ada.emulate_media(color_scheme="dark")
    ada.goto(shop.address("lanes"))
    expect(ada.locator("#link.on")).to_be_visible()
    ada.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert faults_of(ada) == []
    ada.set_viewport_size(ViewportSize(width=320, height=640))
    width, room = ada.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room


def test_the_checker_sees_a_fault(shop: Furnished, anybody: Page) -> None:
    page = visit(shop, "phone", anybody, anybody)
    page.evaluate("document.querySelector('h1').style.color = '#f0f0f0'")
    assert any("color-contrast" in fault for fault in faults_of(page))
