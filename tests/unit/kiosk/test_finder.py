"""The search for goods: by name in any language, with a slip of the finger, and never a wrong guess first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.words import fold
from kiosk.assist.finder import MAX_RESULTS, Finder
from tests.support.lane_fakes import APPLES, BUN, item

MILK = item(31, names={"en": "Whole milk", "it": "Latte intero", "ro": "Lapte integral"})
OAT = item(32, names={"en": "Oat drink", "it": "Bevanda d’avena"})
CHOCOLATE = item(33, names={"en": "Milk chocolate", "it": "Cioccolato al latte"})
CHEESE = item(34, names={"en": "Cheese", "ro": "Brânză țărănească", "it": "Formaggio"})
GOODS = (MILK, OAT, CHOCOLATE, CHEESE, APPLES, BUN)
FINDER = Finder(GOODS)


def found(query: str, language: str = "en") -> list[str]:
    return [each.name("en") for each in FINDER.search(query, language)]


def test_the_beginning_of_any_word_is_enough() -> None:
    assert found("choc") == ["Milk chocolate"]
    assert set(found("mil")) == {"Whole milk", "Milk chocolate"}


def test_a_name_that_begins_with_the_query_comes_first() -> None:
    assert found("milk")[0] == "Milk chocolate"


def test_every_word_must_fit() -> None:
    assert found("milk choc") == ["Milk chocolate"]
    assert found("choc mil") == ["Milk chocolate"]
    assert found("milk cheese") == []


def test_any_language_is_understood_on_any_screen() -> None:
    assert set(found("latte", "en")) == set(found("LATTE", "ro")) == {"Whole milk", "Milk chocolate"}
    assert "Whole milk" in found("lapte", "fil")


@pytest.mark.parametrize("query", ["brânză", "branza", "BRANZA", "branza taran"])
def test_accents_need_not_be_typed(query: str) -> None:
    assert found(query, "ro") == ["Cheese"]


@pytest.mark.parametrize("query", ["chese", "chees", "choclate", "mlik"])
def test_one_slip_of_the_finger_is_forgiven(query: str) -> None:
    assert found(query)


@pytest.mark.parametrize("query", ["", " ", "m", "  m ", "xyzzy", "%", "*", "\\", "'; --", "\0\0"])
def test_too_little_or_nonsense_finds_nothing(query: str) -> None:
    assert found(query) == []


ARABIC_MILK = item(41, names={"en": "Whole milk", "ar": "الحليب كامل الدسم", "zh-Hans": "全脂牛奶 1 升"})
SWEET_POTATO = item(42, names={"en": "Sweet potatoes", "ar": "بطاطا حلوة", "zh-Hans": "红薯"})
CALLED = Finder(
    (
        replace(ARABIC_MILK, aliases=("halib", "leben", "niunai")),
        replace(SWEET_POTATO, aliases=("hong shu", "kamote")),
        OAT,
    )
)


@pytest.mark.parametrize("query", ["halib", "LEBEN", "niun", "حليب", "الحليب", "牛奶", "全脂", "milk"])
@pytest.mark.parametrize("language", ["ar", "zh-Hans", "en"])
def test_a_good_is_found_by_its_alias_and_by_its_name_in_any_script(query: str, language: str) -> None:
    assert [each.name("en") for each in CALLED.search(query, language)] == ["Whole milk"]


def test_an_alias_of_two_words_is_found_by_both_and_forgives_a_slip() -> None:
    for query in ("hong shu", "shu hong", "kamotte", "بطاطا حلوه"):
        assert [each.name("en") for each in CALLED.search(query, "ar")] == ["Sweet potatoes"]


def test_codes_find_their_goods() -> None:
    assert found("4020") == ["Apples"]
    assert found(MILK.gtin.lstrip("0")) == ["Whole milk"]
    assert found("sku-32") == ["Oat drink"]


def test_no_more_than_a_screen_holds() -> None:
    many = Finder(tuple(item(100 + n, f"Juice {n}") for n in range(50)))
    assert len(many.search("juice", "en")) == MAX_RESULTS
    assert len(many.search("juice", "en", limit=3)) == 3


def test_loose_goods_are_those_with_a_plu() -> None:
    assert sorted(each.name("en") for each in FINDER.loose_goods) == ["Apples", "Bun"]


def test_an_empty_catalogue_finds_nothing() -> None:
    assert Finder(()).search("milk", "en") == ()
    assert Finder(()).loose_goods == ()
    assert Finder(()).items == ()


@given(st.text(max_size=80), st.sampled_from(["en", "it", "id", "ro", "fil", "xx"]))
def test_no_query_raises_and_none_finds_twice(query: str, language: str) -> None:
    results = FINDER.search(query, language)
    gtins = [each.gtin for each in results]
    assert len(gtins) == len(set(gtins)) <= MAX_RESULTS
    assert all(each in GOODS for each in results)


@given(st.sampled_from(GOODS), st.sampled_from(["en", "it", "ro"]))
def test_everything_is_found_by_its_own_name(goods: object, language: str) -> None:
    assert goods in FINDER.search(goods.name(language), language)  # type: ignore[attr-defined]  # an Item


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_two_spellings_of_a_letter_are_one() -> None:
    assert fold("ÇÀÉØ") == "caeo"
    assert fold("STRASSE") == fold("Straße")
    assert fold("ﬁlet") == "filet"
