"""Owns what only a real browser can prove of an import: the bar moves, the preview comes, it is undone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from inventory.db.unit_of_work import Database
from inventory.domain.import_batch import BatchState
from inventory.services import catalogue, import_batches
from tests.support.web_store import MILK, STORE, config_for, stocked
from tests.web import test_tablet_browser as tablet
from tests.web.test_tablet_browser import browser, database, page, store

__all__ = ["browser", "database", "page", "store"]
pytestmark = tablet.pytestmark

BREAD = "08001234000011"


def test_a_file_is_watched_shown_taken_and_undone(page: Page, database: Database, tmp_path: Path) -> None:
    stocked(database, config_for(tmp_path), datetime.now(UTC))
    sheet = tmp_path / "spring.csv"
    sheet.write_text(f"gtin,name,price\n{MILK},Whole milk 1 L,1.39\n{BREAD},Bread,3.40\n", encoding="utf-8")
    tablet.sign_in(page, "Ada", place="/manager")
    page.goto("/manager/import")
    page.locator("input[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="Show what would change").click()
    preview = page.get_by_role("heading", name="What would change")
    expect(preview).to_be_visible(timeout=30_000)
    with database.write() as uow:  # as if the program had ended while it read
        (batch,) = import_batches.waiting(uow, STORE)
        import_batches.become(uow, STORE, batch.batch_id, BatchState.READING, datetime.now(UTC))
    page.reload()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(preview).to_be_visible(timeout=30_000)
    expect(page.get_by_text("+7.8 %")).to_be_visible()
    page.get_by_label("I have looked").check()
    page.get_by_role("button", name="Take these prices now").click()
    expect(page.get_by_role("status")).to_contain_text("is live on every lane")
    page.get_by_role("button", name="Undo import spring.csv").click()
    expect(page.get_by_role("status")).to_contain_text("The import is undone.")
    with database.read() as uow:
        assert len(catalogue.current(uow, STORE).items) == 2
