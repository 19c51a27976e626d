"""Owns the proof that texts wrap and are never lost without an ellipsis.

A letter is one unit wide here, but where the real faces are asked for.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.typesetting.bidi import in_drawing_order
from assets.typesetting.clean import LONGEST, clean
from assets.typesetting.clusters import clusters
from assets.typesetting.faces import Weight
from assets.typesetting.isolation import bare, isolated
from assets.typesetting.setter import Style, measure
from kiosk.ui.wrapping import ELLIPSIS, balanced, wrap

_TEXTS = st.text(alphabet="abcdefghij é·\n", max_size=120)
_WIDTHS = st.integers(min_value=2, max_value=40)


def _squeezed(text: str) -> str:
    return text.replace(" ", "").replace("\n", "")


def test_words_go_to_the_next_line_whole() -> None:
    assert wrap("Tap card or phone", 9, len).lines == ("Tap card", "or phone")


def test_a_no_break_space_holds_number_and_unit_together() -> None:
    assert wrap("milk 1\u00a0L", 7, len).lines == ("milk", "1\u00a0L")


def test_past_the_last_line_stands_an_ellipsis() -> None:
    wrapped = wrap("one two three four", 8, len, most=2)
    assert wrapped.cut
    assert wrapped.lines == ("one two", "three" + ELLIPSIS)


def test_balancing_leaves_no_word_alone() -> None:
    assert wrap("Tap card or phone on the reader", 26, len).lines[-1] == "reader"
    assert balanced("Tap card or phone on the reader", 26, len).lines == (
        "Tap card or phone",
        "on the reader",
    )


@given(_TEXTS, _WIDTHS)
def test_wrapping_keeps_every_letter_and_the_width(text: str, width: int) -> None:
    wrapped = wrap(text, width, len)
    assert not wrapped.cut
    assert _squeezed("".join(wrapped.lines)) == _squeezed(text)
    assert all(len(line) <= width for line in wrapped.lines)


@given(_TEXTS, _WIDTHS, st.integers(min_value=1, max_value=3))
def test_a_cut_text_says_so_and_keeps_to_its_lines(text: str, width: int, most: int) -> None:
    wrapped = wrap(text, width, len, most=most)
    assert len(wrapped.lines) <= most
    assert all(len(line) <= width for line in wrapped.lines)
    assert wrapped.cut == wrapped.lines[-1].endswith(ELLIPSIS)


@given(_TEXTS, _WIDTHS)
def test_balancing_takes_no_more_lines_and_loses_nothing(text: str, width: int) -> None:
    even = balanced(text, width, len)
    assert len(even.lines) <= len(wrap(text, width, len).lines)
    assert _squeezed("".join(even.lines)) == _squeezed(text)
    assert all(len(line) <= width for line in even.lines)


def _seen(text: str) -> int:
    return len(clusters(text))


def test_chinese_breaks_between_characters_and_keeps_its_commas_and_brackets() -> None:
    assert wrap("全脂牛奶，一升装", 4, _seen).lines == ("全脂牛", "奶，一升", "装")
    assert wrap("牛奶（低脂）", 3, _seen).lines == ("牛奶", "（低", "脂）")
    assert wrap("买500克送100克", 4, _seen).lines == ("买500", "克送", "100克")


def test_small_kana_and_long_marks_start_no_line() -> None:
    assert wrap("コーヒーチョコ", 3, _seen).lines == ("コー", "ヒー", "チョコ")


def test_korean_breaks_at_spaces() -> None:
    assert wrap("우유 한 병 주세요", 5, _seen).lines == ("우유 한", "병 주세요")


def test_thai_breaks_at_spaces_and_else_between_what_is_read_as_one() -> None:
    assert wrap("นมสด น้ำผึ้ง", 4, _seen).lines == ("นมสด", "น้ำผึ้ง")
    assert wrap("น้ำผึ้ง", 1, _seen).lines == ("น้ำ", "ผึ้", "ง")


def test_a_place_to_break_is_used_and_not_seen() -> None:
    assert wrap("straw\u200bberry", 5, len).lines == ("straw", "berry")


def test_a_torn_word_keeps_its_clusters_whole() -> None:
    assert wrap("क्षत्रिय", 1, _seen).lines == ("क्ष", "त्रि", "य")
    assert wrap("👨‍👩‍👧👍🏽", 1, _seen).lines == ("👨‍👩‍👧", "👍🏽")


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(1, 12), st.integers(0, 3))
def test_any_text_wraps_and_no_cluster_is_cut(text: str, width: int, most: int) -> None:
    wrapped = wrap(text, width, _seen, most=most)
    assert wrapped.lines
    if not wrapped.cut:
        kept = clean(text).replace("\u200b", "")
        assert bare(_squeezed("".join(wrapped.lines))) == bare(_squeezed(kept))


@pytest.mark.parametrize("most", [0, 2])
@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "Milk 500 g " * 1_000,
        "שלום 500 " * 1_200,
        "حليب" * 2_500,
        "漢" * 10_000,
        "🍎" * 10_000,
        "e" + "\u0301" * 10_000,
        "\u200b\u200f" * 5_000,
    ],
)
def test_wrapping_ten_thousand_characters_is_little_work(text: str, most: int) -> None:
    style = Style(44, Weight.SEMIBOLD, "ar")
    measured = 0

    def counting(line: str) -> float:
        nonlocal measured
        measured += len(line)
        return measure(line, style)

    wrapped = wrap(text, 600, counting, most=most)
    assert all(measure(line, style) <= 600 for line in wrapped.lines)
    assert len(wrapped.lines) == most or not most or not wrapped.cut
    # a letter takes two microseconds: a quarter of a frame where lines are limited, a few frames where not
    assert measured < (4 * LONGEST if most else 20 * LONGEST)


def test_a_name_of_the_other_direction_stays_in_its_own_order_on_every_line() -> None:
    lines = wrap(f"2 × {isolated('7-Up lemon 330 ml')}", 16, lambda line: len(bare(line))).lines
    assert [bare(line) for line in lines] == ["2 × 7-Up lemon", "330 ml"]
    for line in lines:
        stretches = in_drawing_order(line, rtl=True)
        words = "".join(s.text for s in stretches)
        assert bare(words).strip() in {"7-Up lemon × 2", "330 ml"}


@given(st.text(st.sampled_from("a1א \u2066\u2067\u2068\u2069"), max_size=30), st.integers(1, 6))
def test_every_line_closes_what_it_opens(text: str, width: int) -> None:
    for line in wrap(text, width, lambda line: len(bare(line))).lines:
        depth = 0
        for character in line:
            if character in "\u2066\u2067\u2068":
                depth += 1
            elif character == "\u2069" and depth:
                depth -= 1
        assert depth == 0
