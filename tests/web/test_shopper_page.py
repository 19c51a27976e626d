"""The page for a shopper's phone: one item, no script, nothing kept, whatever stands in its name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from assets import ROOT as ASSETS
from assets.languages import SHIPPED
from inventory.domain.catalogue import Item
from inventory.domain.stock import Movement, Reason
from inventory.services import catalogue, stock
from inventory.web.app import create_app
from inventory.web.security import CONTENT_SECURITY_POLICY
from inventory.web.shopper import PAGES_PER_ADDRESS
from tests.support.web_store import MILK, NOON, STORE, StoreInTest, item

XSS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "';alert(1)//",
    "{{ 7*7 }}",
    "</title><svg/onload=alert(1)>",
    "\u202egpj.exe",
)


@pytest.fixture
def planned(store: StoreInTest) -> StoreInTest:
    """The same store with a plan, on which `lane-1` to `lane-4` stand."""
    config = store.config.model_copy(update={"plan": ASSETS / "demo" / "plan.toml"})
    app = create_app(config, store.database, store.broker, clock=store.clock)
    return replace(store, config=config, app=app)


def page(store: StoreInTest, query: str = "", gtin: str = MILK) -> str:
    answer = store.visitor().get(f"/find/{gtin}{query}")
    assert answer.status_code == 200
    return answer.text


def sell(store: StoreInTest, *items: Item) -> None:
    with store.database.write() as uow:
        catalogue.replace_items(uow, STORE, items, store.config.tax_rates_bp, store.clock())


def test_the_page_says_what_where_and_how_many(planned: StoreInTest) -> None:
    sell(planned, replace(item(MILK, "Whole milk 1 L"), shelf=4, net_content="0.5", net_unit="l"))
    with planned.database.write() as uow:
        counted = Movement(MILK, Reason.COUNT, 6_000, "count:1", "test", planned.clock())
        stock.post_all(uow, STORE, [counted], as_of_utc=planned.clock())
    planned.clock.advance(timedelta(minutes=12))
    text = page(planned, "?lane=lane-3")
    for words in ("Whole milk 1 L", "€1.29", "€2.58 per L", "Aisle 7 · Bay 3 · eye level"):
        assert words in text
    assert "A few left" in text
    assert "checked 12 minutes ago" in text
    assert '<svg viewBox="0 0 ' in text
    assert 'class="way"' in text


def test_without_a_known_lane_there_is_no_map_and_no_failure(
    planned: StoreInTest, store: StoreInTest
) -> None:
    for lane in ("", "?lane=nowhere", "?lane=" + "x" * 5000):
        assert 'class="way"' not in page(planned, lane)
    assert 'class="way"' not in page(store, "?lane=lane-3")


@pytest.mark.parametrize("language", SHIPPED)
def test_the_page_speaks_the_shopper_s_language_and_direction(planned: StoreInTest, language: str) -> None:
    text = page(planned, f"?lane=lane-3&lang={language}")
    assert re.search(rf'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">', text)
    assert text.count("<li><a ") == len(SHIPPED)


def test_a_language_nobody_knows_is_english(store: StoreInTest) -> None:
    assert '<html lang="en" dir="ltr">' in page(store, "?lang=xx%22%3E")


@pytest.mark.parametrize("name", XSS)
def test_no_name_of_a_good_becomes_markup(planned: StoreInTest, name: str) -> None:
    bad = replace(item(MILK, name), aisle=name[:12], bay=name, pictogram=name)
    sell(planned, bad)
    text = page(planned, "?lane=lane-3")
    assert "<script" not in text
    assert not re.search(r"<[^>]* on\w+=", text)
    assert "<svg/onload" not in text
    assert 'src="/assets/pictograms/box.svg"' in text
    assert "49" not in text


def test_no_word_of_the_address_becomes_markup(planned: StoreInTest) -> None:
    text = page(planned, "?lane=%3Cscript%3E%22&lang=%3Cb%3E")
    assert "<script" not in text
    assert '"&' not in text.split("<ul>")[1].split("</ul>")[0].replace("&amp;", "")


def test_the_page_carries_the_policy_and_neither_sets_nor_needs_a_cookie(planned: StoreInTest) -> None:
    answer = planned.visitor().get(f"/find/{MILK}?lane=lane-3")
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    for forbidden in ("<script", "style=", "<form", "http://", "https://"):
        assert forbidden not in answer.text


@pytest.mark.parametrize("gtin", ["123", "00000000000017", "09520000099999", "..%2f..", "x" * 300])
def test_what_is_not_sold_here_is_said_in_words(store: StoreInTest, gtin: str) -> None:
    answer = store.visitor().get(f"/find/{gtin}?lang=en")
    assert answer.status_code == 404
    assert gtin not in answer.text


def test_who_asks_too_often_waits_a_minute(store: StoreInTest) -> None:
    visitor = store.visitor()
    for _ in range(PAGES_PER_ADDRESS):
        assert visitor.get(f"/find/{MILK}").status_code == 200
    busy = visitor.get(f"/find/{MILK}")
    assert busy.status_code == 429
    assert "Try again in a minute." in busy.text
    store.clock.advance(timedelta(minutes=1))
    assert visitor.get(f"/find/{MILK}").status_code == 200
    assert store.clock() > NOON
