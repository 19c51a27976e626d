"""Known goods at a corrected price: by staff alone, cheaper alone, with a reason, in every sum."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.catalogue import price_of_weight
from inventory.domain.correcting import Correction, PriceReason
from inventory.domain.help_desk import HelpReason
from inventory.domain.sales import SaleLine, disagreements
from kiosk import inputs
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.basket import Basket, BasketLine
from kiosk.checkout.receipt import receipt_document
from kiosk.journal import Entry
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import PadModel, RowSheet, StaffModel, TileSheet
from tests.support.lane_fakes import APPLES, MILK, NOON, Walk, shelf
from tests.unit.kiosk.test_staffing import Hands, hands

__all__ = ["hands"]
LABEL = PriceReason.LABEL


def enter(hands: Hands, cut_percent: int = 30) -> None:
    hands.badge()
    hands.walk.take(m.StaffEntered("Marco", "s1", cut_percent))


def model(walk: Walk) -> tuple[object, object]:
    shown = present(walk.state, Scene("Mercato Aurora", "3", shelf(), NOON))
    return shown.body, shown.sheet


def typed(hands: Hands, digits: str) -> None:
    hands.tap("row:1", "price", *(f"digit:{digit}" for digit in digits), "pad-ok")


def test_staff_type_a_price_say_why_and_the_shopper_pays_it(hands: Hands) -> None:
    hands.walk.scan(MILK, "a")
    before = hands.walk.state.basket.total_minor
    enter(hands)
    typed(hands, "99")
    _, sheet = model(hands.walk)
    assert isinstance(sheet, TileSheet)
    assert [tile.tap_id for tile in sheet.tiles] == [f"because:{each.value}" for each in PriceReason]
    effects = hands.tap("because:label")
    (line,) = hands.walk.state.basket.lines
    assert (before, line.amount_minor) == (MILK.price_minor, 99)
    assert line.correction == Correction(MILK.price_minor, LABEL, "Marco")
    (told,) = [each.report for each in effects if isinstance(each, fx.ReportStaff)]
    assert (told.staff_name, told.what) == ("Marco", "lane.correct-price")
    assert f"{MILK.price_minor} to 99 EUR, label" in told.detail
    assert hands.walk.state.basket.total_minor == 99


def test_the_sale_says_who_corrected_what_and_why_and_its_sums_agree(hands: Hands) -> None:
    hands.walk.scan(MILK, "a")
    enter(hands)
    typed(hands, "99")
    hands.tap("because:damaged", "staff-end")
    sale = hands.walk.pay().authorise().complete().state.sale
    assert sale is not None
    (line,) = sale.lines
    assert (line.unit_price_minor, line.catalogue_price_minor) == (99, MILK.price_minor)
    assert (line.priced_by, line.price_reason) == ("Marco", "damaged")
    assert sale.total_minor == 99
    assert disagreements(sale) == ()
    paper = receipt_document(sale, str, store_name="A", lane_label="3", journal_head="0" * 64)
    assert "Price corrected, was 1.29" in repr(paper)
    assert inputs.decode_sale(inputs.encode_sale(sale)) == sale


def test_the_row_shows_the_price_before_and_the_reason(hands: Hands) -> None:
    hands.walk.scan(MILK, "a")
    enter(hands)
    typed(hands, "99")
    hands.tap("because:offer")
    body, _ = model(hands.walk)
    assert isinstance(body, StaffModel)
    assert body.rows[0].detail == "Price corrected, was €1.29 · Missing offer"
    assert body.rows[0].amount == "0.99"


@pytest.mark.parametrize(
    ("cut_percent", "digits", "taken"),
    [(30, "91", True), (30, "90", False), (100, "1", True), (100, "129", False), (30, "250", False)],
)
def test_the_limit_of_whoever_is_here_is_kept_and_nothing_gets_dearer(
    hands: Hands, cut_percent: int, digits: str, taken: bool
) -> None:
    hands.walk.scan(MILK, "a")
    enter(hands, cut_percent)
    typed(hands, digits)
    hands.tap("because:label")
    assert (hands.walk.state.basket.lines[0].correction is not None) is taken


def test_the_pad_says_how_far_down_one_may_go(hands: Hands) -> None:
    hands.walk.scan(MILK, "a")
    enter(hands)
    hands.tap("row:1", "price")
    body, _ = model(hands.walk)
    assert isinstance(body, PadModel)
    assert body.text == "Now €1.29. You may go down to €0.91."
    assert not body.ok.enabled


def test_no_price_of_a_kilogram_makes_weighed_goods_cost_nothing(hands: Hands) -> None:
    hands.walk.scan(APPLES, "a", weight_g=300)
    enter(hands, 100)
    typed(hands, "1")
    hands.tap("because:damaged", "close")
    hands.walk.take(m.StaffActed(m.StaffAct.CORRECT_PRICE, "r", "a", price_minor=1, reason=LABEL))
    assert hands.walk.state.basket.lines[0].correction is None
    hands.tap("row:1", "price")
    body, _ = model(hands.walk)
    assert isinstance(body, PadModel)
    assert body.text.endswith("You may go down to €0.02.")
    typed(hands, "2")
    hands.tap("because:damaged", "staff-end")
    assert hands.walk.state.basket.total_minor == 1


def test_who_has_no_limit_from_the_store_corrects_nothing(hands: Hands) -> None:
    hands.walk.scan(MILK, "a")
    enter(hands, 0)
    hands.tap("row:1")
    _, sheet = model(hands.walk)
    assert isinstance(sheet, RowSheet)
    assert sheet.search is None
    hands.walk.take(m.StaffActed(m.StaffAct.CORRECT_PRICE, "r", "a", price_minor=99, reason=LABEL))
    assert hands.walk.state.basket.total_minor == MILK.price_minor


def test_more_of_the_same_goods_are_a_row_of_their_own_at_the_full_price(hands: Hands) -> None:
    hands.walk.scan(MILK, "a")
    enter(hands)
    typed(hands, "99")
    hands.tap("because:damaged", "staff-end")
    hands.walk.take(m.UnitsChanged("a", 1))
    hands.walk.scan(MILK, "b")
    assert [line.amount_minor for line in hands.walk.state.basket.lines] == [99, MILK.price_minor]


def test_a_second_correction_starts_from_the_catalogue_s_price(hands: Hands) -> None:
    hands.walk.scan(MILK, "a")
    enter(hands)
    for digits in ("99", "95", "90"):
        typed(hands, digits)
        hands.tap("because:label", "close")
    (line,) = hands.walk.state.basket.lines
    assert line.correction is not None
    assert (line.item.price_minor, line.correction.from_minor) == (95, MILK.price_minor)


def test_a_shopper_says_that_a_price_is_wrong_by_one_touch(hands: Hands) -> None:
    hands.walk.scan(MILK, "a")
    hands.tap("row:1")
    _, sheet = model(hands.walk)
    assert isinstance(sheet, RowSheet)
    assert sheet.search is not None
    hands.tap(sheet.search.tap_id)
    assert hands.walk.of(fx.SendHelp)[-1].reason is HelpReason.PRICE
    hands.tap("price-wrong")
    assert hands.walk.of(fx.SendHelp) == []


def test_a_call_that_is_open_already_is_told_what_it_is_about(hands: Hands) -> None:
    hands.walk.scan(MILK, "a")
    hands.tap("help", "price-wrong")
    assert hands.walk.state.help is not None
    assert hands.walk.state.help.reason is HelpReason.PRICE


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("StaffActed", '{"act":"void","report_id":"r","line_id":"a","price":null}'),
        ("StaffEntered", '{"staff_name":"Marco","session_id":"s"}'),
        ("HelpRequested", '{"help_id":"h"}'),
    ],
)
def test_journals_written_before_prices_could_be_corrected_are_read(kind: str, body: str) -> None:
    entry = Entry(1, NOON, "boot", 0.0, kind, body, "", "")
    assert type(inputs.decode(entry)).__name__ == kind


@given(st.integers(2, 100_000), st.integers(1, 99), st.integers(0, 20_000), st.data())
def test_no_correction_makes_a_sum_grow_or_fall_below_nothing(
    price: int, units: int, weight_g: int, data: st.DataObject
) -> None:
    goods = replace(APPLES if weight_g else MILK, price_minor=price)
    line = BasketLine("a", goods, 1000, units=0 if weight_g else units, weight_g=weight_g)
    basket = Basket("a", (line,))
    wanted = data.draw(st.integers(-5, price + 5))
    after = basket.correct_price("a", wanted, Correction(price, LABEL, "Marco"))
    if not 0 < wanted < price:
        assert after is None
        return
    assert after is not None
    assert 0 <= after.total_minor <= basket.total_minor
    expected = price_of_weight(wanted, weight_g) if weight_g else wanted * units
    assert after.lines[0].goods_minor == expected
    sold: SaleLine = after.lines[0].as_sale_line("en")
    assert (sold.amount_minor, sold.deposit_minor) == (expected, line.deposit_minor)
