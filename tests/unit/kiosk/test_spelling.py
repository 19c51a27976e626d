"""Owns the proof that letters that sound alike are told apart by a word, where the language has one."""

from __future__ import annotations

import pytest

from assets.languages import SHIPPED
from assets.layouts import layout_for
from hardware.events import Key
from kiosk.assist.spelling import spelled
from kiosk.checkout import messages as m
from kiosk.ui.presenter.nodes import reachable
from tests.support.lane_fakes import Walk
from tests.unit.kiosk.test_presenter import shown


@pytest.mark.parametrize(
    ("letter", "language", "word"),
    [
        ("b", "en", "Bravo"),
        ("D", "it", "Domodossola"),
        ("P", "ro", "Petre"),
        ("W", "ro", ""),
        ("Q", "de", "Quickborn"),
        ("N", "fil", "November"),
        ("é", "fr", ""),
        ("7", "en", ""),
        ("ب", "ar", ""),
    ],
)
def test_a_letter_has_the_word_of_its_language(letter: str, language: str, word: str) -> None:
    assert spelled(letter, language) == word


@pytest.mark.parametrize("language", SHIPPED)
def test_a_word_begins_with_its_letter_and_no_two_letters_share_one(language: str) -> None:
    letters = [key for row in layout_for(language).rows for key in row]
    words = [spelled(letter, language) for letter in letters]
    assert all(
        word[0].casefold() == letter.casefold() for letter, word in zip(letters, words, strict=True) if word
    )
    said = [word for word in words if word]
    assert len(set(said)) == len(said)


def test_the_keys_of_the_search_are_spoken_with_their_words() -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND))
    keys = {node.name: node.value for node in reachable(shown(walk)) if node.id.startswith("key:")}
    assert keys["B"] == "Bravo"
    assert keys["D"] == "Delta"


def test_every_key_there_is_has_a_name_of_its_own() -> None:
    assert len({key.value for key in Key}) == len(Key)
