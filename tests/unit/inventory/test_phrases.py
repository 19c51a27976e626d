"""Owns what the phrases promise: each renders in each language with any slot; nothing else gets through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.languages import LANGUAGES, SHIPPED, TRANSLATED
from assets.texts import Texts
from assets.typesetting.isolation import bare
from inventory.domain.card_digits import holds_card_number
from inventory.domain.identifiers import with_check_digit
from inventory.domain.phrase_words import language_name, said, unfilled
from inventory.domain.phrases import (
    LONGEST_TEXT,
    SLOT_OF,
    NotSold,
    Phrase,
    PhraseFault,
    PhraseId,
    ShopperPhrase,
    Side,
    Slot,
    SlotValue,
    StaffPhrase,
    TextFault,
    read_phrase,
    read_text,
)

EVERY: tuple[PhraseId, ...] = (*ShopperPhrase, *StaffPhrase)
MILK = {"en": "Milk 1 l", "it": "Latte 1 l", "fil": "Gatas 1 l", "ar": "حليب ١ ل"}
FILL: dict[Slot, st.SearchStrategy[SlotValue]] = {
    Slot.ITEM: st.from_regex(r"[0-9]{12}[1-9]", fullmatch=True).map(with_check_digit),
    Slot.MINUTES: st.integers(1, 60),
    Slot.LANE: st.integers(1, 9999),
    Slot.AMOUNT: st.integers(0, 99_999_999),
    Slot.DATE: st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat),
    Slot.LANGUAGE: st.sampled_from(SHIPPED),
    Slot.REASON: st.sampled_from([reason.value for reason in NotSold]),
}


def phrases() -> st.SearchStrategy[Phrase]:
    return st.one_of(
        *(st.builds(Phrase, st.just(each), FILL[slot]) for each, slot in SLOT_OF.items()),
        st.sampled_from([Phrase(each) for each in EVERY if each not in SLOT_OF]),
    )


def name_in(language: str) -> str:
    return MILK.get(language, MILK["en"])


def words(phrase: Phrase, language: str) -> str:
    return said(phrase, Texts(language), currency="EUR", name_of=lambda _gtin: name_in(language))


def test_each_side_has_its_twenty_two_phrases_and_no_id_twice() -> None:
    assert (len(ShopperPhrase), len(StaffPhrase)) == (22, 22)
    assert len({each.value for each in EVERY}) == 44


@given(phrases(), st.sampled_from(tuple(LANGUAGES)))
def test_every_phrase_renders_in_every_language_with_any_slot(phrase: Phrase, language: str) -> None:
    text = words(phrase, language)
    assert text.strip() == text != ""
    assert "%" not in text
    assert "…" not in text


@given(phrases(), st.sampled_from(SHIPPED), st.sampled_from(SHIPPED))
def test_a_phrase_goes_from_one_language_to_another_by_its_id_alone(phrase: Phrase, a: str, b: str) -> None:
    there = read_phrase(phrase.side, phrase.phrase_id.value, phrase.slots)
    assert there == phrase
    assert isinstance(there, Phrase)
    assert (words(there, a), words(there, b)) == (words(phrase, a), words(phrase, b))


@pytest.mark.parametrize("phrase_id", EVERY, ids=lambda each: each.value)
def test_no_two_languages_share_the_words_by_accident(phrase_id: PhraseId) -> None:
    assert len({unfilled(phrase_id, Texts(language)) for language in SHIPPED}) >= len(SHIPPED) - 1
    assert all(
        unfilled(phrase_id, Texts(language)) != unfilled(phrase_id, Texts("en")) for language in TRANSLATED
    )


def test_no_two_phrases_say_the_same() -> None:
    for language in SHIPPED:
        assert len({unfilled(each, Texts(language)) for each in EVERY}) == 44, language


def test_italian_and_filipino_understand_each_other() -> None:
    asked = Phrase(ShopperPhrase.WHERE_IS, "09520000020019")
    assert words(asked, "it") == "Dove trovo Latte 1 l?"
    assert words(asked, "fil") == "Saan makikita ang Gatas 1 l?"
    answered = Phrase(StaffPhrase.OFFER_ENDED, "2026-10-03")
    assert words(answered, "fil") == "Natapos ang alok noong Okt 3, 2026"
    assert words(answered, "it") == "L’offerta è finita il 3 ott 2026"


def test_slots_are_written_as_the_reader_writes_them() -> None:
    price = Phrase(StaffPhrase.PRICE_IS, 1240)
    assert [words(price, each) for each in ("en", "it", "fil")] == [
        "The price is €12.40",
        "Il prezzo è 12,40\u00a0€",
        "Ang presyo ay €12.40",
    ]
    minutes = [bare(words(Phrase(StaffPhrase.COMING, n), "ar")) for n in (1, 2, 3, 11)]
    assert minutes == ["أصل خلال دقيقة واحدة", "أصل خلال دقيقتين", "أصل خلال 3 دقائق", "أصل خلال 11 دقيقة"]
    assert words(Phrase(StaffPhrase.COMING, 20), "ro") == "Ajung în 20 de minute"
    assert words(Phrase(ShopperPhrase.SPEAK, "it"), "de") == "Ich spreche Italienisch"
    assert language_name("ur", Texts("it")) == "urdu"


def test_a_name_of_the_other_direction_keeps_its_order() -> None:
    asked = Phrase(ShopperPhrase.WHERE_IS, "09520000020019")
    shown = said(asked, Texts("ar"), currency="EUR", name_of=lambda _gtin: "7-Up 330 ml")
    assert "\u20667-Up 330 ml\u2069" in shown


UNFIT: dict[PhraseId, tuple[object, ...]] = {
    StaffPhrase.COMING: (0, 61, -1, True, "5", 1.0, None),
    StaffPhrase.PRICE_IS: (-1, 100_000_000, "1"),
    StaffPhrase.USE_LANE: (0, 10_000),
    StaffPhrase.OFFER_ENDED: ("2026-02-30", "20260203", "1999-12-31", "3.10.2026", "", 20261003),
    StaffPhrase.COLLEAGUE_SPEAKS: ("xx", "", "IT", ["it"]),
    StaffPhrase.CANNOT_SELL_ITEM: ("thief", [], 1),
    ShopperPhrase.WHERE_IS: ("9520000020019", "09520000020018", "<b>", 9520000020019),
}


def unfit() -> Iterator[tuple[Side, str, dict[str, object], PhraseFault]]:
    for phrase_id, values in UNFIT.items():
        for value in values:
            slots = {SLOT_OF[phrase_id].value: value}
            yield Phrase(phrase_id).side, phrase_id.value, slots, PhraseFault.SLOT_UNFIT


@pytest.mark.parametrize(
    ("side", "phrase_id", "slots", "fault"),
    [
        (Side.SHOPPER, "hello", {}, PhraseFault.UNKNOWN),
        (Side.SHOPPER, "", {}, PhraseFault.UNKNOWN),
        (Side.SHOPPER, "coming", {"min": 1}, PhraseFault.WRONG_SIDE),
        (Side.STAFF, "thanks", {}, PhraseFault.WRONG_SIDE),
        (Side.STAFF, "coming", {}, PhraseFault.SLOT_MISSING),
        (Side.STAFF, "coming", {"min": 1, "n": 2}, PhraseFault.SLOT_STRANGE),
        (Side.STAFF, "on_my_way", {"min": 1}, PhraseFault.SLOT_STRANGE),
        *unfit(),
    ],
)
def test_what_is_no_phrase_is_told_apart(
    side: Side, phrase_id: str, slots: dict[str, object], fault: PhraseFault
) -> None:
    assert read_phrase(side, phrase_id, slots) is fault


def test_who_may_come_to_harm_skips_the_queue() -> None:
    skips = {each for each in EVERY if Phrase(each).skips_queue}
    assert skips == {ShopperPhrase.LOST_CHILD, ShopperPhrase.SPILL_OR_DANGER}


# --- free text -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("  Ciao, dov’è il latte?  ", "Ciao, dov’è il latte?"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a" * LONGEST_TEXT, "a" * LONGEST_TEXT),
        ("", TextFault.EMPTY),
        (" \t ", TextFault.EMPTY),
        ("a" * (LONGEST_TEXT + 1), TextFault.LONG),
        ("one\ntwo", TextFault.UNPRINTABLE),
        ("a\x00b", TextFault.UNPRINTABLE),
        ("\u202egnp.exe", TextFault.UNPRINTABLE),
        ("my card is 4111 1111 1111 1111", TextFault.CARD_NUMBER),
        ("4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", TextFault.CARD_NUMBER),
        ("٤١١١١١١١١١١١١١١١", TextFault.CARD_NUMBER),
        ("№ 378282246310005.", TextFault.CARD_NUMBER),
        ("call 0171 2345678", "call 0171 2345678"),
    ],
)
def test_a_text_is_passed_on_as_typed_or_refused_with_a_reason(text: str, read: str | TextFault) -> None:
    assert read_text(text) == read


@given(
    st.from_regex(r"[0-9]{12,18}", fullmatch=True),
    st.sampled_from(["", " ", "-", ". ", "_"]),
    st.text(max_size=8),
)
def test_no_number_that_passes_luhn_slips_through_however_it_is_spaced(
    body: str, gap: str, around: str
) -> None:
    digits = next(body + str(last) for last in range(10) if _luhn(body + str(last)))
    if any(sign != "0" for sign in digits):
        assert holds_card_number(around + "x" + gap.join(digits) + "x" + around)


def _luhn(digits: str) -> bool:
    doubled = (int(d) * 2 if place % 2 else int(d) for place, d in enumerate(reversed(digits)))
    return sum(chain.from_iterable(map(int, str(value)) for value in doubled)) % 10 == 0
