"""Money, tax and the sums of a sale: properties that hold for every amount."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.catalogue import SoldBy, price_of_weight, weight_of_price
from inventory.domain.help_desk import OPEN_STATES, HelpState, may_become
from inventory.domain.money import format_amount, format_money, format_weight, round_half_up, to_decimal
from inventory.domain.sales import SaleLine, disagreements, tax_of_lines, total_of_lines
from inventory.domain.stock import Band, BandLimits, band
from inventory.domain.tax import DEPOSIT_TAX_CLASS, tax_lines
from tests.support.store_samples import MIRROR, PEARS, WATER, line_of, sale_message

amounts = st.integers(-99_999_999, 99_999_999)
rates = st.integers(0, 10_000)
triples = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), rates, amounts), max_size=20)
lines = st.builds(
    SaleLine,
    gtin=st.just(MIRROR.gtin),
    sku=st.just("X"),
    name=st.just("X"),
    sold_by=st.sampled_from(SoldBy),
    quantity_milli=st.integers(1, 30_000),
    unit_price_minor=st.integers(1, 99_999),
    amount_minor=st.integers(0, 999_999),
    deposit_minor=st.integers(0, 500),
    tax_class=st.sampled_from(["reduced", "standard"]),
    tax_rate_bp=st.sampled_from([400, 1000, 2200]),
)


@given(amounts, st.integers(1, 10_000))
def test_rounding_is_to_the_nearest_and_halves_go_away_from_zero(numerator: int, denominator: int) -> None:
    rounded = round_half_up(numerator, denominator)
    error = Fraction(numerator, denominator) - rounded
    assert abs(error) <= Fraction(1, 2)
    if abs(error) == Fraction(1, 2):
        assert abs(rounded) > abs(Fraction(numerator, denominator))
    assert round_half_up(-numerator, denominator) == -rounded


@given(triples)
def test_tax_lines_keep_every_cent_and_split_each_rate_once(
    given_amounts: list[tuple[str, int, int]],
) -> None:
    found = tax_lines(given_amounts)
    assert sum(line.gross_minor for line in found) == sum(amount for _, _, amount in given_amounts)
    assert all(line.net_minor + line.tax_minor == line.gross_minor for line in found)
    assert len({(line.tax_class, line.rate_bp) for line in found}) == len(found)


@given(triples)
def test_tax_does_not_depend_on_the_order_of_scanning(given_amounts: list[tuple[str, int, int]]) -> None:
    assert tax_lines(reversed(given_amounts)) == tax_lines(given_amounts)


@given(st.lists(lines, max_size=12))
def test_an_honest_sale_agrees_with_itself_whatever_it_holds(found: list[SaleLine]) -> None:
    sale = sale_message(*found).sale
    assert disagreements(sale) == ()
    assert sum(tax.gross_minor for tax in sale.taxes) == total_of_lines(tuple(found))


@given(st.lists(lines, min_size=1, max_size=6), st.integers(1, 500))
def test_a_sale_with_one_wrong_sum_is_noticed(found: list[SaleLine], off_by: int) -> None:
    sale = sale_message(*found).sale
    assert disagreements(replace(sale, total_minor=sale.total_minor + off_by))
    assert bool(disagreements(replace(sale, tenders=()))) == bool(sale.total_minor)
    taxes = (replace(sale.taxes[0], tax_minor=sale.taxes[0].tax_minor + off_by), *sale.taxes[1:])
    assert disagreements(replace(sale, taxes=taxes)) == ("the tax table does not follow from the lines",)


def test_deposits_are_summed_apart_and_carry_no_tax() -> None:
    taxes = tax_of_lines((line_of(WATER, 3000),))
    deposit = next(tax for tax in taxes if tax.tax_class == DEPOSIT_TAX_CLASS)
    assert (deposit.gross_minor, deposit.tax_minor) == (75, 0)


@given(st.integers(1, 99_999), st.integers(1, 30_000))
def test_a_weight_worked_back_from_its_price_is_right_to_half_a_cents_worth(
    price_minor: int, weight_g: int
) -> None:
    amount_minor = price_of_weight(price_minor, weight_g)
    worked_back_g = weight_of_price(price_minor, amount_minor)
    assert abs(worked_back_g - weight_g) * price_minor <= 500 + price_minor


def test_weights_outside_the_scale_are_a_programmers_error() -> None:
    with pytest.raises(AssertionError):
        price_of_weight(PEARS.price_minor, 0)
    with pytest.raises(AssertionError):
        price_of_weight(PEARS.price_minor, 30_001)


@pytest.mark.parametrize(
    ("currency", "language", "shown"),
    [
        ("EUR", "en", "€12.05"),
        ("EUR", "it", "12,05 €"),
        ("IDR", "id", "Rp12,05"),
        ("RON", "ro", "12,05 lei"),
        ("PHP", "fil", "₱12.05"),
    ],
)
def test_amounts_are_written_as_people_of_the_language_write_them(
    currency: str, language: str, shown: str
) -> None:
    assert format_money(1205, currency, language) == shown


@given(amounts)
def test_no_amount_loses_a_cent_on_its_way_to_paper(amount_minor: int) -> None:
    digits = format_amount(amount_minor, "EUR", "en").replace(",", "").replace(".", "")
    assert int(digits) == amount_minor
    assert to_decimal(amount_minor, "EUR") * 100 == amount_minor


def test_weights_have_three_decimals() -> None:
    assert (format_weight(485, "en"), format_weight(1485, "it")) == ("0.485 kg", "1,485 kg")


def test_a_name_falls_back_to_english_and_then_to_what_there_is() -> None:
    assert (MIRROR.name("it"), MIRROR.name("ro")) == ("Specchio sinistro", "Ominous mirror")
    assert replace(MIRROR, names={"it": "Specchio"}).name("ro") == "Specchio"
    assert replace(MIRROR, names={}).name("ro") == "OMINOUS-MIRROR"


@given(st.integers(-10_000, 50_000), st.integers(-10_000, 50_000))
def test_more_stock_never_means_a_smaller_band(first: int, second: int) -> None:
    order = [Band.NOT_HERE, Band.LAST_ONES, Band.A_FEW, Band.PLENTY]
    low, high = sorted((first, second))
    assert order.index(band(low)) <= order.index(band(high))


def test_bands_begin_where_their_limits_say() -> None:
    limits = BandLimits(plenty_milli=5000, a_few_milli=2000)
    shown = [band(milli, limits) for milli in (0, 1, 1999, 2000, 4999, 5000)]
    assert shown == [
        Band.NOT_HERE,
        Band.LAST_ONES,
        Band.LAST_ONES,
        Band.A_FEW,
        Band.A_FEW,
        Band.PLENTY,
    ]


@given(st.lists(st.sampled_from(HelpState), max_size=12))
def test_a_help_request_never_goes_back_and_never_leaves_its_end(wanted: list[HelpState]) -> None:
    state, seen = HelpState.REQUESTED, [HelpState.REQUESTED]
    for next_state in wanted:
        if may_become(state, next_state):
            state = next_state
            seen.append(state)
    assert len(set(seen)) == len(seen)
    assert all(earlier in OPEN_STATES for earlier in seen[:-1])
