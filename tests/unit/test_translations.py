"""Owns what the catalogues promise: every text of lane and store in every language, drawable and short.

It must not know screens or pages; what a text is used for is not asked, only where it stands.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import cache
from gettext import c2py
from io import BytesIO

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from assets.languages import TRANSLATED, cldr_of
from assets.locale import glossary, update
from assets.texts import LOCALE, Texts, catalogue_path
from tests.support.faces import WEIGHTS, undrawable

ONLY_IN_BROWSERS = frozenset("✓✕")  # drawn as pictures on the lane; a browser falls back to its own face
SHORT = 24
"""Up to here an English text is taken for the words of a button; above, for a line that may wrap."""

SAME_SIGN = {".": (".", "。"), "?": ("?", "؟", "？")}
"""How a sentence or a question ends in the scripts of the catalogues."""

PERCENT = re.compile(r"%\([a-z_]+\)[sd]")
PLURAL_SAMPLES = {
    "it": {0: 1, 1: 0, 2: 1, 21: 1},
    "id": {0: 0, 1: 0, 2: 0, 21: 0},
    "ro": {0: 1, 1: 0, 2: 1, 19: 1, 20: 2, 101: 1, 121: 2},
    "fil": {0: 0, 1: 0, 2: 1, 21: 1},
    "es": {0: 1, 1: 0, 2: 1, 21: 1},
    "fr": {0: 0, 1: 0, 2: 1, 21: 1},
    "de": {0: 1, 1: 0, 2: 1, 21: 1},
    "ar": {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3, 111: 4},
    "zh-Hans": {0: 0, 1: 0, 2: 0, 21: 0},
}

each_language = pytest.mark.parametrize("language", TRANSLATED)


@cache
def template() -> Catalog:
    return update.extract()


@cache
def catalogue(language: str) -> Catalog:
    return read_po(BytesIO(catalogue_path(language).read_bytes()), locale=cldr_of(language))


def english(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    if message.string is None or isinstance(message.string, str):
        return (message.string or "",)
    return tuple(text or "" for text in message.string)


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def placeholders(text: str) -> set[str]:
    """The names to be filled in, in both notations."""
    braces = {f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name}
    return braces | set(PERCENT.findall(text))


def only_number(language: str, form: int) -> bool:
    """Whether a form stands for one number alone; its words may then say the number without a digit."""
    choose = c2py(catalogue(language).plural_expr)
    return sum(choose(number) == form for number in range(200)) == 1


def test_the_committed_template_is_a_fresh_extraction() -> None:
    assert update.TEMPLATE.read_bytes() == update.file_text(template())


def test_both_rooms_and_texts_inside_longer_strings_are_found() -> None:
    found = {text for message in template() for text in english(message)}
    assert {
        "Scan your first item",  # a screen
        "Receipt",  # a slip, inside an f-string
        "On my way",  # the tablet
        "Sign in",  # a page
        "%(count)s tasks",  # a page's plural
        "checked %(n)d minutes ago",  # a screen's plural
    } <= found


def test_the_catalogues_are_those_of_the_script() -> None:
    there = {path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/lanelight.po")}
    assert there == set(TRANSLATED)


@each_language
def test_a_catalogue_holds_exactly_the_texts_of_the_source(language: str) -> None:
    wanted = {message.id for message in template() if message.id}
    assert {message.id for message in messages(language)} == wanted


@each_language
def test_a_catalogue_is_written_as_the_script_writes_it(language: str) -> None:
    again = update.file_text(update.updated(language, template()), language=language)
    assert catalogue_path(language).read_bytes() == again


@each_language
def test_every_text_is_translated_and_confirmed(language: str) -> None:
    assert [message.id for message in messages(language) if message.fuzzy or not all(forms(message))] == []
    assert update.missing(catalogue(language)) == 0


@each_language
def test_every_placeholder_is_kept_in_every_form(language: str) -> None:
    for message in messages(language):
        wanted = placeholders(english(message)[-1])
        number = placeholders(english(message)[-1]) & {"%(n)d", "%(count)s", "{count}"}
        for form, text in enumerate(forms(message)):
            spelled = message.pluralizable and only_number(language, form)
            assert placeholders(text) - number == wanted - number, message.id
            assert spelled or placeholders(text) == wanted, message.id
            assert PERCENT.sub("", text).count("%") == PERCENT.sub("", english(message)[0]).count("%"), (
                message.id
            )
            assert text.count("#") == english(message)[0].count("#"), message.id


@each_language
def test_a_plural_has_as_many_forms_as_the_language_and_picks_the_right_one(language: str) -> None:
    chosen = catalogue(language)
    for message in messages(language):
        assert len(forms(message)) == (chosen.num_plurals if message.pluralizable else 1), message.id
    texts = Texts(language)
    shown = forms(next(message for message in messages(language) if english(message)[0] == "%(n)d item"))
    for number, form in PLURAL_SAMPLES[language].items():
        assert texts.plural("%(n)d item", "%(n)d items", number) == shown[form] % {"n": number}


def room(text: str) -> int:
    """How long a translation may be: a button takes 40 % more; a line wraps, and may need one line more."""
    return int(1.4 * len(text)) + 4 if len(text) <= SHORT else int(1.5 * len(text)) + 12


@each_language
def test_a_text_stays_short_enough_for_its_place(language: str) -> None:
    for message in messages(language):
        most = room(max(english(message), key=len))
        for text in forms(message):
            assert len(text) <= most, f"{message.id}: {text}"


@each_language
def test_a_text_begins_and_ends_like_the_english_one_and_never_shouts(language: str) -> None:
    for message in messages(language):
        for text in forms(message):
            assert text == text.strip(), message.id
            assert "!" not in text, message.id
            assert "'" not in text, f"{message.id}: write ’"
            for sign, same in SAME_SIGN.items():
                assert text.endswith(same) == english(message)[0].endswith(sign), message.id


@each_language
@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_character_is_in_the_face(language: str, weight: str) -> None:
    used = {sign for message in messages(language) for text in forms(message) for sign in text}
    assert undrawable(used - ONLY_IN_BROWSERS, weight) == []


def test_romanian_letters_have_commas_not_cedillas() -> None:
    assert not set("şţŞŢ") & set(catalogue_path("ro").read_text("utf-8"))


def test_a_file_names_no_person_no_moment_and_no_line() -> None:
    for path in (update.TEMPLATE, *map(catalogue_path, TRANSLATED)):
        text = path.read_text("utf-8")
        assert not re.search(r"@|-Date\b|Translator|Generated-By|\d{4}-\d\d", text), path
        assert all(not line.rstrip()[-1].isdecimal() for line in text.splitlines() if line.startswith("#:"))


def test_a_text_is_found_wherever_python_lets_it_stand() -> None:
    source = (
        b'f"{_(\'Lane\')} {number}"; texts.plural("%(n)d a", "%(n)d b", n); texts("One " "text"); say("no")'
    )
    found = list(update.extract_words(BytesIO(source), update.KEYWORDS, (), {}))
    assert [(name, words) for _, name, words, _ in found] == [
        ("_", ["Lane"]),
        ("plural", ["%(n)d a", "%(n)d b", None]),
        ("texts", ["One text"]),
    ]


def test_a_button_named_in_a_sentence_is_named_as_it_reads_on_the_button() -> None:
    for language in TRANSLATED:
        texts = Texts(language)
        assert texts("Remove") in texts("Tap it in the list and choose Remove.")
        for message in messages(language):
            if re.search(r"\b[Tt]ap Help\b|tap Help again", str(message.id)):
                assert texts("Help") in forms(message)[0], message.id


def test_the_first_words_a_shopper_reads_are_as_agreed() -> None:
    assert {language: Texts(language)("Scan your first item") for language in TRANSLATED} == {
        "it": "Scansiona il primo articolo",
        "id": "Pindai barang pertama",
        "ro": "Scanează primul produs",
        "fil": "I-scan ang unang item",
        "es": "Escanee su primer artículo",
        "fr": "Scannez votre premier article",
        "de": "Scannen Sie den ersten Artikel",
        "ar": "يرجى مسح المنتج الأول",
        "zh-Hans": "请扫第一件商品",
    }


def test_every_word_of_the_glossary_is_a_text_of_the_source() -> None:
    known = {text for message in template() if message.id for text in english(message)}
    assert [term for term in glossary.TERMS if term not in known] == []
    assert len(set(glossary.TERMS)) == len(glossary.TERMS) >= 60


def test_arabic_says_each_of_its_six_numbers_in_its_own_way() -> None:
    texts = Texts("ar")
    said = [texts.plural("%(n)d item", "%(n)d items", number) for number in (0, 1, 2, 3, 11, 100)]
    assert said == ["لا منتجات", "منتج واحد", "منتجان", "3 منتجات", "11 منتجًا", "100 منتج"]


FORMAL = {
    "es": r"\b(tú|tu|tus|toca|elige)\b",
    "fr": r"\b(tu|ton|ta|tes|toi|scanne|touche(?= )|choisis)\b",
    "de": r"\b(du|dein|deine|deinen|dich|dir|scanne|tippe)\b",
    "zh-Hans": "你",
}
"""What would be a word to a friend: the catalogues of these languages are polite throughout."""


@pytest.mark.parametrize("language", FORMAL)
def test_a_language_speaks_to_everybody_in_one_form(language: str) -> None:
    for message in messages(language):
        for text in forms(message):
            assert not re.search(FORMAL[language], text.lower()), f"{message.id}: {text}"
