"""Owns the proof that card numbers are found and masked, and that goods, ids, sums and times are not.

It must not hold a card number: all are made at run time, and none is written to a file.
"""

from __future__ import annotations

import hashlib
import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card_numbers import (
    Form,
    find_card_numbers,
    find_card_numbers_in_bytes,
    is_card_number,
    mask_card_numbers,
    passes_luhn,
)
from tests.support.card_scan import CANARIES, made_number

NUMBER = made_number("4", 16)
LAST4 = NUMBER[-4:]
QUADS = " ".join(NUMBER[at : at + 4] for at in range(0, 16, 4))
BCD = bytes.fromhex(NUMBER)
ISSUERS = (
    ("4", 16), ("4", 19), ("51", 16), ("2221", 16), ("34", 15), ("37", 15), ("300", 14), ("36", 14),
    ("3528", 16), ("6011", 16), ("65", 16), ("62", 19), ("5018", 16), ("58", 19), ("6759", 18), ("672", 19),
)  # fmt: skip


def masks(text: str) -> list[str]:
    return [found.masked for found in find_card_numbers(text)]


def forms(data: bytes) -> list[tuple[Form, str]]:
    return [(found.form, found.masked[-4:]) for found in find_card_numbers_in_bytes(data)]


@pytest.mark.parametrize(("prefix", "length"), ISSUERS)
def test_a_number_of_every_issuer_is_found_and_masked_to_its_last_four(prefix: str, length: int) -> None:
    number = made_number(prefix, length)
    wanted = "*" * (length - 4) + number[-4:]
    assert masks(number) == [wanted]
    assert mask_card_numbers(f"Karte {number}, danke") == f"Karte {wanted}, danke"


@pytest.mark.parametrize(
    "text",
    ["{}", "PAN={}", "line\\n{}", ";{}=2512", "%B{}^X", "{},0978", '"{}"', "x{}x", "No.{}", "{}."],
)  # fmt: skip
def test_a_number_is_found_whatever_stands_beside_it(text: str) -> None:
    assert masks(text.format(NUMBER)) == ["*" * 12 + LAST4]


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        (QUADS, f"**** **** **** {LAST4}"),
        (QUADS.replace(" ", "-"), f"****-****-****-{LAST4}"),
        (f"{QUADS} 978", f"**** **** **** {LAST4} 978"),
        (f"0012 {QUADS}", f"0012 **** **** **** {LAST4}"),
        (f"{NUMBER[:8]} {NUMBER[8:]}", f"******** ****{LAST4}"),
        (f"{NUMBER[:6]} {NUMBER[6:]}", f"****** ******{LAST4}"),
    ],
)
def test_groups_are_found_and_keep_their_columns(written: str, masked: str) -> None:
    assert len(find_card_numbers(written)) == 1
    assert mask_card_numbers(written) == masked


def test_what_follows_the_number_on_a_track_is_masked_as_well() -> None:
    assert mask_card_numbers(f";{NUMBER}=2512101000012345?") == f";{'*' * 12}{LAST4}={'*' * 16}?"


def test_several_numbers_in_one_text_are_all_masked() -> None:
    text = " / ".join(CANARIES)
    assert masks(mask_card_numbers(text)) == []
    assert len(find_card_numbers(text)) == len(CANARIES)


@pytest.mark.parametrize(
    "data",
    [
        b"\x22\xf0\xf8" + BCD + b"\x04\x00",
        b"\x5a\x08" + BCD,
        b"\x23\xf1\xf1" + BCD + b"\xd2\x51\x2f",
        repr(b"\x22\xf0\xf8" + BCD).encode(),
    ],
    ids=["BMP 22", "EMV tag 5A", "track 2", "repr"],
)
def test_packed_digits_are_found_behind_a_length_that_fits(data: bytes) -> None:
    assert (Form.BCD, LAST4) in forms(b"some text " + data)


@pytest.mark.parametrize("between", ["", " ", ":"])
def test_a_frame_written_as_hex_is_looked_into(between: str) -> None:
    frame = (b"\x04\x0f\x0b\x22\xf0\xf8" + BCD).hex()
    text = between.join(frame[at : at + 2] for at in range(0, len(frame), 2))
    assert (Form.HEX, LAST4) in forms(f"sent {text}".encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_wide_characters_are_looked_through(encoding: str) -> None:
    assert forms(f"Karte: {NUMBER} .".encode(encoding)) == [(Form.UTF_16, LAST4)]


def test_a_number_amid_binary_data_is_found_at_its_place() -> None:
    (found,) = find_card_numbers_in_bytes(b"\x00\xff\x81" + NUMBER.encode() + b"\x00\x01")
    assert (found.offset, found.form) == (3, Form.TEXT)


@pytest.mark.parametrize("length", [*range(1, 13), *range(20, 40)])
def test_too_short_and_too_long_runs_are_no_card_numbers(length: int) -> None:
    digits = made_number("4", max(length, 2))[:length]
    assert masks(digits) == []
    assert mask_card_numbers(digits) == digits


def test_a_number_that_fails_luhn_is_none() -> None:
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    assert not passes_luhn(wrong)
    assert masks(wrong) == []


def test_an_already_masked_number_is_left_alone() -> None:
    text = f"{NUMBER[:6]}XXXXXX{LAST4} ############{LAST4}"
    assert mask_card_numbers(text) == text


def goods(chance: random.Random, length: int) -> str:
    body = "".join(str(chance.randrange(10)) for _ in range(length - 1))
    weighted = sum(int(digit) * (1 if place & 1 else 3) for place, digit in enumerate(reversed(body)))
    return body + str(-weighted % 10)


def test_article_numbers_raise_no_alarm_even_those_that_pass_luhn() -> None:
    chance = random.Random(1)
    numbers = [goods(chance, length) for length in (8, 12, 13, 14) for _ in range(20_000)]
    assert any(passes_luhn(number) for number in numbers)
    assert [number for number in numbers if find_card_numbers(number)] == []


def test_ids_hashes_times_and_sums_raise_no_alarm() -> None:
    chance = random.Random(2)
    texts = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(5_000)]
    texts += [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    texts += [repr(chance.random()) for _ in range(20_000)]
    texts += [
        f"2026-11-21T12:{chance.randrange(60):02}:00.{chance.randrange(10**6):06}Z" for _ in range(5_000)
    ]
    texts += [f"{chance.randrange(10**8)} {chance.randrange(10**4):04}" for _ in range(5_000)]
    texts += [f"+39 0{chance.randrange(10**9)}" for _ in range(5_000)]
    texts += [str(1_700_000_000_000_000_000 + chance.getrandbits(58)) for _ in range(5_000)]
    assert [text for text in texts if find_card_numbers(text)] == []


def test_random_bytes_raise_no_alarm() -> None:
    assert find_card_numbers_in_bytes(random.Random(3).randbytes(1 << 20)) == []


@given(st.text(alphabet="0123456789 -=D.^abcdefx\n", max_size=120))
def test_masking_leaves_nothing_to_find_as_text_and_changes_only_digits(text: str) -> None:
    masked = mask_card_numbers(text)
    assert [found for found in find_card_numbers(masked) if found.form is Form.TEXT] == []
    assert len(masked) == len(text)
    assert all(new == old or (old.isdigit() and new == "*") for old, new in zip(text, masked, strict=True))
    assert mask_card_numbers(masked) == masked


@given(st.sampled_from(CANARIES), st.text(max_size=30), st.text(max_size=30))
def test_a_card_number_between_any_two_words_is_gone_after_masking(
    number: str, before: str, after: str
) -> None:
    assert number not in mask_card_numbers(f"{before} {number} {after}")


@given(st.binary(max_size=200))
def test_no_data_is_too_strange(data: bytes) -> None:
    for found in find_card_numbers_in_bytes(data):
        assert 0 <= found.offset < len(data)
        assert sum(character.isdigit() for character in found.masked) == 4


def test_lengths_outside_the_standard_are_no_numbers() -> None:
    assert not is_card_number(made_number("4", 16)[:12])
    assert not is_card_number(made_number("4", 20))
