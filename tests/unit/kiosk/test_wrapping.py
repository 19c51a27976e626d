"""Owns the proof that texts wrap and are never lost without an ellipsis.

It must not use a font: a letter is one unit wide here.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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
