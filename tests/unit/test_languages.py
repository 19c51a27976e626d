"""Owns what the table of languages promises: codes that libraries know, a name, a voice, a way to read."""

from __future__ import annotations

import pytest
from babel import Locale

from assets.languages import (
    FIRST_TIER,
    LANGUAGES,
    SHIPPED,
    TRANSLATED,
    Direction,
    Tier,
    cldr_of,
    direction_of,
    own_name_of,
    unknown_language,
)
from assets.texts import Texts


def test_the_first_tier_stands_on_the_welcome_screen_and_the_test_locales_nowhere() -> None:
    assert FIRST_TIER == ("en", "it", "id", "ro", "fil")
    assert (*FIRST_TIER, "es", "fr", "de", "ar", "zh-Hans") == SHIPPED
    assert SHIPPED[1:] == TRANSLATED
    assert {code for code, each in LANGUAGES.items() if each.tier is Tier.TEST} == {"en-XA", "ar-XB"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_formats_of_a_language_are_known_and_read_the_way_the_table_says(code: str) -> None:
    locale = Locale.parse(cldr_of(code))
    assert locale.language == code.partition("-")[0] or LANGUAGES[code].tier is Tier.TEST
    assert locale.text_direction == direction_of(code).value


def test_every_language_but_filipino_has_a_voice() -> None:
    assert [code for code in SHIPPED if not LANGUAGES[code].voice] == ["fil"]


def test_no_two_languages_have_the_same_name() -> None:
    names = [own_name_of(code) for code in LANGUAGES]
    assert len(set(names)) == len(names)


def test_what_is_not_in_the_table_is_read_from_left_to_right_under_its_own_code() -> None:
    assert (own_name_of("el"), direction_of("el"), cldr_of("pt-BR")) == (
        "el",
        Direction.LEFT_TO_RIGHT,
        "pt_BR",
    )


def test_texts_know_which_way_they_are_read() -> None:
    assert Texts("ar").direction is Direction.RIGHT_TO_LEFT
    assert Texts("ro").direction is Direction.LEFT_TO_RIGHT


@pytest.mark.parametrize(
    ("code", "meant"),
    [("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("en-GB", "en"), ("Deutsch", "de"), ("fill", "fil")],
)
def test_a_code_that_is_none_is_answered_with_the_nearest(code: str, meant: str) -> None:
    assert f"did you mean “{meant}”?" in unknown_language(code)


def test_a_code_that_is_near_none_is_answered_with_all() -> None:
    assert ", ".join(SHIPPED) in unknown_language("tlh")
