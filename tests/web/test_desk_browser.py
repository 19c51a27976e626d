"""Owns the proof over two processes: a call of one store, answered from another, heard at its lane."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from inventory.config import read_store_config
from inventory.db.unit_of_work import Database
from inventory.domain.staff import Role
from inventory.opening import prepare
from inventory.services import staff
from inventory.web.server import RunningStore
from inventory.wire import KNOWS, KNOWS_HEADER
from tests.support.web_store import PINS, config_for, lane_token
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import Lane, browser, sign_in
from tests.web.test_web_accessibility import AXE, FAULTS

__all__ = ["browser"]
pytestmark = tablet.pytestmark
ROOT = Path(__file__).resolve().parents[2]
DESK = """
store_id = "helpdesk"
name = "Help desk Milano"
timezone = "Europe/Rome"
port = 0
database_url = "sqlite:///store.db"

[desk]
serves = ["*"]
languages = ["it"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[RunningStore]:
    config = config_for(tmp_path, port=0)
    database = Database(config.database_url.get_secret_value())
    running = RunningStore(config, database)
    yield running
    running.close()
    database.dispose()


@pytest.fixture
def desk_url(home: RunningStore, tmp_path: Path) -> Iterator[str]:
    """A desk in a process of its own, with Giulia; the store is open already and was never told of it."""
    path = tmp_path / "desk.toml"
    path.write_text(DESK, "utf-8")
    config = read_store_config(path)
    database = Database(config.database_url.get_secret_value())
    now_utc = datetime.now(UTC)
    prepare(config, database, now_utc)
    with database.write() as uow:
        staff.add(uow, "helpdesk", name="Giulia", pin=PINS["Giulia"], role=Role.REMOTE, now_utc=now_utc)
    database.dispose()
    command = [sys.executable, "main.py", "store", "--config", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().rpartition(" ")[2].strip()
        process.terminate()


@pytest.fixture
def page(browser: Browser, desk_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=desk_url, viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def test_a_call_is_answered_in_another_process_and_its_lane_hears_who_sees_the_basket(
    home: RunningStore, page: Page, tmp_path: Path
) -> None:
    sign_in(page, "Giulia", place="/staff/desk")
    expect(page.locator("#link")).to_have_text("Live")
    lane = Lane(home.url, "lane-2")
    lane.report("Pears")
    headers = {"authorization": f"Bearer {lane_token('lane-2')}", KNOWS_HEADER: KNOWS}
    with (
        httpx.Client(headers=headers, trust_env=False, timeout=20) as client,
        client.stream("GET", f"{home.url}/api/v1/events") as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines).startswith("event")
        lane.call("h1")
        expect(page.locator("#call-aurora-h1")).to_contain_text("Lane 2")
        expect(page.locator("#call-aurora-h1")).to_contain_text("Mercato Aurora")
        expect(page.locator("#side")).to_contain_text("Pears")
        began = time.monotonic()
        lane.report("Pears", "Quince")
        expect(page.locator("#side")).to_contain_text("Quince")
        mirrored_s = time.monotonic() - began
        page.locator("#call-aurora-h1").get_by_role("button", name="I’ll help").click()
        expect(page.locator("#call-aurora-h1")).to_contain_text("Yours")
        told = next(line for line in lines if '"Giulia"' in line)
    heard = json.loads(told.removeprefix("data: "))
    assert (heard["state"], heard["is_afar"]) == ("accepted", True)
    assert mirrored_s < 5, "four looks a second, on a busy machine"
    basket = page.locator("#side .basket").bounding_box()
    assert basket is not None
    assert basket["height"] > 60, "a long conversation leaves the basket its place"
    page.add_script_tag(content=AXE)
    assert page.evaluate(FAULTS) == []
    (tmp_path / "desk.png").write_bytes(page.screenshot())
    page.locator("#call-aurora-h1 summary", has_text="Solved").click()
    page.locator("#call-aurora-h1").get_by_role("button", name="Just solved").click()
    expect(page.locator("main")).to_contain_text("No other store asks for help.")
    lane.close()
