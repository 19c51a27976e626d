"""Owns the proof of the Concert V2 line and its messages: every split, every damage, no card number kept."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import ProtocolError
from hardware.protocols.concert_link import (
    LONG_LENGTH,
    SHORT_LENGTH,
    AnswerFrame,
    AnswerReceiver,
    BadFrame,
    LinkEvent,
    Sign,
    encode_frame,
    lrc,
)
from hardware.protocols.concert_message import (
    LARGEST_AMOUNT_MINOR,
    Answer,
    compose_order,
    currency_digits,
    parse_answer,
)
from tests.unit.hardware.concert_bench import CHARGED, PAY_10_10

SHORT = "0100000101019780000000042"
REPORT = "Q" * 55  # where a card number would stand
LONG = "010000010101" + REPORT + "9780000000042"


def read(data: bytes, cuts: list[int] | None = None) -> list[LinkEvent]:
    receiver = AnswerReceiver()
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts or []), len(data)]
    events: list[LinkEvent] = []
    for start, end in pairwise(edges):
        events += receiver.feed(data[start:end], 0.0)
    return events


def test_an_order_is_the_frame_the_layout_asks_for() -> None:
    assert encode_frame(compose_order(1, 1010, "978")) == PAY_10_10


def test_the_check_byte_covers_the_text_and_its_end() -> None:
    assert lrc(b"A") == 0x41
    assert lrc(PAY_10_10[1:-1]) == PAY_10_10[-1] == 0x06


@given(st.integers(1, 99), st.integers(1, LARGEST_AMOUNT_MINOR))
def test_every_order_carries_its_till_and_amount_and_never_asks_for_the_long_answer(
    pos_number: int, amount_minor: int
) -> None:
    order = compose_order(pos_number, amount_minor, "978")
    assert len(order) == 34
    assert (int(order[:2]), int(order[2:10])) == (pos_number, amount_minor)
    assert order[10:] == "010978" + " " * 10 + "A010B010"


@pytest.mark.parametrize(
    ("pos_number", "amount_minor", "digits"),
    [(0, 1, "978"), (100, 1, "978"), (1, 0, "978"), (1, 100_000_000, "978"), (1, 1, "97"), (1, 1, "٩٧٨")],
)
def test_what_does_not_fit_the_fields_is_never_composed(
    pos_number: int, amount_minor: int, digits: str
) -> None:
    with pytest.raises(ValueError, match=r"till|digits"):
        compose_order(pos_number, amount_minor, digits)


def test_both_forms_of_an_answer_are_read_to_the_same_four_facts() -> None:
    for text in (SHORT, LONG):
        (frame,) = read(encode_frame(text))
        assert isinstance(frame, AnswerFrame)
        assert parse_answer(frame.text) == Answer(1, 0, 1010, "978")


def test_of_a_long_answer_nothing_of_the_report_is_ever_kept() -> None:
    receiver = AnswerReceiver()
    for byte in encode_frame(LONG):
        (*events,) = receiver.feed(bytes((byte,)), 0.0)
        kept = b"".join(bytes(held) for held in vars(receiver).values() if isinstance(held, bytearray))
        # Until the 26th character it could be a short answer: three places are its currency.
        assert kept.count(b"Q") <= (3 if receiver._length <= SHORT_LENGTH else 0)
        assert "Q" not in repr(events)


@given(st.lists(st.integers(0, 200), max_size=12))
def test_however_the_bytes_are_cut_the_same_is_read(cuts: list[int]) -> None:
    wire = b"\x05" + CHARGED + b"\x04\x15" + encode_frame(LONG) + b"noise\x06" + CHARGED[:-1] + b"\x7f"
    assert read(wire, cuts) == read(wire)
    assert [type(event) for event in read(wire)] == [
        Sign, AnswerFrame, Sign, Sign, AnswerFrame, Sign, BadFrame,
    ]  # fmt: skip


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_any_bytes_in_any_splits_are_read_without_an_error(data: bytes, cuts: list[int]) -> None:
    assert read(data, cuts) == read(data)


@given(st.data())
def test_every_single_wrong_bit_is_seen(data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(CHARGED) - 3))
    damaged = bytearray(CHARGED)
    damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    receiver = AnswerReceiver()
    events = receiver.feed(bytes(damaged), 0.0) + receiver.elapsed(2.0)
    assert not any(isinstance(event, AnswerFrame) for event in events)


@pytest.mark.parametrize("check", [0x02, 0x03, 0x04, 0x05, 0x06])
def test_the_check_byte_may_look_like_a_sign(check: int) -> None:
    frames = (encode_frame(f"010{amount_minor:08d}1978Aq00000000") for amount_minor in range(1, 4000))
    frame = next(frame for frame in frames if frame[-1] == check)
    assert [type(event) for event in read(frame)] == [AnswerFrame]


def test_a_frame_that_stops_is_given_up_and_the_next_one_is_read() -> None:
    receiver = AnswerReceiver()
    assert receiver.feed(CHARGED[:9], 0.0) == []
    assert receiver.elapsed(0.9) == []
    (bad,) = receiver.elapsed(1.1)
    assert isinstance(bad, BadFrame)
    (frame,) = receiver.feed(CHARGED, 1.2)
    assert isinstance(frame, AnswerFrame)


def test_bytes_after_a_pause_belong_to_no_old_frame() -> None:
    receiver = AnswerReceiver()
    receiver.feed(CHARGED[:9], 0.0)
    assert [type(event) for event in receiver.feed(b"\x05", 5.0)] == [BadFrame, Sign]


def test_a_frame_that_begins_anew_replaces_the_cut_off_one() -> None:
    assert [type(event) for event in read(CHARGED[:9] + CHARGED)] == [AnswerFrame]


@pytest.mark.parametrize("text", ["", SHORT[:-1], SHORT + "0", LONG[:-1], LONG + "0", "7" * 500])
def test_an_answer_of_another_length_is_no_answer(text: str) -> None:
    assert len(text) not in (SHORT_LENGTH, LONG_LENGTH)
    assert [type(event) for event in read(encode_frame(text))] == [BadFrame]


def test_control_characters_make_no_answer() -> None:
    assert [type(event) for event in read(encode_frame(SHORT[:-1] + "\x01"))] == [BadFrame]


@pytest.mark.parametrize(
    "text",
    ["", "01000001010197", "0x0000010101978", "01 000010101978", "0100000101019 8", "01000001010197²"],
)
def test_an_answer_that_is_not_made_of_its_fields_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        parse_answer(text)


@given(st.text(max_size=20))
def test_any_text_is_an_answer_or_refused(text: str) -> None:
    try:
        answer = parse_answer(text)
    except ProtocolError:
        return
    assert f"{answer.pos_number:02d}{answer.result_code}{answer.amount_minor:08d}" == text[:11]


def test_currencies_have_three_digits_or_are_not_known() -> None:
    assert (currency_digits("EUR"), currency_digits("CZK")) == ("978", "203")
    assert currency_digits("XXX") is None
