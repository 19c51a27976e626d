"""Owns the proof that a line of any language reads in the right order, in letters, at any input.

It must not know the window. The order is read back from the picture: parts drawn alone are found inside it.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageFont

from assets import ROOT
from assets.languages import LANGUAGES as TABLE
from assets.languages import Direction
from assets.typesetting import bidi, faces, setter
from assets.typesetting.bidi import in_drawing_order, reads_right_to_left
from assets.typesetting.clean import LONGEST, clean
from assets.typesetting.clusters import clusters, pieces
from assets.typesetting.faces import FAMILIES, Family, Weight, covered, family_for
from assets.typesetting.isolation import bare, isolated
from assets.typesetting.setter import WIDEST_PX, Style, line_box, measure, set_line

LANGUAGES = ("en", "ro", "ar", "he", "fa", "ur", "hi", "bn", "th", "zh-Hans", "ja", "ko")
SIZE_PX = 40
ANY_TEXT = st.text(max_size=80) | st.text(
    st.sampled_from(
        "aé1. €()אבش١لاकि์ก็ำ漢かー\u0301\u200b\u200d\u200f\u202e\u2067\u2069\ud800\U0001f34e\n\t\0"
    ),
    max_size=60,
)


def alone(part: str, face: str = "NotoSans") -> Image.Image:
    """A number or a Latin word as Pillow draws it by itself: no part of the typesetter is used."""
    font = ImageFont.truetype(
        ROOT / "fonts" / f"{face}-Regular.ttf", SIZE_PX, layout_engine=ImageFont.Layout.BASIC
    )
    left, top, right, bottom = (int(side) for side in font.getbbox(part, anchor="ls"))
    picture = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(picture).text((-left, -top), part, fill=255, font=font, anchor="ls")
    return picture


def places_of(part: Image.Image, line: Image.Image) -> list[int]:
    """Every x at which the picture stands in the line, at any height; a fifth of its ink may differ."""
    ink = sum(part.tobytes())
    box = line.getbbox()
    assert box is not None
    found: list[int] = []
    for x in range(line.width - part.width + 1):
        for y in range(box[1], box[3] - part.height + 1):
            window = line.crop((x, y, x + part.width, y + part.height))
            if sum(ImageChops.difference(window, part).tobytes()) < ink / 5:
                if not found or x - found[-1] > 3:
                    found.append(x)
                break
    return found


READ = (
    # language, text, the parts as they stand from left to right
    ("ar", "الإجمالي 500", ["500"]),
    ("ar", "الإجمالي 3.40 €", ["€", "3.40"]),
    ("ar", "حليب 250 مل 12.95", ["12.95", "250"]),
    ("ar", "اشتر 2 × 1.99 من Nutella", ["Nu", "1.99", "2"]),
    ("ar", "Nutella ب 500", ["500", "Nu"]),
    ("ar", "750 Coca 120", ["Co", "120", "750"]),
    ("he", "סך הכול 12.90 ₪", ["12.90"]),
    ("he", "חלב Tnuva 3% 1.5", ["nu", "3%", "1.5"]),
    ("he", "500", ["500"]),
    ("he", isolated("7-Up 500"), ["7", "Up", "500"]),
    ("ar", f"2 × {isolated('7-Up 33')} حليب", ["7", "33", "2"]),
    ("he", "7-Up 500", ["Up", "500", "7"]),
    ("fa", "شیر 1.5 Pegah", ["eg", "1.5"]),
    ("en", "Milk حليب 3.40", ["ilk", "3.40"]),
    ("en", "Milk 1.5 שלום 2.75 Tea", ["ilk", "1.5", "2.75", "ea"]),
    ("hi", "दूध 500 ग्राम ₹56.00", ["500", "56.00"]),
    ("th", "นมสด 500 มล. ฿45.50", ["500", "45.50"]),
    ("zh-Hans", "牛奶500克¥12.80", ["500", "12.80"]),
)


@pytest.mark.parametrize(("language", "text", "parts"), READ, ids=[f"{e[0]}-{n}" for n, e in enumerate(READ)])
def test_figures_and_latin_words_stand_unreversed_in_their_place(
    language: str, text: str, parts: list[str]
) -> None:
    line = set_line(text, Style(SIZE_PX, Weight.REGULAR, language)).picture
    at = [places_of(alone(part), line) for part in parts]
    assert all(at), "each part is there as it is read"
    assert [places[0] for places in at] == sorted(places[0] for places in at)
    for part in parts:
        if part.isdigit() and len(set(part)) > 1:
            assert not places_of(alone(part[::-1]), line)


def test_arabic_figures_are_read_from_left_to_right() -> None:
    line = set_line("السعر ٣٤٫٥٠", Style(SIZE_PX, Weight.REGULAR, "ar")).picture
    first, second = alone("٣٤", "NotoSansArabic"), alone("٥٠", "NotoSansArabic")
    assert places_of(first, line)[0] < places_of(second, line)[0]
    assert not places_of(alone("٤٣", "NotoSansArabic"), line)


def test_an_override_in_a_name_cannot_turn_a_price_round() -> None:
    honest = set_line("Milk 512", Style(SIZE_PX, Weight.REGULAR))
    forged = set_line("Milk \u202e512\u202c", Style(SIZE_PX, Weight.REGULAR))
    assert forged.picture.tobytes() == honest.picture.tobytes()


def test_only_a_left_to_right_name_is_isolated_and_reads_as_before() -> None:
    assert isolated("חלב 3%") == "חלב 3%"
    assert isolated("500") == "500"
    assert isolated("7-Up") != "7-Up"
    assert bare(isolated("7-Up")) == "7-Up"


def test_brackets_face_in_whatever_the_direction() -> None:
    assert [s.text for s in in_drawing_order("(אב) 5", rtl=True)] == [" 5"[1:], "(אב) "]
    style = Style(SIZE_PX, Weight.REGULAR, "he")
    line = set_line("(אב)", style).picture
    opening, closing = places_of(alone("("), line), places_of(alone(")"), line)
    assert opening[0] < closing[0]


def test_the_language_gives_the_direction_and_not_the_first_letter() -> None:
    text = "Nutella חדש"
    assert [s.text.strip() for s in in_drawing_order(text, rtl=True)] == ["חדש", "Nutella"]
    assert [s.text.strip() for s in in_drawing_order(text, rtl=False)] == ["Nutella", "חדש"]
    assert [language for language in LANGUAGES if reads_right_to_left(language)] == ["ar", "he", "fa", "ur"]


def test_the_table_of_languages_and_the_typesetter_agree_on_directions() -> None:
    for code, language in TABLE.items():
        assert reads_right_to_left(code) == (language.direction is Direction.RIGHT_TO_LEFT)


def test_letters_of_arabic_join_and_conjuncts_of_hindi_are_one() -> None:
    joined = measure("لبن", Style(SIZE_PX, Weight.REGULAR, "ar"))
    apart = sum(measure(letter, Style(SIZE_PX, Weight.REGULAR, "ar")) for letter in "لبن")
    assert joined < apart * 0.8
    conjunct = measure("क्ष", Style(SIZE_PX, Weight.REGULAR, "hi"))
    assert conjunct < sum(measure(c, Style(SIZE_PX, Weight.REGULAR, "hi")) for c in "कष")


def test_a_han_character_is_drawn_as_the_language_writes_it() -> None:
    drawn = {
        language: set_line("直骨", Style(SIZE_PX, Weight.REGULAR, language)).picture.tobytes()
        for language in ("zh-Hans", "ja", "en")
    }
    assert drawn["zh-Hans"] != drawn["ja"]
    assert drawn["en"] == drawn["zh-Hans"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "mark",
    [
        "\u200b",
        "\u200c",
        "\u200d",
        "\u200e",
        "\u200f",
        "\u061c",
        "\u2060",
        "\u2066",
        "\u2069",
        "\ufeff",
        "\xad",
    ],
)
def test_what_steers_a_line_draws_nothing(language: str, mark: str) -> None:
    style = Style(SIZE_PX, Weight.BOLD, language)
    assert measure(mark, style) == 0
    assert measure(f"12{mark}", style) == measure("12", style)
    assert set_line(mark, style).picture.getbbox() is None


@pytest.mark.parametrize("space", ["\xa0", "\u202f", "\u2009"])
def test_a_space_that_keeps_a_price_together_has_width_and_no_ink(space: str) -> None:
    for language in LANGUAGES:
        style = Style(SIZE_PX, Weight.SEMIBOLD, language)
        assert measure(space, style) > 0
        assert set_line(space, style).picture.getbbox() is None


@pytest.mark.parametrize("unknown", ["🍎", "👨‍👩‍👧‍👦", "🇷🇴", "\ud800", "\ue000", "ꙮ", "𓀀"])
def test_what_no_face_has_is_one_box(unknown: str) -> None:
    style = Style(SIZE_PX, Weight.REGULAR)
    assert set_line(unknown, style).picture.tobytes() == set_line("\uffff", style).picture.tobytes()
    assert set_line(unknown, style).picture.getbbox() is not None


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT, st.sampled_from(LANGUAGES), st.sampled_from(list(Weight)))
def test_any_text_can_be_set_and_is_as_wide_as_it_was_measured(
    text: str, language: str, weight: Weight
) -> None:
    style = Style(24, weight, language)
    line = set_line(text, style)
    assert line.width == measure(text, style)
    assert line.picture.width == min(line.width + 2 * line.overhang, WIDEST_PX) or not line.width
    spare = line.picture.height - sum(line_box(24))
    assert spare >= 0
    assert spare % 2 == 0


@settings(deadline=None)
@given(st.text(max_size=200) | ANY_TEXT)
def test_clean_text_stays_as_it_is_and_can_be_encoded(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert not [c for c in cleaned if unicodedata.category(c) == "Cc" and c != "\n"]


@settings(deadline=None)
@given(ANY_TEXT)
def test_clusters_and_pieces_lose_nothing(text: str) -> None:
    assert "".join(clusters(text)) == text
    word = clean(text).replace(" ", "").replace("\n", "")
    assert "".join(pieces(word)) == word.replace("\u200b", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e\u0301a", ["e\u0301", "a"]),
        ("क्षत्रिय", ["क्ष", "त्रि", "य"]),
        ("น้ำที่", ["น้ำ", "ที่"]),
        ("เก่า", ["เก่", "า"]),
        ("👨‍👩‍👧a", ["👨‍👩‍👧", "a"]),
        ("🇷🇴🇮🇹", ["🇷🇴", "🇮🇹"]),
        ("👍🏽", ["👍🏽"]),
        ("می\u200cخواهم", ["م", "ی\u200c", "خ", "و", "ا", "ه", "م"]),
    ],
)
def test_a_cluster_is_what_a_reader_takes_for_one_character(text: str, expected: list[str]) -> None:
    assert list(clusters(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "שלום 500 " * 1_200,
        "حليب" * 2_500,
        "नमस्ते" * 2_000,
        "e" + "\u0301" * 10_000,
        "漢" * 10_000,
        "🍎" * 10_000,
    ],
)
def test_a_name_of_ten_thousand_characters_is_cut_before_it_is_drawn(text: str) -> None:
    assert len(clean(text)) <= LONGEST
    assert set_line(text, Style(SIZE_PX, Weight.REGULAR, "ar")).picture.width <= WIDEST_PX


def test_every_weight_of_a_family_is_there_and_holds_the_same_letters() -> None:
    for family in FAMILIES:
        assert len(covered(family)) > 5
        for weight in Weight:
            assert family.path(weight).is_file()


def test_all_faces_together_stay_within_their_budget() -> None:
    assert sum(path.stat().st_size for path in (ROOT / "fonts").glob("*.[ot]tf")) < 12_000_000


@pytest.mark.parametrize(
    ("family", "codec", "rows"),
    [
        ("NotoSansSC", "gb2312", (16, 56)),
        ("NotoSansKR", "euc_kr", (16, 41)),
        ("NotoSansJP", "euc_jp", (16, 48)),
    ],
)
def test_the_national_sets_of_characters_are_whole(family: str, codec: str, rows: tuple[int, int]) -> None:
    (face,) = [each for each in FAMILIES if each.stem == family]
    wanted = set()
    for row in range(*rows):
        for cell in range(1, 95):
            try:
                wanted.add(ord(bytes((0xA0 + row, 0xA0 + cell)).decode(codec)))
            except UnicodeDecodeError:
                continue
    assert len(wanted) > 2_000
    assert wanted - covered(face) == set()


def test_without_libfribidi_latin_is_drawn_and_the_lack_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    style = Style(23, Weight.REGULAR)  # a size no other test uses: nothing is kept of it
    monkeypatch.setattr(bidi, "LIBRARY", "no-such-library.so")
    bidi.fribidi.cache_clear()
    bidi._ordered.cache_clear()
    try:
        assert set_line("Milk 500", style).picture.getbbox() is not None
        assert set_line("שלום حليب (é\u0323)", Style(23, Weight.REGULAR, "he")).picture.getbbox() is not None
        assert [record.getMessage() for record in caplog.records] == [bidi.MISSING]
    finally:
        monkeypatch.undo()
        bidi.fribidi.cache_clear()
        bidi._ordered.cache_clear()
        bidi.mirrored.cache_clear()
        setter._joined.cache_clear()
        setter._case.cache_clear()


def test_without_its_faces_a_lane_draws_boxes_and_says_which_are_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = (faces.covered, faces.font, faces.family_for, setter._joined, setter._case, setter._kern_em)
    style = Style(21, Weight.BOLD, "ar")
    assert faces.missing_files() == []
    monkeypatch.setattr(Family, "path", lambda family, weight: tmp_path / f"{family.stem}-{weight.value}.ttf")
    for cache in kept:
        cache.cache_clear()
    try:
        assert set_line("Milk حليب 500", style).picture.getbbox() is not None
        assert "NotoSansArabic-Bold.ttf" in faces.missing_files()
    finally:
        monkeypatch.undo()
        for cache in kept:
            cache.cache_clear()


@pytest.mark.parametrize(
    ("language", "stem"), [("ja", "NotoSansJP"), ("ko", "NotoSansKR"), ("zh-Hans", "NotoSansSC")]
)
def test_the_face_of_the_language_comes_first(language: str, stem: str) -> None:
    family = family_for("、", language)
    assert family is not None
    assert family.stem == stem
