"""Owns what must hold for the words of the pages: English unless a catalogue says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po

from inventory.web.pages import pages_for
from inventory.web.texts import own_name, texts_for


def test_a_language_without_a_catalogue_is_english_and_says_so(tmp_path: Path) -> None:
    texts = texts_for("it", tmp_path)
    assert texts.language == "en"
    assert texts.text("Sign in") == "Sign in"
    assert texts.plural("{count} item", "{count} items", 2) == "{count} items"


def test_a_catalogue_gives_its_words(tmp_path: Path) -> None:
    folder = tmp_path / "it" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = Catalog(locale="it")
    catalog.add("Sign in", "Accedi")
    with (folder / "lanelight.po").open("wb") as file:
        write_po(file, catalog)
    texts = texts_for("it", tmp_path)
    assert (texts.language, texts.text("Sign in"), texts.text("Stock")) == ("it", "Accedi", "Stock")


@pytest.mark.parametrize(
    ("language", "name"),
    [("it", "Italiano"), ("ro", "Română"), ("id", "Indonesia"), ("xx-nowhere", "xx-nowhere"), ("", "")],
)
def test_a_language_is_named_as_its_speakers_name_it(language: str, name: str) -> None:
    assert own_name(language) == name


@pytest.mark.parametrize(
    ("language", "head", "word"),
    [("it", 'lang="it" dir="ltr"', "Accedi"), ("ar", 'lang="ar" dir="rtl"', "دخول")],
)
def test_a_store_s_pages_are_in_its_language_and_read_its_way(language: str, head: str, word: str) -> None:
    pages = pages_for("Aurora", language)
    page = pages.answer(
        "message.html", pages.frame(), heading=pages.texts.text("Sign in"), sentence="", way_on=""
    )
    text = bytes(page.body).decode()
    assert head in text
    assert f"<h1>{word}</h1>" in text
