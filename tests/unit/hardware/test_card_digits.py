"""Owns the proof that digits like a card number never reach a reader's eye, and ordinary numbers do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card_numbers import passes_luhn
from hardware.protocols.card_digits import masked, may_hold_card_number


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("4242424242424242", "************4242"),
        ("4242 4242 4242 4242", "**** **** **** 4242"),
        ("PAN:4242-4242-4242-4242;", "PAN:****-****-****-4242;"),
        ("4242  4242  4242  4242", "****  ****  ****  4242"),
        ("4242_4242_4242_4242", "****_****_****_4242"),
        ("4242\n4242\n4242\n4242", "****\n****\n****\n4242"),
        ("378282246310005", "***********0005"),
        ("1234567890123", "*********0123"),  # no check digit, but thirteen digits in a row are enough
        ("４２４２４２４２４２４２４２４２", "************４２４２"),  # wide digits are digits
    ],
)
def test_a_number_like_a_card_number_keeps_its_last_four_digits(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "18.10.2021 22:55:50",
        "02.11.2021      08:35:32",
        "VU-Nr:         100461763",
        "Nr:  **** **** **** 4821",
        "AID:      A0000000041010",
        "A0000000043060 7846C1A95B351C16",
        "Total EUR 12,50",
        "123456789012",
        "",
    ],
)
def test_dates_sums_and_short_numbers_stay(text: str) -> None:
    assert masked(text) == text


def test_more_digits_than_anybody_searches_are_starred_unseen() -> None:
    assert masked("1 " * 20) == "1 " * 20  # no stretch of ones has a right check digit
    assert masked("1 " * 70) == "* " * 66 + "1 " * 4


@pytest.mark.parametrize("number", ["4242424242424242", "5555555555554444", "378282246310005", "0"])
def test_the_check_digit_of_a_card_number_is_found_right(number: str) -> None:
    assert passes_luhn(number)
    assert not passes_luhn(number[:-1] + str((int(number[-1]) + 1) % 10))


@pytest.mark.parametrize(
    "raw",
    [
        "4242424242424242",
        "0424242424242424200f",
        "34323432343234323432343234323432",
        "ff4242424242424242d2512",
    ],
)
def test_a_card_number_in_bytes_is_found_packed_and_as_characters(raw: str) -> None:
    assert may_hold_card_number(bytes.fromhex(raw.ljust(len(raw) + len(raw) % 2, "0")))


@pytest.mark.parametrize("raw", ["a0000000041010", "a0000000042010", "ff00001441", ""])
def test_application_numbers_and_error_codes_are_no_card_numbers(raw: str) -> None:
    assert not may_hold_card_number(bytes.fromhex(raw))


@pytest.mark.parametrize("between", ["   ", " - ", ":", ",", ", ", " / ", "....."])
def test_a_number_in_groups_is_starred_whatever_parts_them(between: str) -> None:
    assert masked(between.join(("4242",) * 4)) == between.join(("****", "****", "****", "4242"))


@pytest.mark.parametrize("text", ["2026-02-28 17:28:46 EUR 10,10", "12:34:56 12:34:57 12:34:58"])
def test_times_and_sums_stay_readable(text: str) -> None:
    assert masked(text) == text


@given(st.text(alphabet="0123456789 -.\nAz:,*", max_size=120))
def test_no_stretch_of_digits_with_a_check_digit_is_left(text: str) -> None:
    left = masked(text)
    assert len(left) == len(text)
    for run in re.findall(r"\d{13,}", left):
        windows = [run[at : at + size] for size in range(13, 20) for at in range(len(run) - size + 1)]
        assert not any(passes_luhn(window) for window in windows)


@given(st.text(max_size=60))
def test_nothing_but_digits_is_ever_starred(text: str) -> None:
    assert all(
        new == old or (new == "*" and old.isdecimal()) for new, old in zip(masked(text), text, strict=True)
    )
