"""The pages for a shopper's phone: no script needed, nothing kept, whatever stands in a name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest

from assets import ROOT as ASSETS
from assets.languages import SHIPPED
from inventory.domain.catalogue import Item
from inventory.domain.identifiers import gtin_14, with_check_digit
from inventory.domain.stock import Movement, Reason
from inventory.services import catalogue, searches, stock
from inventory.web.app import create_app
from inventory.web.phone_limits import Seats
from inventory.web.security import CONTENT_SECURITY_POLICY
from inventory.web.shopper import MISSES_PER_ADDRESS, PAGES_PER_ADDRESS
from tests.support.web_store import MILK, NOON, STORE, StoreInTest, item

RAW = "http://127.0.0.1:8480"
OTHER = "09520000040019"
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
    return own_words(answer.text)


def own_words(text: str) -> str:
    """The page without the one script it may bring, and without the stamps of its files."""
    script = r'<script src="/assets/web/shelf\.js\?v=[0-9a-f]{10}" type="module"></script>'
    return re.sub(r"\?v=[0-9a-f]{10}", "", re.sub(script, "", text))


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
        assert forbidden not in own_words(answer.text)


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


def test_the_search_finds_by_what_people_type_and_shows_what_a_shelf_says(store: StoreInTest) -> None:
    text = store.visitor().get("/find?q=whole+mlik&lang=en").text
    for words in ("Whole milk 1 L", "€1.29", "Aisle 7 · Bay 3", f'href="/find/{MILK}?lang=en"'):
        assert words in text, words


@pytest.mark.parametrize("words", [*XSS, "\0", "%", "_" * 60, "'; DROP TABLE item;--"])
def test_no_word_somebody_types_becomes_markup_or_breaks_the_page(store: StoreInTest, words: str) -> None:
    answer = store.visitor().get(f"/find?{urlencode({'q': words})}")
    assert answer.status_code == 200
    assert "<script" not in own_words(answer.text)
    assert "onerror=alert(1)>" not in answer.text


def test_an_item_that_is_not_here_offers_its_like_and_a_link_to_keep(store: StoreInTest) -> None:
    sell(store, item(MILK, "Whole milk 1 L"), item(OTHER, "Oat drink 1 L"))
    with store.database.write() as uow:
        came = Movement(OTHER, Reason.RECEIPT, 6_000, "open", "test", store.clock())
        stock.post_all(uow, STORE, [came], as_of_utc=store.clock())
    text = page(store, "?lang=en")
    assert "Instead of it" in text
    assert "Oat drink 1 L" in text
    assert f'href="/find/{MILK}/back?lang=en"' in text


def test_a_kept_link_says_not_yet_and_then_that_it_is_back(store: StoreInTest) -> None:
    made = store.visitor().get(f"/find/{MILK}/back?lang=it")
    assert made.status_code == 303
    link = made.headers["location"]
    assert MILK not in link
    assert "Non ancora tornato" in store.visitor().get(link).text
    with store.database.write() as uow:
        came = Movement(MILK, Reason.RECEIPT, 6_000, "open", "test", store.clock())
        stock.post_all(uow, STORE, [came], as_of_utc=store.clock())
    back = store.visitor().get(link).text
    assert "È tornato" in back
    assert "It is back" in store.visitor().get(f"{link}?lang=en").text
    assert store.visitor().get(f"{link}/code.svg").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("token", ["x", "a.b.c", "WyIxIl0.aaaa.bbbb", "x" * 500])
def test_a_link_nobody_made_here_opens_nothing(store: StoreInTest, token: str) -> None:
    answer = store.visitor().get(f"/back/{token}?lang=en")
    assert answer.status_code == 404
    assert "This link is too old." in answer.text
    assert store.visitor().get(f"/back/{token}/code.svg").status_code == 404


def test_the_phone_s_list_of_languages_is_followed_unless_one_was_chosen(store: StoreInTest) -> None:
    visitor = store.visitor()
    for asked, language in (
        ("it-IT,it;q=0.9", "it"),
        ("tlh, ar-EG;q=0.5", "ar"),
        ("zh-CN", "zh-Hans"),
        ("", "en"),
    ):
        text = visitor.get(f"/find/{MILK}", **{"accept-language": asked}).text
        assert f'<html lang="{language}"' in text, asked
    assert '<html lang="de"' in visitor.get(f"/find/{MILK}?lang=de", **{"accept-language": "it"}).text


def test_a_sheet_under_its_own_stamp_is_kept_for_good_and_any_other_is_asked_for_again(
    store: StoreInTest,
) -> None:
    sheet = re.search(r'"(/assets/web/shopper\.css\?v=[0-9a-f]{10})"', store.visitor().get("/find").text)
    assert sheet is not None
    assert "immutable" in store.visitor().get(sheet.group(1)).headers["cache-control"]
    for other in ("/assets/web/shopper.css", "/assets/web/shopper.css?v=0000000000"):
        assert store.visitor().get(other).headers["cache-control"] == "no-cache"


def missed(store: StoreInTest) -> dict[str, int]:
    with store.database.read() as uow:
        found = searches.missed(uow, STORE, since_utc=NOON - timedelta(days=1), limit=50)
    return {each.term: each.count for each in found}


def test_what_a_phone_searched_in_vain_is_counted_for_the_manager(store: StoreInTest) -> None:
    visitor = store.visitor()
    for words in ("milk", "Lievito", "lievito ", "", "call 333 1234567"):
        assert visitor.get("/find?" + urlencode({"q": words, "lang": "it"})).status_code == 200
    assert missed(store) == {"lievito": 2}


def test_one_address_typing_nonsense_fills_no_list(store: StoreInTest) -> None:
    visitor = store.visitor()
    for letter in "abcdefghijklmnopqrst":
        visitor.get(f"/find?q=zzqx{letter}zzq")
    assert len(missed(store)) == MISSES_PER_ADDRESS
    store.visitor(address="10.0.0.9").get("/find?q=lievito")
    assert "lievito" in missed(store)


def test_a_link_s_picture_is_not_drawn_for_an_absurd_name_of_the_store(store: StoreInTest) -> None:
    visitor = store.visitor()
    link = visitor.get(f"/find/{MILK}/back").headers["location"]
    assert visitor.get(f"{link}/code.svg").status_code == 200
    assert visitor.get(f"{link}/code.svg", host="a" * 5000).status_code == 400


def test_phones_behind_one_address_leave_seats_for_others() -> None:
    seats = Seats(most=3, most_of_one=2)
    with seats.take("a"), seats.take("a"):
        assert not seats.is_free("a")
        assert seats.is_free("b")
        with seats.take("b"):
            assert not seats.is_free("c")
    assert seats.is_free("a")


@pytest.mark.parametrize(
    "path", ["web/%00.css", "web/%2e/base.css", "web/x%2f../base.css", "web//base.css", "%00/base.css"]
)
def test_a_file_has_one_name(store: StoreInTest, path: str) -> None:
    assert store.visitor().client.get(httpx.URL(RAW, raw_path=f"/assets/{path}".encode())).status_code == 404


def test_the_first_page_shows_the_departments_where_they_are_and_where_help_is(planned: StoreInTest) -> None:
    milk = replace(item(MILK, "Whole milk 1 L"), department="dairy", pictogram="milk")
    sell(planned, milk, replace(item(OTHER, "Bolts"), department="Iron & <b>more</b>", aisle="9"))
    text = own_words(planned.visitor().get("/find?lang=it&lane=lane-3").text)
    for words in (
        "Latte, formaggi e uova",
        "/assets/pictograms/milk.svg",
        "Corsia 7",
        "Iron &amp; &lt;b&gt;more&lt;/b&gt;",
        "department=Iron+%26+%3Cb%3Emore%3C%2Fb%3E",
        "La cassa da cui vieni",
    ):
        assert words in text, words
    assert text.count('class="helper"') == 4
    assert 'class="way"' not in text


def test_a_department_lists_what_is_in_it_page_by_page(store: StoreInTest) -> None:
    goods = [
        item(gtin_14(with_check_digit(f"0952{number:09}")) or "", f"Good {number:02}") for number in range(45)
    ]
    sell(store, *goods)
    first = store.visitor().get("/find?department=Dairy").text
    assert "Good 00" in first
    assert "Good 20" not in first
    assert "Page 1 of 3" in first
    last = store.visitor().get("/find?department=Dairy&page=60").text
    assert "Good 44" in last
    assert 'rel="next"' not in last
    assert store.visitor().get("/find?department=Dairy&page=0").status_code == 422


def test_a_department_nobody_knows_leads_back_to_all_of_them(store: StoreInTest) -> None:
    text = store.visitor().get("/find?" + urlencode({"department": XSS[0], "lang": "en"})).text
    assert "Nothing found" in text
    assert "Departments" in text
    assert XSS[0] not in text
    assert missed(store) == {}


def test_a_department_in_many_aisles_names_the_first_of_them(store: StoreInTest) -> None:
    goods = [
        replace(item(gtin_14(with_check_digit(f"0952{number:09}")) or "", "x"), aisle=str(number + 1))
        for number in range(5)
    ]
    sell(store, *goods)
    assert "Aisles 1, 2, 3 …" in store.visitor().get("/find").text
