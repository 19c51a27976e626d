"""Owns what two tablets in two hands must show at once, and what one shows without a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from inventory.db.unit_of_work import Database
from inventory.domain.help_desk import Escalate, HelpState
from inventory.domain.help_waiting import Level
from inventory.domain.staff import Role
from inventory.services import help_desk, pins, staff_changes
from inventory.web.server import RunningStore
from tests.support.web_store import STORE, config_for, people
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import Lane, browser, database, sign_in

__all__ = ["browser", "database"]
pytestmark = [*tablet.pytestmark, pytest.mark.xdist_group("tablets")]

EVERYTHING_KEPT = """async () => {
    const texts = [JSON.stringify(localStorage)];
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
            if (!request.url.includes("/fonts/")) texts.push(await (await caches.match(request)).text());
    return texts.join(" ");
}"""

Tablet = Callable[[str], Page]


@pytest.fixture
def store(tmp_path: Path, database: Database) -> Iterator[RunningStore]:
    running = RunningStore(config_for(tmp_path, port=0), database)
    people(database, datetime.now(UTC))
    yield running
    running.close()


@pytest.fixture
def lane(store: RunningStore) -> Iterator[Lane]:
    lane = Lane(store.url, "lane-1")
    yield lane
    lane.close()


@pytest.fixture
def holding(browser: Browser, store: RunningStore) -> Iterator[Tablet]:
    """A tablet in somebody's hand, signed in and live."""
    contexts = []

    def hold(name: str) -> Page:
        context = browser.new_context(base_url=store.url, viewport={"width": 1280, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        sign_in(page, name, place="/staff")
        expect(page.locator("#link")).to_have_text("Live")
        return page

    yield hold
    for context in contexts:
        context.close()


def test_of_two_who_take_a_call_at_once_one_has_it_and_the_other_is_told_who(
    holding: Tablet, lane: Lane, database: Database
) -> None:
    marco, giulia = holding("Marco"), holding("Giulia")
    lane.call("h1")
    for page in (marco, giulia):
        expect(page.locator("#tile-h1-0")).to_have_text("I’m coming")
        page.evaluate("stream.close()")  # neither hears of the other before both have tapped
    for page in (marco, giulia):
        page.evaluate("setTimeout(() => document.getElementById('tile-h1-0').click(), 300)")
    winner = marco.locator("#help-h1 .taken")
    expect(winner).to_be_visible()
    with database.read() as uow:
        call = help_desk.find(uow, STORE, "h1")
    assert call is not None
    assert call.state is HelpState.ACCEPTED
    first, second = (marco, giulia) if call.staff_name == "Marco" else (giulia, marco)
    expect(first.locator("#help-h1 .taken")).to_contain_text("Yours")
    expect(second.locator("#help-h1 .taken")).to_contain_text(f"Taken by {call.staff_name}")
    expect(second.locator("#live > .notice")).to_contain_text(f"{call.staff_name} has taken this call")


def test_a_call_given_to_a_colleague_rings_there_with_its_note(holding: Tablet, lane: Lane) -> None:
    marco, giulia = holding("Marco"), holding("Giulia")
    lane.call("h1")
    marco.locator("#tile-h1-0").click()
    expect(marco.locator("#help-h1")).to_contain_text("Yours")
    marco.locator("#more-tile-h1-open").click()
    marco.locator("#hand-tile-h1-to").select_option("Giulia")
    marco.locator("#hand-tile-h1-note").fill("The scale is stuck")
    marco.wait_for_timeout(500)  # a second tap at once would be a slip
    marco.locator("#tile-h1-hand").click()
    tile = giulia.locator("#help-h1")
    expect(tile).to_contain_text("For you")
    expect(tile).to_contain_text("The scale is stuck")
    expect(tile).to_have_attribute("data-ring", "for-you")
    expect(giulia.locator("#news")).to_contain_text("For you")
    expect(giulia).to_have_title("(1) Lanes · Mercato Aurora")
    expect(marco.locator("#help-h1")).to_contain_text("For Giulia")


def test_a_tap_without_a_line_is_kept_shown_and_dropped_when_somebody_was_faster(
    holding: Tablet, lane: Lane
) -> None:
    marco, giulia = holding("Marco"), holding("Giulia")
    lane.call("h1")
    lane.call("h2")
    expect(marco.locator("#help-h2")).to_be_visible()
    marco.context.set_offline(True)
    marco.locator("#tile-h1-0").click()
    expect(marco.locator("#kept")).to_contain_text("Will be sent: I’m coming: 1 · Help")
    marco.wait_for_timeout(500)
    marco.locator("#tile-h2-0").click()
    expect(marco.locator("#kept p")).to_have_count(2)
    assert "form_token" not in str(marco.evaluate("localStorage.getItem('lanelight.kept')"))
    giulia.locator("#tile-h1-0").click()
    expect(giulia.locator("#help-h1")).to_contain_text("Yours")
    marco.context.set_offline(False)
    marco.evaluate("listen()")
    expect(marco.locator("#help-h2")).to_contain_text("Yours")
    expect(marco.locator("#help-h1")).to_contain_text("Taken by Giulia")
    expect(marco.locator("#kept")).to_be_hidden()
    expect(marco.locator("#live > .notice")).to_contain_text("Giulia has taken this call already.")


def test_a_store_killed_during_a_call_is_shown_as_gone_and_the_call_comes_back_with_it(
    holding: Tablet, store: RunningStore, tmp_path: Path, database: Database, lane: Lane
) -> None:
    marco = holding("Marco")
    lane.call("h1")
    expect(marco.locator("#help-h1")).to_be_visible()
    store.close()
    expect(marco.locator("#link")).to_contain_text("Not connected")
    marco.locator("#tile-h1-0").click()
    expect(marco.locator("#kept")).to_contain_text("I’m coming")
    again = RunningStore(config_for(tmp_path, port=store.port), database)
    try:
        expect(marco.locator("#link")).to_have_text("Live", timeout=15_000)
        expect(marco.locator("#help-h1")).to_contain_text("Yours")
        expect(marco.locator("#kept")).to_be_hidden()
    finally:
        again.close()


def test_what_stands_without_a_store_says_so_and_sign_out_wipes_it(holding: Tablet, lane: Lane) -> None:
    lane.report("Secret wine")
    lane.call("h1", note="My name is Anna")
    marco = holding("Marco")
    expect(marco.locator("#help-h1")).to_be_visible()
    marco.evaluate("navigator.serviceWorker.ready.then(() => true)")
    marco.context.set_offline(True)
    marco.goto("/staff?lane=lane-1")
    expect(marco.get_by_role("heading", name="Not connected")).to_be_visible()
    expect(marco.locator("#last")).to_contain_text("It may be old.")
    expect(marco.locator("#last")).to_contain_text("1 · Help")
    kept = marco.evaluate(EVERYTHING_KEPT)
    assert "lanelight.wall" in kept
    for secret in ("Secret wine", "Anna", "Marco", "form_token"):
        assert secret not in kept, secret
    marco.context.set_offline(False)
    marco.goto("/staff")
    expect(marco.locator("#link")).to_have_text("Live")
    marco.locator("form.sign-out button").click()
    marco.wait_for_url("**/sign-in")
    assert marco.evaluate("Object.keys(localStorage)") == []


def test_a_call_nobody_answers_reaches_the_supervisors_tablet_in_its_own_sound(
    holding: Tablet, lane: Lane, database: Database
) -> None:
    with database.write() as uow:
        person = pins.person_named(uow, STORE, "Giulia")
        assert person is not None
        now = datetime.now(UTC)
        staff_changes.set_role(uow, STORE, person.staff_id, role=Role.SUPERVISOR, by="Ada", now_utc=now)
    marco, giulia = holding("Marco"), holding("Giulia")
    lane.call("h1")
    expect(marco.locator("#help-h1")).to_have_attribute("data-ring", "call")
    expect(giulia.locator("#help-h1")).to_be_visible()
    expect(giulia.locator("#help-h1[data-ring]")).to_have_count(0)
    with database.write() as uow:
        help_desk.do(uow, STORE, "h1", Escalate(Level.SUPERVISOR), datetime.now(UTC))
    expect(giulia.locator("#help-h1")).to_have_attribute("data-ring", "lead")
    expect(giulia.locator("#help-h1")).to_contain_text("Nobody came yet: supervisors called")
    expect(giulia.locator("#news")).to_contain_text("supervisors called")
