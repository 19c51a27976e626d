"""What a headquarters' console must do with the prices of one zone or one store."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from inventory.config import BranchConfig
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.opening import prepare
from inventory.services import catalogue, hq_branches, hq_feed, staff
from inventory.web.app import create_app
from tests.support.web_store import MILK, STORE, StoreInTest

PAGE = "/manager/exchange/prices"
BRANCHES = {
    "harbour": BranchConfig(token=SecretStr("token-of-the-harbour-0001"), zone="coast"),
    "market": BranchConfig(token=SecretStr("token-of-the-market-00001")),
}


@pytest.fixture
def hq(store: StoreInTest) -> StoreInTest:
    """The store as the headquarters of two branches."""
    config = store.config.model_copy(update={"branches": BRANCHES})
    prepare(config, store.database, store.clock())
    app = create_app(config, store.database, store.broker, clock=store.clock)
    return StoreInTest(config, store.database, app, store.broker, store.clock)


def price_in(hq: StoreInTest, branch_id: str) -> object:
    """What the feed tells a branch of milk's price."""
    with hq.database.read() as uow:
        branch = hq_branches.find(uow, STORE, branch_id)
        assert branch is not None
        page = hq_feed.page(uow, STORE, branch, "", limit=500)
    return next(each["item"]["price_minor"] for each in page.events if each["gtin"] == MILK)


def trail(hq: StoreInTest) -> list[tuple[str, str]]:
    with hq.database.read() as uow:
        lines = staff.audit_trail(uow, STORE, limit=50)
    return [(each.who, each.detail) for each in lines if each.what == "branch.prices"]


def test_a_price_of_a_zone_reaches_its_stores_alone_and_ends_again(hq: StoreInTest) -> None:
    ada = hq.signed_in("Ada")
    sent = ada.submit(PAGE, page=PAGE, code="8001234000004", scope="zone:coast", price="1,39")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{PAGE}?search={MILK}")
    assert (price_in(hq, "harbour"), price_in(hq, "market")) == (139, 129)
    text = ada.get(PAGE).text
    assert all(each in text for each in ("Whole milk 1 L", "Zone: coast", "€1.39", "€1.29"))
    one = f"{PAGE}?code={MILK}&where=zone:coast"
    assert 'value="1.39"' in ada.get(one).text
    assert ada.submit(f"{PAGE}/end", page=one, code=MILK, scope="zone:coast").status_code == 303
    assert price_in(hq, "harbour") == 129
    assert "Every store sells at the price of the item." in ada.get(PAGE).text
    assert trail(hq) == [("Ada", f"zone:coast: {MILK} None"), ("Ada", f"zone:coast: {MILK} 139")]


def test_a_stores_price_goes_before_its_zones(hq: StoreInTest) -> None:
    ada = hq.signed_in("Ada")
    ada.submit(PAGE, page=PAGE, code=MILK, scope="store:harbour", price="1.19")
    ada.submit(PAGE, page=PAGE, code=MILK, scope="zone:coast", price="1.39")
    assert price_in(hq, "harbour") == 119


def test_the_same_again_is_no_change(hq: StoreInTest) -> None:
    ada = hq.signed_in("Ada")
    for _ in range(2):
        assert ada.submit(PAGE, page=PAGE, code=MILK, scope="zone:coast", price="1.39").status_code == 303
        assert ada.submit(f"{PAGE}/end", page=PAGE, code=MILK, scope="store:market").status_code == 303
    assert len(trail(hq)) == 1


@pytest.mark.parametrize(
    ("code", "scope", "price", "words"),
    [
        ("4006381333931", "zone:coast", "1.39", "There is no item with this number."),
        (MILK, "zone:moon", "1.39", "Choose a zone or a store."),
        (MILK, "store:aurora", "1.39", "Choose a zone or a store."),
        (MILK, "", "1.39", "Choose a zone or a store."),
        (MILK, "zone:coast", "-1", "Type a price from €0.01"),
        (MILK, "zone:coast", "0", "Type a price from €0.01"),
        (MILK, "zone:coast", "١٫٢", "Type a price from €0.01"),
        (MILK, "zone:coast", "NaN", "Type a price from €0.01"),
        (MILK, "zone:coast", str(MAX_AMOUNT_MINOR), "Type a price from €0.01"),
    ],
)
def test_what_cannot_be_a_price_is_refused_in_a_sentence_and_what_was_typed_stays(
    hq: StoreInTest, code: str, scope: str, price: str, words: str
) -> None:
    sent = hq.signed_in("Ada").submit(PAGE, page=PAGE, code=code, scope=scope, price=price)
    assert sent.status_code == 422
    assert words in sent.text
    assert f'value="{code}"' in sent.text
    assert f'value="{price}"' in sent.text
    assert trail(hq) == []


def test_a_price_can_be_ended_when_its_item_is_gone(hq: StoreInTest) -> None:
    ada = hq.signed_in("Ada")
    ada.submit(PAGE, page=PAGE, code=MILK, scope="zone:coast", price="1.39")
    with hq.database.write() as uow:
        catalogue.change_items(uow, STORE, dropped=[MILK], now_utc=hq.clock())
    assert MILK in ada.get(PAGE).text
    assert ada.submit(f"{PAGE}/end", page=PAGE, code=MILK, scope="zone:coast").status_code == 303
    assert MILK not in ada.get(PAGE).text


def test_only_managers_come_here_and_only_with_their_forms_token(hq: StoreInTest) -> None:
    marco = hq.signed_in("Marco")
    assert marco.get(PAGE).status_code == 403
    fields = {"code": MILK, "scope": "zone:coast", "price": "1.39"}
    assert marco.submit(PAGE, page="/staff", **fields).status_code == 403
    assert hq.signed_in("Ada").send(PAGE, fields).status_code == 403
    assert trail(hq) == []


def test_only_a_headquarters_has_the_page_and_a_way_to_it(store: StoreInTest, hq: StoreInTest) -> None:
    assert f'href="{PAGE}"' in hq.signed_in("Ada").get("/manager/exchange").text
    ada = store.signed_in("Ada")
    assert ada.get(PAGE).status_code == 404
    assert f'href="{PAGE}"' not in ada.get("/manager/exchange").text
