"""A passkey in a real browser, with an authenticator that the browser itself plays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from inventory.db.unit_of_work import Database
from inventory.opening import prepare
from inventory.web.server import RunningStore
from tests.support.http_load import free_port
from tests.support.web_store import PINS, config_for, people
from tests.web.test_tablet_browser import ARGUMENTS, CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    port = free_port()
    config = config_for(tmp_path, port=port).model_copy(update={"public_url": f"http://localhost:{port}"})
    database, now_utc = Database(config.database_url.get_secret_value()), datetime.now(UTC)
    prepare(config, database, now_utc)
    people(database, now_utc)
    running = RunningStore(config, database)
    context = browser.new_context(base_url=config.public_url)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
    running.close()
    database.dispose()


def test_a_passkey_is_made_and_signs_in_and_one_taken_away_does_not(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/sign-in")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Your PIN").fill(PINS["Ada"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/manager")
    page.goto("/staff/passkeys")
    page.get_by_label("Name").fill("This laptop")
    page.get_by_label("Your PIN").fill(PINS["Ada"])
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("cell", name="This laptop", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/manager")
    page.goto("/staff/passkeys")
    page.get_by_role("button", name="Revoke").click()
    page.wait_for_url("**/sign-in**")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("opens nothing here")
