"""Layouts of the on-screen keyboard: every language can type its letters, and a broken file says where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.languages import LANGUAGES, SHIPPED
from assets.layouts import KEYBOARDS, MOST_KEYS, LayoutError, layout_for, parse_layout, read_layout
from assets.texts import translations

GOOD: dict[str, Any] = {
    "version": 1,
    "language": "en",
    "rows": ["QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"],
    "accents": "ÉÈ",
    "letters": "ABC",
    "pad": ["123-", "456½", "789%", ",0’"],
}


def parse(**changes: object) -> None:
    parse_layout(json.dumps(GOOD | changes), "en.json")


@pytest.mark.parametrize("language", SHIPPED)
def test_every_language_has_a_keyboard_of_its_own(language: str) -> None:
    layout = read_layout(KEYBOARDS / f"{language}.json")
    assert layout_for(language) == layout
    assert all(len(row) <= MOST_KEYS for row in (*layout.rows, *layout.pad))


@pytest.mark.parametrize("language", ["it", "id", "ro", "fil", "es", "fr", "de"])
def test_a_keyboard_has_every_letter_its_language_writes(language: str) -> None:
    catalogue: dict[object, object] = getattr(translations(language), "_catalog", {})
    words = "".join(text for key, text in catalogue.items() if key and isinstance(text, str))
    assert len(words) > 1000
    keys = set("".join(layout_for(language).rows).casefold()) | {"s"}  # ß folds to ss
    assert {letter for letter in words.casefold() if letter.isalpha()} - keys == set()


def test_the_arabic_keyboard_has_every_letter_of_its_alphabet() -> None:
    alphabet = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة"
    assert set(alphabet) == set("".join(layout_for("ar").rows))


def test_figures_stand_as_on_a_telephone_in_every_language() -> None:
    for code in LANGUAGES:
        pad = layout_for(code).pad
        assert [row[:3] for row in pad[:3]] == ["123", "456", "789"]
        assert pad[3][1] == "0"


def test_a_language_without_a_keyboard_takes_the_next_in_its_chain() -> None:
    assert layout_for("en-XA") is not None
    assert layout_for("ar-XB").language == "ar"
    assert layout_for("sw").language == "en"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"version": 2}, "version 2 is not known"),
        ({"version": True}, "version is not of the right kind"),
        ({"rows": "QWERTY"}, "rows is not of the right kind"),
        ({"rows": ["A", 1, "C"]}, "rows is a list of words"),
        ({"rows": ["A", "B"], "accents": ""}, "3 to 5 rows"),
        ({"rows": ["ABCDEFGHIJK", "L", "M"]}, "rows of 1 to 10"),
        ({"rows": ["A", "B", ""]}, "rows of 1 to 10"),
        ({"rows": ["A", "B", "CDEFGHIJKL"]}, "keeps a place for the key that deletes"),
        ({"rows": ["A", "B", "A"]}, "A stands on two keys"),
        ({"accents": "A", "rows": ["A", "B", "C"]}, "A stands on two keys"),
        ({"rows": ["A", "B", "C\u0301"]}, "U+0301 is not a letter"),
        ({"rows": ["A", "B", "C\u202e"]}, "U+202E is not a letter"),
        ({"pad": ["789", "456", "123", "0"]}, "order of a telephone"),
        ({"pad": ["123-+", "456", "789", "0"]}, "four keys a row"),
        ({"pad": ["123", "456", "789", "0,,"]}, "stands twice"),
        ({"letters": ""}, "one to four characters"),
        ({"extra": 1}, "a layout has exactly"),
    ],
)
def test_what_is_wrong_with_a_layout_is_said(changes: dict[str, object], complaint: str) -> None:
    parse()
    with pytest.raises(LayoutError) as caught:
        parse(**changes)
    assert str(caught.value).startswith("en.json")
    assert complaint in str(caught.value)


def test_broken_json_is_told_with_its_line_and_a_name_said_twice_is_refused() -> None:
    with pytest.raises(LayoutError, match=r"en\.json:2: "):
        parse_layout('{\n"version" 1}', "en.json")
    with pytest.raises(LayoutError, match="a name stands twice"):
        parse_layout('{"version": 1, "version": 1}', "en.json")


@given(st.text(max_size=60) | st.recursive(st.none() | st.integers(), st.lists).map(json.dumps))
def test_any_text_is_a_layout_or_a_complaint(text: str) -> None:
    with pytest.raises(LayoutError):
        parse_layout(text, "any.json")


def test_a_file_under_another_s_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "it.json"
    path.write_text(json.dumps(GOOD), "utf-8")
    with pytest.raises(LayoutError, match="the file says it is for en"):
        read_layout(path)
    with pytest.raises(LayoutError, match="cannot be read"):
        read_layout(tmp_path / "nowhere.json")
