"""Owns how money, weights, days and hours read in each language: one table, written out in full."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.languages import LANGUAGES, SHIPPED
from inventory.domain.moments import format_clock, format_day, format_moment, format_weekday
from inventory.domain.money import format_amount, format_money, format_per_kilogram, format_weight

RLM = "\u200f"
SUMMER = datetime(2025, 7, 3, 14, 5)  # noqa: DTZ001 - a moment is written in the zone it comes in

MONEY = [
    ("en", "EUR", "€1,234.50"),
    ("it", "EUR", "1.234,50 €"),
    ("ro", "EUR", "1.234,50 €"),
    ("ro", "RON", "1.234,50 lei"),
    ("id", "EUR", "€1.234,50"),
    ("fil", "PHP", "₱1,234.50"),
    ("es", "EUR", "1.234,50 €"),
    ("fr", "EUR", "1 234,50 €"),
    ("de", "EUR", "1.234,50 €"),
    ("ar", "EUR", f"{RLM}1,234.50 €"),
    ("zh-Hans", "EUR", "€1,234.50"),
    ("en-XA", "EUR", "€1,234.50"),
    ("ar-XB", "EUR", f"{RLM}1,234.50 €"),
]
WEIGHTS = {
    "en": ("0.485 kg", "€2.09/kg"),
    "it": ("0,485 kg", "2,09 €/kg"),
    "id": ("0,485 kg", "€2,09/kg"),
    "ro": ("0,485 kg", "2,09 €/kg"),
    "fil": ("0.485 kg", "€2.09/kg"),
    "es": ("0,485 kg", "2,09 €/kg"),
    "fr": ("0,485 kg", "2,09 €/kg"),
    "de": ("0,485 kg", "2,09 €/kg"),
    "ar": ("0.485 كغم", f"{RLM}2.09 €/كغم"),
    "zh-Hans": ("0.485 kg", "€2.09/kg"),
}
MOMENTS = {
    "en": ("3 Jul 2025", "14:05"),
    "it": ("3 lug 2025", "14:05"),
    "id": ("3 Jul 2025", "14.05"),
    "ro": ("3 iul. 2025", "14:05"),
    "fil": ("Hul 3, 2025", "14:05"),
    "es": ("3 jul 2025", "14:05"),
    "fr": ("3 juil. 2025", "14:05"),
    "de": ("3. Juli 2025", "14:05"),
    "ar": ("3 يوليو 2025", "14:05"),
    "zh-Hans": ("2025年7月3日", "14:05"),
}


@pytest.mark.parametrize(("language", "currency", "shown"), MONEY)
def test_money_reads_as_people_of_the_language_write_it(language: str, currency: str, shown: str) -> None:
    assert format_money(123_450, currency, language) == shown


def test_rupiah_have_no_decimals_unless_the_sum_has_some() -> None:
    assert format_money(1_240_000, "IDR", "id") == "Rp12.400"
    assert format_amount(1_240_000, "IDR", "id") == "12.400"
    assert format_money(1_240_050, "IDR", "id") == "Rp12.400,50"
    assert format_money(1_240_000, "EUR", "id") == "€12.400,00"


@pytest.mark.parametrize("language", LANGUAGES)
def test_yen_and_won_have_no_decimals_in_any_language(language: str) -> None:
    for currency in ("JPY", "KRW"):
        assert [sign for sign in format_money(1234, currency, language) if sign.isdecimal()] == list("1234")


@given(
    st.integers(-99_999_999, 99_999_999), st.sampled_from(sorted(LANGUAGES)), st.sampled_from(["EUR", "IDR"])
)
def test_no_digit_is_lost_and_every_digit_is_western(amount_minor: int, language: str, currency: str) -> None:
    shown = format_money(amount_minor, currency, language)
    digits = "".join(sign for sign in shown if sign.isdecimal())
    assert digits.isascii()
    whole = currency == "IDR" and amount_minor % 100 == 0
    assert int(digits) == abs(amount_minor) // (100 if whole else 1)
    assert ("-" in shown or "\u2212" in shown) == (amount_minor < 0)


@pytest.mark.parametrize("language", SHIPPED)
def test_a_weight_and_the_price_of_a_kilogram_use_the_language_s_own_kilogram(language: str) -> None:
    assert (format_weight(485, language), format_per_kilogram(209, "EUR", language)) == WEIGHTS[language]


@pytest.mark.parametrize("language", SHIPPED)
def test_a_month_has_its_name_and_an_hour_its_own_sign(language: str) -> None:
    assert (format_day(SUMMER, language), format_clock(SUMMER, language)) == MOMENTS[language]
    assert format_moment(SUMMER, language) == " ".join(MOMENTS[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_of_a_day_names_its_weekday_in_full(language: str) -> None:
    written = format_weekday(SUMMER, language)
    assert "3" in written
    assert sum(map(str.isalpha, written)) > sum(map(str.isalpha, format_day(SUMMER, language)))


def test_a_language_without_formats_of_its_own_here_still_has_those_of_cldr() -> None:
    assert format_money(1205, "BRL", "pt-BR") == "R$ 12,05"
