"""Owns what only real browsers can prove of floor work: ticks that stay, one tap for many, live lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from inventory.db.unit_of_work import Database
from inventory.domain.approving import AskedRow, row_facts
from inventory.domain.help_desk import InterventionKind
from inventory.domain.staff import Role
from inventory.services import staff_changes
from inventory.services.pins import person_named
from inventory.web.server import RunningStore
from inventory.wire import InterventionMessage
from tests.support.web_store import STORE, lane_token
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import Lane, browser, database, lane, page, sign_in, store

__all__ = ["browser", "database", "lane", "page", "store"]
pytestmark = tablet.pytestmark
FEW = row_facts(AskedRow("Yogurt", 2, 198, "EUR"))


@pytest.fixture
def desk(browser: Browser, store: RunningStore, database: Database) -> Iterator[Page]:
    """Giulia's screen, who helps from elsewhere."""
    with database.write() as uow:
        giulia = person_named(uow, STORE, "Giulia")
        assert giulia is not None
        now_utc = datetime.now(UTC)
        staff_changes.set_role(uow, STORE, giulia.staff_id, role=Role.REMOTE, by="Ada", now_utc=now_utc)
    context = browser.new_context(base_url=store.url)
    page = context.new_page()
    page.set_default_timeout(10_000)
    sign_in(page, "Giulia", place="/staff")
    yield page
    context.close()


class Asking:
    """A lane that asks, and hears who decided."""

    def __init__(self, store: RunningStore) -> None:
        headers = {"authorization": f"Bearer {lane_token('lane-1')}"}
        self._client = httpx.Client(base_url=f"{store.url}/api/v1", headers=headers)

    def ask(self, intervention_id: str, kind: InterventionKind, *facts: str) -> str:
        """Asks, or asks again; answers `approved by Marco`, "" while nobody has decided."""
        message = InterventionMessage(
            intervention_id=intervention_id,
            lane_id="lane-1",
            kind=kind,
            raised_at_utc=datetime.now(UTC),
            facts=facts,
        )
        answer = self._client.put(f"/interventions/{intervention_id}", content=message.model_dump_json())
        assert answer.is_success, answer.text
        return (
            f"{answer.json()['decision']} by {answer.json()['staff_name']}"
            if answer.status_code == 200
            else ""
        )

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def asking(store: RunningStore) -> Iterator[Asking]:
    asking = Asking(store)
    yield asking
    asking.close()


def test_a_tick_stays_while_news_comes_a_desk_approves_one_and_one_tap_the_rest(
    page: Page, desk: Page, lane: Lane, asking: Asking
) -> None:
    quantity, age = InterventionKind.QUANTITY, InterventionKind.AGE_CHECK
    asking.ask("age", age, "Red wine", "18+")
    for each in ("a", "b", "c"):
        asking.ask(each, quantity, *FEW)
    sign_in(page, "Marco", place="/staff")
    tile = page.locator("#decision-age")
    tile.get_by_role("button", name="Adult").click()
    expect(tile).to_be_visible()  # the browser itself asks for the tick
    tile.get_by_label("I can see the shopper").check()
    lane.report("Red wine")
    lane.call("h1")
    expect(page.locator("#help-h1")).to_be_visible()
    expect(tile.get_by_label("I can see the shopper")).to_be_checked()
    tile.get_by_role("button", name="Adult").click()
    expect(tile).to_have_count(0)
    assert asking.ask("age", age, "Red wine", "18+") == "approved by Marco"

    expect(page.get_by_role("button", name="Approve all low-risk (3)")).to_be_visible()
    desk.locator("#decision-b").get_by_role("button", name="Approve").click()
    expect(desk.locator("#decision-b")).to_have_count(0)
    assert asking.ask("b", quantity, *FEW) == "approved by Giulia"
    page.wait_for_timeout(500)  # a second tap sooner than this is taken for a slip
    page.get_by_role("button", name="Approve all low-risk (2)").click()
    expect(page.locator(".notice")).to_contain_text("Approved: 2.")
    expect(page.locator("[id^=decision-]")).to_have_count(0)
    assert [asking.ask(each, quantity, *FEW) for each in ("a", "c")] == ["approved by Marco"] * 2


def test_a_task_comes_up_by_itself_and_what_somebody_types_is_not_taken_away(
    page: Page, desk: Page, lane: Lane
) -> None:
    lane.report("Milk")
    sign_in(page, "Marco", place="/staff")
    for each in (page, desk):
        each.goto("/staff/tasks")
    desk.get_by_text("Write a task").click()
    desk.get_by_label("What is to be done").fill("Look at the <b>freezer</b>")
    desk.get_by_role("button", name="Write down").click()
    work = page.locator(".work")
    expect(work).to_contain_text("Look at the <b>freezer</b>")
    work.get_by_role("button", name="I’ll do it").click()
    expect(desk.locator(".work")).to_contain_text("Taken by Marco")
    work.locator("summary").click()
    page.get_by_label("What you found").fill("the door stood op")
    desk.get_by_text("Write a task").click()
    desk.get_by_label("What is to be done").fill("And the lamp")
    desk.keyboard.press("Enter")
    expect(desk.locator(".work")).to_have_count(2)
    expect(page.get_by_label("What you found")).to_have_value("the door stood op")
    page.keyboard.type("en")
    page.keyboard.press("Enter")
    expect(work).to_have_count(1)
    expect(work).to_contain_text("And the lamp")
    page.reload()
    expect(page.locator(".history")).to_contain_text("the door stood open")


def test_doors_are_chosen_and_moved_by_the_keyboard_alone(page: Page, lane: Lane) -> None:
    lane.report("Milk")
    sign_in(page, "Marco", place="/staff")
    page.goto("/staff/doors")
    page.get_by_role("button", name="All").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lane-lane-1")).to_be_checked()
    lane.report("Milk", "Bread")
    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_have_text("Paused: Lane 1.")
    expect(page.locator(".row").first).to_contain_text("Marco has paused it.")
