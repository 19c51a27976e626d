"""Owns the proof that a Concert V2 frame is told in words and the report with the card number never."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.protocols.concert_reader import ConcertFieldError, read_concert

REQUEST = "01000010100109780000000042A010B010"
ANSWER = "010000010101" + "978" + "0000000042"


def framed(text: str) -> bytes:
    body = text.encode("latin-1") + b"\x03"
    return b"\x02" + body + bytes((reduce(xor, body),))


def test_a_request_is_told_in_words() -> None:
    reading = read_concert(framed(REQUEST))
    assert (reading.direction, reading.command, reading.length) == ("ecr->pt", "payment request", 34)
    assert reading.fields == {
        "till_no": "01",
        "amount": {"amount_minor": 1010, "currency": "EUR"},
        "answer": {"code": "0", "meaning": "short answer"},
        "payment_mode": {"code": "1", "meaning": "card"},
        "payment_kind": {"code": "0", "meaning": "debit"},
        "currency": "EUR",
        "private": "0000000042",
        "delay": {"code": "A010", "meaning": "answer at the end"},
        "authorisation": {"code": "B010", "meaning": "the terminal decides"},
    }


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("0", "accepted"), ("7", "refused"), ("9", "not completed"), ("3", "no meaning known")],
)
def test_an_answer_is_told_in_words(code: str, meaning: str) -> None:
    reading = read_concert(framed(f"01{code}000010101" + "978" + "0000000042"))
    assert (reading.direction, reading.command) == ("pt->ecr", "payment answer")
    assert reading.fields == {
        "till_no": "01",
        "result": {"code": code, "meaning": meaning},
        "amount": {"amount_minor": 1010, "currency": "EUR"},
        "payment_mode": {"code": "1", "meaning": "card"},
        "currency": "EUR",
        "private": "0000000042",
    }


def test_of_the_report_in_a_full_answer_only_the_length_is_told() -> None:
    report = "4242424242424242".ljust(55)
    reading = read_concert(framed("010000010101" + report + "978" + "0000000042"))
    assert reading.fields["report"] == "not shown, 55 bytes"
    assert reading.fields["currency"] == "EUR"
    assert "4242" not in str(reading.fields)


@pytest.mark.parametrize(("raw", "name"), [("04", "EOT"), ("05", "ENQ"), ("06", "ACK"), ("15", "NAK")])
def test_a_control_character_alone_is_named(raw: str, name: str) -> None:
    assert read_concert(bytes.fromhex(raw)).command == name


@pytest.mark.parametrize(
    ("raw", "reason", "offset"),
    [
        (b"", "nothing", 0),
        (b"\x06\x02", "stands alone", 1),
        (b"CZ0040300", "begins with 02", 0),
        (b"\x0201", "does not end with 03", 3),
        (framed(ANSWER)[:-1], "the LRC is missing", 27),
        (framed(ANSWER)[:-1] + b"\x00", "the LRC is 00, the content asks for", 27),
        (framed(ANSWER) + b"\x04", "more behind the frame", 28),
        (framed(ANSWER[:-1]), "there are 24 characters", 25),
        (framed(ANSWER.replace("1010", "1\xb010")), "outside 20 to 7E", 9),
        (framed(ANSWER.replace("1010", "1x10")), "a digit is wanted", 9),
        (framed(REQUEST.replace("978", "EUR")), "a digit is wanted", 14),
    ],
)
def test_what_is_no_concert_message_is_refused_with_the_place(raw: bytes, reason: str, offset: int) -> None:
    with pytest.raises(ConcertFieldError) as refused:
        read_concert(raw)
    assert reason in str(refused.value)
    assert refused.value.offset == offset


def told(raw: bytes) -> str | ConcertFieldError:
    try:
        return read_concert(raw).command
    except ConcertFieldError as error:
        return error


texts = st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=90)


@given(st.binary(max_size=100) | texts.map(framed) | texts.map(lambda text: framed(text.ljust(34, "0")[:34])))
def test_any_bytes_are_read_or_refused_with_a_place_in_them(raw: bytes) -> None:
    reading = told(raw)
    if isinstance(reading, ConcertFieldError):
        assert 0 <= reading.offset <= len(raw)
    else:
        assert reading in ("payment request", "payment answer", "EOT", "ENQ", "ACK", "NAK")
