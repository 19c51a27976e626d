"""An independent check of the receipt: its bytes are read back, its sums recomputed from what is on paper.

The reader of `tests.support.escpos_view` shares no code with the renderer; the QR code is read by zxing-cpp
from a picture of the slip; no sum is taken from the sale that was printed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assets.texts import Texts
from hardware.drivers.receipt_renderer import render
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.sales import Sale, Tender, tax_of_lines, total_of_lines
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.receipt import receipt_document
from tests.support.escpos_view import View, view_job

RATES_BP = {"standard": 2200, "reduced": 1000, "super": 400}
HEAD = "0123abcd" + "0" * 56

AMOUNT = re.compile(r"(\d[\d.,]*)[.,](\d{2})$")
"""Whole units, perhaps in groups of three, and cents; Italian and English differ in the marks."""


def a_line(price_minor: int, units: int, weight_g: int, tax_class: str, deposit_minor: int) -> BasketLine:
    item = Item(
        gtin="09520000030018",
        sku="S",
        names={"en": "Whole milk 1 L", "it": "Latte intero 1 L", "ro": "Lapte integral 1 L"},
        price_minor=price_minor,
        currency="EUR",
        tax_class=tax_class,
        sold_by=SoldBy.WEIGHT if weight_g else SoldBy.UNIT,
        deposit_minor=0 if weight_g else deposit_minor,
    )
    return BasketLine("l", item, RATES_BP[tax_class], 0 if weight_g else units, weight_g)


def a_sale(lines: list[BasketLine], language: str = "en") -> Sale:
    sold = tuple(line.as_sale_line(language) for line in lines)
    total_minor = total_of_lines(sold)
    tender = Tender(
        "card", total_minor, "attempt", "52000001", "0007", "000012", "123456", "girocard", "4242"
    )
    return Sale(
        sale_id="sale",
        store_id="aurora-1",
        lane_id="lane-3",
        receipt_no=17,
        paid_at_utc=datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
        currency="EUR",
        language=language,
        lines=sold,
        taxes=tax_of_lines(sold),
        tenders=(tender,),
        total_minor=total_minor,
    )


def printed(sale: Sale, *, copy: bool = False) -> View:
    document = receipt_document(
        sale,
        Texts(sale.language),
        store_name="Mercato Aurora",
        lane_label="3",
        journal_head=HEAD,
        zone=UTC,
        copy=copy,
    )
    return view_job(render(document, language=sale.language))


def minor_at_end(line: str) -> int | None:
    found = AMOUNT.search(line.replace(" €", "").strip())
    return None if found is None else int(re.sub(r"[.,]", "", found[1]) + found[2])


def sections(view: View) -> list[list[str]]:
    """The lines between the rules across the paper."""
    parts: list[list[str]] = [[]]
    for line in view.lines:
        if line.strip() and set(line.strip()) == {"-"}:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


LINES = st.lists(
    st.builds(
        a_line,
        st.integers(1, 5000),
        st.integers(1, 9),
        st.one_of(st.just(0), st.integers(5, 9000)),
        st.sampled_from(sorted(RATES_BP)),
        st.sampled_from((0, 8, 25)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(LINES)
def test_the_amounts_on_paper_add_up_to_the_total_on_paper(lines: list[BasketLine]) -> None:
    _, goods, total, *_ = sections(printed(a_sale(lines)))
    sold = [
        amount for line in goods if not line.startswith("  ") and (amount := minor_at_end(line)) is not None
    ]
    deposits = [minor_at_end(line) or 0 for line in goods if line.strip().startswith("Deposit")]
    assert sum(sold) + sum(deposits) == minor_at_end(total[0])
    assert minor_at_end(total[1]) == minor_at_end(total[0])  # what the card paid


@settings(max_examples=40, deadline=None)
@given(LINES)
def test_the_tax_on_paper_follows_from_the_goods(lines: list[BasketLine]) -> None:
    view = printed(a_sale(lines))
    gross: dict[str, int] = {}
    for line in lines:
        rate = f"{line.tax_rate_bp / 100:g}"
        gross[rate] = gross.get(rate, 0) + line.goods_minor
    shown = dict(re.findall(r"VAT (\d+) % on [\d.,]+ +([\d,]+\.\d\d)", view.text))
    assert {rate: int(Decimal(tax.replace(",", "")) * 100) for rate, tax in shown.items()} == {
        rate: minor - int((Decimal(minor) / (1 + Decimal(rate) / 100)).quantize(Decimal(1), "ROUND_HALF_UP"))
        for rate, minor in gross.items()
    }


def test_the_qr_code_is_read_back_from_a_picture() -> None:
    view = printed(a_sale([a_line(129, 2, 0, "super", 0)]))
    assert len(view.qr_codes) == 1
    code = segno.make(view.qr_codes[0], error="m")
    side = int(code.symbol_size(scale=6)[0])
    picture = Image.frombytes(
        "L", (side, side), bytes(255 * (1 - cell) for row in code.matrix_iter(6, 4) for cell in row)
    )
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text == view.qr_codes[0]
    assert "aurora-1/lane-3/17" in read.text
    assert "TOTAL=2.58 EUR" in read.text
    assert "EJ=0123abcd" in read.text


@pytest.mark.parametrize("language", ["en", "it", "id", "ro", "fil"])
def test_a_receipt_in_each_language_holds_no_lost_character(language: str) -> None:
    view = printed(a_sale([a_line(129, 2, 0, "super", 8), a_line(209, 0, 485, "super", 0)], language))
    assert "?" not in view.text
    assert view.cuts == 1
    assert view.drawer_kicks == 0


def test_a_second_print_says_that_it_is_a_copy() -> None:
    sale = a_sale([a_line(129, 1, 0, "super", 0)])
    assert "COPY" not in printed(sale).text
    assert "COPY" in printed(sale, copy=True).text


def test_no_more_than_four_digits_of_a_card_are_printed() -> None:
    text = printed(a_sale([a_line(129, 1, 0, "super", 0)])).text
    assert "4242" in text
    assert re.search(r"\d{5,}4242|4242\d", text) is None
