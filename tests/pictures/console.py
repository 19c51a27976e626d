"""Owns the pictures of the console's pages in docs/screenshots, made of a store with a week behind it.

It must not change a picture by hand. `python -m tests.pictures console` makes these alone,
with names behind it (`data-exchange import-preview`) only those.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from inventory.db.identity_table import TabletRow
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.demo import STORE_ID, TAX_RATES_BP, DemoStore
from inventory.domain.availability import ShelfRule
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.documents import Document, Kind
from inventory.domain.places import BACKROOM, Place
from inventory.domain.sales import Sale, SaleLine, Tender, tax_of_lines, total_of_lines
from inventory.domain.staff import Role
from inventory.domain.stock import BandLimits, Movement, Reason
from inventory.hq_wire import FieldMark, HqEvent, HqPage
from inventory.services import (
    api_tokens,
    availability,
    catalogue,
    hq_intake,
    hq_outbox,
    item_fields,
    lanes,
    prices,
    receiving,
    sales,
    searches,
    stock,
)
from inventory.services.item_fields import Origin
from inventory.wire import LaneStateMessage, SaleMessage
from tests.pictures.calls import a_week_of_calls
from tests.pictures.faces import a_month_of_faces

SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
SIZE = (1440, 900)
PALETTE_COLOURS = 128
SALES = 320
BUSY_HOURS = (8, 20, 17.5)
"""First, last and busiest hour of trade."""
PAGES = {
    "today": "/manager",
    "stock": "/manager/stock?department=dairy&sort=on_hand",
    "delivery": "/staff/deliveries/picture-delivery",
    "told": "/manager/shelves?about=dairy",
    "devices": "/manager/devices",
    "sales": "/manager/sales",
    "feedback": "/manager/feedback?span=30",
    "items": "/manager/items?department=dairy&sort=-price",
    "item": "/manager/stock/{gtin}",
    "item-form": "/manager/stock/{gtin}/edit",
    "planned-prices": "/manager/prices",
    "staff": "/manager/staff",
    "help": "/manager/help",
    "lanes": "/manager/lanes",
    "data-exchange": "/manager/exchange",
    "import-preview": "/manager/import",
}

PHONE = {
    "phone-start": "/find?lang=en&lane=lane-3",
    "phone-start-ar": "/find?lang=ar&lane=lane-3",
    "phone-search": "/find?q=milk&lang=en&lane=lane-3",
    "phone-item-ar": "/find/09520000030056?lang=ar&lane=lane-3",
    "phone-item": "/find/09520000030018?lang=en&lane=lane-3",
}
PHONE_SIZE = (390, 844)


def make(only: Sequence[str] = ()) -> None:
    """Renews the pictures, or only those of these names."""
    with tempfile.TemporaryDirectory() as folder:
        store = DemoStore(Path(folder) / "store")
        try:
            gtin = _a_week(Path(folder) / "store" / "store.sqlite")
            pages = {name: path for name, path in PAGES.items() if not only or name in only}
            phone = {name: path for name, path in PHONE.items() if not only or name in only}
            _photograph(store, gtin, pages, phone, Path(folder))
        finally:
            store.close()


def _a_week(file: Path) -> str:
    """Sales of seven days and two planned prices; answers the item they are of."""
    database, chance, now = Database(f"sqlite:///{file}"), random.Random(7), datetime.now(UTC)
    with database.write() as uow:
        for number in (1, 2):
            lanes.enrol(uow, STORE_ID, f"lane-{number}", f"picture-token-of-lane-{number}", now)
        for number, (screen, word) in enumerate(
            (("basket", "ready"), ("pay", "paper low"), ("attract", "ready"))
        ):
            lanes.report_state(uow, STORE_ID, _state(f"lane-{number + 1}", screen, word, now), now)
        goods = [
            item
            for item in catalogue.current(uow, STORE_ID).items
            if item.sold_by is SoldBy.UNIT and item.plu == ""
        ]
        came = (
            Movement(each.gtin, Reason.RECEIPT, 30_000, f"picture:{each.gtin}", "Marco", now)
            for each in goods[2:]
        )
        stock.post_all(uow, STORE_ID, list(came), as_of_utc=now)
        for number in range(1, SALES):
            moment = _this_morning(chance, now) if number % 8 == 0 else _moment(chance, now)
            message = _sale(number, chance.sample(goods, chance.randint(1, 6)), moment)
            sales.record(uow, STORE_ID, message, message.model_dump_json().encode(), now)
        item = next(each for each in goods if each.department == "dairy")
        for price_minor, begin, end, reason in (
            (item.price_minor * 4 // 5, now, now + timedelta(days=5), "Offer of the week"),
            (
                item.price_minor * 21 // 20,
                now + timedelta(days=31),
                None,
                "The dairy asks more from next month",
            ),
        ):
            prices.plan(
                uow,
                STORE_ID,
                item.gtin,
                price_minor=price_minor,
                from_utc=begin,
                until_utc=end,
                reason=reason,
                who="Sara",
                now_utc=now,
            )
        prices.apply_due(uow, STORE_ID, now)
        _dispute(uow, goods[:3], now)
        a_week_of_calls(uow, STORE_ID, goods[13:], random.Random(11), now)
        a_month_of_faces(uow, now)
        _floor(uow, [each for each in goods if each.department == "dairy"][:6], now)
    _sheet(file.with_name("spring.csv"), goods)
    database.dispose()
    return item.gtin


def _dispute(uow: UnitOfWork, goods: Sequence[Item], now: datetime) -> None:
    """Sara fixes two prices, then headquarters sends others, and an item that cannot be used."""
    hq_outbox.open_line(uow, STORE_ID)
    before, after = now - timedelta(hours=20), now - timedelta(hours=2)
    _tell(uow, "", "1", goods, before)
    for item, percent in zip(goods[:2], (108, 95), strict=True):
        own = {"price_minor": item.price_minor * percent // 100}
        item_fields.set_fields(
            uow, STORE_ID, item.gtin, own, origin=Origin.STORE, who="Sara", now_utc=now - timedelta(hours=9)
        )
    theirs = [replace(item, price_minor=item.price_minor * 115 // 100) for item in goods[:2]]
    _tell(uow, "1", "2", [*theirs, replace(goods[2], tax_class="luxury")], after)
    hq_outbox.reached(uow, STORE_ID, now_utc=now)


def _floor(uow: UnitOfWork, goods: Sequence[Item], now: datetime) -> None:
    """A delivery half ticked off, one that is announced, a department with its own words, other systems."""
    today = now.date()
    for name, supplier, number, day in (
        ("picture-delivery", "Aurora Dairy", "LS-20417", today),
        ("picture-announced", "North Creamery", "N-883", today + timedelta(days=2)),
    ):
        paper = Document(name, Kind.DELIVERY, supplier, "Sara", now, BACKROOM, number=number, expected_on=day)
        receiving.expect(uow, STORE_ID, paper, {item.gtin: 24_000 for item in goods})
    lot = Place(BACKROOM, "L204", today + timedelta(days=12))
    for item, milli in zip(goods[:3], (24_000, 22_000, 24_000), strict=True):
        receiving.fill(
            uow, STORE_ID, "picture-delivery", item.gtin, milli, place=lot, who="Marco", now_utc=now
        )
    rule = ShelfRule(BandLimits(plenty_milli=24_000, a_few_milli=8_000), certain_for_h=12)
    availability.set_rule_by_hand(uow, STORE_ID, "dairy", rule, who="Sara", now_utc=now)
    for term, language, times in (("lievito", "it", 3), ("oat milk", "en", 2), ("mehl", "de", 1)):
        for _ in range(times):
            searches.count_missed(uow, STORE_ID, term, language, now)
    for name, role in (("Online shop", Role.ATTENDANT), ("Price board", Role.MANAGER)):
        api_tokens.make(uow, STORE_ID, name=name, role=role, by="Sara", now_utc=now)
    for nth, name in enumerate(("Front tablet", "Office")):
        uow.session.add(
            TabletRow(
                store_id=STORE_ID,
                tablet_id=f"picture-{nth}",
                name=name,
                token_hash=f"picture-{nth}",
                enrolled_by="Sara",
                enrolled_at_utc=now,
                used_at_utc=now - timedelta(minutes=12 + 50 * nth),
            )
        )


def _tell(uow: UnitOfWork, position: str, after: str, goods: Sequence[Item], at_utc: datetime) -> None:
    events = [
        HqEvent(
            event_id=f"{after}:{item.gtin}",
            gtin=item.gtin,
            item=item_fields.plain_item(item),
            at_utc=at_utc,
            fields={"price_minor": FieldMark(who="Henrike, headquarters", at_utc=at_utc)},
        ).model_dump(mode="json")
        for item in goods
    ]
    hq_intake.apply_page(
        uow, STORE_ID, HqPage(position=position, next=after, behind=0, events=tuple(events)), at_utc
    )


def _sheet(file: Path, goods: Sequence[Item]) -> None:
    """A price file as people make them: some prices higher, a new item, a row that cannot be."""
    rows = [f"{item.gtin};{item.name('en')};{item.price_minor * 104 // 100}" for item in goods[3:12]]
    rows += ["8001234000011;Spelt bread 500 g;389", f"{goods[12].gtin};{goods[12].name('en')};two"]
    file.write_text("\n".join(["gtin;name;price_minor", *rows]) + "\n", encoding="utf-8")


def _state(lane_id: str, screen: str, printer: str, now: datetime) -> LaneStateMessage:
    return LaneStateMessage(
        lane_id=lane_id,
        screen=screen,
        language="en",
        currency="EUR",
        total_minor=0,
        devices={"scanner": "ready", "terminal": "ready", "printer": printer},
        journal_seq=SALES,
        at_utc=now,
    )


def _moment(chance: random.Random, now: datetime) -> datetime:
    day = now.replace(hour=0, minute=0) - timedelta(days=chance.choice((1, 2, 2, 3, 4, 4, 5, 6, 6)))
    return day + timedelta(hours=chance.triangular(*BUSY_HOURS))


def _this_morning(chance: random.Random, now: datetime) -> datetime:
    """Some time of today, which may have begun just now."""
    midnight = now.replace(hour=0, minute=0, second=0)
    return midnight + (now - midnight) * chance.random()


def _sale(number: int, goods: list[Item], paid_at_utc: datetime) -> SaleMessage:
    lines = tuple(
        SaleLine(
            item.gtin,
            item.sku,
            item.name("en"),
            item.sold_by,
            1000,
            item.price_minor,
            item.price_minor,
            item.deposit_minor,
            item.tax_class,
            TAX_RATES_BP[item.tax_class],
        )
        for item in goods
    )
    total_minor = total_of_lines(lines)
    sale = Sale(
        sale_id=f"picture-{number}",
        store_id=STORE_ID,
        lane_id=f"lane-{1 + number % 3}",
        receipt_no=number,
        paid_at_utc=paid_at_utc,
        currency="EUR",
        language="en",
        lines=lines,
        taxes=tax_of_lines(lines),
        tenders=(Tender("card", total_minor, f"attempt-{number}"),),
        total_minor=total_minor,
    )
    return SaleMessage(sale=sale, journal_seq=number, journal_head="0" * 64)


def _photograph(
    store: DemoStore, gtin: str, pages: Mapping[str, str], phone: Mapping[str, str], folder: Path
) -> None:
    manager = store.people[1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.goto(f"{store.url}/sign-in")
        page.fill("input[name=name]", manager.name)
        page.fill("input[name=pin]", manager.pin)
        page.keyboard.press("Enter")
        page.wait_for_url("**/manager")
        for name, path in pages.items():
            page.goto(store.url + path.format(gtin=gtin), wait_until="load")
            if name == "import-preview":
                _bring(page, folder / "store" / "spring.csv")
            _keep(page, "console" if name == "today" else f"console-{name}", folder)
        for name, path in phone.items():
            page = browser.new_page(viewport={"width": PHONE_SIZE[0], "height": PHONE_SIZE[1]})
            page.goto(store.url + path, wait_until="load")
            _keep(page, name, folder)
        browser.close()


def _keep(page: Page, name: str, folder: Path) -> None:
    page.wait_for_timeout(300)
    file = folder / f"{name}.png"
    page.screenshot(path=file)
    with Image.open(file) as image:
        small = image.convert("RGB").quantize(PALETTE_COLOURS)
        small.save(SCREENSHOTS / f"{name}.png", optimize=True)


def _bring(page: Page, sheet: Path) -> None:
    """Brings a file in and waits for what it would change."""
    page.set_input_files("input[type=file]", sheet)
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="What would change").wait_for(timeout=60_000)
