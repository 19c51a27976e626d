"""Owns what must hold whatever stands in a catalogue: test locales made by rule, files that are broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.pseudo import GROWTH_PCT, lengthened, mirrored
from assets.texts import Texts, has_texts, translations

PLACES = ("%(name)s", "%(n)d", "{count}", "#")

letters = st.text("abcdefghijklmnopqrstuvwxyz ABCXYZ.,?", min_size=1, max_size=40)
english = st.lists(letters | st.sampled_from(PLACES), min_size=1, max_size=6).map("".join)


def written(folder: Path, text: str) -> Path:
    path = folder / "it" / "LC_MESSAGES" / "lanelight.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return folder


@given(english)
def test_a_longer_text_keeps_its_places_and_is_two_fifths_longer(text: str) -> None:
    longer = lengthened(text)
    assert [longer.count(place) for place in PLACES] == [text.count(place) for place in PLACES]
    assert (longer[0], longer[-1]) == ("[", "]")
    if any(sign in "aeiouy" for sign in text):
        assert len(longer) >= len(text)


def test_a_sentence_grows_by_what_a_translation_may_need() -> None:
    text = "Tap card or phone on the reader"
    assert len(lengthened(text)) >= len(text) * (100 + GROWTH_PCT) / 100
    assert Texts("en-XA")("Pay") == "[Påý]"
    assert Texts("en-XA").plural("%(n)d item", "%(n)d items", 2) == "[2 îîţémš]"


@given(english)
def test_a_mirrored_text_has_no_latin_letter_left_outside_its_places(text: str) -> None:
    turned = mirrored(text)
    assert [turned.count(place) for place in PLACES] == [text.count(place) for place in PLACES]
    for place in PLACES:
        turned = turned.replace(place, "")
    assert not any(sign.isascii() and sign.isalpha() for sign in turned)


def test_a_test_locale_needs_no_file() -> None:
    assert Texts("ar-XB")("Pay, later?") == "باي، لاتعر؟"
    assert has_texts("ar-XB")
    assert not has_texts("tlh")


@pytest.mark.parametrize(
    "text",
    [
        "\udcff\udcfe\x00",
        "msgid",
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=nowhere\\n"\n\nmsgid "Pay"\nmsgstr "Paga"\n',
        'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=n[0];\\n"\n\nmsgid "Pay"\nmsgstr "Paga"\n',
    ],
)
def test_a_file_that_cannot_be_read_leaves_its_texts_english(tmp_path: Path, text: str) -> None:
    assert translations("it", written(tmp_path, text)).gettext("Pay") == "Pay"


def test_a_translation_that_asks_for_another_value_is_not_shown(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        'msgid "Lane %(lane)s"\nmsgstr "Cassa %(line)s"\n\nmsgid "Bay %(bay)s"\nmsgstr "Campata %(bay)"\n\n'
        'msgid "Pay"\nmsgstr "Paga"\n',
    )
    words = translations("it", folder)
    assert [words.gettext(text) for text in ("Lane %(lane)s", "Bay %(bay)s", "Pay")] == [
        "Lane %(lane)s",
        "Bay %(bay)s",
        "Paga",
    ]
