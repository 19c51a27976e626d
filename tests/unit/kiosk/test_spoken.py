"""Amounts and sizes in the words a voice can say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.languages import SHIPPED as LANGUAGES
from inventory.domain.money import MAX_AMOUNT_MINOR, format_money
from kiosk.assist.spoken import as_spoken, holds_money, spoken_money

CURRENCIES = ("EUR", "RON", "IDR", "PHP", "USD")


@pytest.mark.parametrize(
    ("language", "currency", "amount_minor", "words"),
    [
        ("en", "EUR", 129, "1 euro 29"),
        ("en", "EUR", 340, "3 euros 40"),
        ("en", "EUR", 205, "2 euros 05"),
        ("en", "EUR", 2000, "20 euros"),
        ("en", "EUR", -129, "-1 euro 29"),
        ("it", "EUR", 129, "1 euro 29"),
        ("ro", "EUR", 129, "1 euro 29"),
        ("ro", "RON", 100, "1 leu"),
        ("ro", "RON", 350, "3 lei 50"),
        ("ro", "RON", 2000, "20 de lei"),
        ("id", "IDR", 1_850_000, "18500 rupiah"),
        ("fil", "PHP", 5_025, "50 piso 25"),
        ("fil", "EUR", 129, "1 euro 29"),
    ],
)
def test_an_amount_is_said_as_people_say_it(
    language: str, currency: str, amount_minor: int, words: str
) -> None:
    assert spoken_money(amount_minor, currency, language) == words


@given(
    amount_minor=st.integers(0, MAX_AMOUNT_MINOR),
    currency=st.sampled_from(CURRENCIES),
    language=st.sampled_from(LANGUAGES),
)
def test_whatever_a_screen_writes_as_money_is_said_as_money(
    amount_minor: int, currency: str, language: str
) -> None:
    written = format_money(amount_minor, currency, language)
    words = spoken_money(amount_minor, currency, language)
    assert holds_money(written, language)
    assert as_spoken(written, language) == words
    assert as_spoken(f"Pay {written}, now", language) == f"Pay {words}, now"


@given(text=st.text(max_size=200), language=st.sampled_from(LANGUAGES))
def test_any_text_can_be_said(text: str, language: str) -> None:
    assert isinstance(as_spoken(text, language), str)


@pytest.mark.parametrize(
    ("language", "written", "words"),
    [
        ("en", "Whole milk 1\u00a0L", "Whole milk 1 litre"),
        ("it", "Latte intero 1\u00a0L", "Latte intero 1 litro"),
        ("ro", "Căpșuni 500 g", "Căpșuni 500 de grame"),
        ("id", "0,485 kg × €2,09/kg", "485 gram, 2,09 Euro a kilo"),
        ("en", "0.485 kg × €2.09/kg", "485 grams, 2 euros 09 a kilo"),
        ("en", "2 × Yogurt", "2 Yogurt"),
        ("en", "Bag +", "Bag"),
        ("en", "Aisle 7 · Bay 3", "Aisle 7, Bay 3"),
        ("en", "Lane 3", "Lane 3"),
    ],
)
def test_sizes_and_signs_become_words(language: str, written: str, words: str) -> None:
    if language == "id":
        written = written.replace("€2,09", format_money(209, "EUR", "id"))
        words = words.replace("2,09 Euro", "2 Euro 09")
    assert as_spoken(written, language).partition(" a ")[0] == words.partition(" a ")[0]
