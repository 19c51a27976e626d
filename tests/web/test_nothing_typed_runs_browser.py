"""Every free text of the store bites, on all pages of console, tablet and phone: nothing runs or is drawn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from inventory.db.unit_of_work import Database
from inventory.domain.availability import ShelfRule
from inventory.domain.documents import Document, Kind
from inventory.domain.places import Place
from inventory.domain.staff import Role
from inventory.services import api_tokens, availability, documents, prices, receiving, staff, tasks
from inventory.services.tasks import Task
from tests.support.furnished_store import PAGES, Furnished, furnished
from tests.support.web_store import MILK, PINS, STORE
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import browser

__all__ = ["browser"]
pytestmark = [*tablet.pytestmark, pytest.mark.xdist_group("bites")]

BITES = (
    "<script>bitten=1</script>",
    "<img class=bite src=bite onerror=bitten=1>",
    "<svg class=bite onload=bitten=1>",
    "\" class=bite autofocus onfocus='bitten=1",
    "'><iframe class=bite srcdoc='<script>parent.bitten=1</script>'>",
    "</title><style class=bite>*{display:none}</style>",
    "<a class=bite href=javascript:bitten=1>x</a>",
    "<b class=bite hx-get=/bite hx-trigger=load>",
    "{{ 7*191 }}${7*191}",
    "\u202e\u2066<details class=bite open ontoggle=bitten=1>",
)
FOUND = """() => [
    typeof bitten === 'undefined' ? '' : 'it ran',
    ...[...document.querySelectorAll('.bite, script:not([src]), iframe, [onerror], [onload], [onfocus]')]
        .map(each => each.outerHTML.slice(0, 200)),
    ...[...document.querySelectorAll('a[href], form[action]')]
        .filter(each => /^\\s*javascript:/i.test(each.getAttribute('href') || each.getAttribute('action')))
        .map(each => each.outerHTML.slice(0, 200)),
    document.body.innerText.includes('1337') ? 'a template was filled' : '',
].filter(Boolean)"""
"""What got through: it ran, it is an element, it is an address, or 7 × 191 was worked out."""
ROWS = f"gtin,name,price_minor,department\n{MILK},%s,150,%s\n08001234000011,%s,abc,x\n"


def more(database: Database, say: Iterator[str]) -> None:
    """What the furnished store does not have: people, devices, tasks, plans, places with such names."""
    now = datetime.now(UTC)
    with database.write() as uow:
        for name, pin in ((BITES[1], "440917"), (BITES[7], "830264")):
            staff.add(uow, STORE, name=name[:40], pin=pin, role=Role.ATTENDANT, now_utc=now)
            api_tokens.make(uow, STORE, name=name, role=Role.MANAGER, by=next(say), now_utc=now)
        task = Task("bite", "gone", "lane-1", next(say), "EUR", 100, sale_id=next(say))
        tasks.make(uow, STORE, task, now)
        tasks.make(uow, STORE, Task("bitten", "gone", next(say), next(say), ""), now)
        tasks.finish(uow, STORE, "bitten", who=next(say), note=next(say), now_utc=now)
        plan = {"price_minor": 99, "from_utc": now + timedelta(days=1), "until_utc": None, "now_utc": now}
        prices.plan(uow, STORE, MILK, reason=next(say), who=next(say), **plan)  # type: ignore[arg-type]
        paper = Document("nasty", Kind.MOVE, next(say), next(say), now, BITES[1][:40], BITES[2], next(say))
        documents.open_document(uow, STORE, paper)
        place = Place(BITES[1], "<svg onload=bitten=1>")
        receiving.fill(uow, STORE, "nasty", MILK, 1000, place=place, who=next(say), now_utc=now)
        rule = ShelfRule()
        for name in itertools.islice(say, 2):
            availability.set_rule_by_hand(uow, STORE, name, rule, who=next(say), now_utc=now)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    bites = itertools.cycle(BITES)
    folder = tmp_path_factory.mktemp("bites")
    with furnished(folder, "en", say=lambda text: f"{text} {next(bites)}") as shop:
        database = Database(f"sqlite:///{folder / 'store.db'}")
        more(database, (f"name {bite}" for bite in bites))
        database.dispose()
        yield shop


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What a page should not have said or done: a dialog, a refused script, a request for nothing."""
    return []


@pytest.fixture(scope="module")
def context(browser: Browser, shop: Furnished, told: list[str]) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})

    def dismiss(dialog: Dialog) -> None:
        told.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    context.on("dialog", dismiss)
    context.on(
        "console",
        lambda said: told.append(said.text) if "Content Security Policy" in said.text else None,
    )
    context.on("weberror", lambda error: told.append(str(error.error)))
    context.on("request", lambda asked: told.append(asked.url) if "/bite" in asked.url[-6:] else None)
    page = context.new_page()
    page.goto(shop.url + "/sign-in?next=/manager")
    page.locator("#name").fill("Ada")
    page.locator("#pin").fill(PINS["Ada"])
    page.locator("button.go").click()
    page.wait_for_url("**/manager")
    page.close()
    yield context
    context.close()


def paths() -> list[str]:
    """Every page, and the lists once more asked for what bites."""
    nasty = [quote(bite, safe="") for bite in BITES]
    asked = itertools.cycle(nasty)
    lists = ("items", "sales", "audit")
    searched = [
        f"/manager/{name}?search={next(asked)}&name={next(asked)}&sort={next(asked)}&page={next(asked)}"
        for name in lists
    ]
    by_hand = [
        f"/find?{urlencode({'q': bite, 'lane': bite, 'lang': 'en'})}"
        for bite in (BITES[1], BITES[3], BITES[8])
    ]
    by_hand += [
        f"/find?{urlencode({'department': f'Dairy {BITES[0]}', 'lang': 'ar'})}",
        f"/staff/waste?code={nasty[1]}&lot={nasty[3]}&location={nasty[2]}&expires={nasty[3]}",
        f"/staff/deliveries/delivery-2/announced?code={nasty[3]}&quantity={nasty[1]}&lot={nasty[4]}",
        "/manager/transfers",
        "/manager/transfers/nasty",
        "/manager/moves",
        "/manager/bundles",
        "/manager/expiry",
        f"/staff?lane={nasty[3]}",
        f"/staff/day?receipt={nasty[1]}",
        f"/sign-in?next={nasty[3]}",
    ]
    return [*dict.fromkeys([*PAGES.values(), *searched, *by_hand])]


def test_nothing_that_somebody_typed_runs_or_is_drawn_on_any_page(
    shop: Furnished, context: BrowserContext, told: list[str]
) -> None:
    page = context.new_page()
    page.set_default_timeout(10_000)
    found: dict[str, list[str]] = {}
    bitten = 0
    for path in paths():
        page.goto(shop.url + path, wait_until="load")
        if path.startswith("/staff") and path.partition("?")[0] == "/staff":
            expect(page.locator("#link.on")).to_be_visible()
        bitten += "bite" in page.content()
        faults = page.evaluate(FOUND)
        if faults or told:
            found[path] = [*faults, *told]
            told.clear()
    page.close()
    assert found == {}
    assert bitten > 40  # else the pages were empty, and nothing is proven


def test_a_file_with_such_a_name_and_such_rows_does_nothing_either(
    shop: Furnished, context: BrowserContext, told: list[str], tmp_path: Path
) -> None:
    page: Page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(shop.url + "/manager/import")
    rows = ROWS % tuple('"' + bite.replace('"', '""') + '"' for bite in (BITES[1], BITES[3], BITES[7]))
    name = "<img class=bite src=bite onerror=bitten=1>.csv"
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.locator("main form button").first.click()
    expect(page.locator("main table").first).to_be_visible()
    assert [*page.evaluate(FOUND), *told] == []
    page.goto(shop.url + "/manager/import")
    expect(page.locator("main")).to_contain_text("class=bite")
    assert [*page.evaluate(FOUND), *told] == []
    page.close()
