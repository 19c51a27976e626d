"""The search as a shopper sees it: place, way, map, other goods, and what can be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from assets import ROOT as ASSETS
from inventory.domain.alternatives import Alternatives
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.help_desk import HelpReason, HelpState
from inventory.domain.store_plan import read_plan
from inventory.domain.unit_price import Measure, unit_price
from inventory.wire import StockMessage
from kiosk.checkout import messages as m
from kiosk.checkout.errand import ErrandRequested
from kiosk.checkout.looking import CardOpened
from kiosk.shelf import Shelf, shelf_from
from kiosk.ui.item_card_model import ItemCardModel
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import FindModel, ScreenModel
from tests.support.lane_fakes import APPLES, NOON, Walk, catalogue, item

PLAN = read_plan((ASSETS / "demo" / "plan.toml").read_text("utf-8"), source="plan.toml")
KIND = {"department": "dairy", "pictogram": "milk", "aisle": "7"}


def milk(number: int, name: str, price_minor: int, **changes: Any) -> Item:
    net: dict[str, Any] = {"net_content": "1", "net_unit": "l"}
    return replace(item(number, name, price_minor), shelf=4, **{**KIND, "bay": "3", **net, **changes})


LITRE = milk(11, "Lactose-free milk 1 L", 159)
HALF = milk(12, "Lactose-free milk ½ L", 99, net_content="0.5")
SIX = milk(13, "Lactose-free milk 6 × 1 L", 899, net_content="6")
OAT = milk(14, "Oat drink 1 L", 189)
SOYA = milk(15, "Soya drink 1 L", 175, bay="5")
ALMOND = milk(16, "Almond drink 1 L", 215)
GOODS = (LITRE, HALF, SIX, OAT, SOYA, ALMOND, APPLES)


def shelf(**on_hand: int) -> Shelf:
    levels = {LITRE.gtin: 6000, HALF.gtin: 24_000, OAT.gtin: 9000, SOYA.gtin: 40_000, ALMOND.gtin: 0}
    levels |= {gtin.removeprefix("_"): milli for gtin, milli in on_hand.items()}
    stock = tuple(StockMessage(gtin=g, on_hand_milli=n, as_of_utc=NOON) for g, n in levels.items())
    message = catalogue(*GOODS).model_copy(update={"stock": stock})
    return replace(shelf_from(message), plan=PLAN)


def looking(walk: Walk, goods: Shelf | None = None, **changes: object) -> ScreenModel:
    scene = Scene("Mercato Aurora", "3", goods or shelf(), NOON, shopper_url="http://store.example")
    return present(walk.state, replace(scene, **changes))  # type: ignore[arg-type]


def card(
    gtin: str, goods: Shelf | None = None, *, scanned: bool = False, phone: bool = False
) -> ItemCardModel:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND), CardOpened(gtin, scanned=scanned, phone=phone))
    body = looking(walk, goods).body
    assert isinstance(body, ItemCardModel)
    return body


def labels(body: ItemCardModel) -> list[str]:
    return [button.label for button in body.item.actions]


def test_a_card_tells_price_unit_price_place_height_and_way() -> None:
    body = card(HALF.gtin)
    assert (body.item.price, body.item.detail) == ("€0.99", "€1.98 per L")
    assert body.item.place == "Aisle 7 · Bay 3 · eye level"
    assert body.way[-1] == "Bay 3 is on your left, at eye level."
    assert body.map is not None
    assert [aisle.sign for aisle in body.map.aisles if aisle.chosen] == ["7"]


def test_the_place_is_three_touches_away() -> None:
    """Find, two letters, and the first result is open with its place and its map already."""
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND), m.QueryTyped("la"))
    body = looking(walk).body
    assert isinstance(body, FindModel)
    assert body.results[0].place.startswith("Aisle 7 · Bay 3")
    assert body.map is not None


def test_a_lane_that_is_not_on_the_plan_says_the_place_and_no_way() -> None:
    lost = PLAN.model_copy(update={"lanes": {}})
    body = card(LITRE.gtin, replace(shelf(), plan=lost))
    assert (body.map, body.way) == (None, ())
    assert body.item.place == "Aisle 7 · Bay 3 · eye level"


def test_other_sizes_and_others_of_the_kind_are_offered() -> None:
    body = card(LITRE.gtin)
    assert [found.name for found in body.sizes] == [
        "Lactose-free milk ½\u00a0L",
        "Lactose-free milk 6 × 1\u00a0L",
    ]
    # the same bay first; what is not here is no substitute
    assert [found.name for found in body.instead] == ["Oat drink 1\u00a0L", "Soya drink 1\u00a0L"]


def test_loose_goods_without_a_department_have_no_substitutes() -> None:
    assert Alternatives(GOODS).instead_of(APPLES, lambda _: True) == ()
    assert Alternatives(GOODS).other_sizes(APPLES) == ()


def test_add_is_offered_for_what_is_in_the_hand_or_has_no_barcode() -> None:
    assert "Add to basket" not in labels(card(LITRE.gtin))
    assert "Add to basket" in labels(card(LITRE.gtin, scanned=True))
    assert "Add to basket" in labels(card(APPLES.gtin))


def test_nobody_is_sent_for_what_is_not_here() -> None:
    assert labels(card(ALMOND.gtin)) == ["Tell me more", "Send to phone"]
    assert labels(card(LITRE.gtin)) == ["Bring it to me", "Shelf is empty", "Tell me more", "Send to phone"]


def test_what_was_asked_for_says_so_and_cannot_be_asked_twice() -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND), CardOpened(LITRE.gtin))
    walk.take(ErrandRequested("e1", HelpReason.BRING, LITRE))
    body = looking(walk).body
    assert isinstance(body, ItemCardModel)
    bring, shelf_empty, *_ = body.item.actions
    assert (bring.label, bring.enabled) == ("Asked for", False)
    assert (shelf_empty.label, shelf_empty.enabled) == ("Shelf is empty", True)


def test_whoever_was_asked_about_a_good_is_called_once_and_only_about_that() -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND), CardOpened(LITRE.gtin))
    walk.take(m.HelpRequested("h1", HelpReason.SALES, LITRE))
    for gtin_shown, label in ((LITRE.gtin, "Called"), (ALMOND.gtin, "Tell me more")):
        walk.take(CardOpened(gtin_shown))
        body = looking(walk).body
        assert isinstance(body, ItemCardModel)
        asked = next(each for each in body.item.actions if each.tap_id.startswith("tell-more:"))
        assert (asked.label, asked.enabled) == (label, label != "Called")


@pytest.mark.parametrize(
    ("state", "name", "lead"),
    [
        (HelpState.DELIVERED, "", "We asked a colleague to bring it."),
        (HelpState.ACCEPTED, "Sara", "Sara brings it to lane 3."),
        (HelpState.EN_ROUTE, "", "A colleague brings it to lane 3."),
        (HelpState.RESOLVED, "Sara", "Sara has brought it. Please scan it."),
    ],
)
def test_the_strip_tells_how_far_an_errand_is(state: HelpState, name: str, lead: str) -> None:
    walk = Walk().scan()
    walk.take(m.StoreReached(online=True), ErrandRequested("e1", HelpReason.BRING, LITRE))
    walk.take(m.HelpUpdated("e1", state, name))
    strip = looking(walk).strip
    assert strip is not None
    assert (strip.lead, strip.text) == (lead, "Lactose-free milk 1\u00a0L")
    assert strip.action is not None
    assert strip.action.tap_id == "errand:e1"


def test_an_errand_nobody_could_hear_yet_is_not_promised() -> None:
    walk = Walk().scan()
    walk.take(ErrandRequested("e1", HelpReason.BRING, LITRE))
    strip = looking(walk).strip
    assert strip is not None
    assert strip.lead == "Staff cannot hear us now. We keep asking."


def test_what_stops_paying_goes_before_what_is_brought() -> None:
    walk = Walk().scan()
    walk.take(ErrandRequested("e1", HelpReason.BRING, LITRE), m.ScanRejected(m.ScanProblem.UNREADABLE))
    strip = looking(walk).strip
    assert strip is not None
    assert strip.lead == "Not added."


def test_a_phone_gets_an_address_that_names_the_item_the_lane_and_the_language_alone() -> None:
    body = card(LITRE.gtin, phone=True)
    assert body.phone is not None
    assert body.phone.qr == f"http://store.example/find/{LITRE.gtin}?lane=lane-3&lang=en"
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND), CardOpened(LITRE.gtin))
    without = looking(walk, shopper_url="").body
    assert isinstance(without, ItemCardModel)
    assert "Send to phone" not in labels(without)


def test_the_age_of_the_record_is_told_when_the_store_is_away() -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND), CardOpened(LITRE.gtin))
    body = looking(walk, now_utc=NOON + timedelta(hours=2)).body
    assert isinstance(body, ItemCardModel)
    assert (body.item.band, body.item.age) == ("A few left", "checked 2 hours ago")


@pytest.mark.parametrize(
    ("content", "unit", "price_minor", "expected"),
    [
        ("500", "g", 250, (500, Measure.KILOGRAM)),
        ("0,5", "l", 99, (198, Measure.LITRE)),
        ("33", "cl", 100, (303, Measure.LITRE)),
        ("1/3", "kg", 100, (300, Measure.KILOGRAM)),
        ("12", "pc", 100, None),
        ("", "g", 100, None),
        ("0", "g", 100, None),
        ("-1", "kg", 100, None),
        ("1/0", "kg", 100, None),
        ("99999999", "kg", 100, None),
    ],
)
def test_a_unit_price_compares_packs_or_is_not_told(
    content: str, unit: str, price_minor: int, expected: tuple[int, Measure] | None
) -> None:
    assert unit_price(item(20, "X", price_minor, net_content=content, net_unit=unit)) == expected
    assert unit_price(item(21, "X", 100, sold_by=SoldBy.WEIGHT, net_content="1", net_unit="kg")) is None


def test_the_code_on_the_card_of_what_is_not_here_tells_when_it_is_back() -> None:
    body = card(ALMOND.gtin, phone=True)
    assert body.phone is not None
    assert body.phone.title == "Tell me when it is back"
    assert body.phone.qr == f"http://store.example/find/{ALMOND.gtin}/back?lang=en"


def test_a_card_names_a_number_after_a_count_and_doubts_a_shelf_somebody_found_empty() -> None:
    goods = shelf()
    counted = goods.stock[LITRE.gtin].model_copy(update={"counted_at_utc": NOON, "reserved_milli": 1000})
    body = card(LITRE.gtin, goods.with_stock(counted))
    assert (body.item.band, body.item.bars, body.item.age) == ("A few left · 5 here", 2, "checked just now")
    doubted = card(LITRE.gtin, goods.with_stock(counted.model_copy(update={"doubts": 1})))
    assert (doubted.item.band, doubted.item.bars, doubted.item.age) == (
        "Last ones",
        1,
        "shelf reported empty",
    )
