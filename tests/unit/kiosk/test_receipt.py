"""The receipt: figures that can be added up again, the mark of a copy, and a QR text any phone shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.languages import SHIPPED
from assets.texts import Texts
from hardware.receipt import Columns, Cut, Qr, ReceiptDocument, Text, Verbatim
from inventory.domain.help_desk import Decision
from inventory.domain.money import format_amount
from inventory.domain.sales import Sale
from kiosk.checkout import messages as m
from kiosk.checkout.basket import MAX_UNITS
from kiosk.checkout.receipt import receipt_document, receipt_qr
from tests.support.lane_fakes import APPLES, BEER, HAM, MILK, WATER, Walk, line

HEAD = "0123456789abcdef" * 4


def sold(*lines: m.ItemScanned, language: str = "en") -> Sale:
    walk = Walk().know_terminal()
    walk.take(m.LanguageChosen(language), *lines)
    if walk.state.age_intervention_id:
        walk.take(m.InterventionDecided(walk.state.age_intervention_id, Decision.APPROVED, "Marco"))
    walk.pay().authorise().complete()
    assert walk.state.sale is not None
    return walk.state.sale


def usual(language: str = "en") -> Sale:
    return sold(
        m.ItemScanned(line(MILK, "a", units=2)),
        m.ItemScanned(line(WATER, "b", units=3)),
        m.ItemScanned(line(APPLES, "c", weight_g=435)),
        m.ItemScanned(line(HAM, "d", label_price_minor=945)),
        m.ItemScanned(line(BEER, "e")),
        language=language,
    )


def document(sale: Sale, *, copy: bool = False, slip: tuple[str, ...] = ()) -> ReceiptDocument:
    return receipt_document(
        sale,
        Texts(sale.language),
        store_name="Mercato Aurora",
        lane_label="3",
        journal_head=HEAD,
        zone=timezone(timedelta(hours=1)),
        copy=copy,
        slip=slip,
    )


def columns(paper: ReceiptDocument) -> list[tuple[str, str]]:
    return [(each.left, each.right) for each in paper.lines if isinstance(each, Columns)]


def words(paper: ReceiptDocument) -> str:
    texts = [each.text for each in paper.lines if isinstance(each, Text)]
    return "\n".join([*texts, *(f"{left} {right}" for left, right in columns(paper))])


def minor(text: str) -> int:
    return int(Decimal(text.replace(",", "").replace("€", "")) * 100)


def test_the_lines_on_paper_add_up_to_the_total_on_paper() -> None:
    found = columns(document(usual()))
    names = [left for left, _ in found]
    goods = found[: names.index("Total")]
    assert sum(minor(right) for _, right in goods) == minor(dict(found)["Total"])
    assert ("Milk", "2.58") in goods
    assert ("  Deposit", "0.75") in goods
    assert ("Apples", "0.91") in goods
    assert ("Ham", "9.45") in goods


def test_the_vat_on_paper_follows_from_the_lines_on_paper() -> None:
    found = dict(columns(document(usual())))
    standard = 89 * 3 + 945 + 199  # water, ham, beer: goods alone, deposits are not taxed
    net = round(standard / 1.22)
    assert found[f"VAT 22 % on {net / 100:.2f}"] == f"{(standard - net) / 100:.2f}"
    assert found["Deposits, free of VAT"] == "0.75"


@given(st.lists(st.tuples(st.sampled_from([MILK, WATER]), st.integers(1, 40)), min_size=1, max_size=8))
def test_whatever_was_bought_the_paper_adds_up(bought: list[tuple[object, int]]) -> None:
    lines = [
        m.ItemScanned(line(goods, f"l{n}", units=units))  # type: ignore[arg-type]  # drawn items
        for n, (goods, units) in enumerate(bought)
    ]
    sale = sold(*lines)
    found = columns(document(sale))
    names = [left for left, _ in found]
    assert sum(minor(right) for _, right in found[: names.index("Total")]) == sale.total_minor
    assert sum(each.quantity_milli for each in sale.lines) <= 2 * MAX_UNITS * 1000


def test_every_printed_line_says_how_its_price_came_about() -> None:
    text = words(document(usual()))
    assert "2 × 1.29" in text
    assert "0.435 kg × 2.09/kg" in text
    assert "0.500 kg × 18.90/kg" in text


def test_the_card_stands_there_masked_with_what_a_bank_asks_for() -> None:
    text = words(document(usual()))
    assert "girocard •••• 4242" in text
    assert "TID 52000001" in text
    assert "Terminal receipt 0008" in text
    assert "Trace 000041" in text


def test_a_payment_that_staff_confirmed_says_so() -> None:
    sale = usual()
    by_staff = replace(sale, tenders=(replace(sale.tenders[0], kind="card, confirmed by Marco"),))
    assert "Confirmed by staff" in words(document(by_staff))
    assert "Confirmed by staff" not in words(document(sale))


def test_only_a_copy_is_called_a_copy() -> None:
    sale = usual()
    assert "COPY" in words(document(sale, copy=True))
    assert "COPY" not in words(document(sale))


def test_the_paper_carries_time_lane_number_and_the_journal_s_head_and_is_cut() -> None:
    paper = document(usual())
    assert "21 Nov 2026 13:00" in words(paper)
    assert "Receipt 1" in words(paper)
    assert f"EJ {HEAD[:8]}" in words(paper)
    assert "Age checked by Marco" in words(paper)
    assert isinstance(paper.lines[-1], Cut)


@pytest.mark.parametrize("language", SHIPPED)
def test_the_figures_are_the_same_in_every_language(language: str) -> None:
    sale = usual(language)
    rights = [right for _, right in columns(document(sale))]
    for each in sale.lines:
        assert format_amount(each.amount_minor, "EUR", language) in rights


@pytest.mark.parametrize("language", SHIPPED)
def test_the_qr_text_is_plain_ascii_on_one_line_in_every_language(language: str) -> None:
    sale = replace(usual(language), store_id="aurora-è-1")
    text = receipt_qr(sale, HEAD)
    assert text.isascii()
    assert "\n" not in text
    assert len(text) < 250
    assert "RECEIPT aurora-e-1/lane-3/1 2026-11-21T12:00Z" in text
    assert f"TOTAL={sale.total_minor / 100:.2f} EUR" in text
    assert text.endswith(f"EJ={HEAD[:8]}")
    assert "4242" not in text


def test_the_qr_code_on_paper_holds_that_text() -> None:
    sale = usual()
    codes = [each for each in document(sale).lines if isinstance(each, Qr)]
    assert codes == [Qr(receipt_qr(sale, HEAD))]


def test_the_terminal_s_slip_stands_below_the_receipt_as_it_came_and_above_the_knife() -> None:
    plain, paper = document(usual()), document(usual(), slip=("  EUR  1.29", "", "<b>APPROVED</b>"))
    assert paper.lines[: len(plain.lines) - 1] == plain.lines[:-1]
    assert paper.lines[-4:] == (Verbatim("  EUR  1.29"), Verbatim(""), Verbatim("<b>APPROVED</b>"), Cut())
    assert "Card slip" in words(paper)
    assert "Card slip" not in words(plain)
