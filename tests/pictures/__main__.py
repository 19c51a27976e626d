"""Renews docs/screenshots and docs/gallery: plays journeys off screen and opens the store's pages.

`python -m tests.pictures` makes all of it, with `film` the gallery alone, with `console` the pages of console
and phone, with names behind `console` (see console.PAGES and console.PHONE) only those.

It must not change a picture by hand.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from inventory.db.unit_of_work import Database
from inventory.demo import DemoStore
from inventory.demo_names import DEMO
from inventory.domain.help_desk import HelpReason, HelpState, InterventionKind
from inventory.domain.sales import Sale, Tender, tax_of_lines, total_of_lines
from inventory.services import lanes
from inventory.wire import (
    CatalogueMessage,
    HelpMessage,
    InterventionMessage,
    LaneStateMessage,
    MirrorLine,
    SaleMessage,
)
from kiosk.checkout.basket import BasketLine
from kiosk.shelf import shelf_from
from tests.pictures import console, film

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_WORDS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PALETTE_COLOURS = 256


def main() -> None:
    if sys.argv[1:2] != ["console"]:
        if sys.argv[1:] != ["film"]:
            _make_screenshots()
        film.make()
    if sys.argv[1:] != ["film"]:
        console.make(sys.argv[2:])


def _make_screenshots() -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _play("portrait", Path(folder), "--portrait")
        _play("landscape", Path(folder), "--landscape", "--language", "it")
        _open_pages(Path(folder) / "store")


def _play(name: str, folder: Path, *words: str) -> None:
    out = folder / name
    journey = Path(__file__).with_name(f"{name}.journey")
    command = [sys.executable, "main.py", "demo", "--headless", "--journey", str(journey), "--out", str(out)]
    subprocess.run([*command, *words], cwd=ROOT, check=True)
    for picture in out.glob("*.png"):
        if not picture.stem.startswith("receipt") or name == "portrait":
            _keep(picture)


def _keep(picture: Path) -> None:
    """Half size and 256 colours: sharp on a page, small in the repository."""
    with Image.open(picture) as image:
        size = (image.width // 2, image.height // 2) if image.width > 700 else image.size
        small = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        small.quantize(PALETTE_COLOURS).save(SCREENSHOTS / picture.name, optimize=True)


# --- the store's pages ---------------------------------------------------------------------------


def _open_pages(folder: Path) -> None:
    store = DemoStore(folder)
    try:
        _busy_morning(store, folder)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_WORDS)
            person, path, file = store.people[0], "/staff?lane=lane-3", folder / "tablet.png"
            _photograph(browser, store.url, (person.name, person.pin), path, file, (1280, 800))
            shutil.copy(file, SCREENSHOTS / file.name)
            browser.close()
    finally:
        store.close()


def _photograph(
    browser: Browser, url: str, person: tuple[str, str], path: str, file: Path, size: tuple[int, int]
) -> None:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="dark").new_page()
    page.goto(f"{url}/sign-in")
    page.fill("input[name=name]", person[0])
    page.fill("input[name=pin]", person[1])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address, wait_until="load")
    page.goto(url + path, wait_until="load")
    page.wait_for_timeout(600)
    page.screenshot(path=file)


def _busy_morning(store: DemoStore, folder: Path) -> None:
    """Four lanes with something going on, and some sales behind them."""
    tokens = {DEMO.lane_id: store.lane_token} | {f"lane-{n}": f"picture-token-of-lane-{n}" for n in (1, 2, 4)}
    database = Database(f"sqlite:///{folder / 'store.sqlite'}")
    with database.write() as uow:
        for lane_id, token in tokens.items():
            lanes.enrol(uow, DEMO.store_id, lane_id, token, datetime.now(UTC))
    database.dispose()
    clients = {
        lane_id: httpx.Client(
            base_url=store.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False
        )
        for lane_id, token in tokens.items()
    }
    now = datetime.now(UTC)
    milk, beer = (
        MirrorLine(name="Whole milk 1 L", quantity="1", amount_minor=129),
        MirrorLine(name="Amber beer 0.5 L", quantity="1", amount_minor=188, age_limit=18),
    )
    bread = MirrorLine(name="Farmhouse bread", quantity="1", amount_minor=210)
    fine = {"scanner": "ready", "terminal": "ready", "printer": "ready", "scale": "ready"}
    for lane_id, screen, language, lines, devices in (
        ("lane-1", "basket", "en", (milk, beer), fine),
        ("lane-2", "pay", "ro", (bread, bread, milk), fine),
        ("lane-3", "basket", "it", (milk, bread, beer), {**fine, "printer": "paper low"}),
        ("lane-4", "attract", "en", (), {**fine, "terminal": "lost"}),
    ):
        state = LaneStateMessage(
            lane_id=lane_id,
            screen=screen,
            language=language,
            currency="EUR",
            total_minor=sum(line.amount_minor for line in lines),
            lines=lines,
            devices=devices,
            at_utc=now,
        )
        clients[lane_id].post(
            f"/api/v1/lanes/{lane_id}/state", content=state.model_dump_json()
        ).raise_for_status()
    _sell(clients["lane-2"], now)
    call = HelpMessage(
        help_id="call-1",
        lane_id="lane-3",
        state=HelpState.REQUESTED,
        reason=HelpReason.WONT_SCAN,
        language="it",
        requested_at_utc=now - timedelta(seconds=12),
    )
    clients["lane-3"].put("/api/v1/help/call-1", content=call.model_dump_json()).raise_for_status()
    check = InterventionMessage(
        intervention_id="age-1",
        lane_id="lane-1",
        kind=InterventionKind.AGE_CHECK,
        raised_at_utc=now,
        facts=("Amber beer 0.5 L", "18+"),
    )
    clients["lane-1"].put("/api/v1/interventions/age-1", content=check.model_dump_json()).raise_for_status()
    for client in clients.values():
        client.close()


def _sell(client: httpx.Client, now: datetime) -> None:
    catalogue = CatalogueMessage.model_validate_json(client.get("/api/v1/catalogue").content)
    shelf = shelf_from(catalogue)
    units = [item for item in shelf.by_gtin.values() if item.sold_by.value == "unit"]
    for number in range(1, 25):
        picked = [units[(number * 7 + step * 11) % len(units)] for step in range(1 + number % 5)]
        lines = tuple(
            BasketLine(f"{number}-{at}", item, shelf.tax_rate_bp(item), units=1 + at % 2).as_sale_line("en")
            for at, item in enumerate(picked)
        )
        total_minor = total_of_lines(lines)
        sale = Sale(
            sale_id=f"picture-{number}",
            store_id=DEMO.store_id,
            lane_id="lane-2",
            receipt_no=number,
            paid_at_utc=now - timedelta(minutes=(24 - number) * 3),
            currency="EUR",
            language="en",
            lines=lines,
            taxes=tax_of_lines(lines),
            tenders=(Tender("card", total_minor, f"attempt-{number}"),),
            total_minor=total_minor,
        )
        message = SaleMessage(sale=sale, journal_seq=number, journal_head="0" * 64)
        client.post("/api/v1/sales", content=message.model_dump_json()).raise_for_status()


if __name__ == "__main__":
    main()
